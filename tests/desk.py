"""People, operators and Telegram around the bot's own parts, with a clock that a test sets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.channels.telegram.handling import Handler
from bot.channels.telegram.occasions import Hotline
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.rounds import Rounds
from bot.desk.duty import read_duty
from bot.dialogue.conversation import Assistant
from bot.dialogue.library import Library
from bot.store import outbox, records
from tests.emulator import USERNAME, message, person

NEXT = count(1000)  # ids of updates and messages, never the same twice
CHAT = -500
OPERATOR, COLLEAGUE, STRANGER = 900, 901, 902
UNKNOWN = "店铺可以用海外手机号登录直播间吗"  # no entry answers it
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shanghai


@dataclass
class Said:
    """A call that reached Telegram, with the id of what it made."""

    method: str
    params: dict[str, Any]
    made: int

    @property
    def buttons(self) -> dict[str, str]:
        """The data of its buttons by their texts."""
        rows = self.params.get("reply_markup", {}).get("inline_keyboard", [])
        return {b["text"]: b.get("callback_data", "") for row in rows for b in row}


@dataclass
class Desk:
    """The bot with its operators' chat, played through its inbox and outbox."""

    store: Engine
    assistant: Assistant
    duty: str = ""
    folder: Path = Path()
    hotline: bool = True
    chat: int = CHAT
    now: datetime = NOON
    has_topics: bool = True
    unreachable: set[int] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)
    _ids: Callable[[], int] = field(default_factory=lambda: NEXT.__next__)

    @property
    def library(self) -> Library:
        """Return what answers: the one assistant."""
        return Library([self.assistant])

    def __post_init__(self) -> None:
        """Start the bot."""
        self.restart()

    def restart(self) -> None:
        """Start the bot anew: all it knows is in the store."""
        operators = frozenset({OPERATOR, COLLEAGUE})
        duty = read_duty(self.duty, "Asia/Shanghai")
        line = Hotline(self.chat, operators, duty, timedelta(hours=4)) if self.hotline else None
        self._handler = Handler(
            self.store,
            lambda: Planner(self.library, "1", human=self.hotline),
            lambda: self.now,
            USERNAME,
            hotline=line,
            folder=lambda _: self.folder,
        )
        self._rounds = Rounds(self.store, lambda: self.library, lambda: self.now, line)

    def write(self, text: str, who: int, **more: Any) -> int:  # noqa: ANN401  # fields of a message
        """Let a person write to the bot; return the message's id."""
        id_ = self._ids()
        return self.arrive(id_, message=message(id_, text, who, **more))

    def send(self, kind: str, who: int, **more: Any) -> int:  # noqa: ANN401  # fields of a message
        """Let a person send what is no text; return the message's id."""
        id_ = self._ids()
        sent = message(id_, "", who, **{kind: {}}, **more)
        del sent["text"]
        return self.arrive(id_, message=sent)

    def operate(self, text: str, *, who: int = OPERATOR, **more: Any) -> int:  # noqa: ANN401  # fields of a message
        """Let somebody write in the operators' chat; return the message's id."""
        return self.write(text, CHAT, **{"from": person(who), **more})

    def reply(self, text: str, to: int, *, who: int = OPERATOR) -> int:
        """Let somebody reply to a message in the operators' chat."""
        return self.operate(text, who=who, reply_to_message={"message_id": to})

    def edit(self, id_: int, text: str, chat: int, **more: Any) -> None:  # noqa: ANN401  # fields of a message
        """Let somebody edit a message."""
        self.arrive(self._ids(), edited_message=message(id_, text, chat, **more))

    def press(self, data: str, *, who: int, chat: int | None = None) -> None:
        """Let somebody press a button."""
        chat = chat or who
        query = {
            "id": "1",
            "from": person(who),
            "data": data,
            "message": message(1, "…", chat, **{"from": person(7)}),
        }
        self.arrive(self._ids(), callback_query=query)

    def arrive(self, made: int, **update: Any) -> int:  # noqa: ANN401  # an update
        """Let an update arrive and be handled, and what it leads to reach Telegram."""
        self._handler.receive([{"update_id": self._ids(), **update}])
        self._handler.handle()
        self.deliver()
        return made

    def wait(self, **time: float) -> None:
        """Let time pass, then make a round."""
        self.now += timedelta(**time)
        self._rounds.make()
        self.deliver()

    def deliver(self) -> None:
        """Be Telegram: take all calls that wait."""
        with self.store.begin() as connection:
            while kept := outbox.claim(connection, 50, self.now):
                for one in kept:
                    self._take(connection, one)

    def _take(self, connection: Any, kept: outbox.Kept) -> None:  # noqa: ANN401  # a connection
        params = dict(kept.call.params)
        if kept.call.edits is not None:
            params["message_id"] = kept.target
        if params.get("chat_id") in self.unreachable:
            outbox.refuse(connection, kept.id)
            records.block(connection, kept.lane, self.now)
        elif kept.call.method == "createForumTopic" and not self.has_topics:
            outbox.refuse(connection, kept.id)
        else:
            made = self._ids()
            outbox.confirm(connection, kept.id, made)
            self.said.append(Said(kept.call.method, params, made))

    def to(self, chat: int) -> list[Said]:
        """Return what was sent to a chat: messages and copies of them, no edits."""
        sent = ("sendMessage", "copyMessage")
        return [one for one in self.said if one.method in sent and one.params["chat_id"] == chat]

    def last(self, chat: int) -> str:
        """Return the text of the last message to a chat."""
        return str([one for one in self.to(chat) if "text" in one.params][-1].params["text"])

    def ask_for_human(self, who: int, text: str = UNKNOWN) -> Said:
        """Let a person ask what the bot does not know, and press 转给人工; return the card."""
        self.write(text, who)
        self.press(self.to(who)[-1].buttons["转给人工"], who=who)
        return [one for one in self.to(CHAT) if "工单 #" in one.params.get("text", "")][-1]

    def card(self) -> str:
        """Return what the card that changed last says now."""
        edits = [one for one in self.said if one.method == "editMessageText"]
        return str([e for e in edits if e.params["chat_id"] == CHAT][-1].params["text"])
