"""The LaTeX of BibTeX fields, to plain text with the markup that a title may have, and back."""

import re
import unicodedata
from dataclasses import dataclass, field

from .limits import DEEPEST

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\([`'^\"~=.]|[uvHtcdbkr](?![A-Za-z]))\s{0,3}(?:\{\s{0,3}(\\?[A-Za-z]{1,2})\s{0,3}\}|(\\[ij])(?![A-Za-z])\s?|([^\W\d_]))"
)
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ",
    "DJ": "Đ", "textendash": "–", "textemdash": "—", "textasciitilde": "~", "textasciicircum": "^",
    "textbackslash": "\\", "textasciigrave": "`", "textquotesingle": "'", "textquotedbl": '"',
    "textbraceleft": "{", "textbraceright": "}", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®", "texttrademark": "™",
    "textdegree": "°", "degree": "°", "textmu": "µ", "copyright": "©", "textless": "<",
    "textgreater": ">", "textbar": "|", "textunderscore": "_", "times": "×", "pm": "±", "mp": "∓",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "approx": "≈", "sim": "∼",
    "ldots": "…", "dots": "…", "textellipsis": "…", "cdot": "·", "infty": "∞", "rightarrow": "→",
    "to": "→", "leftarrow": "←", "S": "§", "pounds": "£", "euro": "€", "circ": "°", "prime": "′",
    "lbrace": "{", "rbrace": "}", "quad": " ", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
_TAGS = {
    "textit": "i",
    "emph": "i",
    "textsl": "i",
    "mathit": "i",
    "textbf": "b",
    "mathbf": "b",
    "textsuperscript": "sup",
    "sp": "sup",
    "textsubscript": "sub",
    "sb": "sub",
}
_DECLARATIONS = {"it": "i", "itshape": "i", "em": "i", "sl": "i", "bf": "b", "bfseries": "b"}
_IGNORED = frozenset(
    "rm sc tt sf rmfamily scshape textrm textsc texttt textsf textnormal mathrm mbox text upshape"
    " noopsort uppercase lowercase url relax protect ensuremath left right normalfont small"
    " large".split()
)
_TOKEN = re.compile(
    r"\\(?P<env>begin|end)\s{0,3}\{(?P<name>[A-Za-z*]{1,30})\}|\\(?P<word>[A-Za-z]+)\*?["
    r" \t\n]*|\\(?P<sign>.)"
    r"|(?P<mark>[{}$~^_])|(?P<dash>---?|``|''|`)|(?P<text>[^\\{}$~^_`'-]+|.)",
    re.S,
)
# Line breaks and thin spaces mean a blank, places to hyphenate nothing, any other symbol itself.
_CONTROL_SYMBOLS = {"\\": " ", ",": " ", ";": " ", " ": " ", "-": "", "/": "", "!": ""}
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘"}


def to_text(source: str) -> str:
    """Return `source` without LaTeX: accents composed, commands as what they mean."""
    if not re.search(r"[\\{}$~`]|--|''", source):
        return source
    source = _ACCENT.sub(_accented, source)
    text, pending_tag, in_math = _TextBuilder(), "", False
    for token in _TOKEN.finditer(source):
        kind, raw = token.lastgroup, token[0]
        if kind == "name":
            if token["env"] == "begin":
                text.open(_DECLARATIONS.get(token["name"], ""))
            else:
                text.close()
        elif kind == "word":
            word = token["word"]
            if word in _DECLARATIONS:
                text.begin(_DECLARATIONS[word])
            elif word in _TAGS:
                pending_tag = _TAGS[word]
                continue
            elif word not in _IGNORED:
                text.add(_SYMBOLS.get(word, word), pending_tag)
        elif kind == "sign":
            text.add(_CONTROL_SYMBOLS.get(token["sign"], token["sign"]), pending_tag)
        elif raw == "{":
            text.open(pending_tag)
        elif raw == "}":
            text.close()
        elif raw == "$":
            in_math = not in_math
        elif raw == "~":
            text.add("\u00a0", pending_tag)
        elif raw in "^_" and in_math:
            pending_tag = "sup" if raw == "^" else "sub"
            continue
        else:
            text.add(_LIGATURES.get(raw, raw), pending_tag)
        pending_tag = ""
    return text.whole()


def _accented(match):
    base = match[2] or match[3] or match[4]
    base = {"\\i": "i", "\\j": "j"}.get(
        base, _SYMBOLS.get(base[1:], base[1:]) if base[0] == "\\" else base
    )
    return unicodedata.normalize("NFC", base[0] + _COMBINING[match[1]] + base[1:])


class _TextBuilder:
    """What was read so far, with the groups (text between two braces) that are still open.

    All groups write into one list, so each letter is copied once, however many braces are around
    it.
    """

    def __init__(self):
        self._pieces, self._length = [], 0
        self._groups, self._too_deep = [_Group("", 0, 0)], 0

    def add(self, text, tag=""):
        # Without braces, a command is for one letter.
        self._put(*([f"<{tag}>{text[0]}</{tag}>", text[1:]] if tag and text else [text]))

    def begin(self, tag):
        """Put the text from here to the end of the group into `tag`."""
        self._put(f"<{tag}>")
        self._groups[-1].declared.append(tag)

    def open(self, tag=""):
        if len(self._groups) >= DEEPEST:
            self._too_deep += 1
            return
        self._groups.append(_Group(tag, len(self._pieces), self._length))
        # The place of the opening tag, in case the group holds any text.
        self._pieces.append("")

    def close(self):
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._groups) > 1:
            self._end(self._groups.pop())

    def whole(self):
        while len(self._groups) > 1:
            self._end(self._groups.pop())
        self._end(self._groups[0])
        return "".join(self._pieces)

    def _end(self, group):
        self._put(*(f"</{tag}>" for tag in reversed(group.declared)))
        if group.tag and self._length > group.length:
            self._pieces[group.place] = f"<{group.tag}>"
            self._put(f"</{group.tag}>")

    def _put(self, *pieces):
        self._pieces += pieces
        self._length += sum(map(len, pieces))


@dataclass
class _Group:
    """A group: the place of its opening tag, and the length of all text before it."""

    tag: str
    place: int
    length: int
    declared: list = field(default_factory=list)


_MARKUP = re.compile(r"<(i|b|sup|sub)>([^<>]*)</\1>")
_COMMAND_OF = {"i": "textit", "b": "textbf", "sup": "textsuperscript", "sub": "textsubscript"}
# BibTeX counts a brace after a backslash like any other, so braces need names.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}", "`": r"\textasciigrave{}", "\u00a0": "~",
    }
)  # fmt: skip


def from_text(text: str) -> str:
    """Return `text` as LaTeX with every brace in a pair; to_text() reads it back."""
    if not text or text.replace(" ", "").isalnum():
        return text  # as most are, and this is the quickest way to know
    pieces: list[str] = []
    position = 0
    for match in _MARKUP.finditer(text):
        pieces += [
            _escaped(text[position : match.start()]),
            f"\\{_COMMAND_OF[match[1]]}{{{_escaped(match[2])}}}",
        ]
        position = match.end()
    return "".join([*pieces, _escaped(text[position:])])


def _escaped(text):
    return (
        text.translate(_ESCAPES).replace("--", "-{}-").replace("--", "-{}-").replace("''", "'{}'")
    )
