"""A short word for the static files as they are.

Changes when one of them, the way they are named, or a requirement changes.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def of_static_files():
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
