"""`python -m benchmarks.swapping [SAVES]`: what people notice of a base that is saved and swapped.

The base is saved SAVES times, well, half, with a mistake, and with its folder renamed away and
back, while questions are answered by what serves it, one after the other without a pause. Two
entries in two files carry the number of the save; an answer in which they differ, or whose version
of the base is that of another number, comes from a base that was half loaded.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter
from typing import Final

from benchmarks.machine import circumstances
from benchmarks.tables import reached, table, write_part
from bot.app import assemble, refuse_mistakes
from bot.desk.serving import News, Refused, Swapped
from bot.desk.shelf import Shelf, following
from bot.dialogue.conversation import NEW, Assistant
from bot.dialogue.library import Library
from bot.knowledge.model import Base
from bot.knowledge.reading import read_base, read_cases
from bot.settings import Settings, shipped

SAVES: Final = 1_000
# After the fifth save of a round the mistake is waited for, after the tenth the swap.
ROUND: Final = (
    "good", "half", "good", "away", "mistake", "half", "away", "good", "half", "good",
)  # fmt: skip
AWAY: Final = 0.05  # seconds that a renamed folder is away
SETTLED: Final = 30.0  # seconds after which a swap that was due counts as missing
QUESTIONS: Final = 40  # different ones
BOTH: Final = "1688怎么开店流程，要押金吗"
MARKED: Final = (("steps.yaml", "steps"), ("deposit.yaml", "deposit"))
MARK: Final = "〔第{number}版〕"
MISTAKE: Final = "- id: broken\n"
TIMES: Final = ("", "questions", "median", "99.9 %", "longest", "bar", "")
SWAPS: Final = ("saves", "swapped", "refused", "answers looked at", "of half a base", "bar", "")


@dataclass
class Course:
    """What happened: when bases were built, how long questions took, and what was amiss."""

    built: list[tuple[float, float]] = field(default_factory=list)
    took: list[tuple[str, float, float]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    looked_at: int = 0
    halves: int = 0
    news: list[News] = field(default_factory=list)

    def read(self, folder: Path) -> Base:
        """Read a base, and note when."""
        began = perf_counter()
        try:
            return read_base(folder)
        finally:
            self.built.append((began, perf_counter()))

    def build(self, base: Base, others: Sequence[Base], cache: Path) -> Assistant:
        """Build an assistant, and note when."""
        began = perf_counter()
        assistant = assemble(base, cache, others=others).assistant
        self.built.append((began, perf_counter()))
        return assistant

    def ends_with(self, kind: type[News]) -> bool:
        """Tell whether the last news is of that *kind*."""
        return bool(self.news) and isinstance(self.news[-1], kind)

    def ask(self, library: Library, question: str) -> None:
        """Ask *question*, and look at what came of it."""
        began = perf_counter()
        _, reply = library.respond(NEW, question)
        self.took.append((question, began, perf_counter()))
        if question == BOTH:
            marks = {part.split("版〕")[0] for part in reply.text.split("〔第")[1:]}
            mark = marks.pop() if len(marks) == 1 and len(reply.parts) == len(MARKED) else ""
            self.looked_at += 1
            self.halves += not mark or self.versions.setdefault(reply.kb, mark) != mark


class Editor:
    """Saves the base in *folder*, in place, as many editors do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts = {name: (folder / "entries" / name).read_text("utf-8") for name, _ in MARKED}
        self._number = 0

    @property
    def number(self) -> int:
        """The number of the last good save."""
        return self._number

    def save(self, how: str) -> None:
        """Save the base *how* one of ROUND says."""
        match how:
            case "good":
                self._number += 1
                self._write(1.0)
            case "half":
                self._write(0.5)
            case "mistake":
                self._write(1.0, MISTAKE)
            case _:
                away = self._folder.with_name("away")
                self._folder.rename(away)
                Event().wait(AWAY)
                away.rename(self._folder)

    def _write(self, share: float, more: str = "") -> None:
        for name, entry in MARKED:
            text = self._texts[name]
            begin = text.index("answer: |\n    ", text.index(f"- id: {entry}\n")) + 14
            marked = text[:begin] + MARK.format(number=self._number) + text[begin:] + more
            path = self._folder / "entries" / name
            path.write_text(marked[: int(len(marked) * share)], "utf-8")


def measured(saves: int, folder: Path, cache: Path) -> tuple[Course, int]:
    """Save the base in *folder* so many times under questions; return what happened."""
    editor, course = Editor(folder), Course()
    editor.save("good")
    questions = [case.ask for case in read_cases(folder)[::7]][: QUESTIONS - 1]
    shelf = Shelf(
        [folder],
        course.read,
        lambda base, others: course.build(base, others, cache),
        lambda alone: course.build(course.read(alone), (), cache),
        refuse_mistakes,
    )
    done = Event()

    def save() -> None:
        with suppress(StopIteration):
            for how, number in zip(cycle(ROUND), range(saves), strict=False):
                editor.save(how)
                if number % len(ROUND) == len(ROUND) // 2 - 1:
                    _outlast(lambda: course.ends_with(Refused))
                if number % len(ROUND) == len(ROUND) - 1:
                    _outlast(lambda: _serves(shelf, editor.number))
        done.set()

    course.built.clear()
    with following(shelf, course.news.append):
        Thread(target=save, daemon=True).start()
        for question in cycle([BOTH, *questions]):
            if done.is_set():
                break
            course.ask(shelf.library, question)
    return course, len(questions) + 1


def _serves(shelf: Shelf, number: int) -> bool:
    entry = shelf.library.bases[0].by_id[MARKED[1][1]]
    return MARK.format(number=number) in entry.answer


def _outlast(happened: Callable[[], bool]) -> None:
    """Wait until something has *happened*."""
    until = perf_counter() + SETTLED
    while not happened():
        if perf_counter() > until:
            raise RuntimeError
        Event().wait(AWAY)


def main() -> None:
    """Measure, and write the part of RESULTS.md."""
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else SAVES
    with TemporaryDirectory() as place:
        folder = Path(place) / "kb"
        copytree(shipped(), folder)
        course, different = measured(saves, folder, Settings.from_environ({}).cache)
    text = (
        f"## A base saved {saves:,} times under questions\n\n"
        + circumstances("python -m benchmarks.swapping", ("watchfiles",))
        + __doc__.partition("\n\n")[2]
        + f"\nOf {different} different questions. A wait is what a question takes while a base is read "
        "and built beside it, beyond its median when none is; the bar is the longest decision of those "
        "that nothing was built beside. Longest is also what else the machine does: the 99.9 % say more where it is shared.\n\n"
        + table(TIMES, _times(course))
        + table(SWAPS, [_swaps(course, saves)])
    )
    write_part("swapping", text)
    print(text)


def _times(course: Course) -> Iterator[tuple[str, ...]]:
    alone: dict[str, list[float]] = {}
    beside: list[tuple[str, float]] = []
    for question, began, ended in course.took:
        if _while_built(course, began, ended):
            beside.append((question, ended - began))
        else:
            alone.setdefault(question, []).append(ended - began)
    undisturbed = [time for times in alone.values() for time in times]
    usual = {question: median(times) for question, times in alone.items()}
    waits = [max(0.0, time - usual[question]) for question, time in beside if question in usual]
    bar = max(undisturbed)
    yield (*_spread("decision, nothing built", undisturbed), "", "")
    yield (*_spread("decision, a base built", [time for _, time in beside]), "", "")
    yield (
        *_spread("wait", waits),
        f"≤ {bar * 1000:.1f} ms",
        reached(max(waits) <= bar),
    )


def _spread(name: str, times: Sequence[float]) -> tuple[str, ...]:
    ranked = sorted(times)
    places = (len(ranked) // 2, int(len(ranked) * 0.999), -1)
    return (name, f"{len(ranked):,}", *(f"{ranked[place] * 1000:.1f} ms" for place in places))


def _swaps(course: Course, saves: int) -> tuple[str, ...]:
    counts = [sum(isinstance(one, kind) for one in course.news) for kind in (Swapped, Refused)]
    figures = (saves, *counts, course.looked_at, course.halves)
    return (*(f"{figure:,}" for figure in figures), "0", reached(course.halves == 0))


def _while_built(course: Course, began: float, ended: float) -> bool:
    return any(first < ended and began < last for first, last in course.built)


if __name__ == "__main__":
    main()
