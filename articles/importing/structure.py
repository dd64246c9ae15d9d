"""Numbered lines into the parts of an article. Every line is accounted for.

Lists that say what a typed row says (side effects, reasons not to have it …) leave the text: the page renders them
from the rows, and would otherwise say them twice.
"""

import re
from dataclasses import dataclass, field
from html import escape

_MAX_HEADING, _MAX_HEADING_WORDS = 90, 14
_KICKER = re.compile(r"\b(article|leaflet|guide|fact sheet|handout)\b", re.I)
_IN_TEXT = re.compile(r"\s?\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]")
_REFERENCES = re.compile(r"(references?|sources|further reading|bibliography|referencias|bibliografía)\s*:?\Z", re.I)
_VERSUS = re.compile(r"\b(vs\.?|versus|compared (with|to))(?=\s)|\bor\b.*\?\Z", re.I)

#: What a list is, by its lead-in or the heading it stands under. The first that fits decides.
_ROLES = [
    ("stop", r"\bavoid\b|contraindicat|do not have\b|should not have|who should not|not suitable for"),
    ("ask_first", r"tell your \w+ first|ask (your \w+ )?first|check with your \w+ (first|before)"),
    ("now", r"\bnow if\b|emergency|call \d{3}|ambulance"),
    ("today", r"\btoday if\b|same day"),
    ("routine", r"(call|tell|ask|see) your physio\w* if"),
    ("side_effects", r"side effect|adverse|unwanted effect"),
    ("conditions", r"conditions such as|conditions like|tried for|used to treat|problems it is"),
    ("indications", r"may (help|suit) people|might benefit|may benefit|who (it )?may suit|people who have\s*:"),
    ("key_points", r"key points|key facts|at a glance|in brief"),
    ("questions", r"questions to ask|what to ask"),
    ("dont", r"\A(do not|don.t|what not to do)\s*:?\Z"),
    ("do", r"\A(do|what to do)\s*:?\Z"),
    ("experts", r"experts?\b"),
]
_ROLES = [(role, re.compile(pattern, re.I)) for role, pattern in _ROLES]
#: Roles that a heading alone may give to a list under it; the others need a lead-in of their own.
_BY_HEADING = {
    "stop", "ask_first", "now", "today", "routine", "side_effects", "key_points", "questions", "do", "dont", "experts",
    "conditions", "indications",
}  # fmt: skip

_COUNT = re.compile(r"\b(?:about |around )?(\d[\d,]*) (?:in|out of) (?:every )?(\d[\d,]*) (people|visits)\b\.?", re.I)
_HOW_LONG = re.compile(r"\b(?:lasts?|for) ((?:up to |about )?[\w ]{1,30}(?:hours?|days?|weeks?))\b", re.I)

_EFFECT = re.compile(
    r"\b(reduc\w+|reliev\w+|relief|helps?|improv\w+|increas\w+|eas(?:e|es|ing)|benefits?|effective|works?|safe|"
    r"prevents?|cures?|better|causes?)\b", re.I
)  # fmt: skip
_NO_CLAIM = re.compile(r"\A(here.?s|here is|if you|many people hear|and is|but what|always|ask|talk|tell)\b", re.I)


@dataclass(frozen=True)
class Row:
    """Something that becomes a typed row."""

    text: str
    line: int
    kind: str = ""  # stop or ask_first; do, dont or expert; now, today or routine; next_step
    n: int | None = None
    base: int | None = None
    unit: str = ""
    how_long: str = ""
    is_serious: bool = False


@dataclass(frozen=True)
class Section:
    level: int
    heading: str
    line: int


@dataclass(frozen=True)
class Comparison:
    here_name: str
    there_name: str
    rows: tuple[tuple[str, str], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class SuggestedClaim:
    """A sentence that looks like a claim. Only a person accepts it."""

    text: str
    line: int
    references: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class LineUse:
    line: int
    text: str
    use: str


@dataclass
class ImportedArticle:
    title: str = ""
    kicker: str = ""
    summary: str = ""
    tags: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    body_html: str = ""
    comparison: Comparison | None = None
    conditions: list[Row] = field(default_factory=list)
    indications: list[Row] = field(default_factory=list)
    side_effects: list[Row] = field(default_factory=list)
    contraindications: list[Row] = field(default_factory=list)
    recommendations: list[Row] = field(default_factory=list)
    help_advice: list[Row] = field(default_factory=list)
    key_points: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    suggested_claims: list[SuggestedClaim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    line_uses: list[LineUse] = field(default_factory=list)


@dataclass
class _Block:
    """A paragraph or a list that stays in the text, or left it."""

    tag: str  # p, ul or ol
    lines: list
    lead_in: object = None  # the line that introduces a list
    is_moved: bool = False


@dataclass
class _Part:
    """A heading and what stands under it before the next one. The first part has no heading."""

    heading: object = None
    level: int = 0
    blocks: list = field(default_factory=list)


def structure(lines, notes=()):
    """The ImportedArticle in `lines` (articles.importing.documents)."""
    return _Structuring(lines, notes).run()


class _Structuring:
    def __init__(self, lines, notes):
        self.lines, self.article = lines, ImportedArticle(notes=list(notes))
        self.uses = {}

    def run(self):
        rest = self._references(self._labels(self._front(self.lines)))
        parts = self._parts(rest)
        self._summary(parts)
        self._comparison(parts)
        for part in parts:
            self._move_rows(part)
        self._body(parts)
        self._suggest(parts)
        self.article.line_uses = [
            LineUse(line.number, line.text, self.uses.get(line.number, "note: could not be placed"))
            for line in self.lines
        ]
        return self.article

    def use(self, line, what):
        self.uses[line.number] = what

    # --- the front ---------------------------------------------------------------------------------------
    def _front(self, lines):
        """Site name and kicker, then the title: the first heading that is neither."""
        for index, line in enumerate(lines):
            if line.kind in {"heading", "text"} and not _looks_like_front(line):
                if not line.text.endswith(".") and len(line.text) <= 150:
                    self.article.title = line.text
                    self.use(line, "title")
                    return lines[index + 1 :]
                break
            if line.kind not in {"heading", "text"}:
                break
            if line.text.endswith(":"):
                self.use(line, "front matter")
            else:
                self.article.kicker = line.text
                self.use(line, "kicker")
        self.article.notes.append("No title was found: give the article one.")
        return [line for line in lines if line.number not in self.uses]

    def _labels(self, lines):
        """Two or more touching lines of up to four words are labels of pictures: offered as tags."""
        kept, index = [], 0
        while index < len(lines):
            end = index
            while end < len(lines) and _is_label(lines[end]) and (end == index or lines[end].gap == 0):
                end += 1
            follows = end < len(lines) and lines[end].gap == 0
            if end - index >= 2 and not follows:
                for line in lines[index:end]:
                    self.article.tags.append(line.text)
                    self.use(line, "tag")
            else:
                end = max(end, index + 1) if end - index < 2 else end
                kept += lines[index:end]
            index = end
        return kept

    def _references(self, lines):
        """Everything under a heading such as "References"."""
        for index, line in enumerate(lines):
            if _REFERENCES.match(line.text) and line.kind != "item":
                self.use(line, "heading of the references")
                for reference in lines[index + 1 :]:
                    self.article.references.append(Row(reference.text, reference.number))
                    self.use(reference, "reference")
                return lines[:index]
        return lines

    # --- headings, paragraphs, lists -------------------------------------------------------------------------
    def _parts(self, lines):
        parts = [_Part()]
        for index, line in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else None
            if level := _heading_level(line, following):
                parts.append(_Part(line, level))
                self.article.sections.append(Section(level, line.text, line.number))
            elif line.kind == "item":
                self._into_list(parts[-1], line)
            else:
                parts[-1].blocks.append(_Block("p", [line]))
        return parts

    @staticmethod
    def _into_list(part, line):
        tag = "ol" if line.is_numbered else "ul"
        last = part.blocks[-1] if part.blocks else None
        if last and last.tag == tag:
            last.lines.append(line)
            return
        lead_in = last.lines[0] if last and last.tag == "p" and last.lines[0].text.endswith(":") else None
        part.blocks.append(_Block(tag, [line], lead_in))

    def _summary(self, parts):
        for part in parts:
            for block in part.blocks:
                found = re.match(r"(?:in short|summary)\s*:\s+(\S.*)", block.lines[0].text, re.I)
                if block.tag == "p" and found and not self.article.summary:
                    self.article.summary, block.is_moved = found[1][:300], True
                    self.use(block.lines[0], "summary")

    # --- rows ----------------------------------------------------------------------------------------------
    def _comparison(self, parts):
        """A section "X vs. Y" whose two subheadings have a list each."""
        for index, part in enumerate(parts):
            if part.level != 2 or not _VERSUS.search(part.heading.text) or len(parts) < index + 3:
                continue
            here, there = parts[index + 1], parts[index + 2]
            lists = [next((block for block in side.blocks if block.tag == "ul"), None) for side in (here, there)]
            if here.level != 3 or there.level != 3 or not all(lists):
                continue
            columns = [[line.text for line in block.lines] for block in lists]
            height = max(map(len, columns))
            columns = [column + [""] * (height - len(column)) for column in columns]
            used = [here.heading, there.heading, *lists[0].lines, *lists[1].lines]
            self.article.comparison = Comparison(
                here.heading.text, there.heading.text,
                tuple(zip(*columns, strict=True)), tuple(line.number for line in used),
            )  # fmt: skip
            for line in used:
                self.use(line, "comparison")
            for block in lists:
                block.is_moved = True
            # What follows the second list speaks of both: it belongs to the section, not to the second side.
            part.blocks += [block for block in there.blocks if block is not lists[1]]
            there.blocks = [lists[1]]
            self.article.notes.append("Say what each line of the comparison is about, for example “how it feels”.")
            return

    def _move_rows(self, part):
        for block in part.blocks:
            if block.tag == "p" or block.is_moved:
                continue
            role = _role_of(block, part)
            if role is None:
                continue
            block.is_moved = True
            if block.lead_in is not None:
                self.use(block.lead_in, f"lead-in of {_WORDS[role]}")
                next(b for b in part.blocks if b.lines[0] is block.lead_in).is_moved = True
            for line in block.lines:
                self._add_row(role, line)
                self.use(line, _WORDS[role])

    def _add_row(self, role, line):
        article, row = self.article, Row(line.text, line.number)
        if role in {"stop", "ask_first"}:
            article.contraindications.append(Row(line.text, line.number, role))
        elif role in {"now", "today", "routine"}:
            article.help_advice.append(Row(line.text, line.number, role))
        elif role in {"do", "dont", "experts"}:
            kind = "expert" if role == "experts" else role
            if role == "do" and re.match(r"(do not|don.t|never)\b", line.text, re.I):
                kind = "dont"
            article.recommendations.append(Row(line.text, line.number, kind))
        elif role == "side_effects":
            article.side_effects.append(_side_effect(line))
        else:
            getattr(article, role).append(row)

    # --- the text ----------------------------------------------------------------------------------------------
    def _body(self, parts):
        pieces = []
        for index, part in enumerate(parts):
            if part.heading is not None:
                if self._says_something(parts, index):
                    tag = f"h{part.level}"
                    pieces.append(f"<{tag}>{escape(part.heading.text, quote=False)}</{tag}>")
                    self.use(part.heading, "heading")
                elif part.heading.number not in self.uses:
                    self.use(part.heading, "heading of rows")
            for block in part.blocks:
                if not block.is_moved:
                    pieces.append(self._html_of(block))
        self.article.body_html = "\n".join(pieces)

    def _says_something(self, parts, index):
        """Whether text is left under this heading, or under a lower one that belongs to it."""
        part = parts[index]
        if any(not block.is_moved for block in part.blocks):
            return True
        for later in parts[index + 1 :]:
            if later.level <= part.level:
                return False
            if any(not block.is_moved for block in later.blocks):
                return True
        return False

    def _html_of(self, block):
        for line in block.lines:
            self.use(line, "text")
        if block.tag == "p":
            return f"<p>{self._without_numbers(block.lines[0])}</p>"
        items = "".join(f"<li>{self._without_numbers(line)}</li>" for line in block.lines)
        return f"<{block.tag}>{items}</{block.tag}>"

    def _without_numbers(self, line):
        for found in _IN_TEXT.finditer(line.html):
            self.article.notes.append(f"Line {line.number}: “[{found[1]}]” was taken out; link the sentence instead.")
        return _IN_TEXT.sub("", line.html)

    # --- suggestions -----------------------------------------------------------------------------------------------
    def _suggest(self, parts):
        for part in parts:
            for before, block in zip([None, *part.blocks], part.blocks, strict=False):
                if block.is_moved:
                    continue
                if block.tag == "p" and block.lines[0].text[0].islower() and before and before.lead_in:
                    # A sentence that goes on after its list: said whole, or it says nothing.
                    items = ", ".join(line.text for line in before.lines)
                    whole = f"{before.lead_in.text} {items} {block.lines[0].text}"
                    if _EFFECT.search(whole):
                        self._suggestion(whole, block.lines[0], (), "it speaks of an effect")
                elif block.tag == "p":
                    self._suggest_sentences(block.lines[0])
                elif block.lead_in is not None and _EFFECT.search(block.lead_in.text):
                    items = ", ".join(line.text for line in block.lines)
                    self._suggestion(
                        f"{block.lead_in.text} {items}", block.lead_in, (), "a lead-in that speaks of an effect"
                    )

    def _suggest_sentences(self, line):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“\"])", line.text):
            cited = tuple(number for found in _IN_TEXT.finditer(sentence) for number in _numbers(found[1]))
            words = _IN_TEXT.sub("", sentence).strip()
            if cited:
                self._suggestion(words, line, cited, "it cites a reference")
            elif words.endswith(".") and _EFFECT.search(words) and not _NO_CLAIM.match(words):
                self._suggestion(words, line, (), "it speaks of an effect")

    def _suggestion(self, text, line, references, reason):
        self.article.suggested_claims.append(SuggestedClaim(text, line.number, references, reason))


_WORDS = {
    "stop": "reason not to have it", "ask_first": "reason to ask first", "now": "when to get help, now",
    "today": "when to get help, today", "routine": "when to get help, routine", "side_effects": "side effect",
    "conditions": "condition", "indications": "who it may suit", "key_points": "key point", "questions": "question",
    "do": "advice, do", "dont": "advice, do not", "experts": "expert view",
}  # fmt: skip


def _looks_like_front(line):
    return line.text.endswith(":") or bool(_KICKER.search(line.text) and len(line.text.split()) <= 4)


def _is_label(line):
    return line.kind == "text" and len(line.text.split()) <= 4 and line.text[-1] not in ".,;:?!"


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
    if text[0].islower() or not text[0].isalpha() or text[-1] in ".,;:!…" or _IN_TEXT.search(text):
        return 0
    stands_alone = line.gap >= 1 and (following is None or following.gap >= 1)
    opens_block = following is not None and following.gap == 0 and (text.endswith("?") or len(text.split()) <= 6)
    if following is None or not (stands_alone or (opens_block and following.kind != "text")):
        return 0
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3]
    title_case = len(text.split()) >= 2 and all(word[0].isupper() for word in words)
    return 2 if text.endswith("?") or title_case or line.gap >= 2 else 3


def _role_of(block, part):
    """What the rows of a list are, or None when it stays in the text."""
    if block.lead_in is not None:
        for role, pattern in _ROLES:
            if pattern.search(block.lead_in.text):
                return role
        return None
    if part.heading is not None:
        for role, pattern in _ROLES:
            if role in _BY_HEADING and pattern.search(part.heading.text):
                return role
    return "do" if all(line.is_ticked for line in block.lines) else None


def _side_effect(line):
    """ "A bruise: 8 in 100 visits, lasts 3 days" with its count and how long."""
    name, _, rest = line.text.partition(":")
    count, how_long = _COUNT.search(rest), _HOW_LONG.search(rest)
    n, base = (int(count[number].replace(",", "")) for number in (1, 2)) if count else (None, None)
    if count and not 0 < base >= n:
        count = n = base = None
    rest_is_read = bool(count or how_long or re.search(r"\bserious\b", rest, re.I))
    return Row(
        text=name.strip() if rest_is_read else line.text,
        line=line.number,
        n=n,
        base=base,
        unit=count[3].lower() if count else "",
        how_long=f"lasts {how_long[1]}" if how_long else "",
        is_serious=bool(re.search(r"\bserious\b", rest, re.I)),
    )


def _numbers(text):
    """[1, 2, 3] from "1-3" or "1,2,3"; a backwards or huge range gives its ends."""
    for part in re.split(r"\s?,\s?", text):
        ends = [int(number) for number in re.split(r"\s?[–-]\s?", part)]
        yield from range(ends[0], ends[-1] + 1) if len(ends) == 2 and 0 <= ends[1] - ends[0] <= 30 else ends
