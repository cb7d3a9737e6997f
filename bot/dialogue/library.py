"""Several bases in one conversation: which of them a message is for.

A message goes to the base whose platform it names, else to the one that the chat is set to, else
to the only one that has something to say. Where several have, the person is asked: an answer from
the wrong platform may cost money. What a base says is `Assistant.respond`'s alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.dialogue import wording
from bot.dialogue.conversation import NEW, Assistant, Conversation
from bot.dialogue.remarks import SMALL_TALK, Remark, chosen_number
from bot.dialogue.rendering import small_talk, titles
from bot.knowledge.model import Base
from bot.language.normalizing import normalize
from bot.language.script import script_of
from bot.messages import Outcome, Part, Reply

AND: Final = "+"  # between the versions of bases that decided together

Turn = tuple[Conversation, Reply]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What *assistant* would say: the *turn*."""

    assistant: Assistant
    turn: Turn

    @property
    def outcomes(self) -> set[Outcome]:
        return {part.outcome for part in self.turn[1].parts}

    @property
    def has_something_to_say(self) -> bool:
        """Whether it answers, or asks back."""
        return self.outcomes != {Outcome.ESCALATE}

    @property
    def confidence(self) -> float:
        """That of its surest part."""
        return max(part.confidence for part in self.turn[1].parts)


class Library:
    """The *assistants* of the bases that are served, in order; with one, it is that one."""

    def __init__(self, assistants: Iterable[Assistant]) -> None:
        self.assistants = {one.base.header.id: one for one in assistants}

    @property
    def only(self) -> Assistant | None:
        """The assistant, where there is one; None where there are several."""
        return self._first if len(self.assistants) == 1 else None

    @property
    def _first(self) -> Assistant:
        return next(iter(self.assistants.values()))

    @property
    def bases(self) -> tuple[Base, ...]:
        """The bases, in order."""
        return tuple(one.base for one in self.assistants.values())

    @property
    def version(self) -> str:
        """The versions of all bases."""
        return AND.join(base.version for base in self.bases)

    @property
    def title(self) -> str:
        """The titles of all bases, in a sentence."""
        return titles(self.bases)

    def of(self, kb: str) -> Assistant:
        """Return the assistant of the base with the id or version *kb*; the first if there is none."""
        return self.assistants.get(kb.partition("@")[0], self._first)

    def settled(self, conversation: Conversation) -> Assistant | None:
        """Return who answers in *conversation* whatever is asked: the only one, or the set one."""
        return self.only or self.assistants.get(conversation.chosen)

    def called(self, text: str) -> str | None:
        """Return the id of the base that *text* names, by itself or by its number, if it does."""
        return _called(text, list(self.assistants.values()))

    def within(self, conversation: Conversation, assistant: Assistant) -> Conversation:
        """Return *conversation* as *assistant* knows it: nothing of what other bases answered."""
        if self.only or assistant is self.of(conversation.base):
            return conversation
        return NEW

    def after(self, conversation: Conversation, assistant: Assistant, turn: Turn) -> Turn:
        """Return the *turn* of *assistant* as one of *conversation*."""
        if self.only:
            return turn
        after, reply = turn
        id_ = assistant.base.header.id
        kept = replace(after, base=id_, chosen=conversation.chosen, asked="", between=())
        return kept, replace(reply, base=id_)

    def among(self, conversation: Conversation, message: str) -> tuple[Assistant, ...]:
        """Return who may answer *message*: those named, else the one set, else all."""
        if named := self._named(message):
            return named
        settled = self.settled(conversation)
        return (settled,) if settled else tuple(self.assistants.values())

    def respond(self, conversation: Conversation, message: str) -> Turn:
        """Return the reply to *message*, and the conversation as it is after it."""
        if self.only:
            return self.only.respond(conversation, message)
        return (
            self._picked(conversation, message)
            or self._continued(conversation, message)
            or self._asked(conversation, message)
        )

    def contacts(self, conversation: Conversation = NEW) -> str:
        """Return the official contacts: those of the set base, or of each."""
        if settled := self.settled(conversation):
            return settled.contacts()
        return self._each([(one, one.contacts()) for one in self.assistants.values()])

    def topics(self, conversation: Conversation = NEW) -> str:
        """Return the topics of the set base, or of each."""
        if settled := self.settled(conversation):
            return settled.topics()
        return self._each([(one, one.topics()) for one in self.assistants.values()])

    def resolve(self, conversation: Conversation, base: str) -> Turn | None:
        """Answer the question that waits from *base*; None when none waits for that."""
        if not conversation.asked or base not in self.assistants:
            return None
        return self._told(self.assistants[base], conversation, conversation.asked)

    def _picked(self, conversation: Conversation, message: str) -> Turn | None:
        """Answer the question that waits from the base that *message* picks."""
        offered = [self.assistants[id_] for id_ in conversation.between if id_ in self.assistants]
        turn = self.resolve(conversation, _called(message, offered) or "")
        return turn and (turn[0], replace(turn[1], message=message))

    def _continued(self, conversation: Conversation, message: str) -> Turn | None:
        """Go on with what was answered last, where *message* can mean nothing else."""
        last = self.of(conversation.base)
        if last not in (self._named(message) or [last]):
            return None
        turn = last.continued(self.within(conversation, last), message)
        return turn and self.after(conversation, last, turn)

    def _named(self, message: str) -> tuple[Assistant, ...]:
        return tuple(one for one in self.assistants.values() if one.is_named(message))

    def _asked(self, conversation: Conversation, message: str) -> Turn:
        among = self.among(conversation, message)
        heard = [_Heard(one, self._told(one, conversation, message)) for one in among]
        if len(heard) == 1:
            return heard[0].turn
        remark = self._first.remark(message)
        if remark in SMALL_TALK:
            return self._small_talk(conversation, message, remark)
        telling = [one for one in heard if one.has_something_to_say]
        if any(one.outcomes == {Outcome.ANSWER} for one in telling):
            # Beside an answer, what a base only takes for more of what it said before is nothing.
            telling = [one for one in telling if self._alone(one, message).has_something_to_say]
        if len(telling) == 1:
            return telling[0].turn
        if telling:
            return self._which(conversation, message, telling)
        return self._escalated(conversation, heard, wanted=remark is Remark.HUMAN)

    def _alone(self, heard: _Heard, message: str) -> _Heard:
        """Return what who was *heard* would say to *message* if nothing had been said before.

        What it answers outright it answers.
        """
        if heard.outcomes == {Outcome.ANSWER}:
            return heard
        return _Heard(heard.assistant, heard.assistant.respond(NEW, message))

    def _told(self, assistant: Assistant, conversation: Conversation, message: str) -> Turn:
        turn = assistant.respond(self.within(conversation, assistant), message)
        return self.after(conversation, assistant, turn)

    def _which(self, conversation: Conversation, message: str, telling: Sequence[_Heard]) -> Turn:
        """Ask which of the bases that have something to say is meant."""
        bases = [one.assistant.base for one in telling]
        ids = tuple(base.header.id for base in bases)
        lines = "\n".join(
            wording.CHOICE.format(number=number, question=base.header.title)
            for number, base in enumerate(bases, 1)
        )
        confidence = max(one.confidence for one in telling)
        part = Part(message, Outcome.CLARIFY, confidence=confidence)
        reply = self._common(message, part, wording.WHICH_BASE.format(bases=lines), bases)
        after = replace(conversation, pending=(), asked=message, between=ids)
        return after, replace(reply, bases=ids)

    def _small_talk(self, conversation: Conversation, message: str, remark: Remark) -> Turn:
        part = Part(normalize(message), Outcome.SMALLTALK)
        text = small_talk(remark, self.bases)
        return conversation, self._common(message, part, text, self.bases)

    def _escalated(
        self, conversation: Conversation, heard: Sequence[_Heard], *, wanted: bool
    ) -> Turn:
        """Say that no base knows; what the one that came nearest decided is what is recorded.

        *wanted* tells whether a person is wanted, and nothing is to be known.
        """
        nearest = max(heard, key=lambda one: one.confidence)
        _, reply = nearest.turn
        if len({one.turn[1].text for one in heard}) > 1:
            contacts = self._each([(one.assistant, one.assistant.contacts()) for one in heard])
            text = contacts if wanted else wording.IN_NO_BASE.format(contacts=contacts)
            reply = replace(reply, text=script_of(reply.message)(text))
        return replace(conversation, pending=(), asked="", between=()), reply

    def _common(self, message: str, part: Part, text: str, bases: Sequence[Base]) -> Reply:
        """Return a reply that *bases* give together."""
        return Reply(
            message=message,
            outcome=part.outcome,
            parts=(part,),
            text=script_of(message)(text),
            choices=(),
            related=(),
            kb=AND.join(base.version for base in bases),
        )

    def _each(self, said: Sequence[tuple[Assistant, str]]) -> str:
        return "\n".join(
            wording.OF_BASE.format(title=one.base.header.title, text=text) for one, text in said
        )


def _called(text: str, assistants: Sequence[Assistant]) -> str | None:
    """Return the id of the one of *assistants* whose base *text* names, or counts from 1."""
    number = chosen_number(normalize(text))
    for place, assistant in enumerate(assistants, 1):
        if place == number or assistant.is_called(text):
            return assistant.base.header.id
    return None
