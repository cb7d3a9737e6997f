"""What an update leads to: calls to make, and what is to be written down."""

from dataclasses import dataclass

from bot.dialogue.conversation import Conversation
from bot.messages import Reply
from bot.store.outbox import Call


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
