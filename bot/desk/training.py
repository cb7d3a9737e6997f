"""Fitting the scorer's parameters to labelled questions.

Every utterance whose right entry is known, or known not to exist, is ranked; each entry ranked is
one example, right or wrong. Utterances are the development cases of each base, and each phrasing
held out in turn. Two logistic regressions (scikit-learn) are fitted one behind the other: first
on the features of the pairs, then on the score and its lead, which is what confidence is made of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.knowledge.model import Case, Entry
from bot.matching.comparing import Features
from bot.matching.matcher import Ranking
from bot.matching.model import MOST_LEAD, Model

ROUNDS = 3  # ranking decides which phrasings are compared, so it is repeated with the new model
REGULARIZATION = 1.0  # scikit-learn's default C
PLACES = 5  # entries of a ranking that become examples

Rank = Callable[[Model, "Question"], Ranking]


@dataclass(frozen=True, slots=True)
class Question:
    """An utterance with the ids of the entries that may answer it; none may be empty.

    Attributes:
        base: Which base it is asked of.
        text: The utterance.
        right: Ids of the entries that answer it; empty when none does.
        without: The phrasing to be left out, when the utterance is one.

    """

    base: str
    text: str
    right: frozenset[str]
    without: str | None = None


def questions(base: str, entries: Iterable[Entry], cases: Iterable[Case]) -> Iterator[Question]:
    """Yield what a base teaches: its cases of one question, and its phrasings held out."""
    for case in cases:
        if case.expect == "escalate":
            yield Question(base, case.ask, frozenset())
        elif case.expect != "smalltalk" and len(case.expect) == 1:
            yield Question(base, case.ask, frozenset(case.expect[0]))
    for entry in entries:
        for text in entry.questions:
            right = frozenset({entry.id} if len(entry.questions) > 1 else ())
            yield Question(base, text, right, without=text)


def fit(asked: Sequence[Question], rank: Rank, start: Model) -> Model:
    """Return the model that fits *asked* best, ranking with *rank* from the model *start* on."""
    model = start
    for _ in range(ROUNDS):
        rankings = [rank(model, question) for question in asked]
        model = _confident(_scored(asked, rankings, model), asked, rank)
    return model


def _scored(asked: Sequence[Question], rankings: Sequence[Ranking], model: Model) -> Model:
    rows, labels = zip(
        *(
            (match.features, match.entry.id in question.right)
            for question, ranking in zip(asked, rankings, strict=True)
            for match in ranking.matches[:PLACES]
        ),
        strict=True,
    )
    regression = LogisticRegression(C=REGULARIZATION, max_iter=1000).fit(
        np.array(rows), np.array(labels)
    )
    return model.model_copy(
        update={
            "weights": tuple(round(float(w), 4) for w in regression.coef_[0]),
            "intercept": round(float(regression.intercept_[0]), 4),
        }
    )


def _confident(model: Model, asked: Sequence[Question], rank: Rank) -> Model:
    rows: list[tuple[float, float]] = []
    labels: list[bool] = []
    for question in asked:
        matches = rank(model, question).matches[:PLACES]
        for place, match in enumerate(matches):
            rival = matches[1 if place == 0 else 0].score if len(matches) > 1 else -MOST_LEAD
            lead = max(-MOST_LEAD, min(MOST_LEAD, match.score - rival))
            rows.append((match.score, lead))
            labels.append(match.entry.id in question.right)
    regression = LogisticRegression(C=REGULARIZATION, max_iter=1000).fit(
        np.array(rows), np.array(labels)
    )
    return model.model_copy(
        update={
            "fit": round(float(regression.coef_[0][0]), 4),
            "lead": round(float(regression.coef_[0][1]), 4),
            "offset": round(float(regression.intercept_[0]), 4),
        }
    )
