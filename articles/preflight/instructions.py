"""Instructions that may change a treatment: about a medicine, or what somebody has.

"Stop taking your blood thinners" can kill. An editor answers for such a sentence with a name, or it
sends the reader to a doctor or a pharmacist.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck
from articles.richtext import weighty_words

from .overclaims.sentences import Sentence, sentences_of
from .registry import Found, blocks_unless_an_editor_signs

#: Words that weighty_words lists among medicines and that say nothing of one by themselves.
_NO_MEDICINE = frozenset(
    """
    g kg mg ml gram grams gel gels cream creams patch patches drop drops drip unit units herb herbs
    spoon syrup cc iu inflammation inflammatory prescribed prescription inyección infiltración gramo
    gotas hierbas unidad crema parche وحدة مل كريم لصقة
""".split()
)
_TELLS = {
    "en": re.compile(
        r"^(?:take|stop|start|skip|double|halve|increase|reduce|change|cut|lower|raise|swap"
        r"|switch|use"
        r"|quit|drop|miss|avoid|finish|continue|resume|combine|mix|replace|keep|give|try|come off)$"
    ),
    "es": re.compile(
        r"^(?:tom[ea]n?|deje|suspenda|aumente|reduzca|duplique|cambie|empiece|interrumpa"
        r"|abandone|evite"
        r"|use|siga|continúe|sustituya|pruebe|déjel[oa]s?)$"
    ),
    "ar": re.compile(
        r"^(?:تناول|تناولي|خذ|خذي|توقف|توقفي|أوقف|أوقفي|زد|قلل|استخدم|تتناول|تأخذ|تجنب|ضاعف)$"
    ),
}
#: Before an order or a permission: "you can take", "do not stop".
_LEADS = {
    "en": frozenset(
        "do not never always please just then also first and or but so should must can may"
        " could better , : ;".split()
    ),
    "es": frozenset("no nunca siempre por favor puede debe debería y o pero , : ;".split()),
    "ar": frozenset("لا يمكنك يجب عليك أن ثم و ، : ;".split()),
}
_CLAUSE_ENDS = frozenset("if when while because so . ; : si cuando إذا عندما".split())
_SAFE = {
    "en": re.compile(
        r"\b(?:ask|tell|talk|speak|check|discuss|consult|agree\w*|told|advice|advises?"
        r"|prescribed|prescribes?)\b"
        r"|\bwithout (?:asking|talking|speaking|checking)\b|\bunless your\b|\b(?:doctor|gp"
        r"|pharmacist)\b",
        re.I,
    ),
    "es": re.compile(
        r"\b(?:consult\w+|pregunt\w+|habl\w+|médic[oa]|farmacéutic[oa]|recet\w+)\b", re.I
    ),
    "ar": re.compile(r"استشر|اسأل|طبيب|صيدلي|استشارة"),
}
_DIAGNOSIS = {
    "en": re.compile(
        r"\b(?:this|that|it|which) means (?:that )?you (?:do not |don't |don’t )?have\b"
        r"|\bif\b[^.]*, (?:then )?you (?:probably |definitely |certainly "
        r"|almost certainly )?have (?:a |an )?"
        r"(?!to\b|had\b|been\b|the (?:right|choice)\b|less\b|more\b|questions?\b|done\b)\w+"
        r"|\byou (?:do not|don't|don’t) need (?:a scan|an? x.?ray|an mri|tests?|a blood test"
        r"|to see a doctor|a doctor)\b"
        r"|\b(?:ignore|forget|do not trust|don't trust) (?:your|the|what your) (?:diagnosis"
        r"|doctor)\b"
        r"|\bdiagnose yourself\b|\brules? out (?:cancer|a fracture|a stroke|a clot"
        r"|a heart attack)\b"
        r"|\bit is not (?:cancer|a heart attack|a stroke|a fracture|a blood clot)\b",
        re.I,
    ),
    "es": re.compile(
        r"\b(?:esto|eso) significa que (?:no )?(?:tiene|padece)\b"
        r"|\bno necesita (?:una radiografía|pruebas|ir al médico)\b"
        r"|\bignore (?:su|el) diagnóstico\b|\bno es (?:cáncer|un infarto|una fractura)\b",
        re.I,
    ),
    "ar": re.compile(
        r"هذا يعني أن(?:ك|ه) (?:لا )?(?:مصاب|تعاني)|لا تحتاج إلى (?:أشعة|فحوص|طبيب)|تجاهل التشخيص"
    ),
}


@blocks_unless_an_editor_signs(
    "instructions_on_medicines_are_signed",
    many=gettext_lazy(
        "%(count)s sentences tell readers what to do about a medicine, or what they"
        " have. Send readers to their doctor or pharmacist in each. If one has to stay,"
        " an editor signs for it."
    ),
)
def instructions_on_medicines_are_signed(draft: DraftToCheck) -> Iterator[Found]:
    language = draft.content["language"]
    found: dict[str, list[str]] = {}
    for text in draft.texts:
        for sentence in _instructions(text.text, language):
            found.setdefault(text.place, []).append(sentence)
    for place, sentences in found.items():
        yield Found(
            _(
                "Send readers to their doctor or pharmacist in “%(text)s”: it tells them what to do"
                " about a medicine, or what they have. If it has to stay, an editor signs for it."
            )
            % {"text": " ".join(dict.fromkeys(sentences))},
            place,
            number=len(dict.fromkeys(sentences)),
        )


@lru_cache(maxsize=4096)
def _instructions(text: str, language: str) -> tuple[str, ...]:
    """The sentences of `text` that tell readers what to do about a medicine, or what they have."""
    if language not in _TELLS:
        return ()
    return tuple(
        sentence.text.strip()
        for sentence in sentences_of(text)
        if not sentence.is_question
        and not _SAFE[language].search(sentence.text)
        and (_DIAGNOSIS[language].search(sentence.text) or _tells_of_medicine(sentence, language))
    )


def _tells_of_medicine(sentence: Sentence, language: str) -> bool:
    words = [word.shown.lower() for word in sentence.words]
    for at, word in enumerate(words):
        if not _TELLS[language].match(word):
            continue
        has_to = words[max(at - 2, 0) : at] in (["have", "to"], ["need", "to"])
        is_told = at == 0 or has_to or words[at - 1] in _LEADS[language]
        behind = takewhile(lambda word: word not in _CLAUSE_ENDS, words[at + 1 : at + 8])
        is_noun = words[at + 1 : at + 2] == ["of"]  # "use of blood thinners"
        if is_told and not is_noun and any(map(_is_medicine, behind)):
            return True
    return False


@lru_cache(maxsize=4096)
def _is_medicine(word: str) -> bool:
    return (
        word.isalpha()
        and word not in _NO_MEDICINE
        and weighty_words.kind_of_word(word) == "medicine"
    )
