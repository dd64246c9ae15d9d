"""How many syllables an English word has.

It counts groups of vowels. Rules take away silent letters and split groups that are spoken as two
syllables. What no rule says is listed in `english_exceptions`.
"""

import functools
import re

from articles.richtext.letters import plain

from .english_exceptions import EXCEPTIONS, FIRST_PARTS

_LISTED = {word: count for count, words in EXCEPTIONS.items() for word in words.split()}

_VOWELS = re.compile("[aeiouy]+")
#: A "y" between two vowels is a consonant, as in "player", and so is the "u" after a "q".
_CONSONANTS = ((re.compile("(?<=[aeou])y(?=[aeiou])"), "j"), (re.compile("qu"), "q"))

#: Second parts that begin with a vowel: "takeover", "whereas".
_OPEN_PARTS = "as$|o(?:f|ff|ver|ut|wner)"
_ENDING = "(?:dom|ful|hood|less|li(?:er|est|hood|ness)|ly|ment|ness|ship|some|ty)(?:s|ly|ness)?$"

#: Each match is a vowel that is written and not spoken.
_SILENT = re.compile(
    "|".join(
        (
            # The last "e" of a word, but not in "table" and "centre".
            "(?<![aeiouyl])(?<![^aeiouyr]r)e$",
            "(?<=[aeiouy]l)e$",
            # "names", but not "faces", "tables" and "centres".
            "(?<![aeiouycgsxzl])(?<![cs]h)(?<![^aeiouyr]r)es$",
            "(?<=[aeiouy]l)es$",
            # "used", "filled", but not "wanted", "settled" and "hundred".
            "(?<![aeiouytdlr])ed$",
            "(?<=[aeiouylrw][lr])ed$",
            # "movement", "safely", "largely", "judgement".
            f"(?<=[aeiouy][^aeiouyx])e(?={_ENDING})",
            f"(?:(?<=[nrl][cgsv])|(?<=dg|st))e(?={_ENDING})",
            # "league", "fatigue", "basically", "everyone".
            "(?<=[aeio]g)ue(?=(?:s|d|ly)?$)",
            "(?<=ic)a(?=lly$)",
            "(?<=^ev)e(?=ry)",
            # "marriage".
            "(?<=r)i(?=ages?$)",
        )
    )
)
_COMPOUND = re.compile(
    f"^(?:{'|'.join(FIRST_PARTS.split())})(?=[^aeiouy]+[aeiouy]|{_OPEN_PARTS})(?!{_ENDING})"
)
#: Each match ends with a vowel that the next vowel does not belong to, or with a consonant that is
#: spoken as a syllable.
_SPLIT = re.compile(
    "|".join(
        (
            # "media", "reliable", but not "social", "Italian".
            "(?<![tcsgl])i(?=a)",
            "(?<=l)i(?=a(?:t|bl|bil|nce))",
            "(?<=[tcs])i(?=at|anity|as[mt])",
            "(?<=c)i(?=ar[yi])",
            # "radio", "bibliography", "physio", but not "nation", "region", "million", "behavior".
            "(?<![tcsglnhxv])i(?=o)",
            "(?<=v)i(?=o(?!u?r))",
            "(?<=[^aeiouyl]l)i(?=o)",
            "(?<=[sgx])i(?=o(?![nu]))",
            "(?<=c)i(?=o(?![nu]))",
            "(?<=^l)i(?=o)",
            "(?<=[tln])i(?=os?$)",
            # "stadium", "Hawaii", but not "Belgium".
            "(?<![gn])i(?=u)",
            "(?<=n)i(?=um)",
            "u(?=um)",
            "i(?=i)",
            # "diet", "audience", "science", "easier", "happiest".
            "i(?=et)",
            "(?<![tcsn])i(?=en[ct])",
            "(?:(?<=^sc)|(?<=osc))i(?=en)",
            "[aeiouy][^aeiouy]*[^aeiouyc]i(?=(?:er|ers|est)$)",
            # "museum", "nucleus".
            "e(?=ums?$|us$)",
            # "video", "geography", but not "people", "surgeon".
            "(?<!g)e(?=o)(?!op[lah])",
            "(?<=^g)e(?=o(?![fr]))",
            "(?<=[ei])o(?=a)",
            "(?<=e)e(?=[ao])",
            # "create", "area", "diarrhoea", "Korean", "theatre".
            "(?<=cr)e(?=at(?!u))",
            "(?<=[aeiouy][^aeiouy])e(?=as?$)",
            "(?:(?<=rh)|(?<=pn))e(?=as?$)",
            "o(?=eas?$)",
            "(?<=[aeiouy][^aeiouyc])e(?=ans?$)",
            "(?<=th)e(?=at)",
            # "usual", "fluent", "fluid", "continuity", "virtuous".
            "(?<![gq])u(?=a(?!de|si))",
            "(?<![gqo])u(?=e[lnt])",
            "(?<![gq])u(?=ids?$|in)",
            "(?<!q)u(?=it(?:y|i(?!ng)))",
            "(?<!q)u(?=o(?!y))",
            # "being", "doing", "trying".
            "[aeiou](?=ing(?:s|ly)?$)",
            "(?<=[^aeiou])y(?=ing)",
            # "poem", "heroic", "whoever", "coordinate", "chaos", "mosaic".
            "o(?=e[mt])",
            "o(?=ic(?:s|al)?$)",
            "o(?=ever$)",
            "(?<=^c)o(?=operat|ord|inc|ali|ex)",
            "(?<=c)o(?=ag)",
            "a(?=o)",
            "a(?=ic$)",
            "[aou](?=ism)",
            "(?<=gastr)o(?=i)",
            "(?<=contr)a(?=i)",
            "(?<=ch)i(?=ec)",
            # "polyester", "myalgia", but not "lawyer", "graveyard", "goodbye".
            "(?<=[^aeiouw])y(?=[aeo][a-z])(?!ard)",
            # "tourism", "rhythm".
            "s(?=ms?$)",
            "t(?=hms?$)",
            # "react", "reunion".
            "(?<=^r)e(?=a(?:ct|l[iy]|ss|pp)|in|it|u[ns]|e[lns])",
            "(?<=^d)e(?=act)",
            "(?<=^pr)o(?=a)",
            "^m(?=c)",
        )
    )
)
#: Without one of these nothing splits. Most words have none, and _SPLIT takes its time.
_MAY_SPLIT = re.compile("[aeiouy]{2}|sm|thm|^mc")
#: What follows an apostrophe and may be a syllable.
_SHORT_FORM = re.compile("'(s|t|ll|d|ve|re|m)$")
_HISSING = re.compile("(?:[sxz]|[cs]h|[cgsz]e)$")


@functools.lru_cache(maxsize=50_000)
def syllables_in_english(word: str) -> int:
    """Return how many syllables `word` has; at least one. `word` has letters and apostrophes."""
    word = plain(word.replace("é", "ey").replace("’", "'"))
    listed = _listed(word)
    if listed is not None:
        return listed
    if short := _SHORT_FORM.search(word):
        return _with_short_form(word[: short.start()], short[1])
    return _by_rules(word)


def _listed(word):
    """Return the syllables of a listed word or of a simple form of one; None for others."""
    if word in _LISTED:
        return _LISTED[word]
    for ending, instead, more in _FORMS:
        if word.endswith(ending):
            stem = word.removesuffix(ending) + instead
            if stem in _LISTED:
                return _LISTED[stem] + bool(more.search(stem))
    return None


_ALWAYS, _NEVER = re.compile(""), re.compile("(?!)")
#: (ending of a form, what the listed word has instead, after what the ending is a syllable)
_FORMS = (
    ("ies", "y", _NEVER),
    ("es", "", _HISSING),
    ("s", "", _HISSING),
    ("ied", "y", _NEVER),
    ("ed", "", re.compile("[td]$")),
    ("d", "", re.compile("[td]e$")),
    ("ing", "", _ALWAYS),
    ("ing", "e", _ALWAYS),
    ("ly", "", _ALWAYS),
    ("ment", "", _ALWAYS),
    ("ful", "", _ALWAYS),
    ("less", "", _ALWAYS),
    ("ness", "", _ALWAYS),
    ("er", "", _ALWAYS),
    ("r", "", _ALWAYS),
)


def _with_short_form(word, short):
    more = {
        "s": _HISSING.search(word),
        "d": word.endswith(("t", "d")),
        "ll": word[-1:] not in "aeiouy",
        "ve": word[-1:] not in "aeiouy",
        "t": word.endswith("n"),
    }
    if short == "t":
        word = word.removesuffix("n")
    return syllables_in_english(word) + bool(more.get(short))


def _by_rules(word):
    typed = word
    for pattern, consonant in _CONSONANTS:
        word = pattern.sub(consonant, word)
    if not _VOWELS.search(word):
        return sum(3 if letter == "w" else 1 for letter in word)  # spelled out
    count = len(_VOWELS.findall(word)) - len(_SILENT.findall(word))
    count -= bool(_COMPOUND.match(typed))
    if _MAY_SPLIT.search(word):
        count += len(_SPLIT.findall(word))
    return max(1, count)
