"""A bot under load that is killed at planned instants, and the account of what became of questions."""

import asyncio
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from lo_bot_api_emulator import ApiRefusal
from sqlalchemy import create_engine, text

from tests.emulator import MOST_WAITING, TOKEN, Emulator, Made, message

KAIDIAN: Final = (str(Path(sys.executable).with_name("kaidian")), "telegram")
MOST_EACH: Final = 20  # questions of a person, so that nobody asks too fast
QUIET: Final = 5.0  # seconds without a reply after which a bot without a store counts as done
PATIENCE: Final = 180.0  # seconds without a reply after which the rest counts as lost
GLANCE: Final = 0.1  # seconds between looks at a store
UNFINISHED: Final = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
)
IN_FLIGHT: Final = "SELECT count(*) FROM outbox WHERE state = 'sending'"


class When(StrEnum):
    """The instants at which a process is killed, besides how many replies came before."""

    HANDED_OUT = "updates were handed out"
    ARRIVED = "a reply arrived that is not accepted yet"
    ACCEPTED = "a reply was accepted whose confirmation is not sent yet"
    CONFIRMED = "the confirmation is about to leave"


@dataclass(frozen=True, order=True, slots=True)
class Kill:
    """Kill a process at the first instant of that kind *after* so many replies."""

    after: int
    when: When
    process: int = 0


def kills(seed: int, number: int, questions: int, processes: int = 1) -> list[Kill]:
    """Return *number* kills at random instants of a run of so many *questions*."""
    chance = random.Random(seed)  # noqa: S311  # instants, not secrets
    return sorted(
        Kill(chance.randrange(questions), chance.choice(list(When)), chance.randrange(processes))
        for _ in range(number)
    )


@dataclass
class Account:
    """What was asked, and what came of it; questions are known by their update's id."""

    asked: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    replies: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    answered: set[int] = field(default_factory=set)
    replied: int = 0
    all_asked: bool = False

    def ask(self, chat: int, question: int) -> None:
        """Note a question."""
        self.asked[chat].append(question)

    def hear(self, call: Made) -> None:
        """Note a reply."""
        question = answered_by(call)
        if question is not None:
            self.replied += 1
            self.answered.add(question)
            self.replies[call.params["chat_id"]].append(question)

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(map(len, self.asked.values()))

    @property
    def complete(self) -> bool:
        """Whether all was asked and answered."""
        return self.all_asked and not self.lost

    @property
    def lost(self) -> int:
        """How many were never answered."""
        return self.questions - len(self.answered)

    @property
    def doubled(self) -> int:
        """How many replies came again."""
        return self.replied - len(self.answered)

    @property
    def disordered(self) -> int:
        """How many replies came after the reply to a later question of the same person."""
        return sum(
            later < earlier for sent in self.replies.values() for earlier, later in pairwise(sent)
        )

    @property
    def misdelivered(self) -> int:
        """How many replies went to somebody who had not asked."""
        return sum(len(set(sent) - set(self.asked[chat])) for chat, sent in self.replies.items())


def answered_by(call: Made) -> int | None:
    """Return the question that a call answers: its votes name it, and an echo is its number."""
    if call.method != "sendMessage":
        return None
    rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    votes = [b["callback_data"] for row in rows for b in row if b["callback_data"][:2] == "v:"]
    if votes:
        return int(votes[0].split(":")[1])
    said = call.params["text"]
    return said if isinstance(said, int) else None


class Soaking(Emulator):
    """The emulator, which keeps the account and strikes when the plan says so."""

    def __init__(self, plan: Sequence[Kill] = ()) -> None:
        super().__init__()
        self.account = Account()
        self.bots: list[Process] = []
        self.struck: list[Process] = []
        self._plan = list(plan)
        self._room = asyncio.Event()

    def maybe_fail(self, method: str) -> None:
        """Fail a call as wanted; a kill before it is accepted means that it never was."""
        super().maybe_fail(method)
        if method == "sendMessage" and self._strike(When.ARRIVED):
            raise ApiRefusal("cut off", 500)

    def made(self, call: Made) -> None:
        """Note a call, in the account only: there are too many to keep them."""
        with self._changed:
            self.account.hear(call)
            self._changed.notify_all()
        self._room.set()
        if call.method == "sendMessage":
            self._strike(When.ACCEPTED)

    def answered(self, method: str) -> None:
        """Hear that an answer is about to leave."""
        if method == "sendMessage":
            self._strike(When.CONFIRMED)
        elif method == "getUpdates":
            self._strike(When.HANDED_OUT)

    def _strike(self, when: When) -> bool:
        if not self._plan or self._plan[0].after > self.account.replied:
            return False
        if self._plan[0].when is not when:
            return False
        victim = self.bots[self._plan[0].process]
        if not victim.runs:
            return False
        self._plan.pop(0)
        victim.kill()
        with self._changed:
            self.struck.append(victim)
            self._changed.notify_all()
        return True

    def wait_until(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds, but no longer than *seconds* without a reply; tell if it does."""
        while True:
            before = self.account.replied
            with self._changed:
                if self._changed.wait_for(until, seconds):
                    return True
            if self.account.replied == before:
                return False

    def settle(self, until: Callable[[], bool]) -> None:
        """Wait until something holds that no call tells of; give up after PATIENCE."""
        for _ in range(int(PATIENCE / GLANCE)):
            if until():
                return
            with self._changed:
                self._changed.wait(GLANCE)

    def load(
        self, people: int, each: int, said: Callable[[int], str], waiting: int = MOST_WAITING
    ) -> None:
        """Have so many *people* ask so often *each*, in turns, *said* being what the nth asks.

        No more than *waiting* questions are without an answer at a time.
        """
        asyncio.run_coroutine_threadsafe(
            self._begin(self._load(people, each, said, waiting)), self._loop
        ).result()

    async def _begin(self, load: Coroutine[Any, Any, None]) -> None:
        self._loading = asyncio.create_task(load)

    async def _load(
        self, people: int, each: int, said: Callable[[int], str], waiting: int
    ) -> None:
        for number in range(people * each):
            while number - len(self.account.answered) >= waiting:
                self._room.clear()
                await self._room.wait()
            await self._ask(1000 + number % people, number, said(number))
        self.account.all_asked = True

    async def _ask(self, chat: int, number: int, said: str) -> None:
        queues = self._server._update_queues  # noqa: SLF001  # as in `update`
        update = {"message": message(number + 1, said, chat)}
        self.account.ask(chat, await queues.enqueue(TOKEN, update))


class Process:
    """A bot as a process that can be killed and started again."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self._command = command
        self._environ = environ
        self.log = log
        self.start()

    def start(self) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdout=log, stderr=log
            )

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it, without a word."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit status."""
        self._process.terminate()
        return self._process.wait()


class Store:
    """A look into the store of a bot from outside."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_pre_ping=True)

    def count(self, query: str) -> int:
        """Return the figure that *query* asks for."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def close(self) -> None:
        """Let go of the store."""
        self._engine.dispose()


@dataclass(frozen=True, order=True, slots=True)
class Outage:
    """Something that the bot has to outlast, done *after* so many replies."""

    after: int
    happen: Callable[[], None] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: its *account*, *kills*, and the sends under way at these."""

    account: Account
    kills: int
    in_flight: int


def outlast(
    emulator: Soaking, store: Store | None = None, outages: Iterable[Outage] = ()
) -> Outcome:
    """Let the load run to its end, starting again what was killed, and return what came of it."""
    account, pending = emulator.account, sorted(outages)
    struck = in_flight = 0
    patience = PATIENCE if store else QUIET

    def due() -> bool:
        return bool(pending) and account.replied >= pending[0].after

    while emulator.wait_until(lambda: bool(emulator.struck) or due() or account.complete, patience):
        if emulator.struck:
            in_flight += store.count(IN_FLIGHT) if store else 0
            struck += 1
            emulator.struck.pop(0).start()
        elif due():
            pending.pop(0).happen()
        else:
            break
    if store:
        emulator.settle(lambda: not store.count(UNFINISHED))
    return Outcome(account, struck, in_flight)
