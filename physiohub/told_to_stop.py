"""A process that was told to stop by a signal."""

import select
import signal
import socket
from collections.abc import Iterable


class ToldToStop:
    """Listens for `signals`, and is true once one came. For the main thread.

    A signal is written into a socket by Python itself, so a wait on that socket ends whenever it
    comes. threading.Event cannot be used: its lock is held for a moment when a wait begins, and a
    handler that runs then waits for it for ever, in the same thread.
    """

    def __init__(self, signals: Iterable[signal.Signals]) -> None:
        self._told = False
        self._end, wakes = socket.socketpair()
        for one in (self._end, wakes):
            one.setblocking(False)
        self._wakes = wakes  # kept, or it would be closed
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        self._handlers_before = {number: signal.signal(number, self._tell) for number in signals}

    def _tell(self, *_args: object) -> None:
        self._told = True

    def __bool__(self) -> bool:
        return self._told

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or at once when a signal comes or came."""
        if not self._told:
            select.select([self._end], [], [], seconds)

    def close(self) -> None:
        """Listen no more."""
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        self._end.close()
        self._wakes.close()
