"""One typed reference, in AMA or Vancouver style, read into CSL-JSON; and a pasted list taken apart into lines.

A reference is read from its end. What closes it (identifiers, address, date of access) is recognised by its
form and taken off; the imprint tells which kind of work it is; only then does the front fall into authors and
title. So a full stop inside a title does no harm, and a line that has no imprint is refused rather than guessed.
"""

import re
from dataclasses import dataclass
from itertools import islice

from . import identifiers

_LONGEST_LINE = 6000  # a reference that names 500 authors
#: Numbers, addresses or dates that are looked at in one line. A reference has two or three of each.
_MOST_TRIED = 12


class NotAReference(ValueError):
    """The line cannot be read as a reference; str() is one sentence that says what to do."""


@dataclass(frozen=True)
class TypedReference:
    """What a line was read as.

    `raw` is the line untouched, `csl` the item without "id". `repairs` holds rule codes, those of
    identifiers.REPAIRS first and then those of REPAIRS here. `offered` holds identifiers that a person has to
    agree to before they go into `csl`. `needs_lookup` is true while an identifier was repaired or is offered.
    Where the line ends its authors in “et al”, csl["custom"]["more-authors"] is true.
    """

    raw: str
    csl: dict
    repairs: tuple[str, ...] = ()
    needs_lookup: bool = False
    offered: tuple[identifiers.Identifier, ...] = ()

    @property
    def doi_key(self):
        """The DOI in the form it is compared in, or ""."""
        return self.csl.get("DOI", "").lower()


#: Codes of the repairs that are not about identifiers, with what the author is told.
REPAIRS = {
    "volume-word": "left off the word before the volume number",
    "issue-word": "left off the word before the issue number",
    "page-word": "left off the word before the pages",
    "empty-word": "left out a word that stands for nothing",
    "single-page": "wrote a range of one page as that page",
    "retracted-prefix": "took the word “retracted” out of the title",
}


def parse(line):
    """The TypedReference in one line; raises NotAReference.

    Reads journal articles, also ahead of print, preprints, books, chapters and web pages. Surnames keep their
    particles ("van der Berg"); initials are stored apart ("N G"), so that they are never taken for a name.
    """
    text = _one_line(line)
    found = _Found()
    text = _without_list_marker(text)
    for take in (_take_numbers, _take_doi, _take_access_date, _take_addresses, _take_bare_doi):
        text = take(text, found)
    text = _without_links(text)
    if _OTHER_STYLE.search(text):
        raise NotAReference(
            "This reference is in another style: paste its DOI, or write it as Authors. Title. Journal. "
            "Year;volume(issue):pages."
        )
    csl = _imprinted(text, found)
    if not csl or not re.search(r"[^\W\d_]", csl.get("title", "")):
        raise NotAReference(
            "This does not read as a reference yet: write it as Authors. Title. Journal. Year;volume(issue):pages. DOI."
        )
    repairs = mend(csl)
    csl |= found.fields
    return TypedReference(
        raw=line,
        csl={field: value for field, value in csl.items() if value},
        repairs=tuple(dict.fromkeys(found.repairs + repairs)),
        needs_lookup=found.needs_lookup,
        offered=tuple(found.offered),
    )


def _one_line(line):
    text = line if isinstance(line, str) else ""
    if not text.strip():
        raise NotAReference("Type or paste a reference first.")
    if len(text) > _LONGEST_LINE:
        raise NotAReference("This is too long for one reference: put each reference on a line of its own.")
    return " ".join(_INVISIBLE.sub("", text).split())


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)
_OTHER_STYLE = re.compile(r"\((?:1[89]|20)[0-9]{2}[a-z]?(?:, [A-Z][a-z]{2,8}(?: [0-9]{1,2})?)?\)\.")
_LINK_AT_THE_END = re.compile(
    r" ?\[(?:Crossref|PubMed|Google Scholar|Medline|Free Full Text|Web of Science)\] ?$", re.I
)
_LONGEST_LINK = 25


def _without_links(text):
    """`text` without the names of databases in brackets that a web page puts behind a reference."""
    for _ in range(_MOST_TRIED):
        link = _LINK_AT_THE_END.search(text, max(0, len(text) - _LONGEST_LINK))
        if not link:
            break
        text = text[: link.start()]
    return text


# What closes a reference -----------------------------------------------------------------------------------


class _Found:
    """What was taken off the end of a line so far."""

    def __init__(self):
        self.fields = {}
        self.repairs = []
        self.offered = []
        self.needs_lookup = False

    def keep(self, field, identifier):
        """Put `identifier` into `field`, or among those to be offered; says whether it was one at all."""
        if identifier.is_usable:
            if field not in self.fields:
                self.fields[field] = identifier.display
                self.repairs += [code for code in identifier.repairs if code not in identifiers.HARMLESS]
                self.needs_lookup |= identifier.needs_lookup
            return True
        if identifier.status == identifiers.Status.CANDIDATE:
            self.offered.append(identifier)
            self.needs_lookup = True
            return True
        return False


_PMID = re.compile(r"[.;, ]{0,3}\b(?:PubMed )?PMID ?:? ?[0-9]{1,10}(?![0-9])[.;]?", re.I)
_PMCID = re.compile(
    r"[.;, ]{0,3}\b(?:(?:PubMed Central )?PMCID ?:? ?(?:PMC)? ?|PMC)[0-9]{1,10}(?:\.[0-9])?(?![0-9])[.;]?", re.I
)
_ISBN = re.compile(r"[.;, ]{0,3}\bISBN(?:-1[03])? ?:? ?[0-9][0-9 \u2010-\u2015-]{8,16}[0-9Xx](?!\w)[.;]?", re.I)
_EPUB = re.compile(
    r"\s*\b(?:E-?pub(?: ahead of print)?[ :]{1,2}(?:1[89]|20)[0-9]{2}(?: [A-Z][a-z]{2,8}\.?)?(?: [0-9]{1,2})?"
    r"|(?:Online|E-?pub) ahead of print|(?:Free )?PMC article)\.?",
    re.I,
)

_PUBLISHED_THEN = re.compile(r"(?<=\.) Published (?:1[89]|20)[0-9]{2} [A-Z][a-z]{2}(?: [0-9]{1,2})?\.?")


def _take_numbers(text, found):
    for pattern, field, read in (
        (_PMID, "PMID", identifiers.pmid),
        (_PMCID, "PMCID", identifiers.pmcid),
        (_ISBN, "ISBN", identifiers.isbn),
    ):
        for match in islice(pattern.finditer(text), _MOST_TRIED):
            found.keep(field, read(match[0].strip(" .;,")))
        text = pattern.sub(". ", text)
    text = _EPUB.sub("", text)
    # PubMed closes a line for a journal without issues with the day of publication.
    published = _PUBLISHED_THEN.search(text)
    if published and _has_imprint(text[: published.start()]):
        text = text[: published.start()] + text[published.end() :]
    return text


_DOI_LABEL = re.compile(
    r"(?:https?://)?(?:(?:dx|www)\.)?doi\.org[a-z0-9.-]{0,80}/"
    r"|(?<![\w/])doi ?[:=] ?(?=\S)|(?<![\w/])doi (?=[1lI]?[0-9Oo])",
    re.I,
)
_BARE_DOI = re.compile(r"(?<![\w.:/])10\.[0-9]{4,9}(?:\.[0-9]+)* ?/ ?(?=\S)")
_LAST_WORD_IS_HALF_A_DOI = re.compile(r"(?<!\S)[0-9]{4,5}/\S+$")


def _take_doi(text, found):
    return _take_doi_from(text, _DOI_LABEL.search(text), found)


def _take_bare_doi(text, found):
    label = _BARE_DOI.search(text)
    if not label and "DOI" not in found.fields:
        label = _LAST_WORD_IS_HALF_A_DOI.search(text.rstrip(". "))
    return _take_doi_from(text, label, found)


def _take_doi_from(text, label, found):
    """`text` without the DOI that begins at the match `label`."""
    if not label:
        return text
    head, tail = text[: label.start()].rstrip(), text[label.start() :]
    words = tail.split(" ")
    identifier, used = identifiers.doi(_ended(tail)), len(words)
    for count in range(1, min(8, len(words))):
        # The fewest words that give the same DOI: a wrapped one has more than the label and itself.
        shorter = identifiers.doi(_ended(" ".join(words[:count])))
        if shorter.key == identifier.key and shorter.key:
            identifier, used = shorter, count
            break
    if not found.keep("DOI", identifier) and "doi" not in label[0].lower():
        return text
    rest = " ".join(words[used:])
    return f"{head} {rest}".strip() if rest and not _has_imprint(head) else f"{head} {_kept_of(rest)}".strip()


def _ended(text):
    """`text` without the full stop that ends the sentence: it is the line's, no mistake in the DOI."""
    return re.sub(r"(?<=[A-Za-z0-9])[.;,](?= |$)", "", text)


def _kept_of(rest):
    """Of what follows a DOI behind a complete imprint, the address and the date of access; notes are left."""
    address = _ADDRESS.search(rest)
    accessed = _ACCESSED.search(rest)
    return " ".join(match[0].strip() for match in (accessed, address) if match)


_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_DATE = (
    rf"(?:{_MONTH} [0-9]{{1,2}}, {_YEAR}|[0-9]{{1,2}} {_MONTH} {_YEAR}|{_MONTH},? {_YEAR}"
    rf"|{_YEAR}-[0-9]{{2}}-[0-9]{{2}}|{_YEAR}(?: {_MONTH}(?: [0-9]{{1,2}})?)?)"
)
_ACCESSED = re.compile(rf"\s*(?:\bAccessed:?(?: on)?|\bRetrieved(?: on)?|\[cited) ({_DATE})\]?[.;,]?(?: from)?", re.I)
_ADDRESS = re.compile(r"\s*(?:\bAvailable (?:from|at) ?:? ?|\bURL ?: ?)?<?(https?://[^\s<>\"]+)>?", re.I)


def _date_parts(text):
    """[year], [year, month] or [year, month, day] of a date in words."""
    year = int(re.search(_YEAR, text)[0])
    if numbers := re.search(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})", text):
        month, day = int(numbers[1]), int(numbers[2])
        return [year, month, day] if 1 <= month <= 12 and 1 <= day <= 31 else [year]
    named = re.search(_MONTH, text, re.I)
    if not named:
        return [year]
    month = _MONTH_NAMES.index(named[0][:3].lower()) + 1
    day = re.search(r"(?<![0-9])([0-9]{1,2})(?![0-9])", text)
    return [year, month, int(day[1])] if day and 1 <= int(day[1]) <= 31 else [year, month]


def _as_date(text):
    return {"date-parts": [_date_parts(text)]}


def _take_access_date(text, found):
    accessed = _ACCESSED.search(text)
    if not accessed:
        return text
    found.fields["accessed"] = _as_date(accessed[1])
    return f"{text[: accessed.start()]} {text[accessed.end() :].lstrip()}".strip()


def _take_addresses(text, found):
    """Take web addresses off; one that names the work by an identifier gives the identifier instead."""
    kept, position = [], 0
    for address in islice(_ADDRESS.finditer(text), _MOST_TRIED):
        kept.append(text[position : address.start()])
        position = address.end()
        url = address[1].rstrip(".,;:)]'\"")
        readers = (("DOI", identifiers.doi), ("PMID", identifiers.pmid), ("PMCID", identifiers.pmcid))
        if not any(found.keep(field, read(url)) for field, read in readers):
            found.fields.setdefault("URL", url)
    kept.append(text[position:])
    return " ".join("".join(kept).split()).rstrip(" .") + "." if position else text


# The imprint -----------------------------------------------------------------------------------------------

_ISSUED = rf"(?P<date>{_YEAR}(?: (?:{_MONTH}(?:[-–/]{_MONTH})?|Spring|Summer|Fall|Autumn|Winter)(?: [0-9]{{1,2}})?)?)"
_JOURNAL = re.compile(rf"(?P<front>.+?)[.,]? \(?{_ISSUED}\)? ?; ?(?P<numeration>[^;]{{1,120}}?)\.?")
_JOURNAL_YEAR = re.compile(rf"(?P<front>.+?[.?!]) {_ISSUED}(?: ?: ?(?P<page>[A-Za-z]?[0-9][^:;.]{{0,40}}))?\.?")
_ONLINE = re.compile(
    rf"(?P<front>.+?)[.,]? (?:First p|P)ublished online:?(?: ahead of print)? (?P<date>{_DATE})"
    r"(?: ?: ?(?P<page>\S.{0,40}?))?\.?"
)
_PREPRINT = re.compile(
    rf"(?P<front>.+?)[.,]? (?:Preprint|\[Preprint\])[.,;]?(?: posted(?: online)?)? (?P<date>{_DATE})\.?", re.I
)
_BOOK = re.compile(
    rf"(?P<front>.+?) ?; ?(?:c|©)?(?P<date>{_YEAR})(?: ?: ?(?P<page>[A-Za-z]?[0-9ivxlc][^:;]{{0,60}}?))?"
    r"(?:[.,]? pp?\. ?(?P<page_after>[A-Za-z]?[0-9ivxlc][^:;]{0,60}?))?\.?"
)
_WEB_DATE = re.compile(
    r"(?:[.,] ?|(?<=;) ?)(?:(?:Published|Posted|Last updated|Updated|Modified|Last reviewed|Reviewed):? )?"
    r"\[?(?:updated )?"
    rf"(?P<date>{_DATE})\]?\.?$",
    re.I,
)
_LONGEST_WEB_DATE = 100
_ONLINE_MARK = re.compile(r" ?\[(?:Internet|Web ?page|Website|Online)\]", re.I)
_NUMERATION = re.compile(
    r"(?P<volume>[^():<>]{0,40}?) ?(?:\((?P<issue>[^()<>]{1,40})\))? ?"
    r"(?:: ?(?P<page>(?:[^:.<>]|p?p\. |\.(?=\w)){1,60}))?"
)


def _has_imprint(text):
    text = text.rstrip(". ") + "."
    return any(pattern.fullmatch(text) for pattern in (_JOURNAL, _ONLINE, _PREPRINT, _BOOK, _JOURNAL_YEAR))


def _imprinted(text, found):
    """The CSL fields of a line of which the end was taken off, or None when no kind of imprint fits."""
    is_online = "URL" in found.fields and not found.fields.keys() & {"DOI", "PMID", "PMCID"}
    text, was_marked = _ONLINE_MARK.subn("", text.strip())
    if is_online and was_marked and not _JOURNAL.fullmatch(text):
        return _web_page(text)
    for pattern, read in (
        (_PREPRINT, _preprint),
        (_ONLINE, _article_ahead_of_print),
        (_JOURNAL, _article),
        (_BOOK, _book_or_chapter),
    ):
        match = pattern.fullmatch(text)
        csl = match and read(match)
        if csl and (csl["type"] != "article-journal" or csl["container-title"] or found.fields):
            return csl
    if is_online:
        return _web_page(text)
    if match := _JOURNAL_YEAR.fullmatch(text):
        return _article_ahead_of_print(match)
    return _unplaced(text) if found.fields.keys() & {"DOI", "PMID", "PMCID"} else None


def _article(match):
    numeration = _NUMERATION.fullmatch(_supplement_in_brackets(match["numeration"].strip()))
    if not numeration:
        return None
    fields = {name: (value or "").strip() for name, value in numeration.groupdict().items()}
    if (
        not fields["issue"]
        and not fields["page"]
        and re.fullmatch(r"[0-9]{5,}|[A-Za-z]?[0-9]+[-–][A-Za-z]?[0-9]+", fields["volume"])
    ):
        # Ahead of an issue NLM gives only the pages.
        fields = {"page": fields["volume"]}
    return _in_a_journal(match["front"]) | {"issued": _as_date(match["date"])} | fields


def _supplement_in_brackets(numeration):
    """“51 Suppl 1:S3” as “51(Suppl 1):S3”: both styles write a supplement either way."""
    return re.sub(r"^([0-9]{1,5}),? ((?:Suppl|Pt)\b[^():]{0,20}?)(?=:|$)", r"\1(\2)", numeration, flags=re.I)


def _article_ahead_of_print(match):
    return _in_a_journal(match["front"]) | {"issued": _as_date(match["date"]), "page": match["page"] or ""}


def _preprint(match):
    return _in_a_journal(match["front"]) | {"type": "article", "issued": _as_date(match["date"])}


def _unplaced(text):
    """A line without a date, but with an identifier that will tell the rest."""
    sentences = _sentences(text)
    people, sentences = _people_first(sentences, leave=1)
    if len(sentences) > 1 and not people.get("editor"):
        *title, container = sentences
        return people | {"type": "article-journal", "title": _title(title), "container-title": _bare(container)}
    return people | {"type": "document", "title": _title(sentences)}


def _in_a_journal(front):
    sentences = _sentences(front)
    people, sentences = _people_first(sentences, leave=2)
    sentences, journal = _journal_last(sentences)
    return people | {"type": "article-journal", "title": _title(sentences), "container-title": journal}


def _book_or_chapter(match):
    front, within, book = match["front"].partition(" In: ")
    if not within and match["front"].startswith("In: "):
        return None
    sentences = _sentences(book if within else front)
    if len(sentences) < 2:
        return None
    *sentences, imprint = sentences
    if _PART_OF_A_NAME.fullmatch(sentences[-1]):
        # “F.A. Davis”, “St. Martin’s Press”
        imprint = f"{sentences.pop()} {imprint}"
    csl = {"issued": _as_date(match["date"]), "page": match["page_after"] or match["page"] or ""}
    csl |= _publisher(imprint)
    sentences = _without_edition(sentences, csl)
    if not within:
        people, sentences = _people_first(sentences, leave=1)
        return csl | people | {"type": "book", "title": _title(sentences)}
    editors, sentences = _people_first(sentences, leave=1)
    people, title = _people_first(_sentences(front), leave=1)
    if "editor" in editors or not editors:
        csl |= editors
    else:
        # People named behind “In:” edit the book, whether the line says so or not.
        csl["editor"] = editors["author"]
    return csl | people | {"type": "chapter", "title": _title(title), "container-title": _title(sentences)}


_PART_OF_A_NAME = re.compile(r"(?:[A-Z]\.){1,3}|St\.")
_PLACE = re.compile(r"([A-Z][^\d:;.]{1,40}(?:, [A-Z.]{2,5})?): ?(\S.*)")


def _publisher(imprint):
    imprint = imprint.strip(" ,;")
    place = _PLACE.fullmatch(imprint)
    return {"publisher-place": place[1], "publisher": place[2]} if place else {"publisher": imprint}


_EDITION = re.compile(r"((?:[0-9]{1,3}(?:st|nd|rd|th)?|[A-Z][a-z]+)(?: rev(?:ised)?\.?)?) ed(?:ition|n)?\.?", re.I)
_VOLUME = re.compile(r"Vol(?:ume)?\.? ([0-9IVXLC]{1,8})\.?", re.I)


def _without_edition(sentences, csl):
    """`sentences` without those that name edition or volume, which go into `csl`."""
    kept = []
    for sentence in sentences:
        if edition := _EDITION.fullmatch(sentence):
            csl["edition"] = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)$", "", edition[1])
        elif volume := _VOLUME.fullmatch(sentence):
            csl["volume"] = volume[1]
        else:
            kept.append(sentence)
    return kept


def _web_page(text):
    csl = {"type": "webpage"}
    for _ in range(_MOST_TRIED):
        # Only a date that closes the line counts, so nothing before its last words is looked at.
        tail = max(0, len(text) - _LONGEST_WEB_DATE)
        date = _WEB_DATE.search(text, tail)
        if not date:
            break
        csl["issued"] = _as_date(date["date"])
        text = text[: date.start()]
    if text.endswith(";"):
        # “Place: Publisher; 2022”, as NLM has it
        text = text.rstrip(" ;")
        text, _, imprint = text.rpartition(". ")
        csl |= _publisher(imprint)
    sentences = _sentences(text)
    people, sentences = _people_first(sentences, leave=1)
    if not people and len(sentences) == 2 and "publisher" not in csl:
        # The body that publishes a page is its author more often than its title is cut in two.
        people = {"author": [{"literal": _bare(sentences.pop(0))}]}
    if len(sentences) > 1:
        csl["container-title"] = _bare(sentences.pop())
    return csl | people | {"title": _title(sentences)}


# Sentences, titles, journals -------------------------------------------------------------------------------

# A small letter begins no sentence, save in names such as eLife and medRxiv.
_SENTENCE_END = re.compile(r"(?<=[.?!])[”’\"']?(\s+)(?=[^\Wa-z_]|[“‘\"'(\[<¿¡]|[a-z]{1,8}[A-Z]|npj )")


def _sentences(text):
    """`text` cut behind each full stop, question or exclamation mark that a capital or a digit follows."""
    pieces, position = [], 0
    for end in _SENTENCE_END.finditer(text):
        pieces.append(text[position : end.start(1)])
        position = end.end()
    pieces.append(text[position:])
    return [piece for piece in pieces if piece.strip(" .")]


def _bare(sentence):
    return sentence.strip().removesuffix(".").strip()


def _title(sentences):
    """The sentences of a title as one, without the full stop that only ends it."""
    title = " ".join(sentences).strip()
    if quoted := re.fullmatch(r"(.*)\.([”’]+)", title):
        # American typesetting puts the full stop of the line inside the quotation marks of the title.
        return quoted[1] + quoted[2]
    return _bare(title)


_ABBREVIATED = re.compile(r"[A-Z][A-Za-z]{0,11}\.")


def _journal_last(sentences):
    """`sentences` without the journal, and the journal; a dotted abbreviation is several sentences of it."""
    if len(sentences) < 2:
        # Without a title before it, what stands here is the title.
        return sentences, ""
    *sentences, journal = sentences
    while len(sentences) > 1 and _ABBREVIATED.fullmatch(sentences[-1]) and len(journal.split()) < 6:
        journal = f"{sentences.pop()} {journal}"
    return sentences, journal.strip() if ". " in journal else _bare(journal)


# People ----------------------------------------------------------------------------------------------------

_ROLE = re.compile(r", ?(?:eds?|editors?)$|,? \((?:[Ee]ds?|[Ee]ditors?)\.?\)$")
_ET_AL = re.compile(r",? (?:et al|and others)\.?$", re.I)
_FOR_A_GROUP = re.compile(r"^(?:and )?(?:for|on behalf of) (?:the )?", re.I)
_PARTICLES = frozenset(
    "af al am ben bin da dal de del dela della den der des di do dos du e el het ibn la las le les lo los mac mc op "
    "san st te ten ter 't ’t tot van vande vanden vander vom von y zu zum zur".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv 2nd 3rd 4th".split())
_FAMILY_WORD = re.compile(r"(?:[’']?[^\W\d_])(?:[^\W\d_]|[’'‐.-](?=[^\W_]))*\.?")
_INITIALS = re.compile(r"(?:[^\Wa-z\d_]\.?[-‐]?){1,5}")
_ORGANISATION = re.compile(
    r"\b(?:academy|administration|agency|alliance|associates|association|authority|authors|board|bureau"
    r"|cent(?:er|re)s?|charity|clinic|collaborat(?:ion|ors|ive)|college|commission|committee|consortium|council"
    r"|department|division|federation|forum|foundation|group|hospital|initiative|institutes?|institution"
    r"|investigators|ministry|nations|network|nhs|nice|organi[sz]ation|panel|programme?|project|registry|school"
    r"|services?|society|staff|task ?force|team|trialists|trust|union|university|who|workgroup)\b",
    re.I,
)
_SMALL_IN_NAMES = frozenset(
    "a an and at by de del der des di du e et for für in la of on or para the to und voor y &".split()
)


def _people_first(sentences, *, leave):
    """The authors (or editors) that `sentences` begin with as CSL fields, and the sentences after them.

    At least `leave` sentences stay, so that a title such as “Vitamin D” is not taken for a person.
    """
    people, count = {}, 0
    for reach in range(1, min(len(sentences) - 1, 16) + 1):
        # Initials with full stops and blanks (“Smith J. A.”) are sentences of their own.
        longer = _people(" ".join(sentences[:reach]), all_of_them=reach > 1)
        if longer and (reach <= len(sentences) - leave or len(longer.get("author", ())) > 1):
            people, count = longer, reach
        elif reach > count + 4:
            break
    if not people and sentences:
        people, sentences = _people_before_a_small_letter(sentences)
    if not people and len(sentences) > leave and _is_organisation(sentences[0]):
        people, count = {"author": [{"literal": _bare(sentences[0])}]}, 1
    return people, sentences[count:]


def _people_before_a_small_letter(sentences):
    """Authors of a title that begins with a small letter, which does not look like a sentence of its own."""
    first = sentences[0]
    for stop in islice(re.finditer(r"\. (?=[a-z])", first), 8):
        if people := _people(first[: stop.start()], all_of_them=True):
            return people, [first[stop.end() :], *sentences[1:]]
    return {}, sentences


def _people(text, *, all_of_them):
    """CSL fields for a list of people, or {} when it is none; one odd name among many is kept whole.

    With `all_of_them` no odd name is forgiven, and no group, which could be any words at all.
    """
    text = _bare(text)
    role = _ROLE.search(text)
    text = text[: role.start()] if role else text
    listed, *groups = (part.strip() for part in text.split(";"))
    people = _ET_AL.sub("", listed)
    pieces = [
        re.sub(r"^(?:and|&) ", "", piece.strip()) for piece in re.split(r",|(?<=\S) (?:and|&) (?=[^\Wa-z])", people)
    ]
    pieces = _with_suffixes(pieces)
    names = [_person(piece) for piece in pieces]
    recognised = sum(name is not None for name in names)
    # A sentence with commas in it has no initials at all.
    if not recognised or (all_of_them and (groups or recognised < len(names))):
        return {}
    groups_named = sum(bool(_FOR_A_GROUP.match(piece)) for piece in pieces)
    if recognised + groups_named < len(names) * 0.6:
        return {}
    csl_names = [name or {"literal": _without_for(piece)} for name, piece in zip(names, pieces, strict=True) if piece]
    csl_names += [{"literal": _without_for(group)} for group in groups if group]
    fields = {"editor" if role else "author": csl_names}
    if people != listed:
        fields["custom"] = {"more-authors": True}
    return fields


def _with_suffixes(pieces):
    """“Smith J”, “Jr” as one piece: some lists put a comma before the suffix."""
    joined = []
    for piece in pieces:
        if joined and piece.rstrip(".").lower() in _SUFFIXES:
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _without_for(group):
    return _FOR_A_GROUP.sub("", group)


def _person(text):
    """CSL name of “van der Berg JP Jr” (surname, initials, suffix), or None."""
    words = text.split()
    nickname = words.pop() if len(words) > 2 and re.fullmatch(r"\([^\W\d_]{1,20}\)", words[-1]) else ""
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES else ""
    if not 2 <= len(words) <= 9 or not _is_initials(words[-1]):
        return None
    initials = [words.pop()]
    while len(words) > 1 and len(words[-1].rstrip(".")) == 1 and _is_initials(words[-1]):
        initials.insert(0, words.pop())
    if not all(map(_FAMILY_WORD.fullmatch, words)):
        return None
    if not any(word[0].isupper() or "-" in word for word in words) and len(words) > 1:
        return None
    if any(word.islower() and word not in _PARTICLES and "-" not in word for word in words):
        return None
    name = {"family": " ".join(words), "given": " ".join(filter(None, [_apart("".join(initials)), nickname]))}
    return name | ({"suffix": suffix.rstrip(".")} if suffix else {})


def _is_initials(word):
    return bool(_INITIALS.fullmatch(word)) and word.upper() == word


def _apart(initials):
    """“NG” and “N.G.” as “N G”, “J-P” as it is."""
    letters = re.findall(r"[-‐]?[^\W_]", initials)
    return "".join(letter if place == 0 or letter[0] in "-‐" else f" {letter}" for place, letter in enumerate(letters))


def _is_organisation(sentence):
    """Whether a first sentence names a body: in capitals throughout, with a word that bodies are called by."""
    words = re.findall(r"[^\W\d_][\w’'-]*", sentence)
    named = all(word[0].isupper() or word in _SMALL_IN_NAMES for word in words)
    return 0 < len(words) <= 14 and named and sentence.rstrip()[-1:] == "." and bool(_ORGANISATION.search(sentence))


# Repairs ---------------------------------------------------------------------------------------------------

_NUMBER_WORD = re.compile(
    r"^(?:volume|vol|v|issue|iss|number|num|no|nr|n°|nº|№)\b\.?:? ?(?=[0-9IVXLC])|^(?:n°|nº|№) ?(?=[0-9])", re.I
)
_PAGE_WORD = re.compile(r"^(?:pages?|pp?)\b\.?:? ?(?=[A-Za-z]?[0-9])", re.I)
_STANDS_FOR_NOTHING = re.compile(r"(?:null|nan|none|n/a|undefined|no(?:t)? specified|n\.?d\.?)", re.I)
_ONE_PAGE = re.compile(r"([A-Za-z]?[0-9]+[A-Za-z]?)[-–—‐‑]\1")
_RETRACTED = re.compile(r"^\[?(?:RETRACTED(?: ARTICLE)?|Retracted(?: article)?)\]?\s*[:.]\s*(?=\S)")


def _without_nothing(text):
    return "" if _STANDS_FOR_NOTHING.fullmatch(text) else text


def _on_one_page(text):
    one = _ONE_PAGE.fullmatch(text)
    return one[1] if one else text


#: Which field, the code, and what is done to it.
_REPAIR_STEPS = (
    ("volume", "volume-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("issue", "issue-word", lambda text: _NUMBER_WORD.sub("", text)),
    ("page", "page-word", lambda text: _PAGE_WORD.sub("", text)),
    ("volume", "empty-word", _without_nothing),
    ("issue", "empty-word", _without_nothing),
    ("page", "empty-word", _without_nothing),
    ("page", "single-page", _on_one_page),
    ("title", "retracted-prefix", lambda text: _RETRACTED.sub("", text)),
)


def mend(csl):
    """Mend the fields of `csl` in place; the codes of what was done, in order."""
    codes = []
    for field, code, step in _REPAIR_STEPS:
        before = (csl.get(field) or "").strip()
        after = step(before).strip()
        if after != before:
            csl[field] = after
            codes.append(code)
    return codes


# Lists -----------------------------------------------------------------------------------------------------

_BULLET = re.compile(r"\s*(?:[•·‣◦▪●○■*]\s*|[-–]\s+)(?=\S)")
_NUMBER = re.compile(r"\s*(?:\[([0-9]{1,3})\]|\(([0-9]{1,3})\)|([0-9]{1,3})[.)](?=\s)|([0-9]{1,3})(?=\t))\s*(?=\S)")
_HEADING = re.compile(
    r"\W*(?:references?|reference list|bibliography|sources|literature(?: cited)?|further reading)\W*", re.I
)
_CONTINUES = re.compile(
    r"\s*(?:[a-z&(,;:]|https?://|(?i:doi|PMC?ID|Available (?:from|at)|Accessed|Published)\b"
    r"|[12][0-9]{3}\b|[0-9]{1,5}[(:;,–-]|10\.[0-9]{4})"
)
_STARTS_WITH_A_PERSON = re.compile(
    r"\s*(?:[a-z’']{1,5} ){0,3}[^\W\d_a-z][\w’'‐-]*(?: [\w’'‐-]+){0,4} [^\W\d_a-z]{1,4}[,.](?:\s|$)"
)
_LONGEST_BEGINNING = 300
_UNFINISHED = re.compile(r"(?:[-,;:&]|\bdoi:?)\s*$", re.I)
_CUT_IN_A_RANGE = re.compile(r"(?<=[0-9])[-–]\s*$|\bdoi:?\s*$", re.I)
_HAS_A_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")


def begins_with_a_person(text):
    """Whether `text` begins with the surname and the initials of somebody."""
    return bool(_STARTS_WITH_A_PERSON.match(text))


def is_cut_in_a_range(line):
    """Whether a wrapped `line` breaks off between two pages, or before the DOI it announces."""
    return bool(_CUT_IN_A_RANGE.search(line[-20:]))


def _without_list_marker(line):
    """`line` without the bullet or number a list put before it."""
    marker = _BULLET.match(line) or _NUMBER.match(line)
    return line[marker.end() :] if marker else line


def split_list(text):
    """The references of a pasted list, one string each, in order; markers and a heading are left off.

    In a list with bullets or numbers everything up to the next marker or blank line belongs together. Without
    them each line is a reference, except that a line which cannot begin one, or follows one that cannot have
    ended, is joined to the line before. Nothing is judged: a line that is no reference comes back too, for
    parse() to refuse.
    """
    return [reference for _line, reference in placed(text)]


def placed(text):
    """(number of its first line from 1, reference) for each reference of `split_list`."""
    lines = text.splitlines() if isinstance(text, str) else []
    first = next((line for line in lines if line.strip() and not _HEADING.fullmatch(line)), "")
    listing, number = _marker(first)
    items, previous, has_year = [], "", False
    for place, line in enumerate(lines, start=1):
        if not line.strip() or (not items and _HEADING.fullmatch(line)):
            previous = ""
            continue
        kind, value = _marker(line)
        if listing == "number":
            # “252.” at the head of a wrapped line is a page, not a number, unless a person follows.
            is_named = value == number or begins_with_a_person(_without_list_marker(line))
            begins = kind == "number" and is_named
            number = value + 1 if begins else number
        elif listing == "bullet":
            begins = kind == "bullet"
        else:
            begins = not previous or _begins_a_reference(line, previous, items[-1][1], has_year)
        if begins or not previous:
            has_year = False
            items.append([place, _without_list_marker(line) if begins or kind == "bullet" else line])
        else:
            items[-1].append(line)
        has_year = has_year or bool(_HAS_A_YEAR.search(line))
        previous = line
    return [(place, " ".join(line.strip() for line in item)) for place, *item in items]


def _marker(line):
    """("bullet", 0), ("number", 7) or ("", 0): what a list put before `line`."""
    if _BULLET.match(line):
        return "bullet", 0
    number = _NUMBER.match(line)
    return ("number", int(next(filter(None, number.groups())))) if number else ("", 0)


def _begins_a_reference(line, previous, item, has_year):
    """Whether an unmarked `line` begins a reference of its own.

    `previous` is the line before it, `item` the first line of the reference that stands open, and `has_year`
    says whether that one names a year yet: without one it cannot have ended.
    """
    if _UNFINISHED.search(previous[-20:]) or (line[0].isspace() and not item[0].isspace()):
        return False
    if not has_year:
        return _starts_with_a_person(line) and not _starts_with_a_person(item)
    return _starts_with_a_person(line) or not _CONTINUES.match(line)


def _starts_with_a_person(line):
    # The first line of a reference is asked once for each line behind it.
    return bool(_STARTS_WITH_A_PERSON.match(line[:_LONGEST_BEGINNING]))
