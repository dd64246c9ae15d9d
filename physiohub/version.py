"""Short digests of what the site is made of: they say whether something is to be made again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent


def of_static_files() -> str:
    """Return a digest of the static files, of the way they are named, and of the requirements."""
    return _digest(
        [
            ROOT / "requirements.txt",
            ROOT / "physiohub" / "static.py",
            *(ROOT / "physiohub" / "assets").rglob("*"),
            *(ROOT / "articles" / "richtext").glob("*.py"),
        ]
    )


def of_what_pages_are_made_from() -> str:
    """Return a digest of every file that a public page may come from: code, templates, words.

    With the operator's own templates and logo. Takes some tens of milliseconds.
    """
    folders = [ROOT / name for name in ("articles", "references", "physiohub", "locale")]
    folders += [Path(str(folder)) for folder in settings.TEMPLATES[0]["DIRS"]]
    paths = [path for folder in folders for path in folder.rglob("*")]
    # The list of static files names them as pages do.
    paths += [ROOT / "requirements.txt", Path(settings.STATIC_ROOT) / "staticfiles.json"]
    if settings.SITE_LOGO:
        paths.append(Path(settings.SITE_LOGO))
    return _digest(path for path in paths if path.suffix not in {".pyc", ".po"})


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file():
            digest.update(str(path).encode() + b"\n" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
