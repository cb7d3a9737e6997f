"""Work that is done beside the answering of messages, in the same process, without holding it up."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Seconds after which a thread that waits gets its turn; Python's own 5 ms are longer than most
# messages take to answer. Measured by `benchmarks.swapping`.
TURN: Final = 0.0005


@contextmanager
def beside_messages() -> Iterator[None]:
    """Build something large that is there to stay, while other threads answer messages.

    The collector would walk all of it again and again while it grows, and once more for each
    generation after, and stop every thread meanwhile. Nothing that is built here lies in a cycle,
    so that what is replaced goes without the collector.
    """
    turn, collects = sys.getswitchinterval(), gc.isenabled()
    if collects:
        gc.collect()  # what is garbage now would stay with what is built
    sys.setswitchinterval(TURN)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
        sys.setswitchinterval(turn)
