"""What it costs to compare two texts of 6,000 words, in the worst cases. Prints milliseconds of
CPU.

    .venv/bin/python bench/bench_comparing.py

Aim: at most 50 ms for the first view of a comparison (docs/decisions/0020). Beside it what a
reviewer's page costs, which also marks each word.
"""

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement-0123456789-abcdefgh")

import django

django.setup()

from articles.live.version_history import ChangesForReaders
from articles.page.marked_changes import _marked_body
from articles.revisions.comparing import compare

WORDS = 6_000
RANDOM = random.Random(1)  # noqa: S311  (texts, no secrets)


def content(body="", **parts):
    empty = dict.fromkeys(
        "contraindications side_effects help conditions indications recommendations steps"
        " alternatives related key_points words questions comparison pictures claims references"
        " reading_list".split(),
        (),
    )
    texts = dict.fromkeys("title kicker summary slug".split(), "")
    return {**{name: [] for name in empty}, **texts, "body": body, **parts}


def words(stem, count=WORDS):
    return [f"{stem}{number}" for number in range(count)]


def paragraph(tokens):
    return f"<p>{' '.join(tokens)}.</p>"


def paragraphs(tokens, count):
    size = len(tokens) // count
    return "".join(paragraph(tokens[at : at + size]) for at in range(0, len(tokens), size))


def items(tokens, size=20):
    rows = (f"<li>{' '.join(tokens[at : at + size])}</li>" for at in range(0, len(tokens), size))
    return f"<ul>{''.join(rows)}</ul>"


def rows(stem, count, length):
    return [
        {"uid": f"{stem}{n}", "text": " ".join(words(f"{stem}{n}x", length)), "kind": "do"}
        for n in range(count)
    ]


def claims(stem, count):
    return [
        {
            "uid": f"c{n}",
            "key": f"c{n:09}",
            "kind": "text",
            "text": f"{stem} says {n} of it",
            "certainty": "low",
            "certainty_reasons": [],
            "certainty_note": stem * 40,
            "direction": "",
            "size": "",
            "population": stem,
            "outcome": "",
            "comparator": "",
            "citations": [
                {
                    "uid": f"{stem}{n}-{k}",
                    "reference": f"r{k}",
                    "stance": "supports",
                    "quote": stem * 30,
                    "design": "",
                }
                for k in range(3)
            ],
        }
        for n in range(count)
    ]


def references():
    return [
        {"uid": f"r{k}", "csl": {"title": f"Trial {k}"}, "doi": "", "url": ""} for k in range(3)
    ]


def shuffled(tokens):
    return RANDOM.sample(tokens, len(tokens))


def of_three():
    return [RANDOM.choice(["it", "may", "help"]) for _ in range(WORDS)]


def with_small_changes():
    return [word if RANDOM.random() > 0.02 else "changed" for word in words("a")]


CASES = {
    "one paragraph, all changed": (paragraph(words("a")), paragraph(words("b"))),
    "one paragraph, shuffled": (paragraph(words("a")), paragraph(shuffled(words("a")))),
    "one paragraph of three words": (paragraph(of_three()), paragraph(of_three())),
    "300 paragraphs, all reworded": (paragraphs(words("a"), 300), paragraphs(words("b"), 300)),
    "300 paragraphs, shuffled words": (
        paragraphs(words("a"), 300),
        paragraphs(shuffled(words("a")), 300),
    ),
    "300 paragraphs, three words": (paragraphs(of_three(), 300), paragraphs(of_three(), 300)),
    "300 paragraphs, small changes": (
        paragraphs(words("a"), 300),
        paragraphs(with_small_changes(), 300),
    ),
    "6,000 paragraphs of a word": (paragraphs(words("a"), WORDS), paragraphs(words("b"), WORDS)),
    "6,000 paragraphs, shuffled": (
        paragraphs(words("a"), WORDS),
        paragraphs(shuffled(words("a")), WORDS),
    ),
    "one giant list, all changed": (items(words("a")), items(words("b"))),
    "one giant list, shuffled": (items(words("a")), items(shuffled(words("a")))),
}


def cpu(act):
    best, made = None, None
    for _ in range(3):
        start = time.process_time()
        made = act()
        spent = (time.process_time() - start) * 1000
        best = spent if best is None else min(best, spent)
    return best, made


def main():
    pairs = {name: (content(before), content(after)) for name, (before, after) in CASES.items()}
    for count, length in ((300, 40), (1_000, 6)):
        pairs[f"{count} key points of {length} words, all others"] = (
            content(key_points=rows("a", count, length)),
            content(key_points=rows("b", count, length)),
        )
        changed = [{**row, "uid": f"a{n}"} for n, row in enumerate(rows("b", count, length))]
        pairs[f"{count} key points of {length} words, all changed"] = (
            content(key_points=rows("a", count, length)),
            content(key_points=changed),
        )
    pairs["300 claims with 3 sources each, all changed"] = (
        content(claims=claims("old", 300), references=references()),
        content(claims=claims("new", 300), references=references()),
    )
    print(f"{'':44}  readers  reviewers")
    for name, (before, after) in pairs.items():
        told, _made = cpu(
            lambda before=before, after=after: ChangesForReaders.of(compare(before, after))
        )

        def reviewed(before=before, after=after):
            comparison = compare(before, after)
            for change in comparison.changes:
                for value in change.values:
                    value.note, value.runs  # noqa: B018
            _marked_body(after["body"], comparison)

        print(f"{name:44} {told:8.1f} {cpu(reviewed)[0]:10.1f}", flush=True)


if __name__ == "__main__":
    main()
