"""Fitting the scorer's parameters to labelled utterances, of many bases on many subjects.

Each entry that is ranked for an utterance is one example, right or wrong. Two logistic regressions
(scikit-learn) are fitted one behind the other: first on the features of the pairs, then on the
best score, its leads, and the features of the first two matches, which confidence is made of.
Each utterance teaches twice: as it was written, and mistyped.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.desk.balancing import shares
from bot.desk.calibrating import HINDSIGHT, calibrate, ranked
from bot.desk.mistyping import Mistyping
from bot.desk.regression import DIGITS, regression
from bot.desk.trials import Trial
from bot.language.analyzing import Analyzer
from bot.matching.comparing import Features
from bot.matching.matcher import Matcher, Ranking, evidence
from bot.matching.model import Circumstances, Evidence, Model, Standing, Surety

ROUNDS = 2  # the model decides whether an utterance counts as typed or as meant, so each ranks anew
PLACES = 5  # matches of a ranking that become examples
# What is promised in a base that was never calibrated (its own promise needs its own cases): so that
# of the cases here, of which HINDSIGHT allows a share, at most one answer in twenty is wrong.
UNCALIBRATED_RATE = 0.05 / HINDSIGHT

UNTAUGHT = Surety(
    evidence=(1.0, 0.5, *(0.0,) * (len(Evidence._fields) - 2)),
    best=(0.0,) * len(Features._fields),
    rival=(0.0,) * len(Features._fields),
    offset=0.0,
    standing=Standing(weights=(1.0, *(0.0,) * (len(Circumstances._fields) - 1)), offset=0.0),
)
# Where the first ranking comes from: what is shared counts for, what is not against an entry.
START = Model(
    weights=tuple(
        {"recall": 2.0, "precision": 2.0, "word": -1.0}.get(name.rpartition("_")[2], 0.0)
        for name in Features._fields
    ),
    intercept=-4.0,
    scoped=UNTAUGHT,
    unscoped=UNTAUGHT,
    answer=0.5,
    clarify=0.1,
)


@dataclass(frozen=True, slots=True)
class School:
    """A base that teaches: its *trials*, and what ranks them."""

    analyzer: Analyzer
    matcher: Matcher
    trials: Sequence[Trial]

    def rankings(self, model: Model) -> list[tuple[Trial, Ranking]]:
        """Rank all trials with *model*."""
        matcher = self.matcher.using(model)
        return [(trial, trial.rank(self.analyzer, matcher)) for trial in self.trials]


def with_mistyped(trials: Sequence[Trial]) -> Iterator[Trial]:
    """Yield *trials*, and a mistyped copy of each."""
    yield from trials
    mistyping = Mistyping(trial.text for trial in trials)
    for trial in trials:
        yield replace(trial, text=mistyping.mistyped(trial.text))


def fit(unscoped: Sequence[School], scoped: Sequence[School], start: Model) -> Model:
    """Return the model that fits what schools teach, ranking with the model *start* first.

    *unscoped* are bases without their questions out of scope, *scoped* the same with what they list.
    """
    model = start
    for _ in range(ROUNDS):
        model = _fit_scores(model, _rankings(unscoped, model))
        without = [school.rankings(model) for school in unscoped]
        with_list = [school.rankings(model) for school in scoped]
        fitted = {"unscoped": _surety(without), "scoped": _surety(with_list)}
        model = model.model_copy(update=fitted)
    utterances = [ranked(ranking, trial) for trial, ranking in _rankings(unscoped, model)]
    thresholds = calibrate(utterances, UNCALIBRATED_RATE)
    if thresholds is None:
        return model
    return model.model_copy(
        update={
            "answer": round(thresholds.answer, DIGITS),
            "clarify": round(thresholds.clarify, DIGITS),
        }
    )


def _rankings(schools: Sequence[School], model: Model) -> list[tuple[Trial, Ranking]]:
    return [pair for school in schools for pair in school.rankings(model)]


def _fit_scores(model: Model, rankings: list[tuple[Trial, Ranking]]) -> Model:
    examples = [
        (match.features, match.entry.id in trial.right)
        for trial, ranking in rankings
        for match in ranking.matches[:PLACES]
    ]
    *weights, intercept = regression([x for x, _ in examples], [y for _, y in examples])
    return model.model_copy(update={"weights": tuple(weights), "intercept": intercept})


def _surety(taught: Iterable[Sequence[tuple[Trial, Ranking]]]) -> Surety:
    nothing = (0.0,) * len(Features._fields)
    examples = [
        (
            (
                *evidence(
                    [match.score for match in ranking.matches], ranking.analysis, ranking.doubts
                ),
                *best.features,
                *(rival[0].features if rival else nothing),
            ),
            best.entry.id in trial.right,
            share,
        )
        for rankings in taught
        for (trial, ranking), share in zip(rankings, _shares(rankings), strict=True)
        if ranking.matches
        for best, *rival in [ranking.matches]
    ]
    rows, labels, counts = zip(*examples, strict=True)
    *weights, offset = regression(rows, labels, counts)
    told, seen = len(Evidence._fields), len(Features._fields)
    return Surety(
        evidence=tuple(weights[:told]),
        best=tuple(weights[told : told + seen]),
        rival=tuple(weights[told + seen :]),
        offset=offset,
        standing=UNTAUGHT.standing,  # messages teach it: `bot.desk.placing`
    )


def _shares(rankings: Sequence[tuple[Trial, Ranking]]) -> list[float]:
    return shares(
        [ranking.analysis.length for _, ranking in rankings],
        [bool(trial.right) for trial, _ in rankings],
    )
