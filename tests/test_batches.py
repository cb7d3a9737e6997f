"""Many updates in one transaction: whatever becomes of one, the others are answered once, in order."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from bot.app import Parts
from bot.channels.telegram.handling import BATCH, Handler
from bot.channels.telegram.incoming import Update
from bot.channels.telegram.limiting import MOST_A_MINUTE
from bot.channels.telegram.planning import Planner
from bot.dialogue.library import Library
from bot.store import outbox
from bot.store.opening import open_store
from bot.store.takeovers import Takeover, hold
from tests.desk import CHAT, NOON, OPERATOR, Desk
from tests.emulator import USERNAME, message, person

POISON = {"update_id": 3, "message": {"message_id": 3}}


@pytest.fixture
def store(db: str) -> Iterator[Engine]:
    """Return an empty store."""
    engine = open_store(db)
    yield engine
    engine.dispose()


@pytest.fixture
def handler(store: Engine, parts: Parts) -> Handler:
    """Return what handles updates."""
    planner = Planner(Library([parts.assistant]), "1")
    return Handler(store, lambda: planner, lambda: NOON, USERNAME)


def asked(number: int, said: str, chat: int) -> Update:
    """Return an update in which somebody asks."""
    return {"update_id": number, "message": message(number, said, chat)}


def sent(store: Engine) -> list[tuple[int, str]]:
    """Return the chats that calls are for, and what these say, in their order."""
    with store.begin() as connection:
        found = []
        while kept := outbox.claim(connection, 50, NOON):
            for one in kept:
                found.append((one.call.params["chat_id"], one.call.params["text"]))
                outbox.confirm(connection, one.id, None)
    return found


def states(connection: Connection) -> dict[int, str]:
    """Return the state of each update."""
    rows = connection.execute(text("SELECT update_id, state FROM inbox"))
    return {row.update_id: row.state for row in rows}


def test_a_poisonous_update_costs_no_other_its_answer(
    store: Engine, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried three times and set aside, which the log says; others are answered once each."""
    handler.receive([asked(1, "要押金吗", 1), asked(2, "要押金吗", 2), POISON, asked(4, "你好", 4)])
    while handler.handle():
        pass

    assert sorted(chat for chat, _ in sent(store)) == [1, 2, 4]
    with store.begin() as connection:
        assert states(connection) == {1: "done", 2: "done", 3: "dead", 4: "done"}
    assert caplog.text.count("会再试") == 2
    assert caplog.text.count("已经放到一边") == 1


def test_operators_are_told_of_what_cannot_be_handled(store: Engine, parts: Parts) -> None:
    """Once an hour: whoever sends more of it fills nobody's chat."""
    desk = Desk(store, parts.assistant)
    for wait in (0, 1, 60):
        desk.now += timedelta(minutes=wait)
        desk.arrive(1, message={"message_id": 1})

    told = [one.params["text"] for one in desk.to(CHAT)]
    assert ["处理不了" in text and "KeyError" in text for text in told] == [True, True]


def test_what_the_store_refuses_costs_no_other_its_answer(store: Engine, handler: Handler) -> None:
    """PostgreSQL keeps no NUL; what is wrong shows only when it is written."""
    handler.receive([asked(1, "要押金吗", 1), asked(2, "要押金吗\0", 2), asked(3, "要押金吗", 3)])
    while handler.handle():
        pass

    assert {1, 3} <= {chat for chat, _ in sent(store)}
    with store.begin() as connection:
        assert "new" not in states(connection).values()


def test_messages_of_one_person_are_answered_in_their_order(
    store: Engine, handler: Handler
) -> None:
    """Also when there are more than a batch holds, and one of another is poisonous."""
    people = range(101, 101 + BATCH + 2)
    updates = [
        asked(10 + 100 * turn + chat, f"/version {turn}", chat)
        for turn in range(2)
        for chat in people
    ]
    handler.receive([POISON, *updates, asked(900, "/help", 101), asked(901, "/contact", 101)])
    while handler.handle():
        pass

    said = sent(store)
    assert len(said) == len(updates) + 2
    with store.begin() as connection:
        ids = connection.execute(
            text("SELECT update_id FROM outbox WHERE lane = '101' ORDER BY id")
        )
        assert list(ids.scalars()) == [111, 211, 900, 901]


def test_a_batch_that_was_not_committed_never_happened(store: Engine, parts: Parts) -> None:
    """A process that ends in the middle of a batch leaves all of it to be handled, and no answer."""
    planner = Planner(Library([parts.assistant]), "1")
    planners = iter([planner])

    def end() -> Planner:
        try:
            return next(planners)
        except StopIteration:
            raise SystemExit from None

    dying = Handler(store, end, lambda: NOON, USERNAME)
    dying.receive([asked(number, "要押金吗", number) for number in (1, 2)])
    with pytest.raises(SystemExit):
        dying.handle()
    with store.begin() as connection:
        assert states(connection) == {1: "new", 2: "new"}
    assert sent(store) == []
    Handler(store, lambda: planner, lambda: NOON, USERNAME).handle()

    assert [chat for chat, _ in sent(store)] == [1, 2]


def test_what_is_too_much_of_one_person_is_not_even_kept(store: Engine, handler: Handler) -> None:
    """After the one that is told of it; who asks at the same time is not affected, nor a repetition."""
    flood = [asked(number, "你好", 42) for number in range(1, 101)]
    assert handler.receive([*flood, asked(101, "你好", 43)]) == MOST_A_MINUTE + 2
    assert handler.receive(flood[:5]) == 5

    with store.begin() as connection:
        assert set(states(connection)) == {*range(1, MOST_A_MINUTE + 2), 101}


def test_what_is_written_to_operators_or_by_them_is_never_too_much(
    store: Engine, parts: Parts
) -> None:
    """An album of pictures for an operator who holds the conversation is kept whole."""
    desk = Desk(store, parts.assistant)
    with store.begin() as connection:
        hold(connection, Takeover("42", 1, OPERATOR, NOON.replace(hour=23)))
    handler = desk._handler  # noqa: SLF001  # its updates come one by one
    many = range(1, 61)
    theirs = [asked(number, "看这个", 42) for number in many]
    ours = [
        {"update_id": 100 + n, "message": message(n, "好", CHAT, **{"from": person(OPERATOR)})}
        for n in many
    ]

    assert handler.receive([*theirs, *ours]) == 2 * len(many)


def test_who_is_forgotten_starts_anew_everywhere(store: Engine, handler: Handler) -> None:
    """What came with /forget is answered all the same, but without what was said before it."""
    group = {"from": person(7)}
    handler.receive([{"update_id": 1, "message": message(1, "/steps", -5, **group)}])
    handler.handle()
    handler.receive(
        [
            asked(2, "/forget", 7),
            {"update_id": 3, "message": message(3, "/ask 下一步", -5, **group)},
            asked(4, "要押金吗", 7),
        ]
    )
    while handler.handle():
        pass

    said = sent(store)
    assert "已经删除" in said[0][1]
    (in_group,) = (text for chat, text in said if chat == -5)
    assert "第 1 步" not in in_group
    assert "买家保障" in said[-1][1]
