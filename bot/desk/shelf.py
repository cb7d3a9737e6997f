"""The bases that one bot serves: each follows its folder, and knows what the others are called."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

from watchfiles import watch

from bot.desk.beside import beside_messages
from bot.desk.serving import News, Serving
from bot.dialogue.conversation import NEW, Assistant
from bot.dialogue.library import Library
from bot.errors import KnowledgeError, Mistake
from bot.knowledge.model import Base
from bot.knowledge.reading import HEADER

QUIET: Final = 300  # milliseconds without a change, after which a save counts as finished
LOOK_EVERY: Final = 1_000  # milliseconds; a folder that was renamed away sends no event
LONGEST: Final = 10_000  # milliseconds of ceaseless saving, after which a look is taken anyway
# What a base says beside each other is counted when something mistyped is asked first, as this is.
MISTYPED: Final = "开淀"

SAME_ID: Final = "id 是 {id}，和 {other} 的一样，一个机器人分不清这两个知识库"
OTHER_ID: Final = "请给其中一个换一个 id"


class Shelf:
    """The bases in *folders*; *read* reads one, *build* makes its assistant beside the others.

    What was changed is put to use if *check* finds no mistake in it; what was there at the start
    is served as it is.

    The assistant of the only one comes from *alone*, which need not read it where it was compiled:
    compiled bases know no others.

    Attributes:
        library: What to ask now. Take it once for each message: replacing it is one assignment,
            so that a message is answered by the same bases from beginning to end.

    Raises:
        KnowledgeError: when a base has mistakes, or two have the same id.

    """

    def __init__(
        self,
        folders: Sequence[Path],
        read: Callable[[Path], Base],
        build: Callable[[Base, Sequence[Base]], Assistant],
        alone: Callable[[Path], Assistant],
        check: Callable[[Path, Base], None],
    ) -> None:
        self._read = read
        self._build = build
        self._alone = alone
        self._check = check
        # What the others are called must be known before the first is built.
        self._bases = {folder: read(folder) for folder in folders} if len(folders) > 1 else {}
        self._servings = {
            folder: Serving(folder, self._load, self._succeeding) for folder in folders
        }
        self.library = self._joined()

    def folder(self, kb: str) -> Path:
        """Return the folder of the base with the id or version *kb*; the first if there is none."""
        folders = {one.assistant.base.header.id: folder for folder, one in self._servings.items()}
        return folders.get(kb.partition("@")[0], next(iter(folders.values())))

    def look(self) -> Iterator[News]:
        """Look at each folder (see `Serving.look`), and yield what became of changes."""
        for folder, serving in self._servings.items():
            before = serving.assistant
            news = serving.look()
            if serving.assistant is not before:
                self._swapped(folder, before.base)
            if news is not None:
                yield news

    def prepare(self) -> None:
        """Do what is done when it is first needed, before anybody waits for it."""
        for serving in self._servings.values():
            _prepared(serving.assistant)

    @property
    def is_settled(self) -> bool:
        """Whether the last look saw nothing that waits to be used."""
        return all(serving.is_settled for serving in self._servings.values())

    def follow(self, stop: Event) -> Iterator[News]:
        """Yield what becomes of each change, until *stop* is set."""
        while not stop.is_set():
            yield from self._looks(stop)
            self._wait(stop)

    def _load(self, folder: Path) -> Assistant:
        with beside_messages():
            return self._loaded(folder)

    def _succeeding(self, folder: Path) -> Assistant:
        with beside_messages():
            successor = self._loaded(folder)
            self._check(folder, successor.base)
            return _prepared(successor)

    def _loaded(self, folder: Path) -> Assistant:
        if not self._bases:
            return self._alone(folder)
        base = self._read(folder)
        for other, known in self._bases.items():
            if other != folder and known.header.id == base.header.id:
                problem = SAME_ID.format(id=base.header.id, other=other)
                raise KnowledgeError([Mistake(str(folder / HEADER), 0, problem, OTHER_ID)])
        return self._build(base, self._others(folder))

    def _others(self, folder: Path) -> list[Base]:
        return [base for other, base in self._bases.items() if other != folder]

    def _swapped(self, changed: Path, before: Base) -> None:
        """Put the assistant of *changed* to use; the others must know what it is called now."""
        after = self._servings[changed].assistant.base
        if self._bases:
            self._bases[changed] = after
        if before.header.platform != after.header.platform:
            for folder, serving in self._servings.items():
                if folder != changed:
                    with beside_messages():
                        base, others = serving.assistant.base, self._others(folder)
                        serving.assistant = _prepared(self._build(base, others))
        self.library = self._joined()

    def _joined(self) -> Library:
        return Library(serving.assistant for serving in self._servings.values())

    def _wait(self, stop: Event) -> None:
        """Wait for a change, or LOOK_EVERY milliseconds.

        Each wait begins anew, as another folder may have come to stand in the old one's place; a
        change between two waits is seen by the look between them.
        """
        changes = watch(
            *self._servings,
            step=QUIET,
            debounce=LONGEST,
            rust_timeout=LOOK_EVERY,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        try:
            next(changes, None)
        except (OSError, RuntimeError):
            # No folder there now, or no more watches to be had from the system: looking is enough.
            stop.wait(LOOK_EVERY / 1000)

    def _looks(self, stop: Event) -> Iterator[News]:
        """Look until nothing waits."""
        news = list(self.look())
        while not news and not self.is_settled and not stop.wait(QUIET / 1000):
            news = list(self.look())
        yield from news


def _prepared(assistant: Assistant) -> Assistant:
    """Return *assistant*, which has counted what it counts when it is first asked something mistyped."""
    assistant.evidence(NEW, MISTYPED)
    return assistant


@contextmanager
def following(shelf: Shelf, tell: Callable[[News], None]) -> Iterator[None]:
    """Let *shelf* follow its bases meanwhile, and *tell* what becomes of each change."""
    stop = Event()

    def follow() -> None:
        for news in shelf.follow(stop):
            tell(news)

    thread = Thread(target=follow, name="knowledge", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
