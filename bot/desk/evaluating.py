"""Running labelled cases, and counting what became of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import chain

from bot.desk.bounds import ERROR, at_most
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.model import Case
from bot.messages import Outcome, Part, Reply

ESCALATE = "escalate"
SMALLTALK = "smalltalk"


class Half(StrEnum):
    """Which part of the cases one belongs to."""

    DEVELOPMENT = "development"
    UNTOUCHED = "untouched"


def half_of(case: Case) -> Half:
    """Return the part that *case* belongs to, by the rule stated in every ``cases.yaml``.

    The first byte of the SHA-256 of its text: even is development, odd is untouched. Nobody
    chooses, and a case stays where it is when others come or go.
    """
    first = sha256(case.ask.encode()).digest()[0]
    return Half.UNTOUCHED if first % 2 else Half.DEVELOPMENT


def development(cases: Iterable[Case]) -> list[Case]:
    """Return those of *cases* that calibration and training may see."""
    return [case for case in cases if half_of(case) is Half.DEVELOPMENT]


def answering(case: Case) -> frozenset[str]:
    """Return the ids of the entries that answer any question of *case*."""
    wanted = () if isinstance(case.expect, str) else chain.from_iterable(case.expect)
    return frozenset(wanted) - {ESCALATE}


class Verdict(StrEnum):
    """What became of a case."""

    RIGHT = "right"
    SHOWN = "shown"  # clarified, with the right choice among those shown
    MISSED = "missed"  # clarified or escalated without the right choice
    WRONG = "wrong"  # answered, and not with the right entry
    REFUSED = "refused"  # out of scope, and rightly not answered


@dataclass(frozen=True, slots=True)
class Result:
    """A *case*, the *reply* to it, and the *verdict*."""

    case: Case
    reply: Reply
    verdict: Verdict


def run(assistant: Assistant, cases: Iterable[Case]) -> Iterator[Result]:
    """Ask each of *cases* in a conversation of its own."""
    for case in cases:
        _, reply = assistant.respond(NEW, case.ask)
        yield Result(case, reply, judge(case, reply))


def judge(case: Case, reply: Reply) -> Verdict:
    """Say what became of *case*: the worst of its parts."""
    if case.expect == SMALLTALK:
        return Verdict.RIGHT if reply.outcome is Outcome.SMALLTALK else _unanswered(reply.parts)
    right = answering(case)
    if any(part.entry and part.entry not in right for part in reply.parts):
        return Verdict.WRONG
    verdicts = [_judge_one(wanted, reply) for wanted in _answerable(case)]
    worst_first = (Verdict.MISSED, Verdict.SHOWN, Verdict.RIGHT)
    return next((verdict for verdict in worst_first if verdict in verdicts), Verdict.REFUSED)


def _answerable(case: Case) -> list[tuple[str, ...]]:
    """Return what answers each question of *case* that must not be escalated."""
    return [] if isinstance(case.expect, str) else [w for w in case.expect if ESCALATE not in w]


def _judge_one(wanted: Sequence[str], reply: Reply) -> Verdict:
    if any(part.entry in wanted for part in reply.parts):
        return Verdict.RIGHT
    if any(choice.entry in wanted for choice in reply.choices):
        return Verdict.SHOWN
    return Verdict.MISSED


def _unanswered(parts: Sequence[Part]) -> Verdict:
    answered = any(part.outcome is Outcome.ANSWER for part in parts)
    return Verdict.WRONG if answered else Verdict.MISSED


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of verdicts, of one kind of cases."""

    counts: Counter[Verdict]

    @property
    def total(self) -> int:
        """How many cases there are."""
        return self.counts.total()

    def share(self, *verdicts: Verdict) -> float:
        """Return the share, 0 to 1, of the cases that ended in one of *verdicts*."""
        return sum(self.counts[v] for v in verdicts) / self.total if self.total else 0.0


Tallies = Mapping[str, Tally]


def wrong_rate(tallies: Tallies) -> float:
    """Return the share of the answers that are wrong, 0 to 1."""
    wrong, answered = _wrong_of_answered(tallies)
    return wrong / answered if wrong else 0.0


def promise_kept(tallies: Tallies, rate: float) -> bool:
    """Tell whether the answers are compatible with at most *rate* of them being wrong.

    A few dozen answers can't show a rate to the digit: the promise is broken where so many wrong
    ones would be seen with a probability below ERROR if it held (one-sided exact binomial test).
    """
    wrong, answered = _wrong_of_answered(tallies)
    return wrong == 0 or 1 - at_most(wrong - 1, answered, rate) >= ERROR


def _wrong_of_answered(tallies: Tallies) -> tuple[int, int]:
    """Return how many cases were answered wrongly, and how many were answered at all."""
    wrong = sum(tally.counts[Verdict.WRONG] for tally in tallies.values())
    right = sum(tallies[kind].counts[Verdict.RIGHT] for kind in ("single", "compound"))
    return wrong, wrong + right


def count(results: Iterable[Result]) -> Tallies:
    """Count the verdicts by kind of case: single, compound, escalate, smalltalk."""
    counts: dict[str, Counter[Verdict]] = {
        kind: Counter() for kind in ("single", "compound", ESCALATE, SMALLTALK)
    }
    for result in results:
        counts[_kind(result.case)][result.verdict] += 1
    return {kind: Tally(count) for kind, count in counts.items()}


def confusions(results: Iterable[Result]) -> Counter[tuple[str, str]]:
    """Count the pairs of what was expected and what was answered instead."""
    return Counter(
        (_expected(result.case), part.entry)
        for result in results
        if result.verdict is Verdict.WRONG
        for part in result.reply.parts
        if part.entry and part.entry not in _expected(result.case).split("|")
    )


def _kind(case: Case) -> str:
    if not _answerable(case):
        return SMALLTALK if case.expect == SMALLTALK else ESCALATE
    return "single" if len(case.expect) == 1 else "compound"


def _expected(case: Case) -> str:
    if isinstance(case.expect, str):
        return case.expect
    return "|".join(id_ for wanted in case.expect for id_ in wanted)
