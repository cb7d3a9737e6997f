"""The scorer's parameters, as `kaidian kb train` fitted them."""

from importlib.resources import files
from math import exp
from typing import Annotated

from pydantic import Field

from bot.knowledge.model import Frozen
from bot.matching.comparing import Features

RESOURCE = "model.json"
MOST_LEAD = 4.0  # a lead further than this (in logits) says no more: nothing else came near
LEAST_LOGIT = -700.0  # exp overflows soon after


class Model(Frozen):
    """Two linear models, one behind the other.

    Attributes:
        weights: One for each feature of a pair; their sum is how well a phrasing fits.
        intercept: Added to that sum.
        fit: Factor on an entry's best sum, on the way to its confidence.
        lead: Factor on how far that sum is ahead of the best of the other entries.
        unheard: Factor on the weight of the heaviest word that the base never heard.
        offset: Added to those three.
        answer: Least confidence of a direct answer in a base that was never calibrated.
        clarify: Least confidence of a choice in such a base.

    """

    weights: Annotated[tuple[float, ...], Field(min_length=len(Features._fields))]
    intercept: float
    fit: float
    lead: float
    unheard: float
    offset: float
    answer: float
    clarify: float

    def score(self, features: Features) -> float:
        """Return how well a phrasing fits, as a logit."""
        return self.intercept + sum(map(float.__mul__, self.weights, features))

    def logit(self, score: float, lead: float, unheard: float) -> float:
        """Return the logit that an entry is right, from its best score and its *lead*."""
        return self.offset + self.fit * score + self.lead * lead + self.unheard * unheard


def probability(logit: float) -> float:
    """Return the probability of *logit* (the logistic function)."""
    return 1 / (1 + exp(-max(logit, LEAST_LOGIT)))


def read_model() -> Model:
    """Read the parameters that ship with the program."""
    return Model.model_validate_json((files("bot.matching") / RESOURCE).read_bytes())
