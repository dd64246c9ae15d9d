"""Find the references that authors and a year mean: "(Beyer et al., 2015)", "Beyer (2015)"."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from .marks import locator_in
from .parts import ReferenceLine

_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_YEARS = rf"{_YEAR}[a-z]?(?:(?:, ?|,? ?(?:and|&|y|و) ?)(?:{_YEAR}[a-z]?|[a-z]\b))*"
_HAS_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩،؛", "0123456789,;")
_BRACKETS = re.compile(r"\(([^()]{4,300})\)|\[([^\[\]]{4,300})\]")
_PLACE = r"(?:[,:] ?(?P<place>[^\d\W][^;]{0,40}|[0-9]+(?:[–-][0-9]+)?))?"
_BEFORE_NAMES = (
    r"(?:see(?: also| for example)?|for example|e\.g\.|i\.e\.|as in|reviewed (?:in|by)|"
    r"(?:adapted )?from|cf\.?|also|vide|véase(?: también)?|ver(?: también)?|por ejemplo|p\. ?ej\.|"
    r"tomado de|según|انظر(?: أيضا)?|مثل)"
)
_AUTHOR_YEAR = re.compile(
    rf"(?:{_BEFORE_NAMES}[,:]? )?(?P<who>[^\d;]+?),? (?P<years>{_YEARS}){_PLACE}", re.I
)
_ONLY_YEARS = re.compile(rf"(?P<years>{_YEARS}){_PLACE}")
#: A comma behind a year, and another author: "(Beyer 2015, Murphy 2019)".
_NEXT_AUTHOR = re.compile(rf"({_YEAR}[a-z]?), (?=[^\W\d_a-z][^\W\d_]+,? (?:et al|{_YEAR}|&|and))")
_OTHERS = (
    r"(?:et al\.?|et coll\.?|(?:and|&) (?:others|colleagues|co-?workers|associates)|"
    r"[ye] (?:cols?\.?|colaboradores|colegas|otros)|وآخرون|وآخرين|و آخرون|وزملاؤه|وزملاؤها|وزملائه)"
)
_ET_AL = re.compile(rf",? {_OTHERS}\Z", re.I)
_AND = re.compile(r",? (?:and|&|y|e|et|und|و) |, | و(?=[^\W\d_a-zA-Z])")
SMALL_WORDS = frozenset(
    "a af al and bin da de del den der di dos du e el et for la le of on the ten ter und van von"
    " y zu".split()
)
#: Words before a name that a sentence can begin with. They are no part of the name.
_LEAD_WORDS = frozenset(
    "of de del a according after also although an and as at because before but by compared"
    " comparing contrary data earlier each even finally findings first following for from"
    " further furthermore here however if in indeed last lastly later like moreover more new"
    " next on once only or our overall previously recently research results second secondly"
    " see similarly since so still studies study that the then therefore third this though"
    " thus to trial trials unlike until when where whereas while with work además ahora así"
    " aunque como con cuando desde después el en estudio finalmente la las los más mientras"
    " para pero por primero recientemente según sin también tras un una ver véase y".split()
)
_CONNECTS = frozenset("and & y e et und و".split())
#: Words before a year that are not an author, unless a reference has an author of that name.
_NO_AUTHORS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|"
    r"updated|reviewed|published|copyright|since|until|till|from|in|by|before|after|about|around|"
    r"early|late|mid|enero|febrero|marzo|abril|mayo|junio|julio|agosto|se(?:p)?tiembre|octubre|"
    r"noviembre|diciembre|desde|hasta|"
    r"version|edition|issue|volume|figure|table|year|as of|up to)\b",
    re.I,
)
#: How many letters before "(2015)" are searched for names.
_LONGEST_NAMES = 140


@dataclass(frozen=True)
class NamedWork:
    """One work that a mark names: as typed, the references it fits, and the place in it.

    `is_surely_one` is false where the words before the year may be no author.
    """

    typed: str
    fits: tuple[ReferenceLine, ...]
    locator: tuple[str, str]
    is_surely_one: bool


@dataclass(frozen=True)
class AuthorMark:
    """A place in a text that cites by authors and year. Its words stay in the text.

    `is_apart` tells "(Beyer 2015)" from "Beyer (2015)", where the sentence needs the name.
    """

    start: int
    end: int
    words: str
    works: tuple[NamedWork, ...]
    is_apart: bool


class WorksByAuthor:
    """The references of a document, found by authors and year."""

    def __init__(self, references: Collection[ReferenceLine]) -> None:
        self._by_word_and_year: dict[tuple[str, int | None], list[ReferenceLine]] = defaultdict(
            list
        )
        for reference in references:
            for key in _first_words_and_years(reference):
                self._by_word_and_year[key].append(reference)
        self._found: dict[tuple[str, int, str], tuple[ReferenceLine, ...]] = {}

    def marks_in(self, text: str) -> Iterator[AuthorMark]:
        """Yield what cites by authors and year in `text`, in order."""
        if not self._by_word_and_year or ("(" not in text and "[" not in text):
            return
        text = text.translate(_WESTERN_DIGITS)
        if not _HAS_YEAR.search(text):
            return
        for found in _BRACKETS.finditer(text):
            inside = found[1] or found[2]
            if not _HAS_YEAR.search(inside):
                continue
            if years := _ONLY_YEARS.fullmatch(inside.strip()):
                yield from self._behind_names(text, found, years)
            elif works := tuple(self._works_in(inside)):
                yield AuthorMark(found.start(), found.end(), found[0], works, is_apart=True)

    def fitting(self, who: str, year: int, suffix: str) -> tuple[ReferenceLine, ...]:
        """Return the references by `who` of `year`, whose letter in the list is `suffix`."""
        key = who, year, suffix
        if key not in self._found:
            self._found[key] = tuple(self._works_by(*key))
        return self._found[key]

    def _works_in(self, inside: str) -> Iterator[NamedWork]:
        """Yield the works that "Beyer, 2015; Malliaras et al., 2013, p. 4" names."""
        who = ""
        for part in _NEXT_AUTHOR.sub(r"\1; ", inside).split(";"):
            found = _AUTHOR_YEAR.fullmatch(part.strip())
            if not found and who and (years := _ONLY_YEARS.fullmatch(part.strip())):
                found = years
            elif found and _may_be_authors(found["who"]):
                who = found["who"]
            else:
                continue
            typed = f"({part.strip()})"
            yield from self._works_of(who, found, typed)

    def _works_of(self, who: str, found: re.Match[str], typed: str) -> Iterator[NamedWork]:
        is_surely_one = not _NO_AUTHORS.match(who) and not _has_no_capital(who)
        years = _years(found["years"])
        locator = locator_in(found["place"] or "")
        if not locator[0] and (found["place"] or "")[:1].isdigit():
            locator = "page", found["place"]
        for year, suffix in years:
            one = typed if len(years) == 1 else f"({who}, {year}{suffix})"
            yield NamedWork(one, self.fitting(who, year, suffix), locator, is_surely_one)

    def _behind_names(
        self, text: str, found: re.Match[str], years: re.Match[str]
    ) -> Iterator[AuthorMark]:
        """Yield the mark of "Beyer et al. (2015)", whose names stand before the brackets."""
        before = text[max(0, found.start() - _LONGEST_NAMES) : found.start()].rstrip()
        before = re.sub(r"['’]s?\Z", "", before)
        year, suffix = _years(years["years"])[0]
        names = list(_names_before(before))
        who = next((who for who in names if self.fitting(who, year, suffix)), "")
        if not who and names and (_ET_AL.search(names[0]) or len(_names_in(names[0])) > 1):
            who = names[0]
        if who:
            words = f"{who} {found[0]}"
            works = tuple(self._works_of(who, years, words))
            yield AuthorMark(found.start(), found.end(), words, works, is_apart=False)

    def _works_by(self, who: str, year: int, suffix: str) -> list[ReferenceLine]:
        dated = self._by_word_and_year.get((first_word(who), year), [])
        candidates = [reference for reference in dated if _is_by(reference, who)]
        if not suffix:
            return candidates
        # A letter after the year tells two works apart. Only the list says which is which.
        lettered = [reference for reference in candidates if f"{year}{suffix}" in reference.text]
        return lettered if lettered or len(candidates) == 1 else candidates


def _years(words: str) -> list[tuple[int, str]]:
    """Return (year, letter) of each year: "2015a, b" are two of one year."""
    years: list[tuple[int, str]] = []
    for found in re.finditer(rf"(?P<year>{_YEAR})(?P<letter>[a-z]?)|\b(?P<more>[a-z])\b", words):
        if found["year"]:
            years.append((int(found["year"]), found["letter"]))
        elif years and found["more"] != "y":
            years.append((years[-1][0], found["more"]))
    return years


def _names_before(text: str) -> Iterator[str]:
    """Yield what can be the names at the end of `text`, the longest first.

    A name is left off only if it is a word that sentences begin with. "Kongsgaard and Beyer" never
    becomes "Beyer", which is another work.
    """
    others = _ET_AL.search(text)
    words = (text[: others.start()] if others else text).split()
    first = len(words)
    while first and _is_of_a_name(words, first - 1):
        first -= 1
    for start in range(first, len(words)):
        dropped = words[first:start]
        may_drop = all(
            word.rstrip(",").casefold() in _LEAD_WORDS or _has_no_case(word) for word in dropped
        )
        if not may_drop:
            return
        who = " ".join(words[start:])
        if words[start].casefold() not in _CONNECTS and _may_be_authors(who):
            yield who + (others[0] if others else "")


def _is_of_a_name(words: Sequence[str], place: int) -> bool:
    word, is_last = words[place], place == len(words) - 1
    if word[-1] in ".!?;:" and not re.fullmatch(r"(?:[^\W\d_]\.)+|St\.", word):
        return False
    if word.casefold() in SMALL_WORDS or word == "&":
        return not is_last
    if is_last and word.endswith(","):
        return False
    bare = word.rstrip(",")
    return bool(re.fullmatch(r"[^\W\d_][\w’'‐.-]*", bare)) and not bare[0].islower()


def _has_no_capital(text: str) -> bool:
    """Return whether `text` has no capital letter.

    Arabic has none at all, so there any words before a year would look like names.
    """
    return text == text.lower()


def _has_no_case(word: str) -> bool:
    return word.lower() == word.upper()


def _may_be_authors(who: str) -> bool:
    """Return whether `who` can be names: all words but "van", "of" and the like have a capital."""
    words = re.findall(r"[^\W\d_][\w’'‐.-]*", _ET_AL.sub("", who))
    if not 0 < len(words) <= 9 or words[-1][0].islower():
        return False
    return all(not word[0].islower() or word in SMALL_WORDS for word in words)


def _names_in(who: str) -> list[str]:
    """Split `who` into names. An organisation such as "Health and Care Board" becomes two."""
    who = _ET_AL.sub("", who)
    return [name for name in _AND.split(who) if name]


def first_word(text: str) -> str:
    """Return the first word of `text` in plain small letters."""
    found = re.match(r"\W*([\w'.-]*)", plain_letters(text))
    return found[1].rstrip(".") if found else ""


def _first_words_and_years(reference: ReferenceLine) -> set[tuple[str, int | None]]:
    """Return the (first word of the first author, year) by which a reference is found.

    A reference that cannot be read is found by every year in it.
    """
    if reference.error:
        years = {int(year) for year in re.findall(rf"(?<!\d){_YEAR}(?!\d)", reference.work)}
        return {(first_word(reference.work), year) for year in years}
    return {(first_word(reference.authors[0]), reference.year)} if reference.authors else set()


def _is_by(reference: ReferenceLine, who: str) -> bool:
    if not reference.error:
        return _are_its_authors(reference, who)
    names = _names_in(who)
    return bool(
        names
        and re.match(rf"\W*{re.escape(plain_letters(names[0]))}\b", plain_letters(reference.work))
    )


def _are_its_authors(reference: ReferenceLine, who: str) -> bool:
    """Return whether `who` names the authors: the first alone, the first "et al.", or all.

    One name can mean several people, but "et al." is never one author, and two names are never
    three authors.
    """
    authors = [plain_letters(author) for author in reference.authors]
    if plain_letters(who) == authors[0]:
        return True
    names = [plain_letters(name) for name in _names_in(who)]
    if names != authors[: len(names)]:
        return False
    if _ET_AL.search(who):
        return reference.has_more or len(authors) > len(names)
    return len(names) != 2 or (len(authors) == 2 and not reference.has_more)


def plain_letters(name: str) -> str:
    """Return `name` in small letters without accents, with one kind of apostrophe and hyphen."""
    letters = unicodedata.normalize("NFKD", name.replace("’", "'").replace("‐", "-"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())
