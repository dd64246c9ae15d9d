"""What the gate costs on an article of 120 claims and 200 sentences of plain text.

    .venv/bin/python bench/bench_gate.py [--claims 120] [--sentences 200] [--rounds 5]

The sentences are those of bench/wording, so nearly all rules have something to read. Prints
milliseconds of processor time: of the first check in a process, of checks of sentences that are
new to it, and of the same check again, each as a ratio to freezing the article in the same run.
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement-0123456789-abcdefgh")

import django

django.setup()

from django.test.runner import DiscoverRunner

from tests.labelled_sentences import LISTS, sentences_in


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=120)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        _measure(chosen)
    finally:
        runner.teardown_databases(databases)


def _measure(chosen):
    from articles.preflight import DraftToCheck, check_draft
    from articles.revisions import freezing

    texts = [one.text for path in sorted(LISTS.glob("english*.txt")) for one in sentences_in(path)]
    random.Random(1).shuffle(texts)  # noqa: S311
    size = chosen.claims + chosen.sentences
    drafts = [
        _article(texts[at : at + size], chosen.claims)
        for at in range(0, size * (chosen.rounds + 1), size)
    ]
    freeze = _median(lambda: freezing.freeze(drafts[0]), chosen.rounds)
    ready = [DraftToCheck.of(article) for article in drafts]
    first, *new = (_milliseconds(lambda one=one: check_draft(one)) for one in ready)
    again = _median(lambda: check_draft(ready[0]), chosen.rounds)
    print(f"{chosen.claims} claims, {chosen.sentences} sentences beside them")
    for name, spent in [
        ("freeze", freeze),
        ("gate, first in a process", first),
        ("gate, sentences new to it", statistics.median(new)),
        ("gate, again", again),
    ]:
        print(f"  {name:28} {spent:8.1f} ms {spent / freeze:8.2f} x")


def _article(texts, claims):
    from articles.drafts import edits
    from articles.richtext.markers import new_key
    from tests.builders import a_draft

    marked = "".join(f'<p><mark data-claim="{new_key()}">{t}</mark></p>' for t in texts[:claims])
    article = a_draft(body=marked + "".join(f"<p>{text}</p>" for text in texts[claims:]))
    edits.match_claims_to_text(article)
    return article


def _milliseconds(work):
    begun = time.process_time()
    work()
    return 1000 * (time.process_time() - begun)


def _median(work, rounds):
    return statistics.median(_milliseconds(work) for _ in range(rounds))


if __name__ == "__main__":
    main()
