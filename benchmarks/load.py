"""`python -m benchmarks.load`: what the bot in Telegram carries, beside a bare bot, into RESULTS.md.

The bare bot is `benchmarks/bare_bot.py`. Both talk to the same emulator, each round a new one.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from typing import Final

import click
import psutil

from benchmarks.machine import busyness, circumstances
from benchmarks.tables import reached, table, write_part
from bot.app import load
from bot.settings import Settings
from tests.emulator import TOKEN
from tests.soaking import FIRST_PERSON, KAIDIAN, MOST_EACH, Process, Soaking, answerable

BARE: Final = (sys.executable, "-m", "benchmarks.bare_bot")
ROUNDS: Final = 3
QUESTIONS: Final = 1000  # of a round
WAITING: Final = 200  # without an answer at a time
SINGLY: Final = 200  # questions asked one after the other
FLOOD: Final = 400  # messages a second of one person
CONVERSATIONS: Final = 10_000
LEAST_THROUGHPUT: Final = 0.7
MOST_DELAY: Final = 0.025  # seconds
MOST_SLOWED: Final = 1.5
PATIENCE: Final = 60  # seconds without a reply
PACKAGES: Final = ("python-telegram-bot", "sqlalchemy", "aiohttp", "httpx", "lo-bot-api-emulator")
HEAD: Final = ("measure", "kaidian", "bare bot", "bar", "")

Said = Callable[[int], str]


class Rig:
    """A running bot and its *emulator*; *said* is what the nth question is."""

    def __init__(self, emulator: Soaking, process: Process, said: Said) -> None:
        self.emulator = emulator
        self.process = process
        self._said = said
        self._people = FIRST_PERSON
        self._asked = 0

    def ask(self, people: int, each: int, waiting: int = WAITING) -> list[float]:
        """Have so many new *people* ask so often *each*, and return how long they waited."""
        account = self.emulator.begin_again()
        asking = range(self._people, self._people + people)
        self._people += people
        before, self._asked = self._asked, self._asked + people * each
        self.emulator.load(asking, each, lambda number: self._said(before + number), waiting)
        if not self.emulator.wait_until(lambda: account.complete, PATIENCE):
            raise SystemExit(f"{account.lost} of {account.questions} questions were not answered")
        return account.waits

    @property
    def resident(self) -> int:
        """Its resident memory, in bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def processor(self) -> float:
        """The processor time that it has taken, in seconds."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def kaidian(folder: Path) -> Iterator[Rig]:
    """Yield a running `kaidian telegram` on a new SQLite store, without a rate limit."""
    settings = Settings.from_environ({})
    asked = answerable(load(settings.kb, settings.cache))
    more = {
        "KAIDIAN_DB": f"sqlite:///{folder / 'store.db'}",
        "KAIDIAN_CACHE": str(settings.cache),
        "KAIDIAN_TELEGRAM_RATE": "0",
        "LANG": "C.UTF-8",
    }
    with _running(KAIDIAN, folder, more, lambda number: asked[number % len(asked)]) as rig:
        yield rig


@contextmanager
def bare(folder: Path) -> Iterator[Rig]:
    """Yield a running bare bot, which has no rate limit; it is told the number of its update."""
    with _running(BARE, folder, {}, lambda number: str(number + 1)) as rig:
        yield rig


@contextmanager
def _running(
    command: Sequence[str], folder: Path, more: dict[str, str], said: Said
) -> Iterator[Rig]:
    with Soaking() as emulator:
        environ = {
            "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
            "KAIDIAN_TELEGRAM_API": emulator.url,
            "PATH": "/usr/bin:/bin",
        }
        process = Process(command, environ | more, folder / "log")
        try:
            rig = Rig(emulator, process, said)
            rig.ask(1, 1)
            yield rig
        finally:
            process.kill()


def throughput(folder: Path) -> tuple[str, ...]:
    """Measure how many questions a second are answered and confirmed, in rounds that alternate."""

    def rate(rig: Rig) -> float:
        before = monotonic()
        rig.ask(QUESTIONS // MOST_EACH, MOST_EACH)
        return QUESTIONS / (monotonic() - before)

    rounds = [_both(folder, rate) for _ in range(ROUNDS)]
    mine, other = (median(column) for column in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    return (
        f"answered a second, {WAITING} waiting", f"{mine:.0f}", f"{other:.0f}",
        f"≥ {LEAST_THROUGHPUT:g} ×", f"{ratio:.2f} ×, {reached(ratio >= LEAST_THROUGHPUT)}",
    )  # fmt: skip


def processor(folder: Path) -> tuple[str, ...]:
    """Measure the processor time of an answer, which other work on the machine changes little."""

    def seconds(rig: Rig) -> float:
        before = rig.processor
        rig.ask(QUESTIONS // MOST_EACH, MOST_EACH)
        return (rig.processor - before) / QUESTIONS

    mine, other = _both(folder, seconds)
    return (
        "the bot's processor time for an answer", f"{1e3 * mine:.1f} ms", f"{1e3 * other:.1f} ms",
        "", "",
    )  # fmt: skip


def delay(folder: Path) -> tuple[str, ...]:
    """Measure how long an idle bot takes from a question's arrival to its reply."""
    rounds = [_both(folder, lambda rig: median(rig.ask(SINGLY, 1, 1))) for _ in range(ROUNDS)]
    mine, other = (median(column) for column in zip(*rounds, strict=True))
    return (
        "idle, arrival to reply, median", f"{1e3 * mine:.1f} ms", f"{1e3 * other:.1f} ms",
        f"≤ {1e3 * MOST_DELAY:.0f} ms more", reached(mine - other <= MOST_DELAY),
    )  # fmt: skip


def crowd(folder: Path, people: int) -> tuple[str, ...]:
    """Have so many *people* ask at once."""

    def seconds(rig: Rig) -> float:
        before = monotonic()
        rig.ask(people, 1, people)
        return monotonic() - before

    mine, other = _both(folder, seconds)
    return (
        f"{people:,} people at once, until the last is answered", f"{mine:.0f} s",
        f"{other:.0f} s", "all answered", reached(True),
    )  # fmt: skip


def flood(folder: Path) -> tuple[str, ...]:
    """Measure what others wait while one person sends hundreds of messages a second."""

    def last_of_a_hundred(rig: Rig) -> float:
        return quantiles(rig.ask(SINGLY, 1, 1), n=100)[-1]

    rounds = []
    with kaidian(folder) as rig:
        for _ in range(ROUNDS):
            calm = last_of_a_hundred(rig)
            with _flooding(rig.emulator):
                rounds.append((last_of_a_hundred(rig), calm))
    flooded, calm = (median(column) for column in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    return (
        f"99th percentile of others' waits while one person sends {FLOOD} a second, to that without",
        f"{1e3 * flooded:.0f} ms, {1e3 * calm:.0f} ms", "", f"≤ {MOST_SLOWED:g} ×",
        f"{ratio:.2f} ×, {reached(ratio <= MOST_SLOWED)}",
    )  # fmt: skip


@contextmanager
def _flooding(emulator: Soaking) -> Iterator[None]:
    """Have one person write all the time."""
    over = Event()

    def write() -> None:
        number = 0
        while not over.wait(1 / FLOOD):
            number += 1
            # What has no answer, as an answer would be taken for one to the others.
            emulator.write(f"今天天气怎么样 {number}")

    thread = Thread(target=write)
    thread.start()
    yield
    over.set()
    thread.join()


def _both(folder: Path, measure: Callable[[Rig], float]) -> tuple[float, float]:
    """Return what *measure* gives for our bot and for the bare one, each started anew."""
    figures = []
    for start in (kaidian, bare):
        with TemporaryDirectory(dir=folder) as own, start(Path(own)) as rig:
            figures.append(measure(rig))
    return figures[0], figures[1]


@click.command()
@click.option("--people", default=CONVERSATIONS, show_default=True, help="People at once.")
def main(people: int) -> None:
    """Measure all, and write what came of it."""
    logging.getLogger("aiohttp.server").disabled = True  # it tells of clients that were killed
    rows = []
    measures: list[Callable[[Path], tuple[str, ...]]] = [
        throughput, processor, delay, flood, lambda at: crowd(at, people),
    ]  # fmt: skip
    for measure in measures:
        with TemporaryDirectory() as folder:
            rows.append(measure(Path(folder)))
        print(*rows[-1], sep=" | ", flush=True)
    command = f"make bench-load PEOPLE={people}"
    text = "## Load\n\n" + circumstances(command, PACKAGES) + busyness()
    text += (
        "`kaidian telegram`, polling, on SQLite with synchronous=FULL, beside a bare "
        "python-telegram-bot bot that says again what it is told (`benchmarks/bare_bot.py`), both "
        f"against the same emulator; medians of {ROUNDS} rounds, each with bots started anew, the "
        f"ratio that of rounds. {QUESTIONS:,} questions a round, which the shipped base answers. "
        "python-telegram-bot's rate limiter would hold ours at 30 messages a second; it was set to "
        "none (`KAIDIAN_TELEGRAM_RATE=0`) to measure our own work. Telegram has limits of its own. "
        "Where the machine has other work, answers a second differ twofold between rounds, in either "
        "bot's favor; processor time tells more then.\n\n"
    )
    text += table(HEAD, rows)
    write_part("load", text)
    print(text)


if __name__ == "__main__":
    main()
