"""How gunicorn serves the site. It reads this file from the folder it is started in.

What the command line says wins (docs/decisions/0040-the-server.md).
"""

import gc
from typing import Any

# The application is loaded once, and its workers share the memory of that.
preload_app = True
workers = 2
threads = 4


def when_ready(server: Any) -> None:
    """Keep the collector of the workers away from what they share: to count, it would write there.

    Called once, before the first worker is started.
    """
    gc.collect()
    gc.freeze()
