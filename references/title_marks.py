"""What a title says became of the work: “RETRACTED: …”, “(Retracted article. See vol. 3, …)”.

There is no metadata for it in RIS, BibTeX or a typed line, so publishers and databases write it
into the title. NISO RP-45-2024 (CREC) recommends “RETRACTED:” before the title of the work and
“Retraction:” before that of the notice. Web of Science writes “(Retracted article. See vol …)”
behind a work, and “(Retraction of vol …)” behind a notice.

The words alone prove nothing: a scapula retracts, a posture is corrected, opioids are withdrawn.
So a mark counts only where its form is one that no ordinary title has.
"""

import re
from dataclasses import dataclass

#: States of references.models.Integrity, from harmless to grave.
_CORRECTED, _CONCERN, _WITHDRAWN, _RETRACTED = "corrected", "concern", "withdrawn", "retracted"
_FROM_HARMLESS = ["", _CORRECTED, _CONCERN, _WITHDRAWN, _RETRACTED]
_NOTICE = "notice"

_OF_A_WORK = r"(?: (?:article|paper|chapter|preprint|publication|manuscript))?"
#: Anything in round brackets may hold brackets itself: “(Retracted article. See vol. 3(2), 2012)”.
_INSIDE = r"(?:[^()\[\]]|\([^()]{0,60}\)){0,300}"

#: Before the title, in square brackets: in any case.
_BOXED_BEFORE = re.compile(
    rf"\s*\[\s*(?P<word>retracted|withdrawn){_OF_A_WORK}\s*\]\s*[:.–—-]?\s*(?=\S)", re.I
)
#: Before the title, with a colon or the like. Only with a capital: “retracted: …” may be a word.
_BARE_BEFORE = re.compile(
    r"\s*(?P<bold><[bi]>)?\s*(?:(?P<word>RETRACTED|WITHDRAWN|REMOVED|TEMPORARY REMOVAL)"
    rf"(?i:{_OF_A_WORK})\s*(?:[:.–—]|\s-\s)"
    rf"|(?P<name>Retracted|Withdrawn)(?i:{_OF_A_WORK})\s*[:–—])"
    r"\s*(?(bold)</[bi]>\s*|)(?=[^\s<]|<)"
)
_BEHIND = (
    # Web of Science, and “Title [Retracted]”
    (
        re.compile(
            r"(?<=\S)\s*\((?:(?P<word>retracted|withdrawn) (?:article|paper|chapter)\b"
            rf"|retract(?:ed|ion) in\b){_INSIDE}\)\s*$",
            re.I,
        ),
        _RETRACTED,
    ),
    (
        re.compile(
            rf"(?<=\S)\s*\[\s*(?:(?P<word>retracted|withdrawn){_OF_A_WORK}|retract(?:ed|ion) in\b"
            r"[^\[\]]{0,300})\s*\]\s*$",
            re.I,
        ),
        _RETRACTED,
    ),
    (
        re.compile(r"(?<=\S)\s*\((?P<word>RETRACTED|WITHDRAWN|Retracted|Withdrawn)\)\s*$"),
        _RETRACTED,
    ),
    (re.compile(r"(?<=\S)\s*[–—-]\s+(?P<word>RETRACTED|WITHDRAWN)\s*$"), _RETRACTED),
    (
        re.compile(
            rf"(?<=\S)\s*\(expression of concern(?:[.:;,] {_INSIDE}|)\)\s*$",
            re.I,
        ),
        _CONCERN,
    ),
    (re.compile(r"(?<=\S)\s*\[expression of concern in\b[^\[\]]{0,300}\]\s*$", re.I), _CONCERN),
    # MEDLINE of earlier years
    (
        re.compile(
            r"(?<=\S)\s*[(\[](?:published )?(?:erratum|correction|corrigendum)"
            r"(?: appears| published)? in\b[^\[\]]{0,300}[)\]]\s*$",
            re.I,
        ),
        _CORRECTED,
    ),
)

_END = r"\s*(?:$|[:.–—])"
_QUOTE = "[\"'“‘«„]"
_NAMED = r"[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30})? et al\b"
#: Titles that are the notice. These names mean nothing else …
_SURE = (
    r"retraction note|retraction notice|retraction statement|(?:statement|notice) of retraction"
    r"|notice of retraction and replacement|withdrawal notice|withdrawal statement"
    r"|(?:statement|notice) of withdrawal|notice of (?:editorial )?concern"
    r"|editorial expression of concern|correction notice|notice of correction"
    r"|(?:author|publisher)(?:['’]?s['’]?)? correction|erratum|errata|corrigendum|corrigenda"
    r"|fe de err(?:atas|ores)"
)
#: … and these are ordinary words too: “Retraction of the scapula”, “Correction of posture”.
_LOOSE = (
    r"(?:partial )?retraction(?: and replacement)?|corrections?|(?:interim )?expression of concern"
)
_IS_A_NOTICE = re.compile(
    rf"^\s*(?:\[\s*(?:{_SURE}|{_LOOSE})\s*\]"
    rf"|(?:{_SURE})(?:{_END}|\s-\s|\s*{_QUOTE}|,? (?:to|for|zu|zum|à|au|aux)\b)"
    rf"|(?:{_LOOSE})(?: (?:to|for|of|on|in|regarding))?(?:{_END}|\s+{_QUOTE}|\s+(?-i:{_NAMED})))"
    r"|(?<=\S)\s*\((?:(?:retraction|withdrawal|correction|erratum|expression of concern)"
    r" (?:of|to|for) )?vol\.? [\w. ]{1,20}, (?:art|pg|pp?|no)\.? [\w. -]{1,30}, [12][0-9]{3}\)\s*$",
    re.I,
)


#: Hardly any title has one of these, and to look for them is quicker than any pattern.
_SIGNS_OF_MARKS = (
    *("retract", "withdraw", "removal", "removed", "concern", "correct", "errat", "corrigend"),
    *("fe de err", "vol"),
)


@dataclass(frozen=True)
class MarkedTitle:
    """A title without its marks, and the state of references.models.Integrity they mean.

    The title of a notice (state “notice”) is kept whole. `state` is "" where there is no mark.
    """

    title: str
    state: str


def read(title: str) -> MarkedTitle:
    """Return `title` without the marks of what became of the work, and what they mean.

    The gravest of several counts.
    """
    small = title.lower()
    if not any(sign in small for sign in _SIGNS_OF_MARKS):
        return MarkedTitle(title, "")
    state = ""
    for _ in range(3):
        # “RETRACTED ARTICLE: Heat and knees (Retracted article. See vol. 3, pg. 1, 2012)”
        bare, found = _without_one(title)
        if not found:
            break
        title, state = bare, max(state, found, key=_FROM_HARMLESS.index)
    if not state and _IS_A_NOTICE.search(title):
        return MarkedTitle(title, _NOTICE)
    return MarkedTitle(title, state)


def _without_one(title):
    for pattern in (_BOXED_BEFORE, _BARE_BEFORE):
        if mark := pattern.match(title):
            return title[mark.end() :].strip(), _state_of_word(mark.groupdict())
    for pattern, state in _BEHIND:
        if mark := pattern.search(title):
            words = mark.groupdict()
            return title[: mark.start()].strip(), _state_of_word(words) if any(
                words.values()
            ) else state
    return title, ""


def _state_of_word(groups):
    word = (groups.get("word") or groups.get("name") or "").lower()
    return _RETRACTED if word == "retracted" else _WITHDRAWN


def graver(one: str, other: str) -> str:
    """Return the graver of two states, each of which may be "".

    Where one of them says that the record is itself a notice, the first counts.
    """
    if not one or not other or _NOTICE in (one, other):
        return one or other
    return max(one, other, key=_rank)


def _rank(state):
    return _FROM_HARMLESS.index(state) if state in _FROM_HARMLESS else 0


#: What a title is marked with, so that people see it in every program.
_BEFORE = {_RETRACTED: "RETRACTED: ", _WITHDRAWN: "WITHDRAWN: "}
_AFTER = {_CONCERN: " (Expression of concern)"}


def mark(title: str, state: str) -> str:
    """Return `title` marked as journals mark a work in `state`.

    Unchanged for a state that needs no mark.
    """
    return f"{_BEFORE.get(state, '')}{title}{_AFTER.get(state, '')}" if title else title


def unmark(title: str, state: str) -> str:
    """Return `title` without the very mark that `mark` puts on it for `state`."""
    return title.removeprefix(_BEFORE.get(state, "")).removesuffix(_AFTER.get(state, ""))
