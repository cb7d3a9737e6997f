"""The store: one contract, on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    UniqueConstraint,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)

from bot.errors import StoreError
from bot.store import inbox, migrations, outbox, records, tickets
from bot.store.forgetting import NEEDED, expire, forget
from bot.store.inbox import Received
from bot.store.opening import migrate, open_store
from bot.store.outbox import Call
from bot.store.records import Turn
from bot.store.tables import metadata, turns
from bot.store.tickets import Asked
from bot.store.upkeep import vacuum

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HELLO = Call("sendMessage", {"chat_id": 1, "text": "您好"})
RELEASED = sorted(
    path.stem[:4] for path in Path(migrations.__path__[0], "versions").glob("[0-9]*.py")
)
EDIT = Call("editMessageText", {"chat_id": 1, "text": "您好"})


@pytest.fixture
def store(db: str) -> Iterator[Engine]:
    """Return an empty store."""
    engine = open_store(db)
    yield engine
    engine.dispose()


def arrive(connection: Connection, *updates: tuple[int, str]) -> None:
    """Keep updates, each given by its id and lane."""
    inbox.receive(connection, [Received(id_, lane, "{}") for id_, lane in updates], NOW)


def claimed(connection: Connection) -> list[int]:
    """Return the ids of the updates to handle now."""
    return [received.update_id for received in inbox.claim(connection, 10, NOW)]


def test_an_update_that_comes_again_is_kept_once(store: Engine) -> None:
    """Also when it was handled in between, and among new ones."""
    with store.begin() as connection:
        arrive(connection, (1, "a"))
        inbox.finish(connection, 1)
        arrive(connection, (1, "a"), (2, "a"), (2, "a"))

        assert claimed(connection) == [2]


def test_updates_of_a_lane_are_handled_one_after_the_other(store: Engine) -> None:
    """Only the first of each lane is given out, the oldest first."""
    with store.begin() as connection:
        arrive(connection, (4, "a"), (1, "b"), (2, "a"), (3, "b"))

        assert claimed(connection) == [1, 2]
        inbox.finish(connection, 2)
        assert claimed(connection) == [1, 4]


def test_what_was_not_committed_never_happened(store: Engine) -> None:
    """A process that dies while it handles an update leaves it to be handled."""
    with store.begin() as connection:
        arrive(connection, (1, "a"))
    with store.connect() as connection:
        inbox.finish(connection, 1)
        outbox.keep(connection, 1, "a", [HELLO], NOW)
        connection.rollback()
    with store.begin() as connection:
        assert claimed(connection) == [1]
        assert outbox.claim(connection, 10, NOW) == []


def test_an_update_that_fails_is_set_aside_after_three_tries(store: Engine) -> None:
    """What comes after it in its lane is handled then."""
    with store.begin() as connection:
        arrive(connection, (1, "a"), (2, "a"))

        assert [inbox.fail(connection, 1) for _ in range(3)] == [False, False, True]
        assert claimed(connection) == [2]


def test_handled_updates_are_dropped_when_they_are_old(store: Engine) -> None:
    """Those that wait stay, however old."""
    with store.begin() as connection:
        arrive(connection, (1, "a"), (2, "a"))
        inbox.finish(connection, 1)
        assert expire(connection, NOW + NEEDED + timedelta(seconds=1), None) == 1
        arrive(connection, (1, "b"))

        assert claimed(connection) == [1, 2]


def test_what_is_older_than_the_operator_wants_is_deleted(store: Engine) -> None:
    """Turns, votes, opinions and conversations; what is younger, and calls that wait, stay."""
    with store.begin() as connection:
        for update_id, at in ((1, NOW), (2, NOW + timedelta(days=30))):
            said = [Turn("押金", "answer", "deposit", 0.9, "kb")]
            records.record(connection, update_id, "a", said, at)
            records.vote(connection, update_id, "a", 42, at, useful=True)
            records.opine(connection, update_id, "a", "好", at)
            outbox.keep(connection, update_id, "a", [HELLO], at)
        expire(connection, NOW + timedelta(days=31), timedelta(days=30))

        assert ids(connection, "turns", "votes", "feedback", "outbox") == {
            "turns": [2],
            "votes": [2],
            "feedback": [2],
            "outbox": [1, 2],
        }


def test_what_was_handled_and_sent_is_emptied(store: Engine) -> None:
    """No raw update and no text of a reply is kept once nobody needs it; an edit finds its message."""
    with store.begin() as connection:
        inbox.receive(connection, [Received(1, "a", '{"text": "我叫王小明"}')], NOW)
        inbox.finish(connection, 1)
        outbox.keep(connection, 1, "a", [HELLO, HELLO, HELLO], NOW)
        outbox.confirm(connection, outbox.claim(connection, 1, NOW)[0].id, 7)
        outbox.refuse(connection, outbox.claim(connection, 1, NOW)[0].id)
        for _ in range(2):
            outbox.doubt(connection, outbox.claim(connection, 1, NOW)[0].id, NOW)

        assert connection.execute(text("SELECT payload FROM inbox")).scalars().all() == ["{}"]
        assert connection.execute(text("SELECT params FROM outbox")).scalars().all() == ["{}"] * 3


def ids(connection: Connection, *names: str) -> dict[str, list[int]]:
    """Return the ids of the updates that the tables with these names know of."""
    return {
        name: list(connection.execute(text(f"SELECT update_id FROM {name} ORDER BY 1")).scalars())  # noqa: S608  # our own names
        for name in names
    }


def test_calls_of_a_lane_are_made_one_after_the_other(store: Engine) -> None:
    """The next one is given out when the one before it was confirmed, refused or given up."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO, HELLO, HELLO], NOW)
        outbox.keep(connection, 2, "b", [HELLO], NOW)
        first, other = outbox.claim(connection, 10, NOW)

        assert (first.lane, other.lane) == ("a", "b")
        assert outbox.claim(connection, 10, NOW) == []
        outbox.confirm(connection, first.id, 7)
        (second,) = outbox.claim(connection, 10, NOW)
        outbox.refuse(connection, second.id)
        assert [kept.lane for kept in outbox.claim(connection, 10, NOW)] == ["a"]


def test_a_postponed_call_holds_its_lane_until_its_time(store: Engine) -> None:
    """Other lanes go on."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO, HELLO], NOW)
        (first,) = outbox.claim(connection, 10, NOW)
        outbox.postpone(connection, first.id, LATER)

        assert outbox.claim(connection, 10, NOW) == []
        assert [kept.id for kept in outbox.claim(connection, 10, LATER)] == [first.id]


def test_a_call_in_doubt_is_repeated_once(store: Engine) -> None:
    """After the second doubt it is given up: nobody gets a message three times."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO], NOW)
        for _ in range(2):
            (kept,) = outbox.claim(connection, 10, NOW)
            outbox.doubt(connection, kept.id, NOW)

        assert outbox.claim(connection, 10, NOW) == []


def test_what_may_be_seen_twice_is_repeated_as_long_as_it_takes(store: Engine) -> None:
    """An edit says the same however often it is made."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [EDIT], NOW)
        for _ in range(5):
            (kept,) = outbox.claim(connection, 10, NOW)
            outbox.doubt(connection, kept.id, NOW)

        assert len(outbox.claim(connection, 10, NOW)) == 1


def test_calls_of_a_process_that_is_gone_are_taken_back(store: Engine) -> None:
    """Those that another process has just begun are left to it."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO], NOW)
        outbox.keep(connection, 2, "b", [HELLO], LATER)
        outbox.claim(connection, 10, NOW)
        outbox.claim(connection, 10, LATER)
        outbox.recover(connection, NOW, LATER)

        assert [kept.lane for kept in outbox.claim(connection, 10, LATER)] == ["a"]


def test_a_call_outlives_any_number_of_processes(store: Engine) -> None:
    """That the process was killed says nothing against the call it was making."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO], NOW)
        for _ in range(5):
            assert len(outbox.claim(connection, 10, NOW)) == 1
            outbox.recover(connection, NOW, NOW)

        assert len(outbox.claim(connection, 10, NOW)) == 1


def test_an_edit_finds_the_message_to_change(store: Engine) -> None:
    """The answer to an edited question is found by that question, and its message by the answer."""
    with store.begin() as connection:
        asked = Call("sendMessage", {"chat_id": 1, "text": "您好"}, question=5)
        outbox.keep(connection, 1, "a", [asked], NOW)
        (answer,) = outbox.claim(connection, 10, NOW)
        outbox.confirm(connection, answer.id, 77)

        assert outbox.answer_to(connection, "b", 5) is None
        assert outbox.answer_to(connection, "a", 5) == answer.id
        change = Call("editMessageText", {"chat_id": 1}, question=5, edits=answer.id)
        outbox.keep(connection, 2, "a", [change], NOW)
        assert outbox.claim(connection, 10, NOW)[0].target == 77


def test_personal_data_is_masked_before_it_is_kept(store: Engine) -> None:
    """Numbers that name a person never reach the table."""
    said = "我手机13812345678，身份证11010519491231002X，邮箱a.b@example.com，押金退吗"
    with store.begin() as connection:
        records.record(connection, 1, "a", [Turn(said, "answer", "deposit", 0.9, "kb")], NOW)

        assert connection.execute(select(turns.c.utterance)).scalar_one() == (
            "我手机〔手机号〕，身份证〔证件号〕，邮箱〔邮箱〕，押金退吗"
        )


def test_a_vote_can_be_changed_and_not_forged(store: Engine) -> None:
    """One vote a person; none on what was said to somebody else."""
    with store.begin() as connection:
        records.record(connection, 1, "a", [Turn("押金", "answer", "deposit", 0.9, "kb")], NOW)

        assert records.vote(connection, 1, "a", 42, NOW, useful=True)
        assert records.vote(connection, 1, "a", 42, NOW, useful=False)
        assert not records.vote(connection, 1, "b", 43, NOW, useful=True)
        assert connection.execute(text("SELECT person, useful FROM votes")).all() == [(42, 0)]


def test_all_of_a_group_can_vote(store: Engine) -> None:
    """An answer in a group is read by all of it, in whichever topic; no other chat has a vote."""
    with store.begin() as connection:
        records.record(
            connection, 1, "-5:0:42", [Turn("押金", "answer", "deposit", 0.9, "kb")], NOW
        )

        assert records.vote(connection, 1, "-5", 42, NOW, useful=True)
        assert records.vote(connection, 1, "-5", 43, NOW, useful=False)
        assert not records.vote(connection, 1, "-50", 43, NOW, useful=True)
        rows = connection.execute(text("SELECT person, useful FROM votes ORDER BY person")).all()
        assert rows == [(42, 1), (43, 0)]


def test_who_blocked_the_bot_is_remembered(store: Engine) -> None:
    """Until they take it back; saying it twice changes nothing."""
    with store.begin() as connection:
        records.block(connection, "a", NOW)
        records.block(connection, "a", LATER)
        assert records.blocked(connection, "a")
        records.unblock(connection, "a")
        assert not records.blocked(connection, "a")


def test_no_number_is_given_twice(store: Engine) -> None:
    """A card in the operators' chat, or a call under way, may still name what was deleted."""
    asked = Asked(1, "押金", "kb")
    numbers = []
    with store.begin() as connection:
        for update_id in (1, 2):
            call = outbox.add(connection, update_id, "42", HELLO, NOW)
            numbers.append((call, tickets.open_(connection, update_id, "42", asked, NOW)))
            forget(connection, 42)

    (first_call, first_ticket), (second_call, second_ticket) = numbers
    assert first_call < second_call
    assert first_ticket < second_ticket


def test_forgetting_leaves_nothing_of_a_person_and_all_of_others(store: Engine) -> None:
    """In private, in groups and inline; only what still waits for an answer stays."""
    lanes = {1: "42", 2: "142", 3: "42", 4: "-5:0:42", 5: "inline:42", 6: "-5:0:420", 7: "42:0:7"}
    with store.begin() as connection:
        for update_id, lane in lanes.items():
            arrive(connection, (update_id, lane))
            said = [Turn("押金", "answer", "deposit", 0.9, "kb")]
            records.record(connection, update_id, lane, said, NOW)
            records.vote(connection, update_id, lane, update_id, NOW, useful=True)
            records.remember(connection, lane, "{}", NOW)
            records.opine(connection, update_id, lane, "好", NOW)
            outbox.keep(connection, update_id, lane, [HELLO], NOW)
        inbox.finish(connection, 1, 4, 5)
        arrive(connection, (8, "42"))
        forget(connection, 42, but=3)

        assert ids(connection, "inbox", "outbox", "turns", "votes", "feedback") == {
            "inbox": [2, 3, 6, 7, 8],
            "outbox": [2, 3, 6, 7],
            "turns": [2, 6, 7],
            "votes": [2, 6, 7],
            "feedback": [2, 6, 7],
        }
        remembered = {one.lane: one.conversation for one in inbox.claim(connection, 10, NOW)}
        assert (remembered["42"], remembered["142"]) == (None, "{}")


def test_what_was_forgotten_is_nowhere_in_the_database(store: Engine, db: str) -> None:
    """Not in any table, and on SQLite not in a byte of its files."""
    with store.begin() as connection:
        for number in range(200):
            said = [Turn("沉默的羔羊", "answer", "deposit", 0.9, "kb")]
            records.record(connection, number, "4242424242", said, NOW)
            outbox.keep(connection, number, "4242424242", [HELLO], NOW)
    with store.begin() as connection:
        assert forget(connection, 4242424242) == 400
    vacuum(store)

    kept = [Path(make_url(db).database or "")] if store.dialect.name == "sqlite" else []
    for path in [found for one in kept for found in one.parent.glob(one.name + "*")]:
        assert "沉默的羔羊".encode() not in path.read_bytes()
        assert b"4242424242" not in path.read_bytes()
    with store.begin() as connection:
        for table in metadata.sorted_tables:
            assert "4242424242" not in str(connection.execute(select(table)).all())


@pytest.mark.parametrize("revision", RELEASED)
def test_a_store_of_any_released_schema_is_brought_up(db: str, revision: str) -> None:
    """What was written under it is found again; what need not be kept unmasked is emptied."""
    engine = create_engine(db)
    migrate(engine, revision)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO turns (update_id, place, lane, utterance, outcome, confidence, kb, at)"
                " VALUES (1, 0, 'a', '押金', 'answer', 0.9, 'kb', '2026-11-24 12:00:00')"
            )
        )
    engine.dispose()
    engine = open_store(db)
    with engine.begin() as connection:
        assert connection.execute(select(turns.c.utterance, turns.c.channel)).all() == [
            ("押金", "telegram")
        ]
    engine.dispose()


def test_the_migrations_lead_to_the_tables_that_are_used(store: Engine) -> None:
    """Every column and index that the code names exists, and no others."""
    found = inspect(store)
    assert set(found.get_table_names()) - {"alembic_version"} == set(metadata.tables)
    for name, table in metadata.tables.items():
        assert [c["name"] for c in found.get_columns(name)] == [c.name for c in table.columns]
        indexes = {i["name"] for i in found.get_indexes(name) if not i.get("duplicates_constraint")}
        assert indexes == {index.name for index in table.indexes}
        unique = {tuple(u["column_names"]) for u in found.get_unique_constraints(name)}
        assert unique == {
            tuple(constraint.columns.keys())
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        }


@pytest.mark.parametrize("revision", RELEASED[3:])
def test_what_waits_to_be_sent_outlives_a_migration(db: str, revision: str) -> None:
    """Each call keeps its number, by which tickets know it."""
    engine = create_engine(db)
    migrate(engine, revision)
    with engine.begin() as connection:
        outbox.keep(connection, 1, "a", [HELLO, HELLO], NOW)
    engine.dispose()
    engine = open_store(db)
    with engine.begin() as connection:
        assert [kept.id for kept in outbox.claim(connection, 1, NOW)] == [1]
        assert outbox.add(connection, 2, "b", HELLO, NOW) == 3
    engine.dispose()


def test_a_newer_store_is_left_alone(store: Engine, db: str) -> None:
    """A program that is too old says so, and changes nothing."""
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    store.dispose()

    with pytest.raises(StoreError, match="比这个程序新"):
        open_store(db)


def test_a_store_is_opened_again_as_it_was_left(store: Engine, db: str) -> None:
    """Migrating twice changes nothing."""
    with store.begin() as connection:
        arrive(connection, (1, "a"))
    store.dispose()
    again = open_store(db)
    with again.begin() as connection:
        assert claimed(connection) == [1]
    again.dispose()


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_processes_share_the_work(store: Engine) -> None:
    """What one has begun to handle or to send is left out by the other, nobody waits."""
    with store.begin() as connection:
        arrive(connection, (1, "a"), (2, "b"))
        outbox.keep(connection, 9, "a", [HELLO], NOW)
        outbox.keep(connection, 10, "b", [HELLO], NOW)
    with store.begin() as one, store.begin() as other:
        assert [received.update_id for received in inbox.claim(one, 1, NOW)] == [1]
        assert claimed(other) == [2]
        assert [kept.lane for kept in outbox.claim(one, 1, NOW)] == ["a"]
        assert [kept.lane for kept in outbox.claim(other, 10, NOW)] == ["b"]


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_no_two_processes_work_in_one_lane(store: Engine) -> None:
    """While one handles the first update of a lane, the next of that lane is given to nobody."""
    with store.begin() as connection:
        arrive(connection, (1, "a"), (2, "a"))
    with store.begin() as one, store.begin() as other:
        assert claimed(one) == [1]
        inbox.finish(one, 1)
        assert claimed(other) == []


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_processes_that_start_together_migrate_once(db: str) -> None:
    """Replicas are started at the same instant on an empty database."""
    together, opened = Barrier(4), []

    def start() -> None:
        together.wait()
        opened.append(open_store(db))

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in opened:
        engine.dispose()

    assert len(opened) == 4


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "不是可用的数据库地址"),
        ("oracle-of-delphi://x", "不是可用的数据库地址"),
        ("postgresql+psycopg://nobody@/none?host=/nowhere", "打不开数据库"),
    ],
)
def test_a_store_that_cannot_be_opened_says_why(url: str, told: str) -> None:
    """In a line, with what to check."""
    with pytest.raises(StoreError, match=told):
        open_store(url)


def test_a_folder_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    """A file where the folder should be is such a case."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="建不了放数据库的文件夹"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'store.db'}")
