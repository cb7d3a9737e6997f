"""The scorer's parameters, as `kaidian kb train` fitted them."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from math import exp, log
from operator import mul
from typing import Annotated, NamedTuple

from pydantic import Field

from bot.knowledge.model import Frozen
from bot.matching.comparing import Features

RESOURCE = "model.json"
MOST_LEAD = 4.0  # a lead further than this (in logits) says no more: nothing else came near
LONG = (
    40  # different words; an utterance of more says no more by its length, and hardly any case is
)
LEAST_LOGIT = -700.0  # exp overflows soon after
LEAST_DOUBT = 1e-4  # a probability nearer to 0 or 1 says no more


class Evidence(NamedTuple):
    """What confidence in the best match of a ranking rests on, before the features themselves.

    Attributes:
        score: The best match's score, as a logit.
        lead: How far it is ahead of the second, at most MOST_LEAD.
        margin: How far it is ahead of the third, at most MOST_LEAD.
        length: Logarithm of one more than the different words of the utterance, up to LONG: the more
            there are, the fewer of them a phrasing has that asks for the same.
        unheard: Weight of the heaviest word that the base never heard, 0 to 1.
        beyond: How much commoner the utterance's characters are out of scope than in it, in nats.
        furthest: The same of the one that is commonest there.

    """

    score: float
    lead: float
    margin: float
    length: float
    unheard: float
    beyond: float
    furthest: float


class Circumstances(NamedTuple):
    """What confidence in the answer to one of several questions of a message rests on.

    Attributes:
        found: Logit of the confidence with which its best match was found.
        score: That match's score, as a logit.
        ratio: As in its `Features`.
        unheard: As in `Evidence`.
        faintest: Logit of the confidence of that question beside it which is least sure.
        unasking: Whether it doesn't ask.
        short: Whether it says little.
        unnamed: Whether it names nothing of the base's subject, behind another one.
        hanging: Whether that other one is not sure, besides.
        names: Whether it names something of the base's subject.
        repeated: Whether another one surely asks for what it finds.
        share: Share of the message's characters that it has, 0 to 1.

    """

    found: float
    score: float
    ratio: float
    unheard: float
    faintest: float
    unasking: float
    short: float
    unnamed: float
    hanging: float
    names: float
    repeated: float
    share: float


class Standing(Frozen):
    """How sure the answer to one of several questions of a message is: a linear model.

    Attributes:
        weights: One for each of its circumstances.
        offset: Added to those; the whole is the logit of the confidence.

    """

    weights: Annotated[tuple[float, ...], Field(min_length=len(Circumstances._fields))]
    offset: float

    def confidence(self, circumstances: Circumstances) -> float:
        """Return the probability that the answer is right."""
        return probability(self.offset + _sum(self.weights, circumstances))


Weights = Annotated[tuple[float, ...], Field(min_length=len(Features._fields))]


class Surety(Frozen):
    """How sure the best match of a ranking is: the weights of a linear model.

    Attributes:
        evidence: One for each part of the evidence for the best match.
        best: One for each feature of the best match.
        rival: One for each feature of the second match.
        offset: Added to those; the whole is the logit of the confidence.
        standing: What becomes of that confidence beside other questions.

    """

    evidence: Annotated[tuple[float, ...], Field(min_length=len(Evidence._fields))]
    best: Weights
    rival: Weights
    offset: float
    standing: Standing

    def confidence(self, evidence: Evidence, best: Features, rival: Features | None) -> float:
        """Return the probability that the best match is right, seen beside its *rival*."""
        logit = self.offset + _sum(self.evidence, evidence)
        logit += _sum(self.best, best)
        if rival is not None:
            logit += _sum(self.rival, rival)
        return probability(logit)


class Model(Frozen):
    """Two linear models, one behind the other.

    Attributes:
        weights: One for each feature of a pair; their sum is how well a phrasing fits.
        intercept: Added to that sum.
        scoped: How sure a match is in a base that lists questions out of scope.
        unscoped: The same in one that lists none, and so can tell less.
        answer: Least confidence of a direct answer in a base that was never calibrated.
        clarify: Least confidence with which such a base asks back.

    """

    weights: Weights
    intercept: float
    scoped: Surety
    unscoped: Surety
    answer: float
    clarify: float

    def score(self, features: Features) -> float:
        """Return how well a phrasing fits, as a logit."""
        return self.intercept + _sum(self.weights, features)

    def standing_as(self, unscoped: Standing, scoped: Standing) -> "Model":
        """Return the model with what becomes of confidence in messages, in bases of either kind."""
        return self.model_copy(
            update={
                "unscoped": self.unscoped.model_copy(update={"standing": unscoped}),
                "scoped": self.scoped.model_copy(update={"standing": scoped}),
            }
        )

    def surety(self, *, scoped: bool) -> Surety:
        """Return how sure a match is in a base, by whether it lists questions out of scope."""
        return self.scoped if scoped else self.unscoped


def _sum(weights: Iterable[float], values: Iterable[float]) -> float:
    """Return the sum of *values*, each as often as its weight says."""
    products: Iterator[float] = map(mul, weights, values)
    return sum(products)


def probability(logit: float) -> float:
    """Return the probability of *logit* (the logistic function)."""
    return 1 / (1 + exp(-max(logit, LEAST_LOGIT)))


def logit(probability: float) -> float:
    """Return the logit of *probability*, which counts as LEAST_DOUBT from 0 and 1 at the nearest."""
    within = max(LEAST_DOUBT, min(1 - LEAST_DOUBT, probability))
    return log(within / (1 - within))


def read_model() -> Model:
    """Read the parameters that ship with the program."""
    return Model.model_validate_json((files("bot.matching") / RESOURCE).read_bytes())
