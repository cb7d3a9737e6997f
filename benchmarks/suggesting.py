"""`python -m benchmarks.suggesting [QUESTIONS]`: what `kaidian kb suggest` costs, from start to end.

The command runs as operators run it, on a store with so many different questions, each asked twice
and not answered: halves of phrasings of the shipped base, put together at random. Time and memory
are those of its process.
"""

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from benchmarks.comparing import MIB
from benchmarks.growth import SEED, halves
from benchmarks.machine import circumstances
from benchmarks.tables import reached, table, write_part
from bot.store.opening import open_store
from bot.store.records import Turn, record

SIZES: Final = (2_000, 20_000)
LONGEST: Final = 300.0  # seconds: "in minutes"
MOST: Final = 512  # MiB: half of a small server's memory
KAIDIAN: Final = Path(sys.executable).with_name("kaidian")
HEAD: Final = ("questions", "suggestions", "time", "processor", "peak memory", "bar", "")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the command took: *seconds* by the clock and of a processor, and *peak* MiB."""

    suggestions: int
    seconds: float
    processor: float
    peak: float


def main() -> None:
    """Measure, and write what came of it."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    text = (
        "## Suggestions for what was not answered\n\n"
        + circumstances("python -m benchmarks.suggesting", ("sqlalchemy",))
        + __doc__.partition("\n\n")[2]
        + "\n"
        + table(HEAD, [_row(size, _measured(size)) for size in sizes])
    )
    write_part("suggesting", text)
    print(text)


def _row(size: int, cost: Cost) -> tuple[str, ...]:
    return (
        f"{size:,}",
        f"{cost.suggestions:,}",
        f"{cost.seconds:.0f} s",
        f"{cost.processor:.0f} s",
        f"{cost.peak:.0f} MiB",
        f"≤ {LONGEST:.0f} s, {MOST} MiB",
        reached(cost.seconds <= LONGEST and cost.peak <= MOST),
    )


def _measured(size: int) -> Cost:
    with TemporaryDirectory() as place:
        url = f"sqlite:///{Path(place) / 'store.db'}"
        _fill(url, size)
        output = Path(place) / "suggestions.json"
        with output.open("wb") as out:
            began = monotonic()
            command = [str(KAIDIAN), "kb", "suggest", "--json", "--db", url]
            running = subprocess.Popen(command, stdout=out)
            _, status, used = os.wait4(running.pid, 0)
            seconds = monotonic() - began
        if status:
            raise RuntimeError(status)
        suggestions = json.loads(output.read_bytes())
    processor = used.ru_utime + used.ru_stime
    return Cost(len(suggestions), seconds, processor, used.ru_maxrss * 1024 / MIB)


def _fill(url: str, size: int) -> None:
    heads, tails = halves()
    chance = random.Random(f"{SEED} {size}")
    texts: dict[str, None] = {}
    while len(texts) < size:
        texts[chance.choice(heads) + chance.choice(tails)] = None
    store, now = open_store(url), datetime.now(UTC)
    with store.begin() as connection:
        for number, text in enumerate([*texts, *texts]):
            turn = Turn(text, "escalate", None, 0.0, "1688@00000000")
            record(connection, number, str(number % 1000), [turn], now)
    store.dispose()


if __name__ == "__main__":
    main()
