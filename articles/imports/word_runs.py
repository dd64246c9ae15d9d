"""Make a part of a Word file lean, before anything reads it.

Word breaks a sentence into runs at each edit and at each word it thinks misspelt, and gives every
run its font, size and language. None of that is read here, and mammoth makes an object of every
element: a file of 3,000 paragraphs as Word saves it took seven seconds.
"""

from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RUN, _TEXT, _OF_RUN = f"{_W}r", f"{_W}t", f"{_W}rPr"


def _names(words: str) -> frozenset[str]:
    return frozenset(f"{_W}{word}" for word in words.split())


#: What is read of the properties of a run and of a paragraph. All else is how it looks.
_KEPT = {
    _OF_RUN: _names("rStyle b i u strike dstrike vertAlign position vanish ins del"),
    f"{_W}pPr": _names("pStyle numPr outlineLvl rPr"),
}
#: Marks of Word's own, without a word in them.
_MARKS = _names("proofErr lastRenderedPageBreak bookmarkEnd permStart permEnd")
#: Their attributes say who saved what when.
_BARE = _names("p r")


def make_lean(root: Element) -> None:
    """Take out of `root` what is not read, and join runs that look alike. In one pass."""
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        if parent.tag in _BARE:
            parent.attrib.clear()
        kept = _KEPT.get(parent.tag)
        children = [
            child
            for child in parent
            if (child.tag in kept if kept is not None else child.tag not in _MARKS)
        ]
        waiting += children
        if _RUN in {child.tag for child in children}:
            children = _joined(children)
        if len(children) < len(parent):
            parent[:] = children


def _joined(children: list[Element]) -> list[Element]:
    """Return `children` with neighbouring runs of plain words as one, where they look alike."""
    joined: list[Element] = []
    last = None  # (how the last child looks, its text), if it is a run of plain words
    for child in children:
        plain = _look_and_text(child)
        if plain and last and plain[0] == last[0]:
            last[1].text = (last[1].text or "") + (plain[1].text or "")
            last[1].set(_SPACE, "preserve")
            continue
        joined.append(child)
        last = plain
    return joined


def _look_and_text(run: Element) -> tuple[list[tuple[str, dict[str, str]]], Element] | None:
    """Return (how it looks, its text) of a run that has one text and nothing else, or None."""
    if run.tag != _RUN or not len(run) or run[-1].tag != _TEXT or len(run) > 2:
        return None
    if len(run) == 1:
        return [], run[0]
    if run[0].tag != _OF_RUN:
        return None
    look = [(one.tag, one.attrib) for one in run[0] if one.tag in _KEPT[_OF_RUN]]
    return sorted(look, key=lambda one: one[0]), run[1]
