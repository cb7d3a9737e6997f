"""The fixed format of a knowledge base, as frozen values.

Every scalar in YAML arrives here as text (see `bot.knowledge.reading`), so that an operator
never has to know that ``1688`` is a number and ``no`` a truth value; pydantic converts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StringConstraints,
    Tag,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# Spelt out: \w is any letter of any script to some engines, and an ASCII one to editors.
ID = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^{ID}$")]


class Frozen(BaseModel):
    """A value whose fields are all known and never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(Frozen):
    """One step of a how-to, walked one by one in a chat."""

    title: Text
    detail: Text


class Source(Frozen):
    """Where an answer's facts come from, and the date of that page or of its look-up."""

    title: Text
    url: Text | None = None
    date: date


class Entry(Frozen):
    """One thing that the base can answer: a standard question, phrasings of it, an answer.

    A *draft* answers nobody until a person has taken the mark away.
    """

    id: Id
    topic: Id = "general"
    question: Text
    phrasings: tuple[Text, ...] = ()
    answer: Text
    steps: tuple[Step, ...] = ()
    related: tuple[Id, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed: date | None = None
    review_every_days: Annotated[int, Field(gt=0)] = 180
    draft: bool = False

    @property
    def due(self) -> date | None:
        """The day by which the answer must be reviewed again; None when it never was reviewed."""
        if self.reviewed is None:
            return None
        try:
            return self.reviewed + timedelta(days=self.review_every_days)
        except OverflowError:
            return date.max

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The standard question and its phrasings."""
        return (self.question, *self.phrasings)

    def phrased(self, phrasings: Iterable[str]) -> "Entry":
        """Return the entry with these *phrasings*, each once, instead of its own."""
        others = tuple(dict.fromkeys(text for text in phrasings if text != self.question))
        # A copy would keep the questions as they were remembered of the entry.
        return Entry.model_validate(self.model_dump() | {"phrasings": others})


class Topic(Frozen):
    """A subject that entries belong to; its *title* also says what a follow-up is about."""

    id: Id
    title: Text


class Platform(Frozen):
    """How askers call the platform of this base, and the names of others."""

    names: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()


class Contact(Frozen):
    """One way to reach official support."""

    name: Text
    how: Text
    url: str | None = None


Synonyms = Annotated[tuple[Text, ...], Field(min_length=2)]


class Header(Frozen):
    """What ``kb.yaml`` holds: everything of a base that is not an entry."""

    id: Id
    title: Text
    language: Literal["zh-Hans"] = "zh-Hans"
    platform: Platform = Platform()
    topics: tuple[Topic, ...] = ()
    support: tuple[Contact, ...] = ()
    fallback: Text = "这个问题我答不上来，请联系官方客服。\n{support}"
    synonyms: tuple[Synonyms, ...] = ()
    words: tuple[Text, ...] = ()
    max_wrong_rate: Annotated[float, Field(gt=0, lt=1)] = 0.01

    def titles(self, used: Collection[str]) -> dict[str, str]:
        """Return the titles of the topics *used*: first those named here, then by their ids."""
        titles = {topic.id: topic.title for topic in self.topics}
        return {id_: title for id_, title in titles.items() if id_ in used} | {
            id_: id_ for id_ in used if id_ not in titles
        }


class Thresholds(Frozen):
    """What ``thresholds.yaml`` holds, as `kaidian kb calibrate` wrote it.

    Attributes:
        answer: Least confidence of a direct answer.
        clarify: Least confidence of the best match for which choices are offered.
        answered: How many labelled utterances they rest on: those at or above *answer*.
        wrong: How many of them are answered wrongly.
        bound: Upper bound of the wrong-answer rate, at 95 % confidence.
        coverage: Share of the answerable utterances that are answered outright and rightly.

    """

    answer: Annotated[float, Field(ge=0, le=1)]
    clarify: Annotated[float, Field(ge=0, le=1)]
    answered: Annotated[int, Field(ge=0)] = 0
    wrong: Annotated[int, Field(ge=0)] = 0
    bound: Annotated[float, Field(ge=0, le=1)] = 1.0
    coverage: Annotated[float, Field(ge=0, le=1)] = 0.0


def _one_of(value: object) -> object:
    """Let ``[a, [b, c]]`` stand for: first a, then b or c."""
    if isinstance(value, list):
        return [item if isinstance(item, list) else [item] for item in value]
    return value


Written = Annotated[tuple[Id | tuple[Id, ...], ...], Field(min_length=1)]
Expected = Annotated[
    tuple[Annotated[tuple[Id, ...], Field(min_length=1)], ...],
    Field(min_length=1),
    BeforeValidator(_one_of, json_schema_input_type=Written),
]


class OutOfScope(RootModel[Text]):
    """A question that the base must not answer, though it uses the same words."""

    model_config = ConfigDict(frozen=True)


class Case(Frozen):
    """A labelled utterance: what the decision must be.

    Attributes:
        ask: The message.
        expect: ``escalate``, ``smalltalk``, or for each question of the message, in order,
            the ids of the entries that may answer it, or ``escalate`` when none may.

    """

    ask: Text
    expect: Annotated[
        Annotated[Literal["escalate", "smalltalk"], Tag("one word")]
        | Annotated[Expected, Tag("a list")],
        Discriminator(lambda value: "one word" if isinstance(value, str) else "a list"),
    ]


class Base(Frozen):
    """A whole knowledge base, as read from its folder.

    Attributes:
        header: What its ``kb.yaml`` says, or what stands for it when there is none.
        entries: Those that may answer, in the order of the files.
        drafts: Those that may not yet.
        out_of_scope: Questions that it must not answer.
        thresholds: None when it was never calibrated.
        version: Id and content hash, as ``1688@3f2a9c1b``.

    """

    header: Header
    entries: Sequence[Entry]
    drafts: tuple[Entry, ...] = ()
    out_of_scope: Sequence[str] = ()
    thresholds: Thresholds | None
    version: str

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """The entries by their ids."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def with_drafts(self) -> dict[str, Entry]:
        """The entries and the drafts by their ids."""
        return {**self.by_id, **{draft.id: draft for draft in self.drafts}}

    @cached_property
    def first_of_topics(self) -> dict[str, Entry]:
        """The first entry of each topic, in the order of `topics`."""
        first = {entry.topic: entry for entry in reversed(self.entries)}
        return {topic: first[topic] for topic in self.topics}

    @cached_property
    def topics(self) -> dict[str, str]:
        """Titles of the topics that have entries, in the order of the header, then of use."""
        return self.header.titles(dict.fromkeys(entry.topic for entry in self.entries))

    @cached_property
    def first_how_to(self) -> Entry | None:
        """The first how-to, by the order of `topics` and then of the entries."""
        first = {entry.topic: entry for entry in reversed(self.entries) if entry.steps}
        return next((first[topic] for topic in self.topics if topic in first), None)


def beside(base: Base, others: Sequence[Base]) -> Header:
    """Return the header of *base* as it must be where *others* are served by the same bot.

    What they are called is another platform to it; so is what is one to them, unless the base
    speaks of it in its own questions.
    """
    if not others:
        return base.header
    platform = base.header.platform
    own = {name.lower() for name in platform.names}
    asked = "\n".join(question for entry in base.entries for question in entry.questions).lower()
    foreign = dict.fromkeys(platform.others)
    for other in others:
        foreign |= dict.fromkeys(other.header.platform.names)
        foreign |= dict.fromkeys(
            name for name in other.header.platform.others if name.lower() not in asked
        )
    names = tuple(name for name in foreign if name.lower() not in own)
    return base.header.model_copy(
        update={"platform": platform.model_copy(update={"others": names})}
    )
