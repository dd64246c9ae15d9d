"""Frozen texts as they were kept once, a file each: <name>.<sha256>.json, canonical JSON, no
newline.

They stand for what databases of this site hold, and databases keep revisions for good. So no file
here is ever written again, renamed or taken out: code that cannot read one is what must change. A
frozen shape that grows gets a new file beside them:

    >>> from tests import golden
    >>> golden.keep("with-exercises", freezing.freeze(article))  # in a test or a shell

`before-pictures` and `before-steps` are the shapes of earlier days, which sites still have.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from articles.revisions import freezing

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Golden:
    """One of the texts; `digest` is what the name of its file says."""

    name: str
    digest: str
    text: str

    @cached_property
    def content(self):
        return json.loads(self.text)


def texts():
    """Every Golden, by name."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        name, digest, _json = path.name.split(".")
        found.append(Golden(name, digest, path.read_bytes().decode()))
    return found


def text(name):
    return next(one for one in texts() if one.name == name)


def keep(name, content):
    """Write frozen `content` down for good under a `name` of its own."""
    if any(one.name == name for one in texts()):
        raise FileExistsError(f"There is a text called {name}, and those never change.")
    frozen = freezing.canonical(content)
    path = FOLDER / f"{name}.{freezing.digest_of(frozen)}.json"
    path.write_bytes(frozen.encode())
    return path
