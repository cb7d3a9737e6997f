"""One bot serves several bases: the platform named picks one, then the chat's setting, else the person."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import shelve
from bot.channels.console import Chat
from bot.desk.serving import Refused
from bot.desk.shelf import Shelf
from bot.dialogue.conversation import NEW, Conversation
from bot.dialogue.library import Library
from bot.errors import KnowledgeError, SettingError
from bot.knowledge.reading import read_base, read_cases
from bot.messages import Outcome, Reply
from bot.settings import Settings, shipped
from bot.store.opening import open_store
from bot.store.records import Turn, record
from tests.bases import base
from tests.test_commands import run

SHOP, MANUAL = shipped(), shipped().parent / "kaidian"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return both shipped bases in one bot."""
    return shelve([SHOP, MANUAL], tmp_path_factory.mktemp("cache")).library


@pytest.fixture
def shelf(folders: list[Path], cache: Path) -> Shelf:
    """Return both in one bot, which is told when to look."""
    return shelve(folders, cache)


def said(library: Library, *messages: str) -> list[Reply]:
    """Return the replies to *messages* in one conversation."""
    conversation, replies = NEW, []
    for message in messages:
        conversation, reply = library.respond(conversation, message)
        replies.append(reply)
    return replies


def test_what_was_asked_of_another_base_is_not_asked_on(library: Library) -> None:
    """The manual knows no deposit, though it was asked about before, and a short question may go on."""
    _, refund = said(library, "怎么备份数据库", "押金能退吗")

    assert refund.base == "1688"
    assert [part.entry for part in refund.parts] == ["deposit-refund"]


def test_the_platform_that_is_named_answers(shelf: Shelf) -> None:
    """The same question gets the fee of the platform in it, and the version of that base."""
    blue, red = said(shelf.library, "蓝鲸网年费多少钱", "红杉网年费多少钱")

    assert "一百元" in blue.text
    assert "九百元" in red.text
    assert [reply.base for reply in (blue, red)] == ["blue", "red"]
    assert blue.kb.startswith("blue@")
    assert red.kb.startswith("red@")


def test_who_names_no_platform_is_asked(shelf: Shelf) -> None:
    """Two bases know the answer: neither is given before the person picks, by number or by name."""
    for picked, answer in (
        ("1", "一百元"),
        ("2", "九百元"),
        ("红杉网", "九百元"),
        ("蓝鲸网问答", "一百元"),
    ):
        asked, told = said(shelf.library, "年费多少钱", picked)

        assert asked.outcome is Outcome.CLARIFY
        assert asked.bases == ("blue", "red")
        assert "百元" not in asked.text
        assert answer in told.text
        assert told.message == picked


def test_another_question_drops_the_pick(shelf: Shelf) -> None:
    """What waited for a pick does not wait for ever."""
    *_, last = said(shelf.library, "年费多少钱", "你好", "2")
    assert "九百元" in last.text  # a greeting is no other question

    *_, last = said(shelf.library, "年费多少钱", "蓝鲸网一年交多少", "2")
    assert "九百元" not in last.text


def test_the_setting_of_the_chat_answers(shelf: Shelf) -> None:
    """A chat that is set to a base is not asked; another platform's name still goes there."""
    set_ = Conversation(chosen="red")

    after, reply = shelf.library.respond(set_, "年费多少钱")
    assert "九百元" in reply.text
    assert after.chosen == "red"
    after, reply = shelf.library.respond(after, "蓝鲸网年费多少钱")
    assert "一百元" in reply.text
    _, reply = shelf.library.respond(after, "一年交多少")
    assert "九百元" in reply.text


def test_a_platform_that_no_base_serves_is_escalated(folders: list[Path], cache: Path) -> None:
    """It is enough that one of the bases knows it as another one."""
    header = folders[0] / "kb.yaml"
    header.write_text(
        "{id: blue, title: 蓝鲸网问答, platform: {names: [蓝鲸网], others: [绿洲网, 红杉网]}}\n",
        "utf-8",
    )
    library = shelve(folders, cache).library

    for conversation in (NEW, Conversation(chosen="red"), Conversation(chosen="blue")):
        _, reply = library.respond(conversation, "绿洲网年费多少钱")
        assert reply.outcome is Outcome.ESCALATE
    _, reply = library.respond(Conversation(chosen="blue"), "红杉网年费多少钱")
    assert "九百元" in reply.text


def test_two_platforms_in_one_question_get_no_answer(shelf: Shelf) -> None:
    """Which of the two is asked about nobody knows."""
    (reply,) = said(shelf.library, "蓝鲸网和红杉网年费多少钱")

    assert reply.outcome is not Outcome.ANSWER


def test_hardly_a_case_of_a_shipped_base_is_answered_from_the_other(library: Library) -> None:
    """Of all answers to the cases of both, fewer come from the other base than either may get wrong."""
    answers = [
        (folder.name, reply.base, case.ask)
        for folder in (SHOP, MANUAL)
        for case in read_cases(folder)
        for _, reply in [library.respond(NEW, case.ask)]
        if any(part.outcome is Outcome.ANSWER for part in reply.parts)
    ]
    astray = [ask for own, answered, ask in answers if answered != own]
    promise = min(assistant.base.header.max_wrong_rate for assistant in library.assistants.values())

    assert len(answers) > 500
    assert len(astray) <= promise * len(answers), astray


@pytest.mark.parametrize(
    "message", ["1688年费多少钱", "淘宝年费多少钱", "要押金吗", "怎么退", "你好"]
)
def test_one_base_decides_as_it_always_did(message: str, cache: Path) -> None:
    """A library of one base is that base: the same reply, the same conversation."""
    library = shelve([SHOP], cache).library

    assert library.respond(NEW, message) == library.assistants["1688"].respond(NEW, message)


def test_a_conversation_goes_on_in_the_base_that_answered(library: Library) -> None:
    """Steps and choices belong to the base that showed them."""
    overview, second, other, third = said(
        library, "1688怎么开店流程", "第二步", "kaidian怎么备份数据库", "下一步"
    )

    assert overview.base == second.base == "1688"
    assert "第 2 步（共 6 步）" in second.text
    assert other.base == "kaidian"
    assert "第 3 步" not in third.text


def test_small_talk_and_contacts_are_those_of_all(library: Library) -> None:
    """A greeting names every subject; who wants a person gets every base's contacts."""
    hello, human = said(library, "你好", "转人工")

    assert "1688开店问答、开店机器人使用问答" in hello.text
    assert "1688.com" in human.text
    assert "kaidian doctor" in human.text


def test_who_asks_in_traditional_characters_is_asked_back_in_them(shelf: Shelf) -> None:
    """Traditional in, traditional out."""
    (reply,) = said(shelf.library, "年費多少錢")

    assert "這個問題在幾個知識庫裡都有" in reply.text


def test_each_base_follows_its_own_folder(shelf: Shelf, folders: list[Path]) -> None:
    """A change to one is used, a mistake in the other changes nothing."""
    base(folders[0], "blue", "蓝鲸网", "蓝鲸网年费二百元")
    (folders[1] / "entries" / "fee.yaml").write_text("- id: fee\n", "utf-8")
    news = [*shelf.look(), *shelf.look()]

    assert [type(one) is Refused for one in news] == [False, True]
    blue, red = said(shelf.library, "蓝鲸网年费多少钱", "红杉网年费多少钱")
    assert "二百元" in blue.text
    assert "九百元" in red.text


def test_a_base_learns_what_another_is_called_now(shelf: Shelf, folders: list[Path]) -> None:
    """A platform that gets another name is known by it, and never answered for by the others."""
    base(folders[1], "red", "银杏网", "银杏网年费九百元")
    assert [str(one)[:8] for one in (*shelf.look(), *shelf.look())] == ["知识库已更新：r"]

    (reply,) = said(shelf.library, "银杏网年费多少钱")
    assert "九百元" in reply.text
    _, reply = shelf.library.assistants["blue"].respond(NEW, "银杏网年费多少钱")
    assert reply.outcome is Outcome.ESCALATE


def test_two_bases_with_one_id_are_refused(folders: list[Path], cache: Path) -> None:
    """They could not be told apart, in a chat or in the records."""
    base(folders[1], "blue", "红杉网", "红杉网年费九百元")

    with pytest.raises(KnowledgeError, match="id 是 blue"):
        shelve(folders, cache)


def test_the_console_sets_a_base(shelf: Shelf) -> None:
    """/base tells which there are, sets one by number or name, and takes it back."""
    lines: list[str] = []
    chat = Chat(shelf, lines.append, lambda reply: lines.append(reply.text))
    chat.converse(
        ["/base", "/base 2", "年费多少钱", "/base 蓝鲸网", "年费多少钱", "/base 0", "年费多少钱"]
    )

    assert lines[0].startswith("现在没有选定知识库。可以选：\n1. 蓝鲸网问答\n2. 红杉网问答")
    assert "红杉网问答" in lines[1]
    assert "九百元" in lines[2]
    assert "一百元" in lines[4]
    assert lines[6].startswith("这个问题在几个知识库里都有")


def test_the_console_shows_what_each_base_has(shelf: Shelf) -> None:
    """Topics and evidence are told base by base, or of the one that is set."""
    lines: list[str] = []
    chat = Chat(shelf, lines.append, lambda reply: lines.append(reply.text))
    chat.converse(["/topics", "年费多少钱", "/explain", "/steps", "/base 1", "/topics", "/help"])

    topics, _, evidence, steps, _, blue, help_ = lines
    assert "【蓝鲸网问答】" in topics
    assert "【红杉网问答】" in topics
    assert evidence.count("直接回答需要置信度") == 2
    assert "/base" in steps
    assert "红杉网" not in blue
    assert "/base" in help_


def test_json_tells_the_base_where_there_are_several(folders: list[Path], cache: Path) -> None:
    """Of one base the fixed form; of several, who answered or between which to pick."""
    both = [option for folder in folders for option in ("--kb", str(folder))]
    one = json.loads(run(cache, "ask", "--json", "要押金吗").stdout)
    named = json.loads(run(cache, "ask", *both, "--json", "红杉网年费多少钱").stdout)
    asked = json.loads(run(cache, "ask", *both, "--json", "年费多少钱").stdout)

    assert set(one) == {"message", "decision", "parts", "reply", "choices", "kb"}
    assert (named["base"], named["bases"], named["decision"]) == ("red", [], "answer")
    assert named["kb"] == read_base(folders[1]).version
    assert (asked["base"], asked["bases"]) == (None, ["blue", "red"])
    assert asked["decision"] == "clarify"
    assert asked["parts"][0]["entry"] is None


def test_the_environment_names_several_bases(cache: Path) -> None:
    """KAIDIAN_KB is a path of folders; what concerns one base wants to be told which."""
    both = f"{SHOP}:{MANUAL}"
    found = json.loads(run(cache, "ask", "--json", "要押金吗", KAIDIAN_KB=both).stdout)
    check = run(cache, "kb", "version", KAIDIAN_KB=both)

    assert found["base"] == "1688"
    assert check.returncode == 2
    assert "请用 --kb 指出是哪一个" in check.stderr.decode()
    with pytest.raises(SettingError):
        _ = Settings.from_environ({"KAIDIAN_KB": both}).kb


def test_what_is_recorded_is_counted_base_by_base(
    folders: list[Path], cache: Path, tmp_path: Path
) -> None:
    """Statistics and suggestions of a base rest on what it decided; alone it sees everything."""
    db = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(db)
    blue, red = (read_base(folder).version for folder in folders)
    with store.begin() as connection:
        for id_, kb in enumerate((blue, red, red, f"{blue}+{red}"), 1):
            turn = Turn("发票怎么开", "escalate", None, 0.1, kb)
            record(connection, id_, str(id_), [turn], datetime(2026, 11, 25, tzinfo=UTC))
    store.dispose()

    def asked(kbs: list[Path]) -> int:
        served = ":".join(map(str, kbs))
        command = ("stats", "--kb", str(folders[1]), "--db", db, "--json")
        return int(json.loads(run(cache, *command, KAIDIAN_KB=served).stdout)["questions"])

    assert asked(folders) == 2
    assert asked(folders[1:]) == 4
