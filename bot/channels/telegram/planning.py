"""From what was received to what is to be said: a pure function of update and conversation."""

from collections.abc import Iterator
from dataclasses import replace

from bot.channels.telegram import buttons, wording
from bot.channels.telegram.entries import Entries
from bot.channels.telegram.formatting import as_html
from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.inline import listed
from bot.channels.telegram.plans import Plan, Vote
from bot.channels.telegram.saying import messages, told
from bot.channels.telegram.scripting import converted
from bot.dialogue.conversation import Assistant, Conversation
from bot.dialogue.library import Library
from bot.dialogue.rendering import examples
from bot.language.script import is_traditional
from bot.messages import Choice, Outcome, Reply
from bot.store.outbox import Call

NEAREST = 2  # questions that a fallback offers
MOST_RELATED = 3


class Planner:
    """Plans for one *library*; *version* is that of the program.

    *human* tells whether there is a human to pass questions on to.
    """

    def __init__(self, library: Library, version: str, *, human: bool = False) -> None:
        self.library = library
        self._version = version
        self._human = human
        self._entries = Entries(library)

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
                return self._commanded(incoming, update_id, conversation, edits)
            case Kind.BUTTON:
                return self._pressed(incoming, update_id, conversation)
            case Kind.INLINE:
                return Plan((listed(self.library, incoming),))
            case Kind.MEDIA:
                return self._shown(incoming, update_id, conversation)
            case Kind.JOINED:
                hint = wording.JOINED.format(title=self.library.title)
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
        after, reply = self.library.respond(conversation, incoming.text)
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
        if is_traditional(reply.message):
            markup = converted(markup)
        return Plan(tuple(messages(incoming, reply.text, markup, edits)), after, reply)

    def _rows(self, reply: Reply, after: Conversation, update_id: int) -> Iterator[buttons.Row]:
        base = reply.base
        if reply.bases:
            offered = [self.library.of(id_).base.header for id_ in reply.bases]
            yield from buttons.bases(offered, buttons.ASKED)
        elif reply.choices:
            yield from buttons.choices(reply.choices, numbered=True, base=base)
        elif reply.outcome is Outcome.ESCALATE:
            yield from buttons.choices(self._nearest(reply), numbered=False, base=base)
        elif reply.outcome is Outcome.ANSWER:
            entry = self.library.of(base).base.by_id.get(after.entry or "")
            if entry:
                yield buttons.steps(entry.id, after.step, len(entry.steps), base)
            yield from buttons.choices(reply.related[:MOST_RELATED], numbered=False, base=base)
            yield buttons.votes(update_id)

    def _passes_on(self, incoming: Incoming) -> bool:
        """Tell whether what came can be passed on: an answer in a group would not be private."""
        return self._human and not incoming.group

    def _shown(self, incoming: Incoming, update_id: int, conversation: Conversation) -> Plan:
        """Answer what is no text.

        What nobody sent, as a pinned message, is left alone, as is a location that moves on.
        """
        if not incoming.media or incoming.edited:
            return Plan()
        contacts = self.library.contacts(conversation)
        if not self._passes_on(incoming):
            return self._line(incoming, wording.NOT_TEXT.format(contacts=contacts))
        markup = buttons.keyboard([buttons.human(update_id)])
        text = wording.NOT_TEXT_HUMAN.format(contacts=contacts)
        return Plan(tuple(messages(incoming, text, markup)), media=True)

    def _nearest(self, reply: Reply) -> list[Choice]:
        """Return the questions nearest to what could not be answered."""
        by_id = self.library.of(reply.base).base.by_id
        candidates = [
            candidate
            for part in reply.parts
            if part.outcome is Outcome.ESCALATE
            for candidate in part.candidates[:NEAREST]
        ]
        return [Choice(c.entry, by_id[c.entry].question) for c in candidates[:NEAREST]]

    def _commanded(  # noqa: PLR0911  # one return a command
        self, incoming: Incoming, update_id: int, conversation: Conversation, edits: int | None
    ) -> Plan:
        library = self.library
        match incoming.command:
            case "start" if turn := self._entries.linked(conversation, incoming.text):
                return self._said(incoming, update_id, *turn)
            case "start":
                text = wording.START.format(title=library.title)
                return self._topics(incoming, conversation, text, text)
            case "topics":
                return self._topics(incoming, conversation, wording.TOPICS, wording.WHICH_TOPICS)
            case "ask" if incoming.text:
                return self._asked(incoming, update_id, conversation, edits)
            case "steps":
                return self._steps(incoming, update_id, conversation)
            case "base" if not library.only:
                return self._base(incoming, conversation)
            case "forget":
                return Plan(self._line(incoming, wording.FORGOTTEN).calls, forget=True)
            case "mute" | "unmute":
                mute = incoming.command == "mute"
                line = wording.MUTED if mute else wording.UNMUTED
                return Plan(self._line(incoming, line).calls, mute=mute)
            case "feedback" if incoming.text:
                calls = self._line(incoming, wording.FEEDBACK_TAKEN).calls
                return Plan(calls, feedback=incoming.text)
            case _:
                return self._told(incoming, conversation)

    def _told(self, incoming: Incoming, conversation: Conversation) -> Plan:
        """Say what a command asks for; in a group another bot may have one that is not ours."""
        library = self.library
        example = next(one.question for base in library.bases for one in examples(base))
        several = wording.HELP_BASES.format(help=wording.HELP)
        text = {
            "ask": wording.ASK_WHAT.format(example=example),
            "help": wording.HELP if library.only else several,
            "contact": library.contacts(conversation),
            "feedback": wording.FEEDBACK,
            "version": wording.VERSION.format(version=self._version, kb=library.version),
        }.get(incoming.command)
        if text is None and incoming.group and not incoming.named:
            return Plan()
        return self._line(incoming, text or wording.UNKNOWN_COMMAND)

    def _topics(
        self, incoming: Incoming, conversation: Conversation, text: str, which: str
    ) -> Plan:
        """Offer the topics with *text*, or the bases whose topics there are with *which*."""
        settled = self.library.settled(conversation)
        if settled is None:
            return self._which(incoming, which, buttons.TOPICS)
        return self._menu(incoming, text, settled)

    def _menu(self, incoming: Incoming, text: str, assistant: Assistant) -> Plan:
        base = assistant.base
        first = base.first_of_topics
        offered = [Choice(first[id_].id, title) for id_, title in base.topics.items()]
        named = "" if self.library.only else base.header.id
        markup = buttons.keyboard(buttons.choices(offered, numbered=False, base=named))
        return Plan(tuple(messages(incoming, text, markup)))

    def _which(self, incoming: Incoming, text: str, how: str) -> Plan:
        """Ask which base is meant, for what *how* says."""
        rows = [*buttons.bases((base.header for base in self.library.bases), how)]
        if how == buttons.SET:
            rows.append(buttons.no_base())
        return Plan(tuple(messages(incoming, text, buttons.keyboard(rows))))

    def _steps(self, incoming: Incoming, update_id: int, conversation: Conversation) -> Plan:
        assistant = self.library.settled(conversation)
        if assistant is None:
            return self._which(incoming, wording.WHICH_STEPS, buttons.STEPS)
        return self._overview(incoming, update_id, conversation, assistant)

    def _overview(
        self,
        incoming: Incoming,
        update_id: int,
        conversation: Conversation,
        assistant: Assistant,
    ) -> Plan:
        turn = assistant.overview(self.library.within(conversation, assistant))
        return self._said(incoming, update_id, *self.library.after(conversation, assistant, turn))

    def _base(self, incoming: Incoming, conversation: Conversation) -> Plan:
        """Set the chat to the base that a command names, or ask which."""
        wanted = incoming.text
        called = buttons.NO_BASE if wanted == buttons.NO_BASE else self.library.called(wanted)
        if called is not None:
            return self._set(incoming, conversation, called)
        settled = self.library.settled(conversation)
        text = (
            wording.WHICH_BASE.format(title=settled.base.header.title)
            if settled
            else wording.NO_BASE_YET
        )
        return self._which(incoming, text, buttons.SET)

    def _set(self, incoming: Incoming, conversation: Conversation, base: str) -> Plan:
        """Set the chat to *base*."""
        chosen = self.library.assistants.get(base)
        text = (
            wording.NOW_BASE.format(title=chosen.base.header.title)
            if chosen
            else wording.NOW_NO_BASE
        )
        after = replace(conversation, chosen=base if chosen else "")
        return Plan(self._line(incoming, text).calls, after)

    def _line(self, incoming: Incoming, text: str) -> Plan:
        return Plan(tuple(messages(incoming, text, {})))

    def _pressed(  # noqa: PLR0911  # one return a verb
        self, incoming: Incoming, update_id: int, conversation: Conversation
    ) -> Plan:
        pressed = buttons.read(incoming.text)
        expired = Plan((told(incoming, wording.EXPIRED),))
        match pressed:
            case None:
                return expired
            case buttons.Pressed(buttons.VOTE, about, how):
                vote = Vote(int(about), useful=how == buttons.UP)
                return Plan((told(incoming, wording.THANKS),), vote=vote, refused=expired.calls)
            case buttons.Pressed(buttons.HUMAN, about) if self._human:
                return Plan(human=int(about))
            case buttons.Pressed(buttons.MUTE):
                return Plan((told(incoming, wording.MUTED),), mute=True)
        if not incoming.chat:
            return expired
        if pressed.verb == buttons.BASE:
            plan = self._based(incoming, update_id, conversation, pressed)
        else:
            plan = self._shown_entry(incoming, update_id, conversation, pressed)
        if plan is None:
            return expired
        return replace(plan, calls=(told(incoming, None), *plan.calls))

    def _based(
        self,
        incoming: Incoming,
        update_id: int,
        conversation: Conversation,
        pressed: buttons.Pressed,
    ) -> Plan | None:
        """Do what a base was picked for; None when it can no longer be."""
        if pressed.about == buttons.NO_BASE:
            return self._set(incoming, conversation, "")
        id_ = self._entries.base(pressed.about)
        if id_ is None:
            return None
        assistant = self.library.of(id_)
        match pressed.how:
            case buttons.SET:
                return self._set(incoming, conversation, id_)
            case buttons.TOPICS:
                return self._menu(incoming, wording.TOPICS, assistant)
            case buttons.STEPS:
                return self._overview(incoming, update_id, conversation, assistant)
            case _:
                turn = self.library.resolve(conversation, id_)
                return turn and self._said(incoming, update_id, *turn)

    def _shown_entry(
        self,
        incoming: Incoming,
        update_id: int,
        conversation: Conversation,
        pressed: buttons.Pressed,
    ) -> Plan | None:
        """Show the entry or the step of it that was picked; None when there is none."""
        if pressed.verb == buttons.STEP and pressed.how.isdecimal():
            shown = self._entries.step(conversation, pressed.about, int(pressed.how))
            if shown:
                return self._walked(incoming, *shown)
        turn = self._entries.picked(conversation, pressed.about)
        return turn and self._said(incoming, update_id, *turn)

    def _walked(self, incoming: Incoming, after: Conversation, text: str) -> Plan:
        """Show a step in the message whose button was pressed."""
        entry = self.library.of(after.base).base.by_id[after.entry or ""]
        row = buttons.steps(entry.id, after.step, len(entry.steps), after.base)
        edit = Call(
            "editMessageText",
            {
                "chat_id": incoming.chat,
                "message_id": incoming.message,
                "text": as_html(text),
                "parse_mode": "HTML",
                **buttons.keyboard([row]),
            },
        )
        return Plan((edit,), after)
