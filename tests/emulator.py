"""Telegram's side of the tests: `lo-bot-api-emulator`, a server that we did not write, over HTTP.

It is run inside the test process, with what it lacks: a bot with a name, more kinds of updates,
the texts of calls, and faults.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import lo_bot_api_emulator
from aiohttp import web
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator, updates

TOKEN = "123456:ABCDEF"  # noqa: S105  # opens nothing but the emulator
USERNAME = "kaidian_bot"
PERSON = 42
PATIENCE = 60  # seconds until a reply counts as never sent; nothing waits that long when it works
MOST_WAITING = 1_000_000  # updates that Telegram keeps for the bot
OK = 200

updates.KINDS |= {"edited_message", "my_chat_member"}
for parameters in ("sendMessage", "editMessageText", "sendChatAction"):
    lo_bot_api_emulator.CONTRACT["methods"][parameters]["parameters"] += ["message_thread_id"]
lo_bot_api_emulator.CONTRACT["methods"]["setMyCommands"]["parameters"] += ["scope"]


@dataclass
class Made:
    """A call that the bot made: *method*, decoded *params*, and what it got for it."""

    method: str
    params: dict[str, Any]
    result: Any


@dataclass
class Fault:
    """What the next *times* calls of *method* get instead of an answer."""

    method: str
    status: int
    description: str = "fault"
    parameters: dict[str, Any] | None = None
    times: int = 1


class Mishap(StrEnum):
    """What becomes of the answer to a call that was accepted."""

    CUT = "the connection is cut before the answer"
    STALLED = "no answer ever comes"
    GARBLED = "the answer is not JSON"
    REPEATED = "updates that were handed out before come again"


@dataclass
class Accident:
    """What happens to the answers of the next *times* calls of *method*."""

    method: str
    mishap: Mishap
    times: int = 1


# Whether the call that this task answers is never to be answered.
_hanging: ContextVar[bool] = ContextVar("hanging", default=False)


class _Server(LoBotApiEmulator):  # type: ignore[misc]  # the emulator ships no types
    """The emulator, with a name for the bot; what happens is told to *emulator*."""

    def __init__(self, emulator: "Emulator") -> None:
        super().__init__(
            enable_control=True, max_updates=MOST_WAITING, allow_insecure_loopback_webhooks=True
        )
        self._emulator = emulator
        self._handed_out: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call over HTTP, or lose the answer as a test wants."""
        method = request.match_info["method"]
        response: web.Response = await super().handle(request)
        if _hanging.get():
            await self._emulator.over.wait()
        mishap = self._emulator.mishap(method) if response.status == OK else None
        if method == "getUpdates" and response.status == OK:
            response = self._hand_out(response, again=mishap is Mishap.REPEATED)
        match mishap:
            case Mishap.CUT if request.transport:
                request.transport.close()
            case Mishap.STALLED:
                await self._emulator.over.wait()
            case Mishap.GARBLED:
                response = web.Response(text='{"ok": tru', content_type="application/json")
        self._emulator.answered(method)
        return response

    def _hand_out(self, response: web.Response, *, again: bool) -> web.Response:
        updates = json.loads(response.text or "")["result"]
        before, self._handed_out = self._handed_out, updates or self._handed_out
        if not again:
            return response
        return web.json_response({"ok": True, "result": [*before, *updates]})

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:  # noqa: ANN401  # as there
        """Answer a call, or fail it as a test wants."""
        params = {name: _decoded(value) for name, value in fields.items()}
        self._emulator.maybe_fail(method)
        if method in {"setMyDescription", "setMyShortDescription"}:
            result: Any = True  # not modeled there
        elif method == "getChat":
            # Not modeled there; every chat is a group that the bot is in.
            result = {"id": params["chat_id"], "type": "supergroup", "title": "客服"}
        elif method in {"copyMessage", "createForumTopic"}:
            result = self._made_in_group(method)
        else:
            result = super().validate(method, fields, uploads)
        if method == "getMe":
            result |= {"username": USERNAME, "is_bot": True, "first_name": "bot"}
        _hanging.set(params.get("chat_id") in self._emulator.hanging)
        if method != "getUpdates":
            self._emulator.made(Made(method, params, result))
        return result

    def _made_in_group(self, method: str) -> dict[str, int]:
        """Copy a message or make a topic, which the emulator does not do itself."""
        if method == "createForumTopic" and not self._emulator.has_topics:
            raise ApiRefusal("Bad Request: the chat is not a forum")
        self.next_id += 1
        key = "message_id" if method == "copyMessage" else "message_thread_id"
        return {key: self.next_id - 1}


def _decoded(value: Any) -> Any:  # noqa: ANN401  # JSON
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


@dataclass
class Emulator:
    """A running emulator; a context manager."""

    calls: list[Made] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    accidents: list[Accident] = field(default_factory=list)
    hanging: set[int] = field(default_factory=set)  # chats whose calls are never answered
    over: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    has_topics: bool = True
    _next_message: int = 1000
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._serve)
        ready = threading.Event()
        self._ready = ready
        self._thread.start()
        ready.wait(PATIENCE)
        return self

    def __exit__(self, *raised: object) -> None:
        self._loop.call_soon_threadsafe(self.over.set)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self._server.app(), access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    def maybe_fail(self, method: str) -> None:
        """Fail a call if a test wants so."""
        for fault in self.faults:
            if fault.method == method and fault.times:
                fault.times -= 1
                raise ApiRefusal(fault.description, fault.status, fault.parameters)

    def mishap(self, method: str) -> Mishap | None:
        """Return what is to happen to the answer of a call, if a test wants anything to."""
        for accident in self.accidents:
            if accident.method == method and accident.times:
                accident.times -= 1
                return accident.mishap
        return None

    def answered(self, method: str) -> None:
        """Hear that the answer to a call is about to leave; for those who count."""

    def made(self, call: Made) -> None:
        """Note a call."""
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def said(self, chat: int = PERSON) -> list[Made]:
        """Return the messages sent to *chat*."""
        return [c for c in self.calls if c.method == "sendMessage" and c.params["chat_id"] == chat]

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something that calls change holds."""
        with self._changed:
            if not self._changed.wait_for(until, PATIENCE):
                raise AssertionError([f"{c.method} {c.params}" for c in self.calls[-5:]])

    def update(self, **update: Any) -> None:  # noqa: ANN401  # an update as the Bot API has it
        """Send an update to the bot."""
        asyncio.run_coroutine_threadsafe(
            self._server._update_queues.enqueue(TOKEN, update),  # noqa: SLF001  # no public way in-process
            self._loop,
        ).result(PATIENCE)

    def deliver(self) -> None:
        """Bring the updates that wait to the webhook once more."""
        asyncio.run_coroutine_threadsafe(
            self._server.deliver_updates(token=TOKEN), self._loop
        ).result(PATIENCE)

    def write(self, text: str, chat: int = PERSON, **more: Any) -> int:  # noqa: ANN401  # fields of a message
        """Write a message to the bot, or to the group *chat* when that is negative; return its id."""
        self._next_message += 1
        self.update(message=message(self._next_message, text, chat, **more))
        return self._next_message

    def ask(self, text: str, chat: int = PERSON) -> Made:
        """Write a message and return the bot's reply to it."""
        before = len(self.said(chat))
        self.write(text, chat)
        self.wait(lambda: len(self.said(chat)) > before)
        return self.said(chat)[before]

    def press(
        self, data: str, under: int, chat: int = PERSON, shown: str = "…", who: int | None = None
    ) -> None:
        """Let *who* press a button with *data* under a message of the bot that says *shown*."""
        self._next_message += 1
        self.update(
            callback_query={
                "id": str(self._next_message),
                "from": person(who or chat),
                "chat_instance": "1",
                "data": data,
                "message": message(under, shown, chat),
            }
        )


def person(id_: int) -> dict[str, Any]:
    """Return a person as the Bot API describes one."""
    return {"id": id_, "is_bot": False, "first_name": "店主"}


def message(id_: int, text: str, chat: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a message
    """Return a message as the Bot API describes one."""
    return {
        "message_id": id_,
        "date": 1_764_000_000,
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
        "from": person(abs(chat)),
        "text": text,
        **more,
    }
