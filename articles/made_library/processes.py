"""Work that several processes prepare at once, and finish one after the other in its order."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.db import connections

_FAILED = -1


def side_by_side(
    prepare: Callable[[Any], Any],
    finish: Callable[[Any], Any],
    parts: Sequence[Any],
    processes: int,
) -> Iterator[Any]:
    """Yield finish(prepare(part)) of each part, in order.

    The processes are copies of this one. While one finishes its part the others prepare theirs, and
    wait for their turn. Where one fails the others stop, and its exception is raised here.
    """
    connections.close_all()  # two processes cannot talk over one connection
    context = multiprocessing.get_context("fork")
    turn = context.Value("i", 0, lock=False)
    changed = context.Condition()
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(prepare, finish, turn, changed)
    ) as pool:
        yield from pool.map(_do, range(len(parts)), parts)


_given: tuple[Any, ...] = ()


def _begin(*given: Any) -> None:
    """Know, in a process that begins, what all of them share."""
    global _given
    _given = given


def _do(number: int, part: Any) -> Any:
    prepare, finish, turn, changed = _given
    try:
        prepared = prepare(part)
        with changed:
            changed.wait_for(lambda: turn.value in (number, _FAILED))
        if turn.value == _FAILED:
            raise RuntimeError("Another process failed before.")
        done = finish(prepared)
        _tell(turn, changed, number + 1)
    except BaseException:
        _tell(turn, changed, _FAILED)
        raise
    return done


def _tell(turn: Any, changed: Any, value: int) -> None:
    with changed:
        turn.value = value
        changed.notify_all()
