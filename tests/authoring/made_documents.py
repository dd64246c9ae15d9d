"""Documents made by chance, with what each of their sentences means to cite."""

import random
from html import escape

from articles.imports import read_article
from tests.documents import Note, a_docx

_SURNAMES = (
    "Adair Bruun Costa Dahl Egan Fonseca Grau Hassan Ibe Jansen Kaur Lund Moreno Nakata Oduya"
    " Pereira Quist Rossi Sato Tanaka"
).split()
_THINGS = (
    "heat cold rest walking cycling rowing yoga tape braces insoles needles massage waves shoes"
    " stairs swimming weights bands balance breathing"
).split()
_NUMBERED = ("{}. ", "[{}] ", "({}) ", "{}) ", "{}\t", "Ref {}: ")
_HEADINGS = ("References", "Sources:", "7. References", "Referencias", "المراجع", "Works cited")
_DECOYS = (
    " (95% CI [1, 3])",
    " [95% CI 1-5]",
    " on 4 m²",
    " of grade 2",
    " at weeks (1, 2)",
    " with 1,2 kg",
    " since (2015)",
    " in 3 × 10² cells",
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Work:
    """One study: `title` tells it from all others."""

    def __init__(self, place, chance):
        self.title = f"Trial of {_THINGS[place]} for sore heels"
        others = chance.sample(_SURNAMES, chance.randint(0, 3))
        first = chance.choice(_SURNAMES[:3]) if chance.random() < 0.25 else _SURNAMES[place]
        self.authors = list(dict.fromkeys([first, *others]))
        self.year = chance.choice((2013, 2015, 2015, 2019))
        self.letter = ""
        self.volume = place + 1

    @property
    def imprint(self):
        return f"{self.volume}(2)", f"{self.volume}1-{self.volume}9"

    def vancouver(self):
        (volume, pages), names = self.imprint, ", ".join(f"{name} AB" for name in self.authors)
        return f"{names}. {self.title}. J Ex. {self.year};{volume}:{pages}."

    def apa(self):
        names = [f"{name}, A. B." for name in self.authors]
        who = f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else names[0]
        volume, pages = self.imprint
        return f"{who} ({self.year}{self.letter}). {self.title}. J Ex, {volume}, {pages}."

    def harvard(self):
        names = [f"{name}, A.B." for name in self.authors]
        who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        volume, pages = self.imprint
        return f"{who} ({self.year}{self.letter}) ‘{self.title}’, J Ex, {volume}, pp. {pages}."

    def names(self, chance):
        if len(self.authors) == 1:
            return self.authors[0]
        if len(self.authors) == 2:
            return f" {chance.choice(('and', '&', 'y'))} ".join(self.authors)
        return f"{self.authors[0]} {chance.choice(('et al.', 'and colleagues', 'y cols.'))}"

    def may_be(self, other):
        """Whether somebody who names this work may seem to name the other."""
        same_year = (self.year, self.letter) == (other.year, other.letter) or not self.letter
        return self.authors[0] == other.authors[0] and self.year == other.year and same_year


class MadeDocument:
    """`meant` is {word of a sentence: (titles it means, whether all of them must be found)}."""

    def __init__(self, seed):
        self.chance = chance = random.Random(seed)  # noqa: S311
        self.works = [Work(place, chance) for place in range(chance.randint(3, 18))]
        self.kind = chance.choice(("txt", "md", "html", "docx"))
        self.style = chance.choice((Work.vancouver, Work.vancouver, Work.apa, Work.harvard))
        self.is_numbered = self.style is Work.vancouver or chance.random() < 0.3
        if self.style is not Work.vancouver:
            self._give_letters()
        self.listed = chance.sample(self.works, len(self.works))
        self.is_cut = chance.random() < 0.3
        if self.is_cut:
            del self.listed[chance.randint(2, len(self.listed)) :]
        self.numbers = dict(zip(self.works, self._numbers(), strict=True))
        self.meant = {}
        self.sentences = [self._sentence(at) for at in range(chance.randint(3, 12))]

    def _give_letters(self):
        for work in self.works:
            alike = [one for one in self.works if one.may_be(work)]
            if len(alike) > 1:
                for letter, one in zip("abcdefgh", alike, strict=False):
                    one.letter = letter

    def _numbers(self):
        """Numbers for the works: those listed first, in order, with gaps, or in any order."""
        count, chance = len(self.works), self.chance
        order = [self.listed.index(one) if one in self.listed else -1 for one in self.works]
        free = iter(range(len(self.listed), count))
        places = [at if at >= 0 else next(free) for at in order]
        way = chance.choice(("counted", "counted", "gaps", "mixed"))
        if way == "counted":
            return [at + 1 for at in places]
        drawn = chance.sample(range(1, 3 * count), count)
        return [(sorted(drawn) if way == "gaps" else drawn)[at] for at in places]

    # --- sentences ------------------------------------------------------------------------------
    def _sentence(self, place):
        chance = self.chance
        word = f"Way{chr(97 + place)}"
        ways = ["numbers", "numbers"] if self.is_numbered else ["authors", "authors"]
        ways += ["authors", "decoy"]
        if self.kind == "docx":
            ways += ["note", "remark"]
        way = chance.choice(ways)
        works = chance.sample(self.works, min(len(self.works), chance.choice((1, 1, 2, 3))))
        decoy = chance.choice(_DECOYS) if way == "decoy" or chance.random() < 0.2 else ""
        begin = f"{word} helps people a little{decoy}"
        if way == "numbers":
            return self._by_numbers(word, begin, works)
        if way == "authors":
            return self._by_authors(word, begin, works)
        self.meant[word] = ({works[0].title} if way == "note" else set(), way == "note")
        if way == "note":
            return [f"{begin}.", Note(self.style(works[0]))]
        return [f"{begin}.", Note("Only those who asked.")] if way == "remark" else [f"{begin}."]

    def _by_numbers(self, word, begin, works):
        chance = self.chance
        works.sort(key=self.numbers.get)
        numbers = [self.numbers[work] for work in works]
        form = chance.choice(
            ("[{}]", "[{}]", "raised", "raised", "sup", "stop", "[ref {}]", "apart", "place", "(")
        )
        comma = chance.choice((",", ", ", ";") if "[" in form else (",",))
        typed = comma.join(map(str, numbers))
        if chance.random() < 0.2 and form == "[{}]":
            last = min(numbers[0] + 2, 3 * len(self.works))
            works = [one for one in self.works if numbers[0] <= self.numbers[one] <= last]
            typed = f"{numbers[0]}{chance.choice('-–')}{last}"
            numbers = range(numbers[0], last + 1)
        found = {work.title for work in works}
        held = {self.numbers[work] for work in self.listed}
        # Two raised figures can be two numbers, so where 1, 2 and 12 are there, nothing is tied.
        if form == "stop" and begin[-1].isdigit():
            form = "raised"  # behind "grade 2" it would be a decimal
        is_sure = set(numbers) <= held and (
            form in {"[{}]", "[ref {}]", "apart", "place"} or max(numbers) < 10
        )
        if begin[-1].isdigit() and form in {"raised", "sup"}:
            is_sure = False
        if form not in {"[{}]", "[ref {}]", "apart", "place"} and self._would_be_split(numbers):
            form, is_sure = "[{}]", set(numbers) <= held
        self.meant[word] = (found, is_sure and form != "(")
        return [self._marked(begin, form, typed, numbers)]

    def _would_be_split(self, numbers):
        """Whether a raised number that the list lost reads as two that it has: nobody can tell."""
        held = {self.numbers[work] for work in self.listed}
        return any(
            number not in held and number > 9 and all(int(one) in held for one in str(number))
            for number in numbers
        )

    def _marked(self, begin, form, typed, numbers):
        chance = self.chance
        if form == "raised":
            mark = typed.translate(_RAISED)
            return chance.choice((f"{begin}{mark}.", f"{begin}.{mark}", f"{begin} {mark}."))
        if form == "sup":
            mark = f"^{typed}^" if self.kind in {"txt", "md"} else typed.translate(_RAISED)
            return chance.choice((f"{begin}{mark}.", f"{begin}.{mark}"))
        if form == "stop":
            return f"{begin}.{typed}"
        if form == "(":
            return f"{begin} ({typed.replace(',', ', ')})."
        if form == "apart":
            mark = chance.choice(("", ", ", " and ")).join(f"[{number}]" for number in numbers)
        elif form == "place":
            mark = f"[{'; '.join(f'{number} p. 4' for number in numbers)}]"
        else:
            mark = form.format(typed)
        return chance.choice((f"{begin} {mark}.", f"{begin}.{mark}", f"{begin}. {mark}"))

    def _by_authors(self, word, begin, works):
        chance = self.chance
        works = [work for work in works if self._is_clear(work)]
        listed = all(work in self.listed for work in works)
        alike = [
            sum(work.may_be(one) and one in self.listed for one in self.works) for work in works
        ]
        self.meant[word] = (
            {work.title for work in works},
            bool(works) and listed and all(count == 1 for count in alike),
        )
        if not works:
            return [f"{begin}."]
        if len(works) == 1 and chance.random() < 0.5:
            (work,) = works
            lead = chance.choice(("", "However, ", "In the study of ", "Later "))
            return [f"{lead}{work.names(chance)} ({work.year}{work.letter}) say {begin}."]
        comma = chance.choice((", ", " "))
        typed = "; ".join(f"{work.names(chance)}{comma}{work.year}{work.letter}" for work in works)
        return [f"{begin} ({chance.choice(('', 'see ', 'e.g. '))}{typed})."]

    def _is_clear(self, work):
        """Whether all works that its names can mean are in the list, or none of them is."""
        alike = [work.may_be(one) or one.may_be(work) for one in self.works]
        listed = [
            one in self.listed for one, is_alike in zip(self.works, alike, strict=True) if is_alike
        ]
        return all(listed) or not any(listed)

    # --- the document ---------------------------------------------------------------------------
    def read(self):
        chance = self.chance
        form = chance.choice(_NUMBERED) if self.is_numbered else chance.choice(("", "• "))
        if self.is_numbered and self.kind in {"html", "docx"}:
            form = chance.choice(_NUMBERED[:4])
        lines = [form.format(self.numbers[work]) + self.style(work) for work in self.listed]
        if self.is_numbered and chance.random() < 0.5:
            chance.shuffle(lines)
        heading = chance.choice(_HEADINGS)
        lead_in = ["These are the studies this leaflet rests on."] if chance.random() < 0.3 else []
        if self.kind == "docx":
            parts = [part for sentence in self.sentences for part in [*sentence, " "]]
            data = a_docx(
                ("Title", "Heel"),
                ("", "A guide to it."),
                ("", parts),
                ("Heading1", heading),
                *(("", line) for line in [*lead_in, *lines]),
            )
            return read_article(data, "a.docx")
        text = " ".join(piece for sentence in self.sentences for piece in sentence)
        if self.kind == "html":
            listed = "".join(f"<p>{escape(line)}</p>" for line in [*lead_in, *lines])
            page = f"<h1>Heel</h1><p>A guide.</p><p>{escape(text)}</p><h2>{heading}</h2>{listed}"
            return read_article(page.encode(), "a.html")
        title = "# Heel" if self.kind == "md" else "Heel"
        between = chance.choice(("\n", "\n\n"))
        listed = between.join([*lead_in, *lines])
        document = f"{title}\n\nA guide to it.\n\n{text}\n\n{heading}\n\n{listed}\n"
        return read_article(document.encode(), f"a.{self.kind}")
