"""`python -m benchmarks.soak`: the real bot under load, killed and cut off, into RESULTS.md."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

import click

from benchmarks.machine import busyness, circumstances
from benchmarks.tables import reached, table, write_part
from bot.app import load
from bot.settings import TELEGRAM_RATE, Settings
from tests.emulator import TOKEN, Accident, Fault, Mishap
from tests.postgres import Postgres
from tests.soaking import (
    FIRST_PERSON,
    HOOKED,
    MOST_EACH,
    Account,
    Outage,
    Outcome,
    Process,
    Soak,
    Soaking,
    answerable,
    full,
    gone,
    kills,
    outlast,
)

SEED: Final = 20261125
EVERY: Final = 10  # questions a kill
FEWEST: Final = 1000  # questions of a run that kills
OUTAGES: Final = 5
DISK: Final = 8 * 2**20  # bytes
PACKAGES: Final = ("python-telegram-bot", "sqlalchemy", "psycopg", "lo-bot-api-emulator")
BARE: Final = (sys.executable, "-m", "benchmarks.bare_bot")
HEAD: Final = (
    "run", "questions", "kills", "lost", "out of order", "misdelivered", "doubled",
    "sends under way at the kills", "time", "",
)  # fmt: skip
WORST: Final = (
    Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 1}, times=3),
    Fault("sendMessage", 500, "Internal Server Error", times=10),
    Fault("getUpdates", 502, "Bad Gateway", times=2),
)
UNREAD: Final = (
    Accident("sendMessage", Mishap.CUT, times=5),
    Accident("sendMessage", Mishap.GARBLED, times=5),
    Accident("sendMessage", Mishap.STALLED, times=2),
)
FETCHING: Final = (
    Accident("getUpdates", Mishap.GARBLED, times=2),
    Accident("getUpdates", Mishap.CUT, times=2),
    Accident("getUpdates", Mishap.REPEATED, times=10),
)


class Course:
    """The runs, each with a row; *number* kills in those that kill."""

    def __init__(self, folder: Path, number: int) -> None:
        settings = Settings.from_environ({})
        self._folder = folder
        self._kills = number
        self._soak = partial(
            Soak, folder, settings.cache, answerable(load(settings.kb, settings.cache))
        )
        self._numbers = iter(range(1_000_000))

    def sqlite(self) -> str:
        """Return the URL of a new database."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def killed(self, name: str, db: str, rate: float = 0) -> tuple[str, ...]:
        """Kill the bot as often as it is to be."""
        questions = max(FEWEST, self._kills * EVERY)
        plan = kills(SEED, self._kills, questions)
        return self._row(name, lambda: self._soak(people(questions), rate=rate).run(db, plan))

    def killed_behind_webhook(self, name: str, db: str, processes: int = 1) -> tuple[str, ...]:
        """Kill the bot, or one of several *processes* on one store, as often as it is to be."""
        questions = max(FEWEST, self._kills * EVERY)
        plan = kills(SEED, self._kills, questions, processes, HOOKED)
        soak = self._soak(people(questions), webhook=True, processes=processes)
        return self._row(name, lambda: soak.run(db, plan))

    def at_its_worst(self) -> tuple[str, ...]:
        """Have the Bot API refuse, fail, stall, cut off and repeat."""
        unread = sum(accident.times for accident in UNREAD)
        return self._row(
            "429, 500, 502, cut, stalled, not JSON, repeated updates",
            lambda: self._soak(people(self._kills * EVERY)).run(
                self.sqlite(), faults=WORST, accidents=(*UNREAD, *FETCHING)
            ),
            unread,
        )

    def without_store(
        self, name: str, db: str, outage: Callable[[Process], None]
    ) -> tuple[str, ...]:
        """Take the store away, again and again."""
        questions = self._kills * EVERY
        times = range(1, OUTAGES + 1)
        outages = [Outage(number * questions // (OUTAGES + 1), outage) for number in times]
        return self._row(name, lambda: self._soak(people(questions)).run(db, outages=outages))

    def bare(self) -> tuple[str, ...]:
        """Kill a bare python-telegram-bot bot as often, for comparison."""
        questions = max(FEWEST, self._kills * EVERY)

        def run() -> Outcome:
            with ExitStack() as stack:
                emulator = stack.enter_context(Soaking(kills(SEED, self._kills, questions)))
                environ = {
                    "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
                    "KAIDIAN_TELEGRAM_API": emulator.url,
                    "PATH": "/usr/bin:/bin",
                }
                emulator.bots.append(Process(BARE, environ, self._folder / "bare"))
                stack.callback(emulator.bots[0].kill)
                asking = range(FIRST_PERSON, FIRST_PERSON + people(questions))
                emulator.load(asking, MOST_EACH, lambda number: str(number + 1))
                return outlast(emulator)

        return self._row("bare python-telegram-bot, SQLite or not", run, judged=False)

    def _row(
        self, name: str, run: Callable[[], Outcome], unread: int = 0, *, judged: bool = True
    ) -> tuple[str, ...]:
        print(name, flush=True)
        before = monotonic()
        outcome = run()
        account = outcome.account
        figures = [account.questions, outcome.kills, *wrong(account), account.doubled]
        under_way = outcome.in_flight + unread
        kept = not any(wrong(account)) and account.doubled <= under_way
        return (
            name, *map(str, figures), str(under_way) if judged else "",
            f"{monotonic() - before:.0f} s", reached(kept) if judged else "",
        )  # fmt: skip


def wrong(account: Account) -> tuple[int, int, int]:
    """Return what must not be: questions lost, replies out of order, and to somebody else."""
    return account.lost, account.disordered, account.misdelivered


def people(questions: int) -> int:
    """Return how many people it takes to ask so many *questions*."""
    return -(-questions // MOST_EACH)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Yield a folder on a small disk of its own; None where only root can make one."""
    folder.mkdir()
    mount = ["/usr/bin/env", "mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["/usr/bin/env", "umount", "--lazy", str(folder)], check=True)


@click.command()
@click.option("--kills", "number", default=100, show_default=True, help="Kills of each run.")
def main(number: int) -> None:
    """Do all runs, and write what came of them."""
    logging.getLogger("aiohttp.server").disabled = True  # it tells of clients that were killed
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(Postgres())
        disk = stack.enter_context(small_disk(folder / "disk"))
        course = Course(folder, number)
        rows = [
            course.killed("SQLite, polling, killed", course.sqlite()),
            course.killed(
                f"SQLite, polling, killed, {TELEGRAM_RATE:g} messages a second at most",
                course.sqlite(),
                TELEGRAM_RATE,
            ),
            course.killed("PostgreSQL, polling, killed", server.new_database()),
            course.killed_behind_webhook("SQLite, webhook, killed", course.sqlite()),
            course.killed_behind_webhook("PostgreSQL, webhook, killed", server.new_database()),
            course.killed_behind_webhook(
                "PostgreSQL, webhook, one of three processes killed", server.new_database(), 3
            ),
            course.at_its_worst(),
            course.without_store("PostgreSQL stopped", server.new_database(), gone(server)),
            course.without_store("SQLite, disk full", f"sqlite:///{disk}/store.db", full(disk))
            if disk
            else ("SQLite, disk full", *[""] * (len(HEAD) - 2), "skipped: needs root"),
            course.bare(),
        ]
    text = "## Faults\n\n" + circumstances(f"make soak KILLS={number}", PACKAGES) + busyness()
    text += (
        f"`kaidian telegram` under load, its instants of death chosen by seed {SEED}: after so many "
        "replies, when updates were handed out, a reply arrived, was accepted, or its confirmation "
        "was about to leave. Nothing may be lost, out of order within a conversation or "
        "misdelivered; doubled at most what was under way at the kills (rows that the store has as "
        "being sent), or was accepted without an answer that can be read.\n\n"
    )
    text += table(HEAD, rows)
    write_part("faults", text)
    print(text)


if __name__ == "__main__":
    main()
