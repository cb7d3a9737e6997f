"""A bot under load that is killed at planned instants, and the account of what became of questions."""

import asyncio
import random
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from shutil import disk_usage
from time import monotonic
from typing import Any, Final

from lo_bot_api_emulator import ApiRefusal
from sqlalchemy import create_engine, text
from watchfiles import watch

from bot.dialogue.conversation import NEW, Assistant
from bot.messages import Outcome as Decided
from tests.balancer import Balancer
from tests.emulator import MOST_WAITING, TOKEN, Accident, Emulator, Fault, Made, message
from tests.postgres import Postgres

KAIDIAN: Final = (str(Path(sys.executable).with_name("kaidian")), "telegram")
MOST_EACH: Final = 20  # questions of a person, as more in a minute are not answered
QUIET: Final = 5.0  # seconds without a reply after which a bot without a store counts as done
PATIENCE: Final = 180.0  # seconds without a reply after which the rest counts as lost
WAITING: Final = 40  # questions without an answer at a time
FIRST_PERSON: Final = 1000
BLOCK: Final = 512  # bytes
UNUSABLE: Final = "数据库现在用不了"  # as the bot logs it
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


# With a webhook nothing is handed out: Telegram brings what there is.
HOOKED: Final = (When.ARRIVED, When.ACCEPTED, When.CONFIRMED)


def kills(
    seed: int,
    number: int,
    questions: int,
    processes: int = 1,
    instants: Sequence[When] = tuple(When),
) -> list[Kill]:
    """Return *number* kills at random *instants* of a run of so many *questions*."""
    chance = random.Random(seed)  # noqa: S311  # instants, not secrets
    return sorted(
        Kill(chance.randrange(questions), chance.choice(instants), chance.randrange(processes))
        for _ in range(number)
    )


@dataclass
class Account:
    """What was asked, and what came of it; questions are known by their update's id.

    *waits* are the seconds that each had to wait, in the order of the replies.
    """

    asked: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    replies: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    answered: set[int] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    replied: int = 0
    all_asked: bool = False

    _since: dict[int, float] = field(default_factory=dict)

    def ask(self, chat: int, question: int) -> None:
        """Note a question."""
        self._since[question] = monotonic()
        self.asked[chat].append(question)

    def hear(self, call: Made) -> None:
        """Note a reply."""
        question = answered_by(call)
        if question is not None:
            self.replied += 1
            if question in self._since:
                self.waits.append(monotonic() - self._since.pop(question))
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

    @property
    def kills_left(self) -> int:
        """How many kills of the plan have not come yet."""
        return len(self._plan)

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
        self,
        people: Sequence[int],
        each: int,
        said: Callable[[int], str],
        waiting: int = MOST_WAITING,
    ) -> None:
        """Have *people* ask so often *each*, in turns, *said* being what the nth question is.

        No more than *waiting* questions are without an answer at a time.
        """
        asyncio.run_coroutine_threadsafe(
            self._begin(self._load(people, each, said, waiting)), self._loop
        ).result()

    async def _begin(self, load: Coroutine[Any, Any, None]) -> None:
        self._loading = asyncio.create_task(load)

    async def _load(
        self, people: Sequence[int], each: int, said: Callable[[int], str], waiting: int
    ) -> None:
        for number in range(len(people) * each):
            while number - len(self.account.answered) >= waiting:
                self._room.clear()
                await self._room.wait()
            await self._ask(people[number % len(people)], number, said(number))
        self.account.all_asked = True

    async def _ask(self, chat: int, number: int, said: str) -> None:
        queues = self._server._update_queues  # noqa: SLF001  # as in `update`
        update = {"message": message(number + 1, said, chat)}
        self.account.ask(chat, await queues.enqueue(TOKEN, update))

    def begin_again(self) -> Account:
        """Begin a new account, when all of the last one is answered."""
        self.account = Account()
        return self.account


class Process:
    """A bot as a process that can be killed and started again."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self._command = command
        self._environ = environ
        self.log = log
        log.unlink(missing_ok=True)
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

    @property
    def logged(self) -> int:
        """How many bytes it has logged."""
        return self.log.stat().st_size

    def wait_for(self, line: str, since: int = 0) -> None:
        """Wait until it has logged *line* after so many bytes, or has ended."""
        for _ in watch(self.log, step=50, rust_timeout=50, yield_on_timeout=True):
            if line.encode() in self.log.read_bytes()[since:] or not self.runs:
                return

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
    happen: Callable[["Process"], None] = field(compare=False)


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
            pending.pop(0).happen(emulator.bots[0])
        else:
            break
    if store:
        emulator.settle(lambda: not store.count(UNFINISHED))
    return Outcome(account, struck, in_flight)


@dataclass(frozen=True, slots=True)
class Soak:
    """Runs in which so many *people* ask *questions*, 20 each, of `kaidian telegram`.

    Its log lies in *folder*; *cache* is that of its dictionary. With a *webhook* updates come
    through a load balancer to *processes* that share the store; without one there is one.
    """

    folder: Path
    cache: Path
    questions: Sequence[str]
    people: int
    processes: int = 1
    rate: float = 0
    webhook: bool = False

    def run(
        self,
        db: str,
        plan: Sequence[Kill] = (),
        faults: Iterable[Fault] = (),
        accidents: Iterable[Accident] = (),
        outages: Iterable[Outage] = (),
    ) -> Outcome:
        """Run it to its end on the store at *db*, with what goes wrong on the way."""
        with ExitStack() as stack:
            emulator = stack.enter_context(Soaking(plan))
            emulator.faults += faults
            emulator.accidents += accidents
            environ = {
                "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
                "KAIDIAN_TELEGRAM_API": emulator.url,
                "KAIDIAN_TELEGRAM_RATE": str(self.rate),
                "KAIDIAN_DB": db,
                "KAIDIAN_CACHE": str(self.cache),
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
            }
            hooks: list[dict[str, str]] = [{}]
            if self.webhook:
                ports = [free_port() for _ in range(self.processes)]
                balancer = stack.enter_context(Balancer(ports))
                hooks = [hooked(balancer.port, port) for port in ports]
            command = (*KAIDIAN, "--webhook") if self.webhook else KAIDIAN
            for number, hook in enumerate(hooks):
                process = Process(command, environ | hook, self.folder / f"log-{number}")
                stack.callback(process.kill)
                process.wait_for("serving")
                emulator.bots.append(process)
            store = Store(db)
            stack.callback(store.close)
            people = range(FIRST_PERSON, FIRST_PERSON + self.people)
            asked = self.questions
            emulator.load(people, MOST_EACH, lambda n: asked[n % len(asked)], WAITING)
            return outlast(emulator, store, outages)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def hooked(public: int, port: int) -> dict[str, str]:
    """Return the settings of a bot that listens at *port* and is brought updates through *public*."""
    return {
        "KAIDIAN_WEBHOOK_URL": f"http://127.0.0.1:{public}/telegram",
        "KAIDIAN_WEBHOOK_PORT": str(port),
        "KAIDIAN_WEBHOOK_SECRET": "a-Secret_0",
    }


def answerable(assistant: Assistant) -> list[str]:
    """Return the questions that *assistant* answers outright, so that votes tell which one it was."""
    asked = [entry.question for entry in assistant.base.entries]
    return [ask for ask in asked if assistant.respond(NEW, ask)[1].outcome is Decided.ANSWER]


def gone(server: Postgres) -> Callable[[Process], None]:
    """Return an outage: *server* stops at once, and starts again when the bot has noticed."""

    def happen(process: Process) -> None:
        before = process.logged
        server.stop()
        process.wait_for(UNUSABLE, before)
        server.start()

    return happen


def full(disk: Path) -> Callable[[Process], None]:
    """Return an outage: *disk* is full until the bot has noticed."""

    def happen(process: Process) -> None:
        before = process.logged
        filler = fill(disk)
        process.wait_for(UNUSABLE, before)
        filler.unlink()

    return happen


def fill(disk: Path) -> Path:
    """Leave no room on *disk*, and return the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        file.write(bytes(disk_usage(disk).free))
        while file.write(bytes(BLOCK)):
            pass
    return filler
