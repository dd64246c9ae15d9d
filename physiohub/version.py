"""A short digest of the static files.

It changes when one of them changes, when the way they are named changes, or a requirement.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def of_static_files() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(
        [
            ROOT / "physiohub" / "static.py",
            *(ROOT / "physiohub" / "assets").rglob("*"),
            *(ROOT / "articles" / "richtext").glob("*.py"),
        ]
    ):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
