"""Memory: what lasts is not looked through again and again, and what a query leaves behind is given back."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

_M_ARENA_MAX = -8
"""The number of the setting in glibc's ``malloc.h``."""

_COLLECT_EVERY = 10_000
"""Objects made, and still there, from one search for garbage among the young ones to the next; usually 700."""


def prepare() -> None:
    """Settle, once a process, how memory is shared among threads and how often garbage is looked for."""
    _share_memory_pools()
    _collect_less()


def keep() -> None:
    """What is loaded, compiled and restored by now will stay.

    To look through it for garbage, again and again, would hold up every query by 50 ms and more.
    """
    gc.freeze()


def give_back() -> None:
    """Free what a query has left that has ended: its state, and the buffers of its clients.

    What `keep` has set aside is looked through this once: a query's generated functions and their tables refer to
    each other, so that they would otherwise stay for as long as the process runs.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _tell_glibc("malloc_trim", 0)


def _share_memory_pools() -> None:
    """Kafka's clients run many threads, and glibc keeps freed memory apart for each of the first dozens.

    Two pools for all save a third of the server's memory with six queries running.
    """
    _tell_glibc("mallopt", _M_ARENA_MAX, 2)


def _collect_less() -> None:
    """The state of tables grows by many objects and holds no garbage. To look through it costs up to 100 ms each time,
    in which all queries stand still, and while a topic is being read from its beginning, a quarter of the time."""
    _, middle, old = gc.get_threshold()
    gc.set_threshold(_COLLECT_EVERY, middle, old)


def _tell_glibc(function: str, *arguments: int) -> None:
    """Call a function that other C libraries do not have, and then do without."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            getattr(ctypes.CDLL(None), function)(*arguments)
