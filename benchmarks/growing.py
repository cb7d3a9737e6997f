"""Bases that grow: written to folders, compiled, started, and changed, in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final, NamedTuple

from bot.app import compile_base, load
from bot.desk.serving import Serving, Swapped
from bot.dialogue.conversation import NEW
from bot.settings import Settings

A_FILE: Final = 100  # entries
STARTS: Final = 9  # pairs of processes
CHANGES: Final = 5
QUESTION: Final = "要押金吗"
KAIDIAN: Final = str(Path(sys.executable).with_name("kaidian"))
ENTRY: Final = (
    "- id: '{place}'\n  question: {question}\n  phrasings: {others}\n  answer: {answer}\n"
)


def write(folder: Path, entries: Sequence[Sequence[str]]) -> None:
    """Write a base of *entries*, by their questions, to *folder*: A_FILE of them a file."""
    (folder / "entries").mkdir(parents=True)
    (folder / "kb.yaml").write_text("id: grown\ntitle: 长大的知识库\n", "utf-8")
    for start in range(0, len(entries), A_FILE):
        with (folder / "entries" / f"{start:07}.yaml").open("w", encoding="utf-8") as file:
            for place, (first, *others) in enumerate(entries[start : start + A_FILE], start):
                file.write(
                    ENTRY.format(
                        place=place,
                        question=json.dumps(first, ensure_ascii=False),
                        others=json.dumps(others, ensure_ascii=False),
                        answer=f"第{place}条",
                    )
                )


def compile_in(folder: Path) -> float:
    """Return how many seconds `kaidian kb build` took for the base in *folder*."""
    return _seconds([KAIDIAN, "kb", "build", "--kb", str(folder)])


def starts(small: Path, large: Path) -> tuple[float, float, float]:
    """Return the median seconds of a start on each of two compiled bases, and of their ratios.

    A start is a whole `kaidian ask`. They take turns, as others use the machine too.
    """
    pairs = [
        (_start(small), _start(large))
        for _ in range(STARTS + 1)  # the first warms the page cache
    ][1:]
    smalls, larges = zip(*pairs, strict=True)
    return median(smalls), median(larges), median(b / a for a, b in pairs)


def _start(folder: Path) -> float:
    return _seconds([KAIDIAN, "ask", QUESTION, "--kb", str(folder)])


def _seconds(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


class Changed(NamedTuple):
    """Seconds of processor time, and by the clock, of a full build and of one changed entry."""

    built: float
    built_clock: float
    live: float
    live_clock: float


def change(folder: Path) -> Changed:
    """Compile the base in *folder* whole, then change an entry several times, as it is served.

    A change is live when `Serving.look` has swapped it in; the wait until a save counts as
    finished, which is the same for all bases, is no part of it.
    """
    cache = Settings.from_environ(os.environ).cache
    load(folder, cache)  # the words of the language are loaded once in the life of a process
    processor, clock = process_time(), perf_counter()
    compile_base(folder, cache)
    built, built_clock = process_time() - processor, perf_counter() - clock
    serving = Serving(folder, lambda place: load(place, cache))
    path = max((folder / "entries").iterdir())
    changes = [_changed(serving, path, f"改过{number}次") for number in range(CHANGES)]
    live, live_clock = (median(column) for column in zip(*changes, strict=True))
    return Changed(built, built_clock, live, live_clock)


def _changed(serving: Serving, path: Path, answer: str) -> tuple[float, float]:
    text = path.read_text("utf-8")
    head, _, tail = text.partition("  answer: ")
    question = json.loads(text.partition("question: ")[2].partition("\n")[0])
    path.write_text(f"{head}  answer: {answer}\n{tail.partition(chr(10))[2]}", "utf-8")
    serving.look()
    processor, clock = process_time(), perf_counter()
    news = serving.look()
    took = process_time() - processor, perf_counter() - clock
    _, reply = serving.assistant.respond(NEW, question)
    if not isinstance(news, Swapped) or answer not in reply.text:
        raise AssertionError(reply)
    return took


if __name__ == "__main__":
    print(json.dumps(change(Path(sys.argv[1]))))
