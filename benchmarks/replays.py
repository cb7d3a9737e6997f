"""`python -m benchmarks.replays [QUESTIONS]`: what `kaidian kb diff` costs beside deciding twice.

Recorded questions are recombined with a fixed seed (`benchmarks.growth`), all different: nothing is
saved by deciding a repeated question once.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from time import process_time
from typing import Final

import psutil
from sqlalchemy import Engine

from benchmarks.comparing import MIB
from benchmarks.growth import SEED, halves
from benchmarks.machine import circumstances
from benchmarks.tables import reached, table, write_part
from bot.app import assemble
from bot.desk.replaying import Example, replay
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.reading import read_base
from bot.settings import Settings
from bot.store import records
from bot.store.history import Period, asked
from bot.store.opening import open_store
from bot.store.records import Turn

FULL: Final = 100_000
AT_ONCE: Final = 1_000
MOST: Final = 1.5  # times the time of deciding twice


def main() -> None:
    """Measure QUESTIONS recorded questions (FULL where none are given), and write what came of it."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else FULL
    texts = _recombined(size)
    old, new = _versions()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        _fill(store, texts)
        alone, whole, grown = _measured(old, new, store, texts)
        store.dispose()
    text = (
        "## Comparing two versions of a base\n\n"
        + circumstances(f"python -m benchmarks.replays {size}", ("sqlalchemy",))
        + "`replay` over recorded questions in SQLite, against `Assistant.respond` of the same "
        f"texts by the same two bases. They take turns, {AT_ONCE:,} "
        f"questions at a time; seconds are of processor time.\n\n"
        + table(
            ("questions", "deciding twice", "kb diff", "memory gained", "ratio", "bar", ""),
            [
                (
                    f"{size:,}",
                    f"{alone:.1f} s",
                    f"{whole:.1f} s",
                    f"{grown / MIB:.0f} MiB",
                    f"{whole / alone:.2f}",
                    f"≤ {MOST}",
                    reached(whole <= MOST * alone),
                )
            ],
        )
    )
    if size == FULL:
        write_part("comparing versions", text)
    print(text)


def _measured(
    old: Assistant, new: Assistant, store: Engine, texts: list[str]
) -> tuple[float, float, int]:
    """Return the seconds of deciding twice, those of the replay, and the bytes it gained."""
    alone = 0.0

    def recorded() -> Iterator[Example]:
        """Yield recorded questions; before each thousand, decide as many without a replay."""
        nonlocal alone
        with store.connect() as connection:
            questions = asked(connection, Period())
            ours = iter(texts)
            while chunk := list(islice(questions, AT_ONCE)):
                began = process_time()
                for text in islice(ours, len(chunk)):
                    old.respond(NEW, text)
                    new.respond(NEW, text)
                alone += process_time() - began
                yield from (Example(question.times, question.text) for question in chunk)

    before = psutil.Process().memory_info().rss
    began = process_time()
    difference = replay(old, new, (), recorded())
    whole = process_time() - began - alone
    if difference.asked != len(texts):
        raise AssertionError(difference.asked)
    return alone, whole, psutil.Process().memory_info().rss - before


def _versions() -> tuple[Assistant, Assistant]:
    """Return the shipped base, and the same without the last third of each entry's phrasings."""
    settings = Settings.from_environ({})
    base = read_base(settings.kb)
    fewer = tuple(
        entry.model_copy(update={"phrasings": entry.phrasings[: 2 * len(entry.phrasings) // 3]})
        for entry in base.entries
    )
    other = base.model_copy(update={"entries": fewer})
    return assemble(other, settings.cache).assistant, assemble(base, settings.cache).assistant


def _recombined(size: int) -> list[str]:
    heads, tails = halves()
    chance = random.Random(f"{SEED} {size}")
    texts: dict[str, None] = {}
    while len(texts) < size:
        texts[chance.choice(heads) + chance.choice(tails)] = None
    return list(texts)


def _fill(store: Engine, texts: list[str]) -> None:
    now = datetime.now(UTC)
    with store.begin() as connection:
        for number, text in enumerate(texts):
            turn = Turn(text, "escalate", None, 0.0, "1688@00000000")
            records.record(connection, number, str(number % 1000), [turn], now)


if __name__ == "__main__":
    main()
