"""How the wording rules read sentences whose label is known, and what they cost.

    .venv/bin/python bench/bench_wording.py [--all] [FILE ...]

FILE is a list of sentences as bench/wording/README.md has it, or JSON; without any, all lists
there. Prints a line for each list, then each sentence that is read wrongly; with --all every
sentence with its result. A false alarm is a sentence that is fine and would stop a page. Then what
the rules cost.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "physiohub.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement-0123456789-abcdefgh")

import django

django.setup()

from articles.preflight.overclaims import promises
from tests.labelled_sentences import LISTS, sentences_in


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="print every sentence")
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args()
    everything = []
    print(f"{'list':34} {'sentences':>9} {'missed':>7} {'false alarms':>13}")
    for path in chosen.files or sorted(LISTS.glob("*.txt")):
        sentences = sentences_in(path)
        everything += sentences
        wrong = [one for one in sentences if not one.is_read_right]
        missed = sum(one.is_too_strong for one in wrong)
        print(f"{path.name:34} {len(sentences):9} {missed:7} {len(wrong) - missed:13}")
    print()
    for one in everything:
        if chosen.all or not one.is_read_right:
            print(_line(one))
    _print_cost(everything)


def _line(one):
    result = "right" if one.is_read_right else "MISSED" if one.is_too_strong else "FALSE ALARM"
    label = "too strong" if one.is_too_strong else "fine"
    found = ", ".join(one.found)
    return f"{result:11} {one.certainty:9} {label:10} | {one.text} | {found or '-'} | {one.why}"


def _print_cost(sentences):
    begun = time.process_time()
    for one in sentences:
        list(promises(one.text, one.language))
    spent = time.process_time() - begun
    print(f"\n{spent / len(sentences) * 1e6:.0f} µs of CPU a sentence")


if __name__ == "__main__":
    main()
