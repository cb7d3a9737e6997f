"""What another version of a base would change for people: cases and real questions, decided twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Final

from bot.desk.evaluating import Half, Verdict, count, half_of, promise_kept, run
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.model import Case
from bot.messages import Outcome, Reply

MOST_EXAMPLES: Final = 5  # that are kept of a change
# Verdicts on a case from the worst on; a case got worse where its verdict moved to the left.
WORST_FIRST: Final = (
    frozenset({Verdict.WRONG}),
    frozenset({Verdict.MISSED}),
    frozenset({Verdict.SHOWN}),
    frozenset({Verdict.RIGHT, Verdict.REFUSED}),
)


class Kind(StrEnum):
    """What becomes of a question that is not decided as before."""

    GAINED = "gained"  # answered, or more of it than before
    LOST = "lost"  # no longer answered, or less of it
    MOVED = "moved"  # answered by another entry
    REWORDED = "reworded"  # answered by the same entry, which says something else now
    OFFERED = "offered"  # asked back about instead of escalated
    WITHHELD = "withheld"  # escalated instead of asked back about


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A question, and how many *times* it was asked; ordered by that."""

    times: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Of what *kind* a change is, and which entries answered *before* and answer *after* it."""

    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether people are served less than before."""
        return self.kind in {Kind.LOST, Kind.WITHHELD}


@dataclass(slots=True)
class Concerned:
    """The questions that a change concerns.

    Attributes:
        times: How often they were asked in all.
        questions: How many different ones there are.
        kept: The most frequent of them, as a heap.

    """

    times: int = 0
    questions: int = 0
    kept: list[Example] = field(default_factory=list)

    def add(self, example: Example) -> None:
        """Count *example*, and keep it if it is one of the most frequent."""
        self.times += example.times
        self.questions += 1
        if len(self.kept) < MOST_EXAMPLES:
            heappush(self.kept, example)
        else:
            heappushpop(self.kept, example)

    @property
    def examples(self) -> list[Example]:
        """The most frequent questions, the most frequent first."""
        return sorted(self.kept, key=lambda example: (-example.times, example.text))


@dataclass(frozen=True, slots=True)
class Judged:
    """A case whose verdict changed."""

    case: Case
    before: Verdict
    after: Verdict

    @property
    def is_worse(self) -> bool:
        """Whether the case came out worse."""
        return _rank(self.after) < _rank(self.before)


@dataclass(frozen=True, slots=True)
class Promise:
    """Whether a half's answers keep ``max_wrong_rate``, *before* and *after*."""

    before: bool
    after: bool

    @property
    def is_broken(self) -> bool:
        """Whether it was kept and no longer is."""
        return self.before and not self.after


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes between the base *old* and the base *new*, each named by its version.

    Attributes:
        old: Version of the one.
        new: Version of the other.
        asked: How many recorded questions were replayed, repeated ones counted.
        changes: What changes for them.
        cases: How many cases were replayed.
        judged: The cases whose verdict changed.
        promises: What became of the promise, by half.

    """

    old: str
    new: str
    asked: int
    changes: dict[Change, Concerned]
    cases: int
    judged: Sequence[Judged]
    promises: dict[Half, Promise]

    @property
    def largest_first(self) -> list[tuple[Change, Concerned]]:
        """The changes, those first that concern most people."""
        return sorted(
            self.changes.items(),
            key=lambda item: (-item[1].times, item[0].kind, item[0].before, item[0].after),
        )

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse: a promise, a case, or a real question no longer served."""
        return (
            any(promise.is_broken for promise in self.promises.values())
            or any(judged.is_worse for judged in self.judged)
            or any(change.is_worse for change in self.changes)
        )


def replay(
    old: Assistant, new: Assistant, cases: Sequence[Case], questions: Iterable[Example]
) -> Difference:
    """Decide *cases*, labelled for the new base, and real *questions* by *old* and by *new*.

    Each is a message in a conversation of its own. *questions* are taken one by one.
    """
    before, after = (list(run(assistant, cases)) for assistant in (old, new))
    changes: dict[Change, Concerned] = {}
    asked = 0
    for question in questions:
        asked += question.times
        change = changed(_decided(old, question.text), _decided(new, question.text))
        if change is not None:
            changes.setdefault(change, Concerned()).add(question)
    return Difference(
        old=old.base.version,
        new=new.base.version,
        asked=asked,
        changes=changes,
        cases=len(cases),
        judged=[
            Judged(a.case, a.verdict, b.verdict)
            for a, b in zip(before, after, strict=True)
            if _rank(a.verdict) != _rank(b.verdict)
        ],
        promises={
            half: Promise(
                *(
                    promise_kept(
                        count(r for r in results if half_of(r.case) is half),
                        assistant.base.header.max_wrong_rate,
                    )
                    for assistant, results in ((old, before), (new, after))
                )
            )
            for half in Half
        },
    )


def changed(before: Reply, after: Reply) -> Change | None:
    """Return what changed for who asked; None where nothing did."""
    old, new = (tuple(p.entry for p in reply.parts if p.entry) for reply in (before, after))
    kind = _kind(before, after, Counter(old), Counter(new))
    return None if kind is None else Change(kind, old, new)


def _kind(before: Reply, after: Reply, old: Counter[str], new: Counter[str]) -> Kind | None:
    if old != new:
        return Kind.GAINED if old < new else Kind.LOST if new < old else Kind.MOVED
    match before.outcome, after.outcome:
        case Outcome.ESCALATE, Outcome.CLARIFY:
            return Kind.OFFERED
        case Outcome.CLARIFY, Outcome.ESCALATE:
            return Kind.WITHHELD
        case Outcome.ANSWER, Outcome.ANSWER if before.text != after.text:
            return Kind.REWORDED
    return None


def _decided(assistant: Assistant, text: str) -> Reply:
    return assistant.respond(NEW, text)[1]


def _rank(verdict: Verdict) -> int:
    return next(place for place, verdicts in enumerate(WORST_FIRST) if verdict in verdicts)
