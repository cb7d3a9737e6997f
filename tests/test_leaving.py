"""What operators leave unanswered is listed as out of scope, and counts from then on."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pexpect
import pytest

from bot.desk.evaluating import Half, half_of
from bot.knowledge.model import Case
from bot.knowledge.reading import read_base, read_cases
from bot.store import records
from bot.store.opening import open_store
from tests.test_learning import NOW, Shop
from tests.test_scope import FILES
from tests.test_scope import LISTED as VOTED_DOWN

LISTED: Final = "# 食堂的事\r\n- 食堂几点开门  # 常问\r\n"
CASES: Final = "- {ask: 能报销打车吗, expect: escalate}\n"
# Of one group, and by the rule of the cases of both parts.
ASKED: Final = [f"打印机又卡纸了怎么修{particle}" for particle in ("", "呀", "呢", "啊")]


@pytest.fixture
def office(cache: Path, tmp_path: Path) -> Iterator[Shop]:
    """Return a small base that lists a question, and the store of what was asked in vain."""
    folder = tmp_path / "office"
    folder.mkdir()
    for name, text in {**FILES, "cases.yaml": CASES}.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "out_of_scope.yaml").write_bytes(LISTED.encode())
    office = Shop(folder, f"sqlite:///{tmp_path / 'store.db'}", cache)
    office.engines.append(open_store(office.db))
    for text in (*ASKED, "食堂几点开门？", "能报销打车吗"):
        for number in range(2):
            office.ask(text, "escalate", None, f"{text}{number}")
    yield office
    office.engines[0].dispose()


def half(text: str) -> Half:
    """Return the part of the cases that *text* belongs to."""
    return half_of(Case(ask=text, expect="escalate"))


def accepted(office: Shop) -> None:
    """Accept all that `kaidian kb suggest` suggests, and save it."""
    terminal = office.reviewing()
    for _ in office.suggested():
        terminal.expect("】不回答")
        terminal.expect("q 结束")
        terminal.send("a")
    terminal.expect("保存吗")
    terminal.send("y")
    terminal.expect("已写入")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_what_is_left_is_listed_or_tested_by_the_rule_of_the_cases(office: Shop) -> None:
    """The development part teaches, the untouched part tests; no other byte of the list changes."""
    assert {half(text) for text in ASKED} == set(Half)
    cases = read_cases(office.kb)
    accepted(office)
    base = read_base(office.kb)
    new = read_cases(office.kb)[len(cases) :]
    text = (office.kb / "out_of_scope.yaml").read_bytes().decode()

    assert set(base.out_of_scope[1:]) == {q for q in ASKED if half(q) is Half.DEVELOPMENT}
    assert {case.ask for case in new} == {q for q in ASKED if half(q) is Half.UNTOUCHED}
    assert {case.expect for case in new} == {"escalate"}
    assert text.startswith(LISTED)
    assert text.count("\n") == text.count("\r\n")
    assert office.kaidian("kb", "check", "--kb", str(office.kb)).returncode == 0


def test_what_is_listed_or_a_case_is_not_suggested_again(office: Shop) -> None:
    """Not before, whatever marks it has; and nothing is left to suggest once all was accepted."""
    (suggestion,) = office.suggested()
    questions = suggestion["questions"]
    assert isinstance(questions, list)
    assert {question["text"] for question in questions} == set(ASKED)
    assert suggestion["action"] == "leave"

    accepted(office)
    assert office.suggested("--least", "1") == []


def test_before_it_is_accepted_it_is_shown_what_would_be_listed(office: Shop) -> None:
    """What becomes an item of the list is told apart from what becomes a case."""
    done = office.kaidian("kb", "suggest", "--kb", str(office.kb), "--db", office.db)
    lines = done.stdout.decode().splitlines()

    for text in ASKED:
        kind = "不回答的问题" if half(text) is Half.DEVELOPMENT else "用例"
        assert f"    ＋ {kind}：{text}" in lines
    assert "不回答的问题" in lines[1]
    assert (office.kb / "out_of_scope.yaml").read_bytes() == LISTED.encode()


def test_the_trial_shows_what_the_list_keeps_from_being_answered(office: Shop) -> None:
    """An answer that was voted down is withdrawn, and how many people that concerns is seen before."""
    for number in range(9):
        lane = f"trainee{number}"
        update = office.ask(VOTED_DOWN, "answer", "leave", lane)
        with office.engines[0].begin() as connection:
            assert records.vote(connection, update, lane, 7, NOW, useful=False)
    terminal = office.reviewing("--least", "9")
    terminal.expect("列为不回答的问题")
    terminal.expect(f"＋ 不回答的问题：{VOTED_DOWN}")
    terminal.expect("⚠ 不再回答：leave（年假有几天）　9 次")
    terminal.send("q")
    terminal.expect(pexpect.EOF)

    assert VOTED_DOWN not in read_base(office.kb).out_of_scope


def test_a_difference_shows_how_many_people_a_listed_question_concerns(
    office: Shop, tmp_path: Path
) -> None:
    """Listed, it is answered to nobody who asks it; taken off the list, it is answered again."""
    for number in range(3):
        office.ask(VOTED_DOWN, "answer", "leave", f"trainee{number}")
    new = tmp_path / "new"
    shutil.copytree(office.kb, new)
    with (new / "out_of_scope.yaml").open("a", encoding="utf-8") as file:
        file.write(f"- {VOTED_DOWN}\n")

    def changes(*folders: Path) -> list[tuple[str, int]]:
        done = office.kaidian("kb", "diff", *map(str, folders), "--db", office.db, "--json")
        return [(c["kind"], c["times"]) for c in json.loads(done.stdout)["changes"]]

    assert changes(office.kb, new) == [("lost", 3)]
    assert changes(new, office.kb) == [("gained", 3)]
