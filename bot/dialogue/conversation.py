"""A conversation as a value: it goes into `Assistant.respond` and comes out changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from bot.dialogue import wording
from bot.dialogue.deciding import Answer, Clarify, Decision, Escalate, Limits, decide
from bot.dialogue.keywords import choices
from bot.dialogue.parts import certain, decided, said_once
from bot.dialogue.question import Question
from bot.dialogue.remarks import SMALL_TALK, Remark, Remarks, asked_step, chosen_number
from bot.dialogue.rendering import Renderer
from bot.dialogue.understanding import Reader
from bot.knowledge.model import Base, Entry
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize, unmarked
from bot.language.script import script_of
from bot.messages import Choice, Outcome, Part, Reply

MOST_CHARACTERS = 500  # a longer message is no question; Telegram allows 4,096


@dataclass(frozen=True, slots=True)
class Conversation:
    """What must be remembered of a conversation to understand the next message.

    Attributes:
        entry: Id of the entry answered last.
        step: The step of it that was shown last, counted from 1; 0 before the first.
        pending: Ids of the choices that a clarification offered and nobody picked yet.
        base: Id of the base that the three above belong to; empty where only one is served. This
            and what follows is `bot.dialogue.library`'s.
        chosen: Id of the base that the chat is set to; empty for none.
        asked: The question for which a base must be picked; empty for none.
        between: Ids of the bases to pick from, in the order in which they were shown.

    """

    entry: str | None = None
    step: int = 0
    pending: tuple[str, ...] = ()
    base: str = ""
    chosen: str = ""
    asked: str = ""
    between: tuple[str, ...] = ()


NEW = Conversation()


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a message, before it is a reply."""

    parts: tuple[Part, ...]
    text: str
    after: Conversation
    choices: tuple[Entry, ...] = ()
    related: tuple[Entry, ...] = ()


class Assistant:
    """Answers messages from one base; the same message in the same conversation, the same way."""

    def __init__(
        self,
        base: Base,
        analyzer: Analyzer,
        reader: Reader,
        remarks: Remarks,
        limits: Limits,
        *,
        today: Callable[[], date],
    ) -> None:
        self.base = base
        self._remarks = remarks
        self._analyzer = analyzer
        self._reader = reader
        self.limits = limits
        self._render = Renderer(base, today)

    def respond(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        """Return the reply to *message*, and the conversation as it is after it."""
        return self._replied(message, self._said(conversation, normalize(message)))

    def continued(
        self, conversation: Conversation, message: str
    ) -> tuple[Conversation, Reply] | None:
        """Return the reply to a *message* that picks a choice or walks steps; None for any other."""
        text = normalize(message)
        said = self._picked(conversation, text) or self._walked(conversation, text)
        return self._replied(message, said) if said else None

    def remark(self, message: str) -> Remark | None:
        """Return what *message* means, if it wants no knowledge."""
        return self._remarks.meaning(normalize(message))

    def is_named(self, message: str) -> bool:
        """Tell whether *message* names the base's own platform."""
        return self._analyzer.analyze(self._analyzer.strip(normalize(message))).ours

    def is_called(self, text: str) -> bool:
        """Tell whether *text* is nothing but a name of the base or of its platform."""
        header = self.base.header
        names = (header.id, header.title, *header.platform.names)
        return unmarked(text) in set(map(unmarked, names))

    def overview(self, conversation: Conversation) -> tuple[Conversation, Reply]:
        """Return the reply that shows the whole way: the base's first how-to."""
        entry = self.base.first_how_to
        if entry is not None:
            return self._replied(entry.question, self._answered(entry.question, entry))
        return self._replied("", self._escalated("", self._render.fallback(), conversation))

    def pick(self, entry: str) -> tuple[Conversation, Reply] | None:
        """Return the reply that says what the entry with that id says, if there is one."""
        found = self.base.by_id.get(entry)
        return (
            self._replied(found.question, self._answered(found.question, found)) if found else None
        )

    def step(self, entry: str, number: int) -> tuple[Conversation, str] | None:
        """Return step *number* (from 1) of the how-to with that id, if there is one."""
        found = self.base.by_id.get(entry)
        if found is None or not 1 <= number <= len(found.steps):
            return None
        return Conversation(entry, number), self._render.step(number, found.steps)

    def topics(self) -> str:
        """Return the topics, each with its first question."""
        return self._render.topics()

    def contacts(self) -> str:
        """Return the official contacts."""
        return self._render.contacts()

    def evidence(self, conversation: Conversation, message: str) -> tuple[Question, ...]:
        """Return the questions of *message* with their rankings."""
        text = normalize(message)
        return self._questions(conversation, self._remarks.beside_wish(text) or text)

    def _replied(self, message: str, said: Said) -> tuple[Conversation, Reply]:
        in_script = script_of(message)
        reply = Reply(
            message=message,
            outcome=min((part.outcome for part in said.parts), key=list(Outcome).index),
            parts=said.parts,
            text=in_script(said.text),
            choices=tuple(Choice(entry.id, in_script(entry.question)) for entry in said.choices),
            related=tuple(Choice(entry.id, in_script(entry.question)) for entry in said.related),
            kb=self.base.version,
        )
        return said.after, reply

    def _said(self, conversation: Conversation, text: str) -> Said:
        if not any(map(str.isalnum, text)):
            return self._escalated(text, wording.EMPTY, conversation)
        if len(text) > MOST_CHARACTERS:
            return self._escalated(text[:MOST_CHARACTERS], wording.TOO_LONG, conversation)
        return (
            self._picked(conversation, text)
            or self._walked(conversation, text)
            or self._remarked(conversation, text)
            or self._wished(conversation, text)
            or self._decided(conversation, text)
        )

    def _picked(self, conversation: Conversation, text: str) -> Said | None:
        """Answer the choice that *text* picks from a pending clarification, or say that there is none such."""
        entries = [self.base.by_id[id_] for id_ in conversation.pending if id_ in self.base.by_id]
        number, said = chosen_number(text), unmarked(text)
        if len(entries) == 1 and self._remarks.agrees(text):
            number = 1
        for place, entry in enumerate(entries, 1):
            if place == number or said == unmarked(entry.question):
                return self._answered(text, entry)
        if not entries or number is None:
            return None
        return Said(
            parts=(Part(text, Outcome.CLARIFY),),
            text=wording.NO_SUCH_CHOICE.format(total=len(entries)),
            after=conversation,
            choices=tuple(entries),
        )

    def _walked(self, conversation: Conversation, text: str) -> Said | None:
        """Show the step that *text* asks for, of the how-to that is being walked."""
        entry = self.base.by_id.get(conversation.entry or "")
        if entry is None:
            return None
        remark = self._remarks.meaning(text)
        if remark is Remark.MORE and not entry.steps:
            return self._more(text, entry)
        number, picked = asked_step(text), chosen_number(text)
        if number is None and picked in range(1, len(entry.steps) + 1):
            number = picked
        if remark in {Remark.NEXT, Remark.MORE}:
            number = conversation.step + 1
        elif remark is Remark.PREVIOUS:
            number = conversation.step - 1 if conversation.step else 1
        if number is None or not entry.steps:
            return None
        shown, line = number, None
        if number < 1:
            shown, line = 1, wording.FIRST_STEP
        elif number > len(entry.steps):
            past = wording.LAST_STEP if number == conversation.step + 1 else wording.NO_SUCH_STEP
            shown, line = conversation.step, past.format(total=len(entry.steps))
        return Said(
            parts=(certain(text, entry),),
            text=line or self._render.step(shown, entry.steps),
            after=replace(conversation, step=shown, pending=()),
        )

    def _more(self, text: str, entry: Entry) -> Said:
        related = self._related(entry)
        line = wording.MORE if related else wording.NOTHING_MORE
        return Said(
            parts=(certain(text, entry),),
            text=line.format(choices=self._render.numbered(related, 1)),
            after=Conversation(entry=entry.id, pending=tuple(e.id for e in related)),
            choices=related,
        )

    def _remarked(self, conversation: Conversation, text: str) -> Said | None:
        """Answer small talk, and the wish for a person."""
        remark = self._remarks.meaning(text)
        if remark is Remark.HUMAN:
            line = self._render.contacts() or self._render.fallback()
            return self._escalated(text, line, conversation)
        if remark not in SMALL_TALK:
            return None
        return Said(
            parts=(Part(text, Outcome.SMALLTALK),),
            text=self._render.small_talk(remark),
            after=conversation,
        )

    def _wished(self, conversation: Conversation, text: str) -> Said | None:
        """Answer what *text* asks besides wishing for a person, and tell how to reach one."""
        asked = self._remarks.beside_wish(text)
        if asked is None or not (contacts := self._render.contacts()):
            return None
        said = self._decided(conversation, asked)
        if any(part.outcome is Outcome.ESCALATE for part in said.parts):
            return said
        return replace(
            said,
            parts=(*said.parts, Part(text, Outcome.ESCALATE)),
            text=wording.HUMAN.format(text=said.text, contacts=contacts),
        )

    def _decided(self, conversation: Conversation, text: str) -> Said:
        asked = self._questions(conversation, text)
        questions, decisions = zip(
            *said_once((question, self._decision(question)) for question in asked), strict=True
        )
        offered = tuple(e for d in decisions if isinstance(d, Clarify) for e in d.choices)
        parts = tuple(map(decided, questions, decisions))
        texts = list(self._texts(decisions))
        answered = [d.entry for d in decisions if isinstance(d, Answer)]
        about = Conversation(entry=answered[-1].id) if answered else conversation
        return Said(
            parts=parts,
            text=self._joined(parts, texts),
            after=replace(about, pending=tuple(entry.id for entry in offered)),
            choices=offered,
            related=self._related(answered[-1]) if len(answered) == len(decisions) else (),
        )

    def _decision(self, question: Question) -> Decision:
        decision = decide(question.ranking, self.limits)
        if isinstance(decision, Clarify) and question.ranking.analysis.keyword:
            return Clarify(choices(question, decision.choices, self.base, self._analyzer))
        return decision

    def _texts(self, decisions: Sequence[Decision]) -> Iterator[str]:
        """Say each decision, numbering the choices of all through."""
        first = 1
        for decision in decisions:
            match decision:
                case Answer(entry):
                    yield self._render.answer(entry)
                case Clarify(choices):
                    yield self._render.clarification(choices, first)
                    first += len(choices)
                case Escalate():
                    yield self._render.fallback()
                case never:
                    assert_never(never)

    def _joined(self, parts: tuple[Part, ...], texts: list[str]) -> str:
        if len(texts) == 1:
            return texts[0]
        return "\n\n".join(
            wording.PART.format(number=number, utterance=part.utterance, text=text)
            for number, (part, text) in enumerate(zip(parts, texts, strict=True), 1)
        )

    def _answered(self, text: str, entry: Entry) -> Said:
        return Said(
            parts=(certain(text, entry),),
            text=self._render.answer(entry),
            after=Conversation(entry=entry.id),
            related=self._related(entry),
        )

    def _escalated(self, text: str, line: str, after: Conversation) -> Said:
        return Said(parts=(Part(text, Outcome.ESCALATE),), text=line, after=after)

    def _related(self, entry: Entry) -> tuple[Entry, ...]:
        return tuple(self.base.by_id[id_] for id_ in entry.related if id_ in self.base.by_id)

    def _questions(self, conversation: Conversation, text: str) -> tuple[Question, ...]:
        entry = self.base.by_id.get(conversation.entry or "")
        text = self._reader.in_characters(text)
        bare = self._analyzer.strip(text)
        # What is padding elsewhere may be what an operator's question is about: 客服什么时候在.
        known = self._reader.known(text) if bare != text else ()
        return known or self._reader.read(bare, entry)
