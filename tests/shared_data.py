"""Where the tests find the data that lies beside the project.

Real reference files and expected results.
"""

import os
import unittest
from pathlib import Path

_SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def shared(*parts):
    """The path of a file or folder in `shared/` next to the project, such as shared("data",
    "references").

    Where it is missing the test is skipped with a reason; with CI=true it fails instead, so that a
    run that is meant to prove something cannot pass by skipping.
    """
    path = _SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"{Path('shared', *parts)} is not beside the project"
        if os.environ.get("CI") == "true":
            raise AssertionError(reason)
        raise unittest.SkipTest(reason)
    return path
