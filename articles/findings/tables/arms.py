"""What is compared with what, and which column is which: by name, never by order."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_LABELS = {
    "population": r"(?:patient(?:s)? or )?population|patients?|participants?|paciente o población"
    r"|población",
    "setting": r"settings?|context|contexto|ámbito|configuración|entorno",
    "intervention": r"interventions?|experimental|intervención",
    "comparator": r"comparisons?|comparators?|control|comparación|comparador",
}
_LABEL = re.compile(
    "(?:^|(?<=[\\s.;,]))(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items())
    + r")\s*:\s*",
    re.I | re.MULTILINE,
)
_OUTCOME_LABEL = re.compile(r"(?:^|\s)(?:outcomes?|desenlaces?|bibliography|question)\s*:", re.I)
_TABLE_NUMBER = re.compile(
    r"\A\W*(?:(?:supplementary |additional |web |online )?(?:table|tabla|cuadro|box)"
    r"\s*[A-Z]?\d{0,3}(?:[.-]\d{1,3})?[a-z]?\s*[.:)-]?\s*)?(?:(?:question|pregunta)\s*:\s*)?",
    re.I,
)
_KIND_OF_TABLE = re.compile(
    r"\A(?:(?:grade )?summary of (?:the )?(?:main )?findings(?: table)?"
    r"|(?:grade )?evidence profile|resumen de (?:los )?(?:hallazgos|resultados))"
    r"(?: for the main comparison| \d{1,2})?\s*[.:,-]?\s*(?:(?:of|for)\s+)?",
    re.I,
)
#: "Should a class vs a booklet be used for stiff hips?"
_QUESTION = re.compile(r"(?:(?<=\A)|(?<=[.:] ))should\s+|\s+be used\b|\?\s*\Z", re.I)
_VERSUS = re.compile(
    r"\s+(?:(?:when )?(?:compared|comparado|comparada|en comparación) (?:to|with|con|a)"
    r"|versus|vs\.?|v|frente a|contra)\s+",
    re.I,
)
_FOR_WHOM = re.compile(
    r"\s+(?:for|para|en)\s+|\s+in\s+(?=(?:the |a )?(?:people|patients?|adults?|older"
    r"|children|women|men|individuals|participants|community|treatment)\b)|\s*[.:;(\n]",
    re.I,
)
_BEFORE_NAME = re.compile(
    r"\A(?:(?:assumed|corresponding|absolute|estimated|baseline|anticipated|control|comparator"
    r"|comparison|intervention)?\s*(?:risks?|rates?|means?|values?|scores?|effects?|estimates?"
    r"|probabilit\w+|responses?|riesgo|media)\s*(?:difference\s+)?(?:with|in|for|of|on|con|de|en)?\s+"
    r"|with\s+|con\s+)(?:the\s+|el\s+|la\s+)?",
    re.I,
)
_WITHOUT_INTERVAL = re.compile(r"\s*\(?\s*\d\d ?% ?(?:CI|IC).*|[*†‡]")
_WITHOUT = re.compile(r"\A(?:(?:risks?|rates?|riesgo) )?(?:without|sin)\b", re.I)
_NAMES_CONTROL = re.compile(
    r"\b(?:control|comparator|comparison|placebo|sham|usual care|no treatment|no intervention"
    r"|assumed|wait(?:ing)?[- ]list|baseline|standard care|comparador|tratamiento habitual)\b",
    re.I,
)
_NAMES_TREATMENT = re.compile(
    r"\b(?:intervention|experimental|corresponding|treatment group|active|intervención)\b"
    r"|\A(?:with|con)\Z",
    re.I,
)
#: Words that tell no two arms apart. "No" does.
_SMALL_WORDS = frozenset(
    "a an the and plus or of with to group groups arm risk ci y más con de el la los las".split()
)


class ComparedInTable(NamedTuple):
    """What a table compares, as it says it; "" for what it does not say."""

    title: str = ""
    population: str = ""
    setting: str = ""
    intervention: str = ""
    comparator: str = ""


def comparison_in(titles: Iterable[str], lines: Iterable[str]) -> ComparedInTable:
    """Return what is compared. `titles` are what may be the title, the likeliest first.

    `lines` are texts that may hold "Intervention: …" and the like.
    """
    said: dict[str, str] = {}
    for text in lines:
        for name, value in _labelled(text):
            said.setdefault(name, value)
    title = _title_among(
        [_TABLE_NUMBER.sub("", " ".join(text.split()), count=1) for text in titles]
    )
    treatment, other = _compared_in(title)
    return ComparedInTable(
        title[:500],
        said.get("population", ""),
        said.get("setting", ""),
        said.get("intervention") or treatment,
        said.get("comparator") or other,
    )


def is_labelled(text: str) -> bool:
    """Return whether `text` says what is compared, or in whom."""
    return bool(_LABEL.search(text[:2000]))


def _labelled(text: str) -> list[tuple[str, str]]:
    text = text[:3000]
    labels = list(_LABEL.finditer(text))
    found = []
    for place, label in enumerate(labels):
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        value = text[label.end() : end].split("\n")[0]
        value = _OUTCOME_LABEL.split(value)[0].strip(" .;,*")
        if value:
            found.append((str(label.lastgroup), value[:300]))
    return found


def _title_among(titles: list[str]) -> str:
    titles = [
        title[: found.start()] if (found := _LABEL.search(title)) else title for title in titles
    ]
    titles = [title.strip(" *") for title in titles if title.strip(" *.:-")]
    for title in titles:
        if _VERSUS.search(title) and len(title) <= 500:
            return title.rstrip(" .")
    return titles[0][:500].rstrip(" .") if titles else ""


def _compared_in(title: str) -> tuple[str, str]:
    title = _QUESTION.sub("", title)
    parts = _VERSUS.split(_KIND_OF_TABLE.sub("", title, count=1), maxsplit=1)
    if len(parts) != 2:
        return "", ""
    return parts[0].strip(" ,.:;")[:300], _FOR_WHOM.split(parts[1])[0].strip(" ,.:;")[:300]


def side_of(label: str, path: str, comparison: ComparedInTable) -> str:
    """Return "with", "without" or "" for a column with this `label`.

    `path` is the label with all that stands above it. The names of the comparison decide; words
    such as "control" and "assumed risk" do where no name is known.
    """
    label = _WITHOUT_INTERVAL.sub("", label).strip()
    if _WITHOUT.search(label):
        return "without"
    name = name_in(label) or label
    as_treatment, as_other = likenesses(label, comparison)
    if as_treatment != as_other:
        return "with" if as_treatment > as_other else "without"
    is_control, is_treatment = (
        bool(words.search(name)) or bool(words.search(path))
        for words in (_NAMES_CONTROL, _NAMES_TREATMENT)
    )
    if is_control != is_treatment:
        return "without" if is_control else "with"
    return ""


def name_in(label: str) -> str:
    """Return the name in the label of a column: "leaflet" of "Risk with leaflet"."""
    return _BEFORE_NAME.sub("", _WITHOUT_INTERVAL.sub("", label)).strip(" *:;,")[:300]


def likenesses(label: str, comparison: ComparedInTable) -> tuple[float, float]:
    """Return how much the name in `label` shares with the treatment, and with the other one."""
    name = name_in(label) or label
    return _likeness(name, comparison.intervention), _likeness(name, comparison.comparator)


def _likeness(one: str, other: str) -> float:
    """Return how much two names share: 0 nothing, 1 all."""
    first, second = _words_of(one), _words_of(other)
    if not first or not second:
        return 0
    return len(first & second) / len(first | second)


def _words_of(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name[:300].lower())) - _SMALL_WORDS
