"""Numbered lines into the parts of an article. Every line is accounted for.

Lists that say what a typed row says (side effects, reasons not to have it …) leave the text: the
page renders them from the rows, and would otherwise say them twice.
"""

import re
from html import escape

from references import identifiers, typed_lines

from .citations import NO_SUCH, Sources, is_not_one, numbers_of, text_with_mark, typed_number
from .documents import without_empty_tags
from .parts import (
    Block,
    ImportedArticle,
    ImportedComparison,
    ImportedRow,
    ImportedSection,
    ImportNote,
    LinePurpose,
    ReferenceLine,
)
from .recognising import SUMMARY, recognise
from .roles import IN_TEXT, OUT, ROLES, SINGLE, SOURCES, may_be_chosen
from .suggesting import suggest

_COUNT = re.compile(
    r"\b(?:about |around )?(\d[\d,]{0,8}) (?:in|out of) (?:every )?(\d[\d,]{0,8})"
    r" (people|visits)\b\.?",
    re.I,
)
_HOW_LONG = re.compile(
    r"\b(?:lasts?|for) ((?:up to |about )?[\w ]{1,30}(?:hours?|days?|weeks?))\b", re.I
)
_SERIOUS = re.compile(r"\bserious\b", re.I)

#: Roles that share a table with others, told apart by the kind of the row.
_WITH_KIND = frozenset(
    {
        "stop",
        "ask_first",
        "now",
        "today",
        "routine",
        "before",
        "during",
        "after",
        "do",
        "dont",
        "experts",
    }
)

#: What each mark taken off a line was, for the author. The marks themselves are those of
#: articles.imports.documents.
_MARKS = {
    "bullet": "Typed bullets were taken off, for the page draws its own",
    "tick": "Typed ticks were taken off, for the page draws its own",
    "number": "Typed numbers were taken off, for the page counts by itself",
    "fence": "The brackets < > around a heading were taken off",
}


def structure(lines, notes=(), moves=None):
    """The ImportedArticle in `lines` (articles.imports.documents).

    `moves` is {line number: role code}: what a person decided. A move changes its own line and, of
    the others, only those that hang on it: a lead-in stays out of the text as long as its list
    does, and an article has one title. Moves of unknown lines, or to what nobody chooses, are left
    aside.
    """
    return _Structuring(lines, notes, moves or {}).run()


class _Structuring:
    def __init__(self, lines, notes, moves):
        self.lines, self.article = lines, ImportedArticle(notes=list(notes))
        self.read_as = recognise(lines)
        self.roles = dict(self.read_as)
        self.moved = {line.number for line in lines if may_be_chosen(moves.get(line.number))}
        self.roles |= {number: moves[number] for number in self.moved}
        self.why = {}  # line number: why it is not what it was to be
        self.unplaced = set()
        self.bare = {}  # line number of a heading that left with its rows: h2 or h3
        self.sources = Sources([], {})

    def run(self):
        self._references()
        self._singles()
        self._rows()
        self._comparison()
        self._frames()
        self._top()
        self._sections()
        self._body()
        claims = suggest(self.article, self.lines, self.roles, self.sources)
        self.article.suggested_claims = list(claims)
        self._tell_marks()
        self._account()
        return self.article

    def _lines_that_are(self, *roles):
        return [line for line in self.lines if self.roles[line.number] in roles]

    def _keep_in_text(self, line, why):
        """No place for it where it was to go: nothing is lost, and a person is told."""
        self.roles[line.number] = {True: "ol" if line.is_numbered else "ul"}.get(
            line.kind == "item", "p"
        )
        self.why[line.number] = why
        self.unplaced.add(line.number)

    def _fits(self, line, text):
        role = ROLES[self.roles[line.number]]
        if role.longest is None or len(text) <= role.longest:
            return True
        self._keep_in_text(
            line,
            f"too long for “{role.words}” ({len(text)} letters, {role.longest} fit), so it stays in"
            " the text",
        )
        return False

    # --- what leaves the text ------------------------------------------------------------------
    def _references(self):
        """One typed reference each; what goes on from the line above is read with it."""
        groups, above = [], None  # above: the line above, if a reference can go on from it
        for line in self.lines:
            role = self.roles[line.number]
            if role == "reference":
                groups.append([line])
            elif role == "reference_goes_on" and above is not None and above.note == line.note:
                groups[-1].append(line)
            elif role == "reference_goes_on":
                self._keep_in_text(line, "there is no reference above that it could go on from")
            above = line if self.roles[line.number] in {"reference", "reference_goes_on"} else None
        listed = [group for group in groups if not group[0].note]
        numbers, counted = numbers_of(listed, self.lines, self.roles, self.read_as)
        notes = {}
        for line in self._lines_that_are("note"):
            notes[line.note] = f"{notes.get(line.note, '')} {line.text}".strip()
        # Marks of notes may stand in references and in other notes: they are read before them.
        marks = Sources([], {line.note: "" for line in self.lines if line.note})
        self.article.references = [_reference(group, numbers, marks) for group in groups]
        self.sources = Sources(self.article.references, notes, counted)

    def _singles(self):
        """One title, one kicker, one summary: what a person chose, else the first."""
        for role in SINGLE:
            fitting = [
                line for line in self._lines_that_are(role) if self._fits(line, self._single(line))
            ]
            fitting.sort(key=lambda line: line.number not in self.moved)
            for other in fitting[1:]:
                self._keep_in_text(
                    other, f"line {fitting[0].number} is the {ROLES[role].words} already"
                )

    def _single(self, line):
        words = self._words(line)
        return SUMMARY.sub("", words, count=1) if self.roles[line.number] == "summary" else words

    def _rows(self):
        said = {}
        for line in self.lines:
            role = ROLES[self.roles[line.number]]
            if not role.is_row or role.code in {"here_name", "there_name", "here", "there"}:
                continue
            row = (
                _side_effect(line, self._words(line))
                if role.code == "side_effects"
                else self._row(line, role.code)
            )
            if not self._fits(line, row.text):
                continue
            if len(row.note) > 300:
                self._keep_in_text(
                    line, "it says more than a side effect can hold, so it stays in the text"
                )
                continue
            # Terms of a shared vocabulary stand once in an article.
            kind = {"ask_first": "stop"}.get(role.code, role.code)
            if kind in {"conditions", "side_effects", "stop"}:
                first = said.setdefault((kind, row.text.upper().casefold()), line)
                if first is not line:
                    self._said_already(line, first)
                    continue
            self._add(role.code, row)

    def _said_already(self, line, first):
        if line.text.casefold() == first.text.casefold() and line.number not in self.moved:
            self.roles[line.number], self.why[line.number] = (
                "said_already",
                f"line {first.number} says the same",
            )
        else:
            self._keep_in_text(
                line, f"line {first.number} names it already, so this stays in the text"
            )

    def _row(self, line, code):
        kind = {"experts": "expert"}.get(code, code)
        return ImportedRow(self._words(line), line.number, kind if code in _WITH_KIND else "")

    def _add(self, code, row):
        article = self.article
        rows = {
            "stop": article.contraindications,
            "ask_first": article.contraindications,
            "now": article.help_advice,
            "today": article.help_advice,
            "routine": article.help_advice,
            "before": article.steps,
            "during": article.steps,
            "after": article.steps,
            "do": article.recommendations,
            "dont": article.recommendations,
            "experts": article.recommendations,
        }
        (rows[code] if code in rows else getattr(article, code)).append(row)

    def _comparison(self):
        """Two names and two columns, side by side in the order of the document."""
        columns = []
        for side in ("here", "there"):
            columns.append(
                [line for line in self._lines_that_are(side) if self._fits(line, self._words(line))]
            )
        if not any(columns):
            for line in self._lines_that_are("here_name", "there_name"):
                self._keep_in_text(
                    line, "no line says anything about it, so there is no comparison"
                )
            return
        names = [
            next(iter(self._lines_that_are(f"{side}_name")), None) for side in ("here", "there")
        ]
        used = [line.number for line in [*names, *columns[0], *columns[1]] if line is not None]
        height = max(map(len, columns))
        texts = [[self._words(line) for line in column] for column in columns]
        texts = [column + [""] * (height - len(column)) for column in texts]
        self.article.comparison = ImportedComparison(
            *(self._words(name) if name else "" for name in names),
            tuple(zip(*texts, strict=True)),
            tuple(used),
        )
        self.article.notes.append(
            "Say what each line of the comparison is about, for example “how it feels”."
        )
        if names[1] is None:
            self.article.notes.append("Give the other treatment of the comparison a name.")

    def _frames(self):
        """Lead-ins and headings that speak only of lines which left the text leave it with them."""
        for index, line in enumerate(self.lines):
            if line.number in self.moved or self.roles[line.number] not in IN_TEXT:
                continue
            if self.roles[line.number] == "p" and line.number not in self.unplaced:
                items = self._list_after(index) if line.text.endswith(":") else []
                roles = [ROLES[self.roles[item.number]] for item in items]
                if any(role.is_row for role in roles) and not any(
                    role.code in IN_TEXT for role in roles
                ):
                    first = next(role for role in roles if role.is_row)
                    self.roles[line.number], self.why[line.number] = (
                        "lead_in",
                        f"lead-in of {first.words}",
                    )
        for index, line in enumerate(self.lines):
            if (
                self.roles[line.number] in {"h2", "h3"}
                and line.number not in self.moved
                and self._is_bare(index)
            ):
                self.bare[line.number] = self.roles[line.number]
                self.roles[line.number] = "rows_heading"

    def _list_after(self, index):
        items = []
        for line in self.lines[index + 1 :]:
            if line.kind != "item":
                break
            items.append(line)
        return items

    def _is_bare(self, index):
        """Whether all that stood under this heading, or under a lower one that belongs to it, has
        left the text.
        """
        level, has_rows = self.roles[self.lines[index].number], False
        for line in self.lines[index + 1 :]:
            role = self.roles[line.number]
            if role in {"h2", "h3"}:
                if role <= level:
                    break
            elif role in IN_TEXT:
                return False
            else:
                has_rows = has_rows or ROLES[role].is_row
        return has_rows

    # --- the top and the text ------------------------------------------------------------------
    def _top(self):
        article = self.article
        for role in ("title", "kicker", "summary"):
            for line in self._lines_that_are(role):
                self._words(line)
                setattr(article, role, self._single(line))
        if not article.title:
            article.notes.append("No title was found: give the article one.")
        for line in self._lines_that_are("tag"):
            if self._fits(line, line.text):
                article.tags.append(line.text)

    def _sections(self):
        """Every heading of the document, those included that left the text with their rows."""
        named = {"h2": 2, "h3": 3, "here_name": 3, "there_name": 3}
        for line in self.lines:
            role = self.roles[line.number]
            if level := named.get(self.bare.get(line.number, role)):
                self.article.sections.append(ImportedSection(level, self._words(line), line.number))

    def _body(self):
        blocks, before = [], None
        for index, line in enumerate(self.lines):
            tag = self.roles[line.number]
            if tag not in IN_TEXT:
                continue
            html = self._html(line)
            item = (line.number, self._words(line), html)
            between = self.lines[before + 1 : index] if before is not None else []
            goes_on = (
                blocks and blocks[-1][0] == tag and all(other.kind == "item" for other in between)
            )
            if tag in {"ul", "ol"} and goes_on:
                blocks[-1][1].append(item)
            else:
                blocks.append((tag, [item]))
            before = index
        self.article.blocks = [Block(tag, tuple(items)) for tag, items in blocks]
        self.article.body_html = "".join(block.html for block in self.article.blocks)

    def _words(self, line):
        """The line's plain text, without marks of references and notes."""
        return self.sources.without_marks(line.text).strip() or line.text

    def _html(self, line):
        if self.roles[line.number] in {"h2", "h3"}:
            return escape(self._words(line), quote=False)
        return without_empty_tags(self.sources.without_marks(line.html)).strip() or line.html

    def _tell_marks(self):
        """What was taken out of the text, and what nobody could tie to a reference."""
        for line in self.lines:
            role = ROLES[self.roles[line.number]]
            if role.group in {OUT, SOURCES}:
                continue
            told = []
            for sentence in self.sources.sentences(line.text):
                told += self._told_of(line, sentence)
            self.article.notes += dict.fromkeys(told)

    def _told_of(self, line, sentence):
        words = self.sources.without_marks(sentence).strip()
        for mark, cited in self.sources.marks_in(sentence):
            is_taken_out = mark not in words
            missing = [one for one in cited if one.line is None]
            if is_taken_out and cited:
                note = f"Line {line.number}: “{mark}” was taken out; link the sentence instead."
                yield " ".join([note, *_why_not(missing)])
            elif missing and self.article.references:
                yield f"Line {line.number}: {' '.join(_why_not(missing))}"
        for name, said in self.sources.notes_in(sentence):
            yield f"Line {line.number}: {name} on “{words}” says “{said}”"

    # --- the account ---------------------------------------------------------------------------
    def _account(self):
        article = self.article
        for line in self.lines:
            role, why = self.roles[line.number], self.why.get(line.number, "")
            is_unplaced = line.number in self.unplaced
            use = f"note: {why}" if is_unplaced else why or ROLES[role].words
            article.line_uses.append(
                LinePurpose(line.number, line.text, use, role, why, is_unplaced)
            )
            if is_unplaced:
                article.remarks.append(
                    ImportNote("unplaced", (line.number,), why[:1].upper() + why[1:] + ".")
                )
        for reference in article.references:
            if reference.unread:
                article.remarks.append(ImportNote("unread", reference.lines, reference.unread))
            elif reference.repairs:
                words = {**identifiers.REPAIRS, **typed_lines.REPAIRS}
                what = "; ".join(words.get(code, code) for code in reference.repairs)
                article.remarks.append(
                    ImportNote("repair", reference.lines, f"{reference.doi or 'The line'}: {what}.")
                )
        for mark, words in _MARKS.items():
            if numbers := tuple(line.number for line in self.lines if line.mark_kind == mark):
                article.remarks.append(ImportNote("mark", numbers, f"{words}."))


def _why_not(missing):
    """Sentences about what nothing is linked to."""
    numbers = [one.typed for one in missing if one.said == NO_SUCH and one.typed.isdigit()]
    if numbers:
        yield f"There is no reference {', '.join(numbers)}."
    for one in missing:
        if one.typed not in numbers:
            yield f"{one.typed}: {one.said}."


def _reference(lines, numbers, marks):
    """The ReferenceLine in `lines`; `marks` are those of notes, which are not part of it."""
    text = " ".join([lines[0].text, *(text_with_mark(line) for line in lines[1:])])
    work = marks.without_marks(typed_number(lines)[1])
    own = {
        "text": text,
        "line": lines[0].number,
        "lines": tuple(line.number for line in lines),
        "work": work,
        "number": numbers.get(lines[0].number),
        "note": lines[0].note,
    }
    if why := is_not_one(work):
        return ReferenceLine(**own, unread=why)
    try:
        typed = typed_lines.parse(work)
    except typed_lines.NotAReference as problem:
        return ReferenceLine(**own, unread=str(problem))
    csl = typed.csl
    people = csl.get("author") or csl.get("editor") or []
    return ReferenceLine(
        **own,
        doi=csl.get("DOI", ""),
        repairs=tuple(typed.repairs),
        title=csl.get("title", ""),
        authors=tuple(filter(None, map(_surname, people))),
        has_more=bool(csl.get("custom", {}).get("more-authors")),
        year=csl.get("issued", {}).get("date-parts", [[None]])[0][0],
    )


def _surname(person):
    return person.get("family") or person.get("literal")


def _side_effect(line, text):
    """ "A bruise: 8 in 100 visits, lasts 3 days" with its count and how long.

    What else it says goes into the note.
    """
    name, _, rest = text.partition(":")
    count, how_long = _COUNT.search(rest), _HOW_LONG.search(rest)
    n, base = (int(count[number].replace(",", "")) for number in (1, 2)) if count else (None, None)
    if count and not 0 < base >= n:
        count = n = base = None
    is_serious = bool(_SERIOUS.search(rest))
    if not (name.strip() and (count or how_long or is_serious)):
        return ImportedRow(text=text, line=line.number)
    for read in (count, how_long):
        rest = rest.replace(read[0], " ", 1) if read else rest
    left = " ".join(_SERIOUS.sub("", rest).split())
    return ImportedRow(
        text=name.strip(),
        line=line.number,
        n=n,
        base=base,
        unit=count[3].lower() if count else "",
        how_long=f"lasts {how_long[1]}" if how_long else "",
        is_serious=is_serious,
        # More than punctuation: words that the fields above cannot hold, kept whole.
        note=text.partition(":")[2].strip() if re.search(r"\w{2,}", left) else "",
    )
