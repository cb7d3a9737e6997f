"""From what was received to what is to be said: a pure function of update and conversation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram import buttons, wording
from bot.channels.telegram.formatting import as_html, pieces
from bot.channels.telegram.incoming import Incoming, Kind
from bot.dialogue.conversation import NEW, Assistant, Conversation
from bot.messages import Choice, Outcome, Reply
from bot.store.outbox import Call

NEAREST = 2  # questions that a fallback offers
MOST_INLINE = 10
MOST_RELATED = 3


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote on the answer to the update with that id."""

    update_id: int
    useful: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update leads to.

    Attributes:
        calls: What to ask of the Bot API, in order.
        after: The conversation after it; None leaves it as it was.
        reply: What was decided, to be recorded.
        vote: A vote to be recorded; *refused* is called instead when there is nothing to vote on.
        refused: See *vote*.
        feedback: What the person thinks of the bot, to be recorded; empty when they say nothing of it.
        forget: Whether all that is kept of this person is to be deleted.
        blocked: Whether the person can no longer be written to; None when nothing is said of it.
        human: Id of the update whose question is to be passed on to a human; None for none.
        media: Whether it can be passed on as it is.
        mute: Whether the person wants no news of answers; None when nothing is said of it.

    """

    calls: tuple[Call, ...] = ()
    after: Conversation | None = None
    reply: Reply | None = None
    vote: Vote | None = None
    refused: tuple[Call, ...] = ()
    feedback: str = ""
    forget: bool = False
    blocked: bool | None = None
    human: int | None = None
    media: bool = False
    mute: bool | None = None


class Planner:
    """Plans for one *assistant*; *version* is that of the program.

    *human* tells whether there is a human to pass questions on to.
    """

    def __init__(self, assistant: Assistant, version: str, *, human: bool = False) -> None:
        self.assistant = assistant
        self._version = version
        self._human = human
        self._entries = {buttons.short(id_): id_ for id_ in assistant.base.by_id}

    def plan(  # noqa: PLR0911  # one return a kind
        self, incoming: Incoming, update_id: int, conversation: Conversation, edits: int | None
    ) -> Plan:
        """Return what *incoming* leads to.

        *edits* is the id of the kept call that answered a message which was edited since.
        """
        match incoming.kind:
            case Kind.TEXT:
                return self._asked(incoming, update_id, conversation, edits)
            case Kind.COMMAND:
                return self._commanded(incoming, update_id, conversation)
            case Kind.BUTTON:
                return self._pressed(incoming, update_id)
            case Kind.INLINE:
                return Plan((self._listed(incoming),))
            case Kind.MEDIA:
                return self._shown(incoming, update_id)
            case Kind.JOINED:
                hint = wording.JOINED.format(title=self.assistant.base.header.title)
                return Plan(self._line(incoming, hint).calls, blocked=False)
            case Kind.BLOCKED | Kind.UNBLOCKED:
                return Plan(blocked=incoming.kind is Kind.BLOCKED)
            case Kind.NOTHING:
                return Plan()

    def slower(self, incoming: Incoming) -> Plan:
        """Return the plan that asks for a pause."""
        return self._line(incoming, wording.SLOWER) if incoming.chat else Plan()

    def _asked(
        self, incoming: Incoming, update_id: int, conversation: Conversation, edits: int | None
    ) -> Plan:
        after, reply = self.assistant.respond(conversation, incoming.text)
        return self._said(incoming, update_id, after, reply, edits)

    def _said(
        self,
        incoming: Incoming,
        update_id: int,
        after: Conversation,
        reply: Reply,
        edits: int | None = None,
    ) -> Plan:
        rows = [*self._rows(reply, after, update_id)]
        if reply.outcome is Outcome.ESCALATE and self._passes_on(incoming):
            rows.append(buttons.human(update_id))
        markup = buttons.keyboard(rows)
        return Plan(tuple(self._messages(incoming, reply.text, markup, edits)), after, reply)

    def _rows(self, reply: Reply, after: Conversation, update_id: int) -> Iterator[buttons.Row]:
        if reply.choices:
            yield from buttons.choices(reply.choices, numbered=True)
        elif reply.outcome is Outcome.ESCALATE:
            yield from buttons.choices(self._nearest(reply), numbered=False)
        elif reply.outcome is Outcome.ANSWER:
            entry = self.assistant.base.by_id.get(after.entry or "")
            if entry:
                yield buttons.steps(entry.id, after.step, len(entry.steps))
            yield from buttons.choices(reply.related[:MOST_RELATED], numbered=False)
            yield buttons.votes(update_id)

    def _passes_on(self, incoming: Incoming) -> bool:
        """Tell whether what came can be passed on: an answer in a group would not be private."""
        return self._human and not incoming.group

    def _shown(self, incoming: Incoming, update_id: int) -> Plan:
        """Answer what is no text.

        What nobody sent, as a pinned message, is left alone, as is a location that moves on.
        """
        if not incoming.media or incoming.edited:
            return Plan()
        contacts = self.assistant.contacts()
        if not self._passes_on(incoming):
            return self._line(incoming, wording.NOT_TEXT.format(contacts=contacts))
        markup = buttons.keyboard([buttons.human(update_id)])
        text = wording.NOT_TEXT_HUMAN.format(contacts=contacts)
        return Plan(tuple(self._messages(incoming, text, markup)), media=True)

    def _nearest(self, reply: Reply) -> list[Choice]:
        """Return the questions nearest to what could not be answered."""
        by_id = self.assistant.base.by_id
        candidates = [
            candidate
            for part in reply.parts
            if part.outcome is Outcome.ESCALATE
            for candidate in part.candidates[:NEAREST]
        ]
        return [Choice(c.entry, by_id[c.entry].question) for c in candidates[:NEAREST]]

    def _commanded(  # noqa: PLR0911  # one return a command
        self, incoming: Incoming, update_id: int, conversation: Conversation
    ) -> Plan:
        assistant = self.assistant
        match incoming.command:
            case "start" if incoming.text and (picked := self._by_link(incoming.text)):
                return self._said(incoming, update_id, *picked)
            case "start":
                text = wording.START.format(title=assistant.base.header.title)
                return self._menu(incoming, text)
            case "topics":
                return self._menu(incoming, wording.TOPICS)
            case "ask" if incoming.text:
                return self._asked(incoming, update_id, conversation, None)
            case "steps":
                return self._said(incoming, update_id, *assistant.overview(conversation))
            case "forget":
                return Plan(self._line(incoming, wording.FORGOTTEN).calls, forget=True)
            case "mute" | "unmute":
                mute = incoming.command == "mute"
                line = wording.MUTED if mute else wording.UNMUTED
                return Plan(self._line(incoming, line).calls, mute=mute)
            case "feedback" if incoming.text:
                calls = self._line(incoming, wording.FEEDBACK_TAKEN).calls
                return Plan(calls, feedback=incoming.text)
            case command:
                lines = {
                    "ask": wording.ASK_WHAT,
                    "help": wording.HELP,
                    "contact": assistant.contacts(),
                    "feedback": wording.FEEDBACK,
                    "version": wording.VERSION.format(
                        version=self._version, kb=assistant.base.version
                    ),
                }
                return self._line(incoming, lines.get(command, wording.UNKNOWN_COMMAND))

    def _by_link(self, payload: str) -> tuple[Conversation, Reply] | None:
        return self.assistant.pick(payload) or self.assistant.pick(self._entries.get(payload, ""))

    def _menu(self, incoming: Incoming, text: str) -> Plan:
        base = self.assistant.base
        first = base.first_of_topics
        offered = [Choice(first[id_].id, title) for id_, title in base.topics.items()]
        markup = buttons.keyboard(buttons.choices(offered, numbered=False))
        return Plan(tuple(self._messages(incoming, text, markup)))

    def _line(self, incoming: Incoming, text: str) -> Plan:
        return Plan(tuple(self._messages(incoming, text, {})))

    def _pressed(self, incoming: Incoming, update_id: int) -> Plan:
        pressed = buttons.read(incoming.text)
        if pressed and pressed.verb == buttons.VOTE and pressed.about.isdecimal():
            vote = Vote(int(pressed.about), useful=pressed.how == buttons.UP)
            thanks, expired = (told(incoming, t) for t in (wording.THANKS, wording.EXPIRED))
            return Plan((thanks,), vote=vote, refused=(expired,))
        if pressed and pressed.verb == buttons.HUMAN and pressed.about.isdecimal():
            return Plan(human=int(pressed.about))
        if pressed and pressed.verb == buttons.MUTE:
            return Plan((told(incoming, wording.MUTED),), mute=True)
        entry = self._entries.get(pressed.about, "") if pressed else ""
        if pressed and pressed.verb == buttons.STEP and pressed.how.isdecimal():
            shown = self.assistant.step(entry, int(pressed.how))
            if shown:
                return self._walked(incoming, *shown)
        picked = self.assistant.pick(entry)
        if picked is None or not incoming.chat:
            return Plan((told(incoming, wording.EXPIRED),))
        answer = self._said(incoming, update_id, *picked)
        return Plan((told(incoming, None), *answer.calls), answer.after, answer.reply)

    def _walked(self, incoming: Incoming, after: Conversation, text: str) -> Plan:
        """Show a step in the message whose button was pressed."""
        entry = self.assistant.base.by_id[after.entry or ""]
        edit = Call(
            "editMessageText",
            {
                "chat_id": incoming.chat,
                "message_id": incoming.message,
                "text": as_html(text),
                "parse_mode": "HTML",
                **buttons.keyboard([buttons.steps(entry.id, after.step, len(entry.steps))]),
            },
        )
        return Plan((told(incoming, None), edit), after)

    def _listed(self, incoming: Incoming) -> Call:
        """List the entries that fit an inline query; those of the topics for an empty one."""
        assistant = self.assistant
        if incoming.text.strip():
            _, reply = assistant.respond(NEW, incoming.text)
            found = [c.entry for part in reply.parts for c in part.candidates]
        else:
            found = [entry.id for entry in assistant.base.first_of_topics.values()]
        results = [
            {
                "type": "article",
                "id": buttons.short(id_),
                "title": picked[1].message,
                "input_message_content": {
                    "message_text": as_html(next(pieces(picked[1].text))),
                    "parse_mode": "HTML",
                },
            }
            for id_ in list(dict.fromkeys(found))[:MOST_INLINE]
            if (picked := assistant.pick(id_))
        ]
        return Call(
            "answerInlineQuery",
            {"inline_query_id": incoming.query, "results": results, "cache_time": 60},
        )

    def _messages(
        self, incoming: Incoming, text: str, markup: dict[str, Any], edits: int | None = None
    ) -> Iterator[Call]:
        """Say *text* in as many messages as it takes; the last one has the buttons."""
        parts = list(pieces(text))
        for place, part in enumerate(parts):
            params: dict[str, Any] = {
                "chat_id": incoming.chat,
                "text": as_html(part),
                "parse_mode": "HTML",
            }
            if place == len(parts) - 1:
                params |= markup
            if edits is not None and place == 0:
                yield Call("editMessageText", params, incoming.message, edits)
                continue
            if incoming.group and incoming.message:
                params["reply_parameters"] = {
                    "message_id": incoming.message,
                    "allow_sending_without_reply": True,
                }
            if incoming.thread:
                params["message_thread_id"] = incoming.thread
            yield Call("sendMessage", params, incoming.message if place == 0 else None)


def told(incoming: Incoming, text: str | None) -> Call:
    """Answer the press of a button, so that Telegram stops showing that it waits."""
    shown = {"text": text} if text else {}
    return Call("answerCallbackQuery", {"callback_query_id": incoming.query, **shown})
