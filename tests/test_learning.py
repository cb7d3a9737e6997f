"""Operators see what a change does to people, and let the base learn from what people asked."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pexpect
import pytest
from sqlalchemy import Engine

from bot.commands.suggest import SAMPLE
from bot.desk.accepting import parted
from bot.desk.evaluating import Half, half_of
from bot.knowledge.model import Case
from bot.knowledge.reading import read_base, read_cases
from bot.settings import shipped
from bot.store import records, tickets
from bot.store.opening import open_store
from bot.store.records import Turn
from bot.store.tickets import Asked, Seen
from tests.test_commands import KAIDIAN, run

NOW = datetime.now(UTC)
UNHEARD = "质保金"
ASKED_ABOUT = {"deposit", "refund", "steps"}  # files of entries
PHRASING = "    - "  # what stands before a phrasing, and before a source, of which there are few
FIRST = 12
# What a shop operator would find after a week: asked, decided, and how often.
WEEK = [
    ("要押金吗", "answer", "deposit", 12),
    ("1688怎么开店", "answer", "steps", 9),
    ("要质保金吗", "escalate", None, 4),
    ("开店的质保金多少", "clarify", None, 3),
    ("质保金能退吗", "escalate", None, 2),
    ("微拍堂保证金多少", "clarify", None, 3),
    ("在微拍堂开店要押金吗", "clarify", None, 2),
    ("副业开店押金要交吗", "clarify", None, 3),
    ("店铺数据怎么导出到表格", "escalate", None, 3),
    ("怎么把店铺数据导出到表格里", "escalate", None, 2),
    ("我的手机13812345678收不到验证码怎么导出", "escalate", None, 1),
    ("谢谢", "smalltalk", None, 6),
]


@dataclass
class Shop:
    """A copy of the shipped base, the store of a week, and how commands are run on both."""

    kb: Path
    db: str
    cache: Path
    updates: int = 0
    engines: list[Engine] = field(default_factory=list)

    def kaidian(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command on the copy."""
        return run(self.cache, *arguments)

    def suggested(self, *more: str) -> list[dict[str, object]]:
        """Return what `kaidian kb suggest --json` prints."""
        done = self.kaidian("kb", "suggest", "--json", "--kb", str(self.kb), "--db", self.db, *more)
        assert (done.returncode, done.stderr) == (0, b"")
        suggestions: list[dict[str, object]] = json.loads(done.stdout)
        return suggestions

    def reviewing(self, *more: str) -> "pexpect.spawn[str]":
        """Start `kaidian kb suggest` on a terminal."""
        return pexpect.spawn(
            KAIDIAN,
            ["kb", "suggest", "--kb", str(self.kb), "--db", self.db, *more],
            env={
                "KAIDIAN_CACHE": str(self.cache),
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "TERM": "xterm",
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
            encoding="utf-8",
            timeout=120,
            dimensions=(50, 200),
        )

    def editing(self) -> "pexpect.spawn[str]":
        """Start it, and edit the first suggestion not to answer, up to the entry's id."""
        terminal = self.reviewing("--least", "5")
        while terminal.expect(["】不回答", "】"]):
            terminal.expect("q 结束")
            terminal.send("s")
        terminal.expect("q 结束")
        terminal.send("e")
        terminal.expect("条目编号")
        return terminal

    def ask(self, text: str, outcome: str, entry: str | None, lane: str, **more: float) -> int:
        """Record that *text* was asked, and how it was decided; return the update's id."""
        self.updates += 1
        turn = Turn(text, outcome, entry, more.get("confidence", 0.5), "1688@00000000")
        at = NOW - timedelta(days=more.get("days_ago", 1))
        with self.engines[0].begin() as connection:
            records.record(connection, self.updates, lane, [turn], at)
        return self.updates

    def texts(self) -> dict[str, str]:
        """Return all files of the copy."""
        return {
            path.relative_to(self.kb).as_posix(): path.read_text("utf-8")
            for path in sorted(self.kb.rglob("*.yaml"))
        }


def thin(path: Path, mark: str) -> None:
    """Leave in a file every sixth of the lines with that *mark*, and the first few after any other."""
    kept: list[str] = []
    place = 0
    for line in path.read_text("utf-8").splitlines(keepends=True):
        place = place + 1 if line.startswith(mark) else 0
        if place <= FIRST or place % 6 == 0:
            kept.append(line)
    path.write_text("".join(kept), "utf-8")


def after_a_week(folder: Path, db: str, cache: Path) -> Iterator[Shop]:
    """Yield a shop after a week; its bot goes on running, so that its store stays open."""
    shutil.copytree(shipped(), folder)
    # What is a sixth as large is checked and tested six times as fast.
    for name in ("cases.yaml", "out_of_scope.yaml"):
        thin(folder / name, "- ")
    for path in folder.glob("entries/*.yaml"):
        if path.stem not in ASKED_ABOUT:
            thin(path, PHRASING)
    # What is shown here must not hang on how the base is calibrated today.
    (folder / "thresholds.yaml").write_text("answer: 0.85\nclarify: 0.25\n", "utf-8")
    # Nor on whether a phrasing has the word that people use here and the base never heard.
    for path in folder.glob("entries/*.yaml"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if UNHEARD not in line), "utf-8")
    shop = Shop(folder, db, cache)
    shop.engines.append(open_store(db))
    for text, outcome, entry, times in WEEK:
        for number in range(times):
            shop.ask(text, outcome, entry, f"{text}{number}")
    yield shop
    shop.engines[0].dispose()


@pytest.fixture
def shop(cache: Path, tmp_path: Path) -> Iterator[Shop]:
    """Return a shop with a store on SQLite."""
    yield from after_a_week(tmp_path / "1688", f"sqlite:///{tmp_path / 'store.db'}", cache)


@pytest.fixture
def any_shop(cache: Path, tmp_path: Path, db: str) -> Iterator[Shop]:
    """Return a shop with a store of each kind."""
    yield from after_a_week(tmp_path / "1688", db, cache)


def edited(folder: Path, to: Path, name: str, old: str, new: str) -> Path:
    """Copy the base in *folder* with one text of one file replaced."""
    shutil.copytree(folder, to)
    path = to / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return to


def compared(shop: Shop, *arguments: str) -> tuple[int, dict[str, object]]:
    """Return the exit status of `kaidian kb diff --json`, and what it prints."""
    done = shop.kaidian("kb", "diff", *arguments, "--db", shop.db, "--json")
    return done.returncode, json.loads(done.stdout)


def test_a_base_differs_in_nothing_from_itself(any_shop: Shop) -> None:
    """Nothing changes, all recorded questions count, and the exit status is 0."""
    status, difference = compared(any_shop, str(any_shop.kb), str(any_shop.kb))

    assert status == 0
    assert (difference["changes"], difference["judged"]) == ([], [])
    assert difference["asked"] == sum(
        times for _, outcome, _, times in WEEK if outcome != "smalltalk"
    )


def test_what_is_gained_is_shown_with_how_many_people_asked(shop: Shop, tmp_path: Path) -> None:
    """A synonym answers real questions that were not answered before; nothing got worse."""
    new = edited(shop.kb, tmp_path / "new", "kb.yaml", "[押金, 保证金,", "[押金, 质保金, 保证金,")
    _, difference = compared(shop, str(shop.kb), str(new))
    changes = difference["changes"]
    assert isinstance(changes, list)
    gained = {tuple(c["after"]): c["times"] for c in changes if c["kind"] == "gained"}

    assert gained["deposit",] == 4
    assert gained["deposit-refund",] == 2
    assert [c["times"] for c in changes] == sorted((c["times"] for c in changes), reverse=True)


def test_a_reworded_answer_is_named_though_nothing_else_changes(shop: Shop, tmp_path: Path) -> None:
    """Nobody gets another entry, but all who get this one read something else."""
    said = "三个办法：网页打开 1688"
    new = edited(shop.kb, tmp_path / "new", "entries/support.yaml", said, f"改过了。{said}")
    status, difference = compared(shop, str(shop.kb), str(new))

    assert status == 0
    assert difference["entries"] == {"removed": [], "added": [], "reworded": ["support"]}


def test_a_lost_answer_is_worse(shop: Shop, tmp_path: Path) -> None:
    """An entry that becomes a draft answers nobody: exit status 1, with the people it concerns."""
    new = edited(
        shop.kb,
        tmp_path / "new",
        "entries/steps.yaml",
        "- id: steps\n",
        "- id: steps\n  draft: true\n",
    )
    done = shop.kaidian("kb", "diff", str(shop.kb), str(new), "--db", shop.db, "--markdown")
    text = done.stdout.decode()

    assert done.returncode == 1
    assert "⚠" in text
    assert "`1688怎么开店`（9 次）" in text


def test_what_people_wrote_is_no_markup(shop: Shop, tmp_path: Path) -> None:
    """In Markdown a recorded question stands in a code span that it can't leave."""
    for number in range(3):
        shop.ask("`<**要质保金吗**>`", "escalate", None, f"x{number}")
    new = edited(shop.kb, tmp_path / "new", "kb.yaml", "[押金, 保证金,", "[押金, 质保金, 保证金,")
    done = shop.kaidian("kb", "diff", str(shop.kb), str(new), "--db", shop.db, "--markdown")

    assert "`'<**要质保金吗**>'`" in done.stdout.decode()


def test_only_the_questions_of_a_period_are_replayed(any_shop: Shop) -> None:
    """A number of questions, newest first, or a number of days."""
    any_shop.ask("很久以前的问题", "escalate", None, "old", days_ago=40)

    assert compared(any_shop, str(any_shop.kb), str(any_shop.kb), "--last", "7")[1]["asked"] == 1
    everything = compared(any_shop, str(any_shop.kb), str(any_shop.kb))[1]["asked"]
    week = compared(any_shop, str(any_shop.kb), str(any_shop.kb), "--days", "7")[1]["asked"]
    assert everything == 1 + int(str(week))


def git(folder: Path, *arguments: str) -> None:
    """Run git in *folder*."""
    subprocess.run(
        [which("git") or "git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("old", ["HEAD~1", "HEAD~1:bases/shop", "HEAD~1:bases/shop/"])
def test_revisions_of_git_are_read(cache: Path, tmp_path: Path, old: str) -> None:
    """A revision stands for the same folder as it was, or names one; nothing is checked out."""
    folder = tmp_path / "bases" / "shop"
    folder.mkdir(parents=True)
    entry = "- {id: a, question: 要押金吗, phrasings: [押金要交吗], answer: 要}\n"
    (folder / "entries.yaml").write_text(entry, "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    (folder / "cases.yaml").write_text("- {ask: 押金要交呢, expect: [a]}\n", "utf-8")
    (folder / "entries.yaml").write_text(entry.replace("押金", "定金"), "utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "two")
    done = run(cache, "kb", "diff", old, str(folder), "--markdown", "--kb", str(folder))

    assert done.stderr == b""
    assert "`押金要交呢`" in done.stdout.decode()
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["HEAD~9", "nowhere", "./nowhere", "HEAD:nowhere", "HEAD:bad"])
def test_a_revision_that_is_not_there_is_told(cache: Path, tmp_path: Path, name: str) -> None:
    """Without a traceback, with exit status 2; a broken base under the revision's name."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "entries.yaml").write_text("- id: a\n", "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    done = run(cache, "kb", "diff", "--kb", str(tmp_path), name, str(tmp_path / "bad"))

    assert done.returncode == 2
    assert name in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_store_that_is_named_but_not_there_is_told(cache: Path, tmp_path: Path) -> None:
    """A mistyped database is no empty one, and is not made."""
    url = f"sqlite:///{tmp_path / 'none.db'}"
    kb = str(shipped())
    for command in (("diff", kb, kb), ("suggest", "--kb", kb)):
        done = run(cache, "kb", *command, "--db", url)
        assert done.returncode == 2
        assert "none.db" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_the_week_is_turned_into_suggestions(any_shop: Shop) -> None:
    """A synonym, another platform, phrasings, and what to leave: the largest first, masked."""
    found = any_shop.suggested()
    by_action = {str(s["action"]): s for s in found}

    assert [s["times"] for s in found] == sorted(
        (int(str(s["times"])) for s in found), reverse=True
    )
    assert (by_action["synonym"]["word"], by_action["synonym"]["known"]) == ("质保金", "押金")
    assert by_action["synonym"]["times"] == 9
    assert by_action["platform"]["name"] == "微拍堂"
    assert by_action["phrasings"]["entry"] == "deposit"
    assert by_action["leave"]["times"] == 5
    assert "13812345678" not in json.dumps(any_shop.suggested("--least", "1"), ensure_ascii=False)


def test_a_pick_and_a_vote_count(any_shop: Shop) -> None:
    """What was picked when asked back is the likeliest; an answer voted down is looked at again."""
    for number in range(3):
        lane = f"picker{number}"
        any_shop.ask("退押金的事问哪个", "clarify", None, lane)
        any_shop.ask("2", "answer", "refund-destination", lane, confidence=1.0)
    update = any_shop.ask("要押金吗", "answer", "deposit", "voter")
    with any_shop.engines[0].begin() as connection:
        assert records.vote(connection, update, "voter", 7, NOW, useful=False)
    found = any_shop.suggested("--least", "1")
    picked = next(s for s in found if "退押金的事问哪个" in str(s["questions"]))
    disliked = next(s for s in found if "'要押金吗'" in str(s["questions"]))

    assert picked["entry"] == "refund-destination"
    assert "点选过 3 次" in str(picked["why"])
    assert "（deposit）被人点了" in str(disliked["why"])


def test_what_is_accepted_is_written_and_nothing_else(shop: Shop) -> None:
    """Accept a synonym and a platform; files change by one line each, and the questions are settled."""
    before = shop.texts()
    terminal = shop.reviewing()
    for _ in range(len(shop.suggested())):
        terminal.expect("── 第 .* ──")
        shown = terminal.expect(["加同义词", "另一个平台的名字", "加问法", "不回答"])
        terminal.expect("q 结束")
        terminal.send("a" if shown < 2 else "s")
    terminal.expect("保存吗")
    assert shop.texts() == before
    terminal.send("y")
    terminal.expect("已写入")
    terminal.expect(pexpect.EOF)
    terminal.close()
    after = shop.texts()

    assert terminal.exitstatus == 0
    assert {name for name in after if after[name] != before[name]} == {"kb.yaml"}
    assert after["kb.yaml"].replace(", 质保金", "").replace(", 微拍堂", "") == before["kb.yaml"]
    assert "押金" in next(g for g in read_base(shop.kb).header.synonyms if "质保金" in g)
    assert {s["action"] for s in shop.suggested()} == {"phrasings", "leave"}


def test_the_rule_of_the_cases_parts_phrasings_from_cases() -> None:
    """The untouched part is never taught; of questions that are all in it, the first is."""
    texts = [f"问法{number}" for number in range(20)]
    taught, tested = parted(texts, (("a",),))

    assert all(half_of(Case(ask=text, expect=(("a",),))) is Half.DEVELOPMENT for text in taught)
    assert all(half_of(case) is Half.UNTOUCHED for case in tested)
    assert taught
    assert tested
    assert parted([tested[0].ask], (("a",),)) == ([tested[0].ask], [])
    assert parted(texts, "escalate") == (
        taught,
        [Case(ask=case.ask, expect="escalate") for case in tested],
    )


def test_accepted_questions_are_phrasings_or_cases(shop: Shop) -> None:
    """Accepted questions are phrasings or cases, never both; what is left is listed, or a case."""
    before = read_cases(shop.kb)
    terminal = shop.reviewing()
    for _ in range(len(shop.suggested())):
        shown = terminal.expect(["加同义词", "另一个平台的名字", "加问法", "】不回答"])
        if shown == 2:
            terminal.expect("新答上了：deposit（[^`]*　3 次")
        terminal.expect("q 结束")
        terminal.send("a" if shown > 1 else "s")
    terminal.expect("保存吗")
    terminal.send("y")
    terminal.expect("已写入")
    terminal.expect(pexpect.EOF)
    added = {case.ask: case.expect for case in read_cases(shop.kb)[len(before) :]}
    phrasings = set(read_base(shop.kb).by_id["deposit"].phrasings)

    assert "副业开店押金要交吗" in phrasings
    assert phrasings.isdisjoint(added)
    # Both are of the untouched part, of which one is taught all the same.
    assert "店铺数据怎么导出到表格" in read_base(shop.kb).out_of_scope
    assert added["怎么把店铺数据导出到表格里"] == "escalate"
    assert shop.kaidian("kb", "check", "--kb", str(shop.kb)).returncode == 0


def test_never_again_is_remembered_and_nothing_is_written_without_a_yes(any_shop: Shop) -> None:
    """What was dismissed does not come again; to decline at the end leaves the base as it was."""
    before, count = any_shop.texts(), len(any_shop.suggested())
    terminal = any_shop.reviewing()
    terminal.expect("q 结束")
    terminal.send("n")
    terminal.expect("不再提")
    terminal.expect("q 结束")
    terminal.send("a")
    terminal.expect("已采纳")
    terminal.expect("q 结束")
    terminal.send("q")
    terminal.expect("保存吗")
    terminal.send("x")
    terminal.expect("没有保存")
    terminal.expect(pexpect.EOF)

    assert any_shop.texts() == before
    assert len(any_shop.suggested()) == count - 1


def test_an_edit_makes_a_draft(shop: Shop) -> None:
    """A new id makes an entry that answers nobody until a person takes the mark away."""
    terminal = shop.editing()
    terminal.send("export-data\r")
    terminal.expect("用哪些问法")
    terminal.send("\r")
    terminal.expect("答案")
    terminal.send("在生意参谋里导出\r")
    terminal.expect("新写一个草稿条目 export-data")
    terminal.expect("q 结束")
    terminal.send("a")
    while terminal.expect(["保存吗", "q 结束"]):
        terminal.send("s")
    terminal.send("y")
    terminal.expect("已写入")
    terminal.expect(pexpect.EOF)
    (draft,) = read_base(shop.kb).drafts

    assert (draft.id, draft.answer) == ("export-data", "在生意参谋里导出")
    assert draft.questions == ("店铺数据怎么导出到表格", "怎么把店铺数据导出到表格里")


def test_what_cannot_be_is_told_at_once_and_what_was_typed_stays(shop: Shop) -> None:
    """An id with a letter too many is mended where it stands, and nothing is asked again."""
    terminal = shop.editing()
    terminal.send("export-data！\r")
    terminal.expect("编号用字母、数字")
    terminal.send("\x7f\r")
    terminal.expect("用哪些问法")
    terminal.send("\x15\r")
    terminal.expect("至少一种问法")
    terminal.send("怎么导出 | \r")
    terminal.expect("答案：")
    terminal.send(" \r")
    terminal.expect("不能是空白")
    terminal.send("在生意参谋里导出\r")
    terminal.expect("新写一个草稿条目 export-data：在生意参谋里导出")
    terminal.expect("q 结束")
    terminal.send("e")
    terminal.expect("条目编号")
    terminal.send("-2\r")
    terminal.expect("用哪些问法")
    terminal.send("\r")
    terminal.expect("答案：")
    terminal.send("。\r")
    terminal.expect("新写一个草稿条目 export-data-2：在生意参谋里导出。")


def test_a_draft_is_not_written_over_by_the_next(shop: Shop) -> None:
    """An id that was just given to one is refused for another, before anything else is asked."""
    terminal = shop.reviewing()
    while terminal.expect(["】不回答", "q 结束"]):
        terminal.send("s")
    terminal.expect("q 结束")
    terminal.send("e")
    terminal.expect("条目编号")
    terminal.send("export-data\r")
    terminal.expect("用哪些问法")
    terminal.send("\r")
    terminal.expect("答案：")
    terminal.send("在生意参谋里导出\r")
    terminal.expect("q 结束")
    terminal.send("a")
    while terminal.expect(["】给条目", "q 结束"]):
        terminal.send("s")
    terminal.expect("q 结束")
    terminal.send("e")
    terminal.expect("条目编号")
    terminal.send("\x15export-data\r")
    terminal.expect("刚才新写的草稿用过了的")


def test_what_gets_worse_is_told_beside_a_suggestion_and_again_before_saving(shop: Shop) -> None:
    """Also where many ask something else more often; that it is meant so, is said where it is."""
    with shop.engines[0].begin() as connection:
        for number in range(SAMPLE):
            turn = Turn(f"第{number}家店要押金吗", "answer", "deposit", 0.9, "1688@00000000")
            records.record(connection, 9_000 + number, f"crowd{number}", [turn] * 4, NOW)
    terminal = shop.reviewing()
    while terminal.expect(["】记下另一个平台的名字：微拍堂", "q 结束"]):
        terminal.send("s")
    terminal.expect("⚠ 由反问变为答不上　5 次")
    terminal.expect("这正是这条建议要的")
    terminal.expect("q 结束")
    terminal.send("a")
    terminal.expect("q 结束")
    terminal.send("q")
    terminal.expect("有变差的地方")
    terminal.expect("⚠ 由反问变为答不上")
    terminal.expect("但有带 ⚠ 的变化")
    terminal.expect("保存吗")
    terminal.send("x")
    terminal.expect("没有保存")


def test_an_operators_reply_becomes_a_draft(any_shop: Shop) -> None:
    """What a human answered is offered as a new entry, masked, for all who asked alike."""
    question = "店铺数据怎么导出到表格"
    with any_shop.engines[0].begin() as connection:
        number = tickets.open_(connection, 9_000, "7", Asked(1, question, "1688@00000000"), NOW)
        reply = "在数据页面点导出，不会弄就打 13812345678"
        tickets.request(connection, number, Seen(-1, 1, 2), NOW)
        tickets.answer(connection, number, 900, NOW + timedelta(minutes=5), reply)

    drafts = [one for one in any_shop.suggested() if one["action"] == "draft"]
    waited = json.loads(any_shop.kaidian("stats", "--db", any_shop.db, "--json").stdout)

    assert len(drafts) == 1
    assert "在数据页面点导出" in str(drafts[0]["why"])
    assert "13812345678" not in str(drafts)
    assert waited["operator_median_seconds"] == 300


def test_a_pipe_gets_a_list_and_changes_nothing(shop: Shop) -> None:
    """Without a terminal the suggestions are only shown."""
    before = shop.texts()
    done = shop.kaidian("kb", "suggest", "--kb", str(shop.kb), "--db", shop.db)

    assert "加同义词：质保金 就是 押金" in done.stdout.decode()
    assert (done.returncode, shop.texts()) == (0, before)
