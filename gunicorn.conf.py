"""How gunicorn serves the site. It reads this file from the folder it is started in.

What the command line says wins (docs/decisions/0040-the-server.md).
"""

import gc
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi

# The application is loaded once, and its workers share the memory of that.
preload_app = True
workers = 2
threads = 4

_CANNOT_BE_READ = b"This request cannot be read. Go back and try again.\n"
_default_headers = wsgi.Response.default_headers


def _headers_without_server(response: Any) -> list[str]:
    """Return what gunicorn adds to an answer, without the name of the server.

    There is no setting for it, and who looks for holes need not be told where to begin.
    """
    return [line for line in _default_headers(response) if not line.startswith("Server:")]


def _write_error(sock: Any, status: int, reason: str, message: str) -> None:
    """Answer what is no HTTP. Gunicorn's own answer repeats what was sent and names no charset."""
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
        f"Permissions-Policy: camera=()\r\nContent-Length: {len(_CANNOT_BE_READ)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin1") + _CANNOT_BE_READ)


def on_starting(server: Any) -> None:
    """Replace both once, before workers are started."""
    wsgi.Response.default_headers = _headers_without_server  # type: ignore[method-assign]
    util.write_error = _write_error


def when_ready(server: Any) -> None:
    """Keep the collector of the workers away from what they share: to count, it would write there.

    Called once, before the first worker is started.
    """
    gc.collect()
    gc.freeze()
