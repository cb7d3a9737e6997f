"""Thresholds that keep a promise: of what is answered, at most so much is wrong.

A threshold is tested on labelled utterances with an exact binomial bound (Clopper & Pearson 1934).
Thresholds are tried from the strictest down, and the first that fails ends the search: so the bound
holds for the chosen one although many were tried (fixed-sequence testing; Angelopoulos et al. 2021,
"Learn then Test", https://arxiv.org/abs/2110.01052, section 3). Only a threshold that answers too few
utterances to bear FORGIVEN mistakes may fail and be passed over: in a base so small that none answers
more (1,693 at a promise of 1 %), the bound is that of the chosen threshold alone, not of the choice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bot.desk.bounds import upper_bound
from bot.desk.evaluating import SMALLTALK, answering
from bot.desk.trials import Trial
from bot.dialogue.conversation import NEW, Assistant
from bot.dialogue.deciding import MOST_CHOICES
from bot.knowledge.model import Case, Thresholds
from bot.matching.matcher import Ranking

# Mistakes that the strictest threshold tried must be able to bear. It answers what people happen to say
# word for word as an operator wrote it, and in four of the development cases of the 1688 base mean
# otherwise, as they said something before: 履约险能顶押金吗退不退.
FORGIVEN = 10
# Share of the answerable utterances whose right entry could be shown that a clarification must
# reach: an escalated answerable question is the second worst thing that the bot can do.
SHOWN = 0.98

# Share of the promised rate that the development cases may show, as they flatter: they helped to fit
# the scorer, and the reading was written on them. On the 1688 base at thresholds from 0.80 to 0.90 they
# show 0.78 to 0.87 of the rate of wrongly answered messages that the untouched ones show. Questions are
# counted here; where the bound of those that are wrong was 1.49 %, 2.0 and 2.2 % of the untouched
# messages were answered wrongly, by two codes (2026-11-27).
HINDSIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a ranking of a labelled utterance means for the thresholds.

    Attributes:
        confidence: That of the best match, 0 to 1.
        right: Whether the best match is a right entry.
        answerable: Whether any entry is right.
        vetoed: Whether something forbids a direct answer.
        among: Confidence of the best match where a right entry is among the possible choices.
        asked: Whether people might ask so: a case, not a phrasing that was held out.

    """

    confidence: float
    right: bool
    answerable: bool
    vetoed: bool
    among: float | None
    asked: bool


def ranked(ranking: Ranking, trial: Trial) -> Ranked:
    """Return what the *ranking* of a *trial*'s utterance means."""
    right = trial.right
    matches = ranking.matches[:MOST_CHOICES]
    return Ranked(
        confidence=matches[0].confidence if matches else 0.0,
        right=bool(matches) and matches[0].entry.id in right,
        answerable=bool(right),
        vetoed=bool(matches and matches[0].vetoes),
        among=matches[0].confidence if any(m.entry.id in right for m in matches) else None,
        asked=trial.without is None,
    )


def asked(assistant: Assistant, cases: Iterable[Case]) -> Iterator[Ranked]:
    """Yield what the ranking of each question means that the assistant reads in each of *cases*.

    A question that was read into a message is answered like one that was asked, rightly or wrongly.
    """
    for case in cases:
        if case.expect != SMALLTALK:
            right = answering(case)
            for question in assistant.evidence(NEW, case.ask):
                yield ranked(question.ranking, Trial(question.text, right))


class _Answered:
    """How many utterances were answered, and how many of them wrongly."""

    def __init__(self) -> None:
        self.answered = 0
        self.wrong = 0

    def add(self, utterance: Ranked) -> None:
        self.answered += 1
        self.wrong += not utterance.right

    @property
    def bound(self) -> float:
        return upper_bound(self.wrong, self.answered)


def calibrate(utterances: Sequence[Ranked], rate: float) -> Thresholds | None:
    """Return the lowest thresholds that keep *rate*, or None when the utterances can't prove any.

    The rate is kept among all utterances, and, where the cases are enough to prove it, a share of it
    (HINDSIGHT) among those alone: phrasings are many, but nobody asks only what has an answer.
    """
    allowed = sorted(
        (u for u in utterances if not u.vetoed), key=attrgetter("confidence"), reverse=True
    )
    answerable = sum(u.answerable for u in utterances)
    clarify = _clarify(u.among for u in utterances if u.among is not None)
    of_asked = HINDSIGHT * rate
    provable = upper_bound(0, sum(u.asked and u.answerable for u in utterances)) <= of_asked
    best: Thresholds | None = None
    everything, asked = _Answered(), _Answered()
    proof, limit = (asked, of_asked) if provable else (everything, rate)
    for confidence, same in groupby(allowed, key=attrgetter("confidence")):
        for utterance in same:
            everything.add(utterance)
            if utterance.asked:
                asked.add(utterance)
        bound = max(everything.bound, asked.bound / HINDSIGHT if provable else 0.0)
        if bound <= rate:
            right = everything.answered - everything.wrong
            best = Thresholds(
                answer=confidence,
                clarify=min(clarify, confidence),
                answered=everything.answered,
                wrong=everything.wrong,
                bound=round(bound, 6),
                coverage=round(right / answerable, 6),
            )
        elif upper_bound(FORGIVEN, proof.answered) <= limit:
            break
    return best


def _clarify(confidences: Iterable[float]) -> float:
    """Return the confidence that the share SHOWN of *confidences* reach."""
    ordered = sorted(confidences, reverse=True)
    return ordered[min(len(ordered) - 1, int(SHOWN * len(ordered)))] if ordered else 1.0
