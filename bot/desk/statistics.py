"""What people ask, what is answered, and what is not: counted from recorded turns."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta, tzinfo
from statistics import median
from typing import Any, Final

from bot.language.normalizing import unmarked
from bot.messages import Outcome
from bot.store.recorded import Recorded

UNANSWERED = frozenset({Outcome.ESCALATE, Outcome.CLARIFY})
MOST_GROUPED: Final = 2_000  # questions, the most frequent: takes a second; rarer ones stand alone

Grouping = Callable[[Sequence[str]], Sequence[Sequence[int]]]


@dataclass(slots=True)
class Day:
    """The questions of one *day* by what became of them; small talk is none."""

    day: date
    answered: int = 0
    clarified: int = 0
    escalated: int = 0

    @property
    def questions(self) -> int:
        """Return how many questions there were."""
        return self.answered + self.clarified + self.escalated


@dataclass(frozen=True, slots=True)
class Group:
    """A question as it was asked most often, and how many *times*, in whatever spelling or words."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was counted.

    Attributes:
        days: From the first day with a question to the last, those without one among them.
        small_talk: Greetings, thanks and the like.
        replies: Messages of which at least one question was answered.
        disliked: Those of *replies* that somebody voted down.
        asked: The most frequent questions.
        unanswered: The most frequent groups of those that were clarified or escalated.
        entries: How often each entry answered, the most frequent first.
        never: Ids of the entries that answered nothing.
        operator_seconds: Median time from a question to an operator's answer, in seconds; None when
            no operator answered any.

    """

    days: Sequence[Day] = ()
    small_talk: int = 0
    replies: int = 0
    disliked: int = 0
    asked: Sequence[Group] = ()
    unanswered: Sequence[Group] = ()
    entries: dict[str, int] = field(default_factory=dict)
    never: Sequence[str] = ()
    operator_seconds: float | None = None

    @property
    def total(self) -> Day:
        """Return the sum of all days, dated as the last of them."""
        return Day(
            self.days[-1].day if self.days else date.min,
            sum(day.answered for day in self.days),
            sum(day.clarified for day in self.days),
            sum(day.escalated for day in self.days),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as JSON has them; shares are of all questions, from 0 to 1."""
        total = self.total
        return {
            "questions": total.questions,
            "answered": share(total.answered, total.questions),
            "clarified": share(total.clarified, total.questions),
            "escalated": share(total.escalated, total.questions),
            "voted_down": share(self.disliked, self.replies),
            "small_talk": self.small_talk,
            "operator_median_seconds": self.operator_seconds,
            "days": [asdict(day) | {"day": day.day.isoformat()} for day in self.days],
            "asked": [asdict(group) for group in self.asked],
            "unanswered": [asdict(group) for group in self.unanswered],
            "entries": self.entries,
            "never": list(self.never),
        }


def share(part: int, whole: int) -> float | None:
    """Return what *part* is of *whole*, from 0 to 1; None of nothing."""
    return part / whole if whole else None


def count(
    turns: Iterable[Recorded],
    entries: Iterable[str],
    zone: tzinfo,
    most: int,
    waits: Sequence[timedelta] = (),
    *,
    grouping: Grouping | None = None,
) -> Statistics:
    """Count *turns*, which come in the order of their time.

    *entries* are the ids that the base has now, *zone* says when a day begins, *most* how many
    questions are listed, and *waits* are how long operators took to answer. *grouping* tells by
    their places which unanswered questions are alike, as `bot.desk.grouping.groups` does.
    """
    days: dict[date, Day] = {}
    asked, unanswered = _Groups(), _Groups()
    answering, small_talk = Counter[str](), 0
    replies, disliked = set[int](), set[int]()
    for turn in turns:
        if turn.outcome == Outcome.SMALLTALK:
            small_talk += 1
            continue
        when = turn.at.astimezone(zone).date()
        day = days.setdefault(when, Day(when))
        asked.add(turn.utterance)
        if turn.outcome == Outcome.ANSWER:
            day.answered += 1
            answering[turn.entry or ""] += 1
            replies.add(turn.update_id)
            if turn.disliked:
                disliked.add(turn.update_id)
        else:
            unanswered.add(turn.utterance)
            day.clarified += turn.outcome == Outcome.CLARIFY
            day.escalated += turn.outcome == Outcome.ESCALATE
    return Statistics(
        days=_without_gaps(days),
        small_talk=small_talk,
        replies=len(replies),
        disliked=len(disliked),
        asked=asked.most(most),
        unanswered=unanswered.most(most, grouping),
        entries=dict(sorted(answering.items(), key=lambda item: (-item[1], item[0]))),
        never=[id_ for id_ in entries if id_ not in answering],
        operator_seconds=median(wait.total_seconds() for wait in waits) if waits else None,
    )


class _Groups:
    """Questions that differ in spelling only, counted together."""

    def __init__(self) -> None:
        self._spellings: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str) -> None:
        self._spellings[unmarked(text)][text] += 1

    def most(self, number: int, grouping: Grouping | None = None) -> list[Group]:
        """Return the *number* largest groups, the largest first; of equals the first by text."""
        groups = _largest_first(
            Group(min(texts, key=lambda text: (-texts[text], text)), texts.total())
            for texts in self._spellings.values()
        )
        if grouping:
            frequent, rare = groups[:MOST_GROUPED], groups[MOST_GROUPED:]
            alike = grouping([group.text for group in frequent])
            joined = (
                Group(frequent[places[0]].text, sum(frequent[place].times for place in places))
                for places in alike
            )
            groups = _largest_first([*joined, *rare])
        return groups[:number]


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.times, group.text))


def _without_gaps(days: dict[date, Day]) -> list[Day]:
    if not days:
        return []
    first, last = min(days), max(days)
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [days.get(day, Day(day)) for day in every]
