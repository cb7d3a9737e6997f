"""What people ask, counted: every figure is a recount of the rows that the store holds."""

import csv
import io
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, delete, text
from sqlalchemy.pool import StaticPool

from bot.commands.store import CONTENTS
from bot.desk.charting import answered_by_day, questions_by_day
from bot.desk.statistics import Statistics, count
from bot.desk.stats_reporting import as_csv, as_page
from bot.store import inbox, records
from bot.store.inbox import Received
from bot.store.opening import migrate, open_store
from bot.store.recorded import Wanted, recorded
from bot.store.records import Turn
from bot.store.tables import metadata, turns, votes
from tests.test_commands import KAIDIAN

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>&$title"
SPELLINGS = ("要押金吗", "要押金嗎？", "要押金吗！！", "怎么开店", "你好")

a_turn = st.tuples(
    st.integers(0, 60),  # hours after Monday noon
    st.sampled_from(SPELLINGS),
    st.sampled_from(("answer", "clarify", "escalate", "smalltalk")),
    st.sampled_from(("deposit", "steps")),
    st.sampled_from(("telegram", "console")),
    st.lists(st.booleans(), max_size=2),  # votes
)


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    """Return a store in memory, to be emptied by who uses it."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    migrate(engine)
    yield engine
    engine.dispose()


def fill(engine: Engine, history: list[tuple[int, str, str, str, str, list[bool]]]) -> None:
    """Replace what the store holds by *history*, one update a turn."""
    with engine.begin() as connection:
        for table in (turns, votes):
            connection.execute(delete(table))
        for number, (hours, said, outcome, entry, channel, useful) in enumerate(history):
            at = MONDAY + timedelta(hours=hours)
            answered = entry if outcome == "answer" else None
            turn = Turn(said, outcome, answered, 0.9, "kb", channel)
            records.record(connection, number, "a", [turn], at)
            for person, liked in enumerate(useful):
                records.vote(connection, number, "a", person, at, useful=liked)


def statistics(engine: Engine, wanted: Wanted = Wanted(), most: int = 99) -> Statistics:  # noqa: B008  # frozen
    """Count what the store holds, in UTC."""
    with engine.connect() as connection:
        return count(recorded(connection, wanted), ["deposit", "steps", "unused"], UTC, most)


def pairs(connection: Connection, sql: str) -> dict[Any, int]:
    """Return the rows of a statement with two columns."""
    return {row[0]: row[1] for row in connection.execute(text(sql))}


@given(st.lists(a_turn, max_size=30))
def test_every_figure_is_a_recount_of_the_rows(
    memory: Engine, history: list[tuple[int, str, str, str, str, list[bool]]]
) -> None:
    """Whatever was asked, answered and voted: SQL over the raw rows gives the same."""
    fill(memory, history)
    found = statistics(memory)
    with memory.connect() as connection:
        outcomes = pairs(connection, "SELECT outcome, count(*) FROM turns GROUP BY 1")
        by_entry = pairs(
            connection, "SELECT entry, count(*) FROM turns WHERE entry IS NOT NULL GROUP BY 1"
        )
        disliked = pairs(
            connection,
            "SELECT DISTINCT update_id, 1 FROM votes JOIN turns USING (update_id)"
            " WHERE useful = 0 AND outcome = 'answer'",
        )
        a_day = pairs(
            connection,
            "SELECT substr(at, 1, 10), count(*) FROM turns WHERE outcome <> 'smalltalk' GROUP BY 1",
        )

    total = found.total
    assert (total.answered, total.clarified, total.escalated, found.small_talk) == tuple(
        outcomes.get(name, 0) for name in ("answer", "clarify", "escalate", "smalltalk")
    )
    assert found.entries == by_entry
    assert set(found.never) == {"deposit", "steps", "unused"} - set(by_entry)
    assert found.disliked == len(disliked)
    assert {str(day.day): day.questions for day in found.days if day.questions} == a_day
    assert sum(group.times for group in found.asked) == total.questions
    assert sum(group.times for group in found.unanswered) == total.clarified + total.escalated


@given(st.lists(a_turn, max_size=30), st.integers(0, 60), st.integers(0, 60))
def test_what_is_left_out_is_what_was_not_wanted(
    memory: Engine,
    history: list[tuple[int, str, str, str, str, list[bool]]],
    since: int,
    until: int,
) -> None:
    """A period holds its beginning and not its end; entries and channels leave the others out."""
    fill(memory, history)
    first, end = MONDAY + timedelta(hours=since), MONDAY + timedelta(hours=until)
    wanted = Wanted(first, end, "deposit", "telegram")
    expected = Counter(
        outcome
        for hours, _, outcome, entry, channel, _ in history
        if since <= hours < until
        and outcome == "answer"
        and (entry, channel) == ("deposit", "telegram")
    )

    assert statistics(memory, wanted).total.questions == expected.total()


def test_spellings_of_a_question_are_one_question(memory: Engine) -> None:
    """It is shown as it was written most often; marks, scripts and width make no difference."""
    said = ["要押金嗎？", "要押金吗", "要押金吗", "要押金吗！！", "怎么开店"]
    fill(memory, [(0, one, "escalate", "", "telegram", []) for one in said])
    found = statistics(memory)

    assert [(group.text, group.times) for group in found.unanswered] == [
        ("要押金吗", 4),
        ("怎么开店", 1),
    ]


def test_a_page_needs_nothing_and_runs_nothing(memory: Engine) -> None:
    """What people wrote is text in it; no address is loaded; equal figures make equal pages."""
    fill(memory, [(h, HOSTILE, "escalate", "", "telegram", []) for h in (0, 30)])
    found = statistics(memory)
    charts = [questions_by_day(found.days), answered_by_day(found.days)]
    page = as_page(found, {"unused": HOSTILE}, charts)

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;$title") == 3
    assert "src=" not in page
    assert page.count("<svg") == 2
    assert charts == [questions_by_day(found.days), answered_by_day(found.days)]


def test_a_cell_that_begins_like_a_formula_is_text(memory: Engine) -> None:
    """A question can't run in a spreadsheet."""
    fill(memory, [(0, '=HYPERLINK("x")', "escalate", "", "telegram", [])])
    rows = list(csv.reader(io.StringIO(as_csv(statistics(memory), {}))))

    assert ['\'=HYPERLINK("x")', "1"] in rows


def test_nothing_asked_makes_no_figure_up(memory: Engine) -> None:
    """Shares of nothing are not zero, they are not there."""
    fill(memory, [])
    found = statistics(memory).as_dict()

    assert found["answered"] is None
    assert found["operator_median_seconds"] is None
    assert found["never"] == ["deposit", "steps", "unused"]


def test_the_wait_for_an_operator_is_the_median() -> None:
    """Half of those who were answered by a human waited no longer."""
    waits = [timedelta(minutes=minutes) for minutes in (1, 2, 600)]

    assert count([], [], UTC, 1, waits).operator_seconds == 120


def kaidian(cache: Path, db: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `kaidian` on the store *db*."""
    environ = {"KAIDIAN_CACHE": str(cache), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        [KAIDIAN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environ | {"KAIDIAN_DB": db} | more,
    )


def test_sizes_say_what_each_table_holds() -> None:
    """In words, for who has never seen the code."""
    assert set(CONTENTS) == set(metadata.tables)


def test_the_commands_work_beside_a_bot(db: str, cache: Path, tmp_path: Path) -> None:
    """Statistics, sizes, a backup, retention and forgetting, while another process has the store."""
    engine = open_store(db)  # as a bot does
    with engine.begin() as connection:
        inbox.receive(connection, [Received(1, "42", "{}")], MONDAY)
        said = [Turn("要押金吗", "answer", "deposit", 0.9, "kb")]
        records.record(connection, 1, "42", said, datetime.now(UTC))
        records.opine(connection, 1, "42", "好，我电话13812345678", MONDAY)

    found = json.loads(kaidian(cache, db, "stats", "--days", "2", "--json").stdout)
    assert (found["questions"], found["answered"]) == (1, 1.0)
    assert "押金" in kaidian(cache, db, "stats").stdout
    page = tmp_path / "page.html"
    assert kaidian(cache, db, "stats", "--html", str(page)).returncode == 0
    assert "</html>" in page.read_text("utf-8")
    assert "turns" in kaidian(cache, db, "store").stdout
    at = MONDAY.astimezone(ZoneInfo("Asia/Shanghai"))
    opinion = f"{at:%Y-%m-%d %H:%M} 好，我电话〔手机号〕"
    assert opinion in kaidian(cache, db, "store", "feedback").stdout
    copy = tmp_path / "copy.db"
    copied = kaidian(cache, db, "store", "backup", str(copy))
    if engine.dialect.name == "sqlite":
        kept = kaidian(cache, f"sqlite:///{copy}", "stats", "--json").stdout
        assert json.loads(kept)["questions"] == 1
        assert "已经存在" in kaidian(cache, db, "store", "backup", str(copy)).stderr
    else:
        assert (copied.returncode, "pg_dump" in copied.stderr) == (2, True)
    expired = kaidian(cache, db, "store", "expire", KAIDIAN_RETENTION_DAYS="1")
    assert "删除了 2 行" in expired.stdout or "删除了 1 行" in expired.stdout
    assert kaidian(cache, db, "store", "vacuum").returncode == 0
    forgotten = kaidian(cache, db, "store", "forget", "--telegram", "42", "--yes")
    assert (forgotten.returncode, forgotten.stderr) == (0, "")
    assert json.loads(kaidian(cache, db, "stats", "--json").stdout)["questions"] == 0
    engine.dispose()


def test_what_was_not_answered_is_shown_in_groups(cache: Path, tmp_path: Path) -> None:
    """Questions that are alike count together, under the one that was asked most often."""
    db = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_store(db)
    said = ["店铺数据怎么导出到表格"] * 3 + ["怎么把店铺数据导出到表格里"] * 2 + ["店铺能转让吗"]
    with engine.begin() as connection:
        for number, one in enumerate(said):
            turn = Turn(one, "escalate", None, 0.1, "1688@00000000")
            records.record(connection, number, "42", [turn], datetime.now(UTC))
    found = json.loads(kaidian(cache, db, "stats", "--json").stdout)
    engine.dispose()

    assert [(group["text"], group["times"]) for group in found["unanswered"]] == [
        ("店铺数据怎么导出到表格", 5),
        ("店铺能转让吗", 1),
    ]
    assert [group["times"] for group in found["asked"]] == [3, 2, 1]


def test_one_entry_says_nothing_about_others_never_used(cache: Path, tmp_path: Path) -> None:
    """Where only the answers of an entry are counted, no other entry is called unused."""
    db = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(db).dispose()

    assert json.loads(kaidian(cache, db, "stats", "--json").stdout)["never"]
    assert (
        json.loads(kaidian(cache, db, "stats", "--json", "--entry", "steps").stdout)["never"] == []
    )
    assert "从没用到" not in kaidian(cache, db, "stats", "--entry", "steps").stdout


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["store"], {}, "没有数据库"),
        (["stats"], {}, "没有数据库"),
        (["tickets", "list"], {}, "没有数据库"),
        (["tickets", "close", "1"], {}, "没有数据库"),
        (["store", "--db", "nonsense"], {}, "不是可用的数据库地址"),
        (["store", "expire"], {"KAIDIAN_RETENTION_DAYS": "bald"}, "应当是 1 到"),
        (["stats", "--days", "2", "--since", "2026-11-01"], {}, "只用一种"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    cache: Path, tmp_path: Path, arguments: list[str], environ: dict[str, str], told: str
) -> None:
    """With what to do about it, and nothing is made by mistake."""
    done = kaidian(cache, f"sqlite:///{tmp_path / 'none.db'}", *arguments, **environ)

    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "none.db").exists()
