"""What is made at the start lives as long as the process: the garbage collector leaves it alone.

Looking through a growing heap again and again takes a quarter of the time in which the program is imported, and a
collection while requests are answered would copy the pages that forked processes share.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects after which a process looks for unreachable cycles.
COLLECT_AFTER = 10_000


@contextmanager
def kept() -> Iterator[None]:
    """Everything that exists at the end of the block stays; the collector rests until then."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 20, 20)
        gc.enable()
