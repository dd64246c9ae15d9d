"""What each line of a document is by itself, before anybody has a say.

Numbered lines into roles.
"""

import re
from dataclasses import dataclass, field

from references import typed_lines

from .citations import (
    has_number,
    is_only_a_number,
    reads_as_reference,
    text_with_mark,
    typed_number,
)
from .notes import has_mark
from .roles import ROLES

_MAX_HEADING, _MAX_HEADING_WORDS = 90, 14
_MAX_SITE_NAME_WORDS = 6
_MAX_WRAPPED = 8  # lines one reference may run over
_KICKER = re.compile(r"\b(article|leaflet|guide|fact sheet|handout)\b", re.I)
SUMMARY = re.compile(r"(?:in short|summary)\s*:\s+(?=\S)", re.I)
_REFERENCES = re.compile(
    r"(references?|sources|further"
    r" reading|bibliography|referencias|bibliografía|références|bibliographie|literatur|"
    r"quellen|المراجع|المصادر)\s*:?\Z",
    re.I,
)
#: A line above a list that says what is in it; one that has a year, a page or an address is a work.
_INTRODUCES = re.compile(r":\Z|\b(these|this|the following|below|here are|we|our)\b", re.I)
_NAMES_A_WORK = re.compile(r"\d|https?:|www\.", re.I)
_VERSUS = re.compile(r"\b(vs\.?|versus|compared (with|to))(?=\s)|\bor\b.*\?\Z", re.I)

#: A list of steps is known by its whole heading: "After the treatment you may feel:" speaks of side
#: effects.
_EXPECT = r"what (?:happens|to expect)"
_VISIT = (
    r"(?:(?:your|the|a|an|each|every) )?(?:first )?(?:visit|visits|appointment|treatment|session)"
)
_END = r"\s*[:?]?\Z"

#: What a list is, by its lead-in or the heading it stands under. The first that fits decides.
_LISTS = [
    (
        "stop",
        r"\bavoid\b|contraindicat|do not have\b|should not have|who should not|not suitable for",
    ),
    ("ask_first", r"tell your \w+ first|ask (your \w+ )?first|check with your \w+ (first|before)"),
    ("now", r"\bnow if\b|emergency|call \d{3}|ambulance"),
    ("today", r"\btoday if\b|same day"),
    ("routine", r"(call|tell|ask|see) your physio\w* if"),
    ("side_effects", r"side effect|adverse|unwanted effect"),
    ("conditions", r"conditions such as|conditions like|tried for|used to treat|problems it is"),
    (
        "indications",
        r"may (help|suit) people|might benefit|may benefit|who (it )?may suit|people who have\s*:",
    ),
    ("key_points", r"key points|key facts|at a glance|in brief"),
    ("questions", r"questions to ask|what to ask"),
    ("dont", r"\A(do not|don.t|what not to do)\s*:?\Z"),
    ("do", r"\A(do|what to do)\s*:?\Z"),
    ("experts", r"experts?\b"),
    (
        "alternatives",
        r"other (options|treatments|choices)\b|\belse (you|i|we)? ?(can|could)?( i| you)?"
        r" ?try|\Aalternatives\b|"
        r"other things (you (can|could)|to) try|\bdo nothing\b",
    ),
    ("before", rf"\A(?:{_EXPECT} )?before(?: {_VISIT})?{_END}|\Ahow to (?:prepare|get ready)"),
    ("after", rf"\A(?:{_EXPECT} )?after(?:wards?| {_VISIT})?{_END}"),
    (
        "during",
        rf"\A{_EXPECT}(?: (?:during|at|in)(?: {_VISIT})?)?{_END}|\A(?:during|at)(?:"
        rf" {_VISIT})?{_END}|"
        rf"\Astep by step{_END}",
    ),
]
_LIST_PATTERNS = [(role, re.compile(pattern, re.I)) for role, pattern in _LISTS]
_NOT_TO_DO = re.compile(r"(do not|don.t|never)\b", re.I)


@dataclass
class _Block:
    tag: str  # p, ul or ol
    lines: list
    lead_in: object = None  # the line that introduces a list


@dataclass
class _Part:
    """A heading and what stands under it before the next one. The first part has no heading."""

    heading: object = None
    level: int = 0
    blocks: list = field(default_factory=list)


def recognise(lines):
    """{line number: role code} for every one of `lines` (articles.imports.documents)."""
    return _Recognising().run(lines)


class _Recognising:
    def __init__(self):
        self.roles = {}

    def run(self, lines):
        parts = self._parts(self._labels(self._references(self._front(self._notes(lines)))))
        self._summary(parts)
        self._comparison(parts)
        for part in parts:
            self._rows(part)
            if part.heading is not None:
                self._set(part.heading, f"h{part.level}")
            for block in part.blocks:
                for line in block.lines:
                    self._set(line, block.tag)
        return self.roles

    def _set(self, line, role):
        """The first word counts: later steps look at the rest."""
        self.roles.setdefault(line.number, role)

    def _notes(self, lines):
        """A footnote or endnote is a reference if it reads as one, else a note. Other lines come
        back.

        The lines of one note are several references where each reads as one.
        """
        notes = {}
        for line in lines:
            if line.note:
                notes.setdefault(line.note, []).append(line)
        for note in notes.values():
            alone = [reads_as_reference(line.text) for line in note]
            if not all(alone) and reads_as_reference(" ".join(line.text for line in note)):
                self._one_reference(note)
                continue
            for line, is_reference in zip(note, alone, strict=True):
                self._set(line, "reference" if is_reference else "note")
        return [line for line in lines if not line.note]

    def _one_reference(self, lines):
        for line in lines:
            self._set(line, "reference" if line is lines[0] else "reference_goes_on")

    def _front(self, lines):
        """Site name and kicker, then the title: the first heading that is neither."""
        for index, line in enumerate(lines):
            if line.kind not in {"heading", "text"}:
                break
            if not _looks_like_front(line):
                if not line.text.endswith(".") and len(line.text) <= ROLES["title"].longest:
                    self._set(line, "title")
                    return lines[index + 1 :]
                break
            self._set(line, "front" if line.text.endswith(":") else "kicker")
        return [line for line in lines if line.number not in self.roles]

    def _references(self, lines):
        """Everything under a heading such as "References", up to the next thing the format itself
        marks as one.
        """
        kept, index = [], 0
        while index < len(lines):
            heading = lines[index]
            index += 1
            if not _REFERENCES.match(heading.text) or heading.kind == "item":
                kept.append(heading)
                continue
            self._set(heading, "references_heading")
            start = index
            while index < len(lines) and not _ends_references(lines[index], heading):
                if _REFERENCES.match(lines[index].text) and lines[index].kind != "item":
                    break
                index += 1
            self._reference_lines(lines[start:index])
        return kept

    def _reference_lines(self, lines):
        """One reference a line, or several lines each where they are wrapped."""
        run = []
        for line in self._without_lead_in(lines):
            is_named_above = run and is_only_a_number(run[-1]) and line.kind == "text"
            touches = line.gap == 0 or line.goes_on or is_named_above
            if run and (line.kind not in {"text", "item"} or not touches):
                self._run_of_references(run)
                run = []
            if line.kind in {"text", "item"}:
                run.append(line)
            else:
                self._set(line, "references_heading")
        self._run_of_references(run)

    def _without_lead_in(self, lines):
        """`lines` without those that say what the list under them is."""
        for line in lines[:-1]:
            is_named = line.kind != "text" or _is_named(line)
            if is_named or _NAMES_A_WORK.search(line.text) or not _INTRODUCES.search(line.text):
                break
            self._set(line, "lead_in")
        return [line for line in lines if line.number not in self.roles]

    def _run_of_references(self, lines):
        """`lines` touch: what follows a typed number or a bullet goes with it, up to the
        next one.
        """
        segments = []
        for line in lines:
            if not segments or _begins(line, segments[-1]):
                segments.append([line])
            else:
                segments[-1].append(line)
        for segment in segments:
            for group in _wrapped(segment):
                self._one_reference(group)

    def _labels(self, lines):
        """Two or more touching lines of up to four words are labels of pictures.

        Offered as tags.
        """
        kept, index = [], 0
        while index < len(lines):
            end = index
            while (
                end < len(lines) and _is_label(lines[end]) and (end == index or lines[end].gap == 0)
            ):
                end += 1
            follows = end < len(lines) and lines[end].gap == 0
            if end - index >= 2 and not follows:
                for line in lines[index:end]:
                    self._set(line, "tag")
            else:
                end = max(end, index + 1)
                kept += lines[index:end]
            index = end
        return kept

    @staticmethod
    def _parts(lines):
        parts = [_Part()]
        for index, line in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else None
            if level := _heading_level(line, following):
                parts.append(_Part(line, level))
            elif line.kind == "item":
                _into_list(parts[-1], line)
            else:
                parts[-1].blocks.append(_Block("p", [line]))
        return parts

    def _summary(self, parts):
        for part in parts:
            for block in part.blocks:
                line = block.lines[0]
                found = SUMMARY.match(line.text)
                if (
                    block.tag == "p"
                    and found
                    and len(line.text) - found.end() <= ROLES["summary"].longest
                ):
                    self._set(line, "summary")
                    return

    def _comparison(self, parts):
        """A section "X vs. Y" whose two subheadings have a list each."""
        for index, part in enumerate(parts):
            if part.level != 2 or not _VERSUS.search(part.heading.text) or len(parts) < index + 3:
                continue
            here, there = parts[index + 1], parts[index + 2]
            lists = [
                next((block for block in side.blocks if block.tag == "ul"), None)
                for side in (here, there)
            ]
            if here.level != 3 or there.level != 3 or not all(lists):
                continue
            for side, name, role, block in (
                (here, "here_name", "here", lists[0]),
                (there, "there_name", "there", lists[1]),
            ):
                self._set(side.heading, name)
                for line in block.lines:
                    self._set(line, role)
            return

    def _rows(self, part):
        for block in part.blocks:
            role = None if block.tag == "p" else _role_of(block, part)
            if role is not None:
                for line in block.lines:
                    self._set(
                        line, "dont" if role == "do" and _NOT_TO_DO.match(line.text) else role
                    )


def _looks_like_front(line):
    words = len(line.text.split())
    if line.text.endswith(":"):
        return words <= _MAX_SITE_NAME_WORDS
    return bool(_KICKER.search(line.text) and words <= 4)


def _ends_references(line, heading):
    """A heading the format marks, unless it is a smaller one than the heading of the references."""
    if line.kind == "fence":
        return True
    return line.kind == "heading" and (heading.kind == "text" or line.level <= heading.level)


def _is_named(line):
    """Whether a number stands before the line, typed or drawn."""
    if line.list_number is not None or is_only_a_number(line):
        return True
    return typed_number([line])[0] is not None


def _begins(line, above):
    """Whether a line with a mark of a list begins a reference, and not the second half of `above`.

    "447. doi:…" at the head of a wrapped line is a page, not the number of a reference.
    """
    number, text = typed_number([line])
    if number is None or line.mark_kind == "bullet":
        return line.kind == "item" or is_only_a_number(line)
    is_cut = typed_lines.is_cut_in_a_range(above[-1].text)
    above_number, above_text = typed_number(above[:_MAX_WRAPPED])
    is_next = number == (above_number or 0) + 1 and not is_cut
    touches = line.gap == 0 or line.goes_on
    if is_next or not touches or len(above) >= _MAX_WRAPPED or reads_as_reference(text):
        return True
    if not reads_as_reference(f"{above_text} {text_with_mark(line)}"):
        return True
    return not is_cut and reads_as_reference(above_text)


def _wrapped(lines):
    """`lines`, of which only the first has a mark of a list, in groups of one reference each."""
    head = lines[:2] if is_only_a_number(lines[0]) else lines[:1]
    pieces = [[head, typed_number(head)[1]]]
    for line in lines[len(head) :]:
        if line.kind == "item":  # _begins says that it is no beginning
            pieces[-1] = [[*pieces[-1][0], line], f"{pieces[-1][1]} {text_with_mark(line)}"]
        else:
            pieces.append([[line], line.text])
    position = 0
    for item in typed_lines.split_list("\n".join(text for _lines, text in pieces)):
        start, text = position, ""
        while position < len(pieces) and len(text) < len(item):
            text = f"{text} {pieces[position][1]}".strip()
            position += 1
        group = [line for piece, _text in pieces[start:position] for line in piece]
        if len(group) == 1 or (len(group) <= _MAX_WRAPPED and reads_as_reference(text)):
            yield group
        else:
            yield from (piece for piece, _text in pieces[start:position])
    yield from (piece for piece, _text in pieces[position:])


def _is_label(line):
    is_short = len(line.text.split()) <= 4 and line.text[-1] not in ".,;:?!"
    return line.kind == "text" and is_short and not _has_mark(line.text)


def _has_mark(text):
    return has_number(text) or has_mark(text)


def _into_list(part, line):
    tag = "ol" if line.is_numbered else "ul"
    last = part.blocks[-1] if part.blocks else None
    if last and last.tag == tag:
        last.lines.append(line)
        return
    lead_in = (
        last.lines[0] if last and last.tag == "p" and last.lines[0].text.endswith(":") else None
    )
    part.blocks.append(_Block(tag, [line], lead_in))


def _heading_level(line, following):
    """2 or 3 for a heading, 0 for anything else."""
    if line.kind == "fence":
        return 2
    if line.kind == "heading":
        return 2 if line.level <= 2 else 3
    text = line.text
    if line.kind != "text" or len(text) > _MAX_HEADING or len(text.split()) > _MAX_HEADING_WORDS:
        return 0
    # A letter without case (Arabic, Hebrew) begins a heading as well as a capital does.
    if text[0].islower() or not text[0].isalpha() or text[-1] in ".,;:!…" or _has_mark(text):
        return 0
    stands_alone = line.gap >= 1 and (following is None or following.gap >= 1)
    opens_block = (
        following is not None
        and following.gap == 0
        and (text.endswith("?") or len(text.split()) <= 6)
    )
    if following is None or not (stands_alone or (opens_block and following.kind != "text")):
        return 0
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3]
    title_case = len(text.split()) >= 2 and all(word[0].isupper() for word in words)
    return 2 if text.endswith("?") or title_case or line.gap >= 2 else 3


def _role_of(block, part):
    """What the rows of a list are, or None when it stays in the text."""
    if block.lead_in is not None:
        return _role_named_in(block.lead_in.text)
    if part.heading is not None and (role := _role_named_in(part.heading.text)):
        return role
    return "do" if all(line.is_ticked for line in block.lines) else None


def _role_named_in(text):
    return next((role for role, pattern in _LIST_PATTERNS if pattern.search(text)), None)
