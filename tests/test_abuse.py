"""What somebody may type who means harm: it costs little, says nothing new, and becomes no code.

Forged buttons and updates that nobody can read are in `test_telegram.py`.
"""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

import bot
from bot.app import Parts, assemble
from bot.channels.telegram.formatting import as_html, as_plain
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.wording import EXPIRED
from bot.dialogue.conversation import NEW
from bot.dialogue.library import Library
from bot.knowledge.reading import read_base
from bot.messages import Outcome
from bot.store import outbox
from bot.store.masking import masked
from bot.store.opening import open_store
from bot.store.outbox import Call
from bot.store.tables import inbox

LONGEST = 4096  # characters of a Telegram message
READ = 500  # characters, beyond which a message is not matched
PATIENCE = 60  # seconds of processor time in which anything but an explosion ends, on any machine
ZERO_WIDTH = "\u200b\u200c\u200d\ufeff\u2060"
PERSON = {"id": 42, "is_bot": False, "first_name": "店主"}
CHAT = {"id": 42, "type": "private"}
OVERRIDES = "\u202e\u202d\u2066\u2067"


@pytest.mark.parametrize(
    "unit",
    ["押", "吗", "急", "a", "1", " ", "?", "\n", "<", "@", "\u200b", "\u202e", "\u0301", "😀", "٣"],
)
def test_a_message_of_one_character_gets_a_plain_reply(parts: Parts, unit: str) -> None:
    """4,096 times the same, or as many as are read at all: nothing is answered."""
    for length in (LONGEST, 400):
        _, reply = parts.assistant.respond(NEW, unit * length)

        assert reply.text
        assert reply.outcome is not Outcome.ANSWER


@pytest.mark.parametrize("hidden", [ZERO_WIDTH, OVERRIDES])
def test_invisible_characters_hide_nothing(parts: Parts, hidden: str) -> None:
    """A question reads the same with characters between its own that nobody sees."""
    _, reply = parts.assistant.respond(NEW, hidden.join("要押金吗"))

    assert [part.entry for part in reply.parts] == ["deposit"]


@pytest.mark.parametrize("hidden", [ZERO_WIDTH, OVERRIDES])
def test_another_platform_is_seen_through_invisible_characters(parts: Parts, hidden: str) -> None:
    """Whoever hides 淘宝 gets no answer about 1688 for it."""
    _, reply = parts.assistant.respond(NEW, hidden.join("淘宝开店保证金能退吗"))

    assert reply.outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    "trick",
    [
        "{support}",
        "{0.__class__.__mro__}",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "%s%n",
        "%(topics)s",
        "\\1\\g<0>",
        "$(id)",
        "`id`",
        "'; DROP TABLE inbox; --",
        "!!python/object/apply:os.system [id]",
    ],
)
def test_what_looks_like_a_template_is_text(parts: Parts, trick: str) -> None:
    """A question is never formatted, expanded or run; its echo is what was typed."""
    _, plain = parts.assistant.respond(NEW, "要押金吗 不开了能退么")
    _, reply = parts.assistant.respond(NEW, f"要押金吗 不开了能退么 {trick}")

    assert plain.text
    assert "49" not in reply.text.replace(plain.text, "")
    assert "class" not in reply.text.replace(trick, "")
    assert "{" not in reply.text.replace(trick.lower(), "")


@pytest.mark.parametrize(
    "markup",
    [
        "<b>" * 1000,
        "<b><i><a href='x'>" * 200,
        "&amp;" * 800,
        "&lt;b&gt;",
        "</b></i>",
        "*_`[](" * 600,
    ],
)
def test_markup_is_shown_as_it_was_typed(markup: str) -> None:
    """Nested or half-open markup reaches Telegram as text, and comes back the same as plain text."""
    html = as_html(markup)

    assert "<" not in html
    assert as_plain(html) == markup


@pytest.mark.parametrize(
    "forged", ["v:" + "9" * 60, "v:1:", "v::+", "s:x:" + "9" * 58, "a:", ":", ""]
)
def test_forged_data_of_a_button_is_an_old_button(parts: Parts, store: Engine, forged: str) -> None:
    """Figures that fit into no column, and data of no button, get the answer that an old one gets."""
    query = {"id": "7", "from": PERSON, "data": forged, "message": {"message_id": 1, "chat": CHAT}}
    (told,) = handled(parts, store, {"callback_query": query})

    assert told.method == "answerCallbackQuery"
    assert told.params["text"] == EXPIRED


@pytest.mark.parametrize("name", ["<b>x</b>", "{title}", "%s", "\u202e店主", "[x](tg://user?id=1)"])
def test_a_name_goes_nowhere(parts: Parts, store: Engine, name: str) -> None:
    """What people and groups call themselves stands in no call."""
    person = PERSON | {"first_name": name, "last_name": name, "username": name}
    group = {"id": -5, "type": "supergroup", "title": name}
    said = {"message_id": 1, "from": person, "date": 1}
    change = {"chat": group, "from": person, "new_chat_member": {"status": "member"}}
    made = [
        *handled(
            parts, store, {"message": said | {"chat": CHAT | {"title": name}, "text": "/start"}}
        ),
        *handled(parts, store, {"message": said | {"chat": group, "text": "/ask 要押金吗"}}),
        *handled(parts, store, {"my_chat_member": change}),
    ]

    assert len(made) == 3
    assert name not in "".join(call.params["text"] for call in made)


def test_markup_in_the_knowledge_is_text(tmp_path: Path, cache: Path, store: Engine) -> None:
    """An answer with brackets, ampersands and Markdown is shown as it was written."""
    written = "填 <b>公司名</b> & *地址* `x` [y](z) &amp; {support} %s"
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "a.yaml").write_text(
        f"- id: a\n  question: 要填什么资料\n  answer: |\n    {written}\n", "utf-8"
    )
    ours = assemble(read_base(tmp_path), cache)
    said = {"message_id": 1, "from": PERSON, "chat": CHAT, "date": 1, "text": "要填什么资料"}
    (answer,) = handled(ours, store, {"message": said})

    assert "&lt;b&gt;公司名&lt;/b&gt; &amp; *地址*" in answer.params["text"]
    assert written in as_plain(answer.params["text"])


@pytest.mark.parametrize("hidden", [ZERO_WIDTH, OVERRIDES])
def test_what_is_echoed_hides_nothing(parts: Parts, hidden: str) -> None:
    """A reply that repeats the questions turns no text around."""
    _, reply = parts.assistant.respond(NEW, f"{hidden}要押金吗{hidden} 不开了能退么{hidden}")

    assert not set(hidden) & set(reply.text)


@pytest.mark.parametrize(
    "unit",
    ["押金吗", "怎么退", "谢谢", "急", "还有", "押 ", "a1", "淘宝", "xian", "，？", "第一步", "1 "],
)
def test_a_message_costs_no_more_than_its_length(parts: Parts, unit: str) -> None:
    """Twice the text takes about twice the calls, up to the longest that is read."""
    short = calls(parts, (unit * 400)[:220])
    long = calls(parts, (unit * 400)[:440])

    assert long <= 2.5 * short


@pytest.mark.parametrize(
    "unit",
    ["a", "1", "1 ", "1-", "86", "a@", "a.", "a@a.", "微信", "QQ1", "01", "/a ", "<b", "【1】", "\n",
     "（资料：", " ,", "?!", "a1", "零", "第零", "一天", "\u200b"],
)  # fmt: skip
def test_no_pattern_explodes(parts: Parts, unit: str) -> None:
    """Each regular expression ends on the longest message made of what it is about."""
    text = (unit * LONGEST)[: LONGEST - 1] + "！"
    parts.assistant.respond(NEW, unit)  # some patterns are made when they are first needed
    with limited():
        for pattern in patterns():
            pattern.sub("", text)
            pattern.fullmatch(text)
        for pattern in held(parts, set()):
            pattern.sub("", text[:READ])
            pattern.fullmatch(text[:READ])
        masked(text)


@pytest.mark.parametrize("unit", ["急", "急急急", "谢", "求", "亲", "就是", "那么", " ,", "对了"])
def test_padding_does_not_explode(parts: Parts, unit: str) -> None:
    """A run of padding can be cut in many ways, of which one is enough."""
    text = (unit * LONGEST)[:500] + "x"
    with limited():
        assert parts.analyzer.strip(text)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """Return an empty store."""
    engine = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield engine
    engine.dispose()


def handled(parts: Parts, store: Engine, update: dict[str, Any]) -> list[Call]:
    """Return the calls that an update leads to."""
    planner = Planner(Library([parts.assistant]), "1")
    handler = Handler(store, lambda: planner, lambda: datetime.now(UTC), "kaidian_bot")
    with store.begin() as connection:
        known = connection.execute(select(func.count()).select_from(inbox)).scalar_one()
    handler.receive([update | {"update_id": known + 1}])
    assert handler.handle() == 1
    with store.begin() as connection:
        claimed = outbox.claim(connection, 10, datetime.now(UTC))
        for kept in claimed:
            outbox.confirm(connection, kept.id, None)
    return [kept.call for kept in claimed]


def patterns() -> Iterator[re.Pattern[str]]:
    """Yield the regular expressions that our modules hold."""
    for module in walk_packages(bot.__path__, "bot."):
        if ".migrations" in module.name:
            continue  # these run within Alembic only
        for value in vars(import_module(module.name)).values():
            rows = value if isinstance(value, tuple) else (value,)
            cells = chain.from_iterable(row if isinstance(row, tuple) else (row,) for row in rows)
            yield from (cell for cell in cells if isinstance(cell, re.Pattern))


def held(thing: object, seen: set[int]) -> Iterator[re.Pattern[str]]:
    """Yield the regular expressions that an object of ours holds, however deep."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, re.Pattern):
        yield thing
    elif isinstance(thing, (tuple, list)):
        yield from chain.from_iterable(held(item, seen) for item in thing)
    elif type(thing).__module__.startswith("bot."):
        fields = {*getattr(type(thing), "__slots__", ()), *getattr(thing, "__dict__", ())}
        values = (getattr(thing, name, None) for name in fields)
        yield from chain.from_iterable(held(value, seen) for value in values)


def calls(parts: Parts, message: str) -> int:
    """Return how many functions are called to answer *message*, when all entries are at hand."""
    for entry in parts.assistant.base.entries:
        parts.assistant.respond(NEW, f"{entry.question}！")
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        parts.assistant.respond(NEW, message)
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def limited() -> Iterator[None]:
    """End what takes more processor time than PATIENCE: it would never end."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
