"""Bases with labelled questions, on which the bot and its peers are measured alike."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.evaluating import ESCALATE, Half, half_of
from bot.knowledge.reading import read_base, read_cases


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the places of the entries that answer it, and whether it is for development."""

    text: str
    right: frozenset[int]
    development: bool


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A base by the questions of its *entries*, and the questions *asked* of it.

    *folder* is that of the base, where the entries have one.
    """

    name: str
    entries: list[list[str]]
    asked: list[Asked]
    folder: Path | None = None


def of_base(folder: Path) -> LabelledSet:
    """Return the base in *folder* with its cases of one question, and those to be escalated."""
    base = read_base(folder)
    places = {entry.id: place for place, entry in enumerate(base.entries)}
    asked = []
    for case in read_cases(folder):
        wanted = () if case.expect == ESCALATE else case.expect
        if not isinstance(wanted, str) and len(wanted) <= 1:
            right = frozenset(places[id_] for ids in wanted for id_ in ids)
            asked.append(Asked(case.ask, right, half_of(case) is Half.DEVELOPMENT))
    return LabelledSet("1688", [list(e.questions) for e in base.entries], asked, folder)


def of_files(folder: Path) -> Iterator[LabelledSet]:
    """Yield the ``faq_*`` sets of *folder*: clean, then each disturbed version."""
    for path in sorted(folder.glob("faq_*.kb.jsonl")):
        name = path.name.removesuffix(".kb.jsonl")
        rows = list(_lines(path))
        places = {row["id"]: place for place, row in enumerate(rows)}
        entries = [row["questions"] for row in rows]
        # The clean file is named by nothing, and so comes first.
        for tests in sorted(
            folder.glob(f"{name}.test*.jsonl"), key=lambda p: p.name.split(".")[2:]
        ):
            disturbance = tests.name.removeprefix(f"{name}.test").removesuffix(".jsonl")
            asked = [
                Asked(
                    row["q"],
                    frozenset() if row["id"] is None else frozenset({places[row["id"]]}),
                    row["split"] == "dev",
                )
                for row in _lines(tests)
            ]
            yield LabelledSet(f"{name}{disturbance}", entries, asked)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)
