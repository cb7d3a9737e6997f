"""How well scores tell right answers from wrong ones and from questions that have none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sklearn.metrics import roc_auc_score


@dataclass(frozen=True, slots=True)
class Scored:
    """A question that was ranked.

    Attributes:
        score: That of the best entry; 0 when none was found.
        place: Place of the first right entry among the best, from 1; 0 when none is there.
        answerable: Whether any entry answers the question.
        development: Whether thresholds may be chosen on it.

    """

    score: float
    place: int
    answerable: bool
    development: bool

    @property
    def right(self) -> bool:
        """Whether the best entry is a right one."""
        return self.place == 1


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does.

    Attributes:
        threshold: Least score that is answered.
        right: Share of the answerable questions that are answered rightly.
        wrong: Share of the answers that are wrong.
        unanswerable: Share of the unanswerable questions that are answered.

    """

    threshold: float
    right: float
    wrong: float
    unanswerable: float


def recall(questions: Iterable[Scored], most: int) -> float:
    """Return the share of the answerable *questions* with a right entry among the *most* best."""
    places = [q.place for q in questions if q.answerable]
    return sum(0 < place <= most for place in places) / len(places)


def auroc(questions: Iterable[Scored]) -> float:
    """Return how often a right answer scores higher than an unanswerable question."""
    told = [q for q in questions if q.right or not q.answerable]
    return float(roc_auc_score([q.right for q in told], [q.score for q in told]))


def curve(questions: Sequence[Scored]) -> list[Point]:
    """Return what each threshold does to *questions*, from the strictest on."""
    answerable = sum(q.answerable for q in questions)
    unanswerable = len(questions) - answerable
    answered = right = astray = 0
    points = [Point(float("inf"), 0.0, 0.0, 0.0)]
    ordered = sorted((q for q in questions if q.score > 0), key=lambda q: -q.score)
    for score, same in groupby(ordered, key=lambda q: q.score):
        for question in same:
            answered += 1
            right += question.right
            astray += not question.answerable
        points.append(
            Point(score, right / answerable, 1 - right / answered, astray / max(1, unanswerable))
        )
    return points


def at(questions: Sequence[Scored], threshold: float) -> Point:
    """Return what *threshold* does to *questions*."""
    return max(
        (point for point in curve(questions) if point.threshold >= threshold),
        key=lambda point: -point.threshold,
    )


def for_wrong(questions: Sequence[Scored], most: float) -> float:
    """Return the threshold that answers most while at most *most* of the answers are wrong."""
    return max(
        (point for point in curve(questions) if point.wrong <= most), key=lambda p: p.right
    ).threshold


def for_unanswerable(questions: Sequence[Scored], most: float) -> float:
    """Return the lowest threshold that answers at most *most* of the unanswerable questions."""
    return min(p.threshold for p in curve(questions) if p.unanswerable <= most)
