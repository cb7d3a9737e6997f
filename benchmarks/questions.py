"""Questions about 1688 labelled by topic, where their file is at hand; nothing here shows them.

A line holds a question and its labels. A label is a topic, or a reason why the base has no answer:
with a topic, only the detail that was asked is lacking, or another platform is asked about too.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.desk.evaluating import Verdict
from bot.knowledge.model import Base
from bot.messages import Outcome, Reply

FILE: Final = "1688-questions.tsv"
TOPICS: Final = frozenset(
    (
        "steps",
        "register",
        "verify",
        "buy-service",
        "design-shop",
        "publish",
        "operate",
        "deposit",
        "refund",
        "support",
    )
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, the *topics* that it is about, and *why* some or all of it has no answer."""

    text: str
    topics: frozenset[str]
    why: frozenset[str]

    @property
    def kind(self) -> str:
        """What the row tests."""
        if not self.topics:
            return "no topic"
        if self.why:
            return "topic, detail lacking"
        return "one topic" if len(self.topics) == 1 else "several topics"


def read_questions(path: Path) -> Iterator[Labelled]:
    """Yield the labelled questions of the file *path*."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            labels = frozenset(row["labels"].split(","))
            yield Labelled(row["question"], labels & TOPICS, labels - TOPICS)


def judge(question: Labelled, reply: Reply, base: Base) -> Verdict:
    """Say what became of *question*.

    An answer from an entry of the ten topics is wrong unless the question is about that topic;
    entries on further topics are held to the same for questions that have a topic.
    """
    answered = {part.topic for part in reply.parts if part.outcome is Outcome.ANSWER}
    if not question.topics:
        return Verdict.WRONG if answered & TOPICS else Verdict.REFUSED
    if answered - question.topics:
        return Verdict.WRONG
    if answered == question.topics:
        return Verdict.RIGHT
    shown = {base.by_id[choice.entry].topic for choice in reply.choices}
    return Verdict.SHOWN if question.topics <= answered | shown else Verdict.MISSED
