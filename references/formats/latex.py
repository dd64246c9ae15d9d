"""The LaTeX that stands in BibTeX fields, to plain text with the markup a title may have,
and back.
"""

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
_SILENT = frozenset(
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
# Line breaks and thin spaces stand for a blank, places to hyphenate for nothing, any other sign for
# itself.
_SIGNS = {"\\": " ", ",": " ", ";": " ", " ": " ", "-": "", "/": "", "!": ""}
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘"}


def to_text(source):
    """`source` without LaTeX: accents composed, commands as the letters or the markup they stand
    for.
    """
    if not re.search(r"[\\{}$~`]|--|''", source):
        return source
    source = _ACCENT.sub(_accented, source)
    text, awaited, in_math = _Text(), "", False
    for token in _TOKEN.finditer(source):
        kind, written = token.lastgroup, token[0]
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
                awaited = _TAGS[word]
                continue
            elif word not in _SILENT:
                text.add(_SYMBOLS.get(word, word), awaited)
        elif kind == "sign":
            text.add(_SIGNS.get(token["sign"], token["sign"]), awaited)
        elif written == "{":
            text.open(awaited)
        elif written == "}":
            text.close()
        elif written == "$":
            in_math = not in_math
        elif written == "~":
            text.add("\u00a0", awaited)
        elif written in "^_" and in_math:
            awaited = "sup" if written == "^" else "sub"
            continue
        else:
            text.add(_LIGATURES.get(written, written), awaited)
        awaited = ""
    return text.whole()


def _accented(found):
    base = found[2] or found[3] or found[4]
    base = {"\\i": "i", "\\j": "j"}.get(
        base, _SYMBOLS.get(base[1:], base[1:]) if base[0] == "\\" else base
    )
    return unicodedata.normalize("NFC", base[0] + _COMBINING[found[1]] + base[1:])


class _Text:
    """What was read so far, with the groups (what stands between two braces) that are still open in
    it.

    All groups write into one list: each letter is copied once, however many braces stand around it.
    """

    def __init__(self):
        self._pieces, self._length = [], 0
        self._groups, self._deeper = [_Group("", 0, 0)], 0

    def add(self, text, tag=""):
        # Without braces a command takes one letter.
        self._put(*([f"<{tag}>{text[0]}</{tag}>", text[1:]] if tag and text else [text]))

    def begin(self, tag):
        """From here to the end of the group the text is in `tag`."""
        self._put(f"<{tag}>")
        self._groups[-1].begun.append(tag)

    def open(self, tag=""):
        if len(self._groups) >= DEEPEST:
            self._deeper += 1
            return
        self._groups.append(_Group(tag, len(self._pieces), self._length))
        self._pieces.append("")  # the place of the tag, if it comes to hold anything

    def close(self):
        if self._deeper:
            self._deeper -= 1
        elif len(self._groups) > 1:
            self._end(self._groups.pop())

    def whole(self):
        while len(self._groups) > 1:
            self._end(self._groups.pop())
        self._end(self._groups[0])
        return "".join(self._pieces)

    def _end(self, group):
        self._put(*(f"</{tag}>" for tag in reversed(group.begun)))
        if group.tag and self._length > group.length:
            self._pieces[group.place] = f"<{group.tag}>"
            self._put(f"</{group.tag}>")

    def _put(self, *pieces):
        self._pieces += pieces
        self._length += sum(map(len, pieces))


@dataclass
class _Group:
    tag: str
    place: int  # of its opening tag among the pieces
    length: int  # of all that was read before it
    begun: list = field(default_factory=list)


_MARKUP = re.compile(r"<(i|b|sup|sub)>([^<>]*)</\1>")
_COMMAND_OF = {"i": "textit", "b": "textbf", "sup": "textsuperscript", "sub": "textsubscript"}
# BibTeX counts a brace behind a backslash like any other, so braces need names.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$",
        "&": r"\&",
        "%": r"\%", "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
        "`": r"\textasciigrave{}", "\u00a0": "~",
    }
)  # fmt: skip


def from_text(text):
    """`text` as LaTeX with every brace in a pair, which to_text() reads back."""
    pieces, position = [], 0
    for found in _MARKUP.finditer(text):
        pieces += [
            _escaped(text[position : found.start()]),
            f"\\{_COMMAND_OF[found[1]]}{{{_escaped(found[2])}}}",
        ]
        position = found.end()
    return "".join([*pieces, _escaped(text[position:])])


def _escaped(text):
    return (
        text.translate(_ESCAPES).replace("--", "-{}-").replace("--", "-{}-").replace("''", "'{}'")
    )
