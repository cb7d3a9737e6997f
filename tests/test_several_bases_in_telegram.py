"""Several bases behind one bot in Telegram: the real command, against an emulator of the Bot API."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.telegram.buttons import short
from bot.knowledge.reading import read_base
from tests.emulator import Emulator, Made, person
from tests.test_several_bases import MANUAL, SHOP
from tests.test_telegram import Bot

PERSON = 42
WHICH = "这个问题在几个知识库里都有"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return Telegram."""
    with Emulator() as running:
        yield running


@pytest.fixture
def unsure(folders: list[Path]) -> None:
    """Let both bases ask back, however unsure they are."""
    for folder in folders:
        (folder / "thresholds.yaml").write_text("answer: 0.9\nclarify: 0.01\n", "utf-8")


@pytest.fixture
def bot(emulator: Emulator, folders: list[Path], tmp_path: Path, cache: Path) -> Iterator[Bot]:
    """Return the bot that serves two small bases, about 蓝鲸网 and 红杉网."""
    running = Bot(emulator, tmp_path, cache, KAIDIAN_KB=":".join(map(str, folders)))
    yield running
    running.kill()


@pytest.fixture
def shipped_bot(emulator: Emulator, tmp_path: Path, cache: Path) -> Iterator[Bot]:
    """Return the bot that serves both shipped bases."""
    running = Bot(emulator, tmp_path, cache, KAIDIAN_KB=f"{SHOP}:{MANUAL}")
    yield running
    running.kill()


def buttons(made: Made) -> dict[str, str]:
    """Return the data of a message's buttons by their texts."""
    rows = made.params.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}


def press(emulator: Emulator, made: Made, text: str) -> Made:
    """Press the button *text* under a message, and return the bot's next message."""
    before = len(emulator.said())
    emulator.press(buttons(made)[text], number(made))
    emulator.wait(lambda: len(emulator.said()) > before)
    return emulator.said()[before]


def number(made: Made) -> int:
    """Return the id of a message."""
    return int(made.result["message_id"])


def text(made: Made) -> str:
    """Return what a message says."""
    return str(made.params["text"])


@pytest.mark.usefixtures("bot")
def test_who_names_no_platform_picks_a_base(emulator: Emulator) -> None:
    """The question waits; a button, or what is typed, answers it from the base that was picked."""
    asked = emulator.ask("年费多少钱")
    assert WHICH in text(asked)
    assert list(buttons(asked)) == ["蓝鲸网问答", "红杉网问答"]

    assert "一百元" in text(press(emulator, asked, "蓝鲸网问答"))
    emulator.press(buttons(asked)["红杉网问答"], number(asked))
    emulator.wait(lambda: "过期" in str(emulator.calls[-1].params.get("text")))

    emulator.ask("年费多少钱")
    assert "九百元" in text(emulator.ask("红杉网"))


@pytest.mark.usefixtures("bot")
def test_a_platform_in_the_question_is_enough(emulator: Emulator) -> None:
    """Each base is reached by its name."""
    assert "一百元" in text(emulator.ask("蓝鲸网年费多少钱"))
    assert "九百元" in text(emulator.ask("红杉网年费多少钱"))


def test_the_chat_keeps_its_base(emulator: Emulator, bot: Bot) -> None:
    """/base sets it, for good: a restart changes nothing, /base 0 takes it back."""
    menu = emulator.ask("/base")
    assert list(buttons(menu)) == ["蓝鲸网问答", "红杉网问答", "不选定"]
    assert "都按「红杉网问答」回答" in text(press(emulator, menu, "红杉网问答"))
    assert bot.stop() == 0
    bot.start()

    assert "九百元" in text(emulator.ask("年费多少钱"))
    assert "现在选定的是「红杉网问答」" in text(emulator.ask("/base"))
    assert "都按「蓝鲸网问答」回答" in text(emulator.ask("/base 蓝鲸网"))
    assert "一百元" in text(emulator.ask("年费多少钱"))
    assert "每次看" in text(emulator.ask("/base 0"))
    assert WHICH in text(emulator.ask("年费多少钱"))


@pytest.mark.usefixtures("shipped_bot")
def test_commands_ask_which_base(emulator: Emulator) -> None:
    """What concerns one base asks for it; what concerns all tells of all."""
    start = emulator.ask("/start")
    assert "1688开店问答、开店机器人使用问答" in text(start)
    topics = press(emulator, start, "开店机器人使用问答")
    assert "数据和备份" in buttons(topics)
    assert "SQLite" in text(press(emulator, topics, "数据和备份"))

    steps = press(emulator, emulator.ask("/steps"), "1688开店问答")
    assert "1. 注册账号" in text(steps)
    emulator.press(buttons(steps)["▶ 第 1 步"], number(steps))
    emulator.wait(lambda: emulator.calls[-1].method == "editMessageText")
    assert "第 1 步（共 6 步）" in text(emulator.calls[-1])

    version = text(emulator.ask("/version"))
    assert read_base(SHOP).version in version
    assert read_base(MANUAL).version in version
    assert "/base" in text(emulator.ask("/help"))
    assert "1688.com" in text(emulator.ask("/contact"))


@pytest.mark.usefixtures("shipped_bot")
def test_links_and_old_buttons_find_their_base(emulator: Emulator) -> None:
    """An entry that only one base has is found by its id alone."""
    assert "store backup" in text(emulator.ask("/start backup"))
    assert "买家保障" in text(emulator.ask(f"/start {short('deposit')}"))
    before = len(emulator.said())
    emulator.press(f"a:{short('deposit')}", 1)
    emulator.wait(lambda: len(emulator.said()) > before)
    assert "买家保障" in text(emulator.said()[before])


@pytest.mark.usefixtures("shipped_bot")
def test_inline_results_say_which_base_they_are_of(emulator: Emulator) -> None:
    """Entries of all bases are listed, unless the query names one."""
    for id_, query in enumerate(["", "怎么退款", "kaidian怎么备份"]):
        emulator.update(
            inline_query={"id": str(id_), "from": person(PERSON), "query": query, "offset": ""}
        )
        emulator.wait(lambda id_=id_: len(listed(emulator)) > id_)  # type: ignore[misc]  # bound now
    topics, refund, backup = (
        {result["description"] for result in made.params["results"]} for made in listed(emulator)
    )

    assert topics == {"1688开店问答"}  # its topics fill the list
    assert "1688开店问答" in refund
    assert backup == {"开店机器人使用问答"}


def listed(emulator: Emulator) -> list[Made]:
    """Return the answers to inline queries."""
    return [made for made in emulator.calls if made.method == "answerInlineQuery"]


def test_each_decision_is_recorded_with_its_base(
    emulator: Emulator, bot: Bot, folders: list[Path], tmp_path: Path
) -> None:
    """The content hash is that of the base that answered; of all between which to pick."""
    for question in ("蓝鲸网年费多少钱", "红杉网年费多少钱", "年费多少钱"):
        emulator.ask(question)
    assert bot.stop() == 0

    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        recorded = [kb for (kb,) in store.execute("SELECT kb FROM turns ORDER BY id")]
    blue, red = (read_base(folder).version for folder in folders)
    assert recorded == [blue, red, f"{blue}+{red}"]


@pytest.mark.usefixtures("unsure")
def test_what_waits_for_a_pick_is_kept_masked(emulator: Emulator, bot: Bot, tmp_path: Path) -> None:
    """No personal data of the question stands in the store while it waits."""
    asked = emulator.ask("年费多少钱，我的手机号13812345678，年费是多少")
    assert bot.stop() == 0

    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        assert WHICH in text(asked)
        assert "13812345678" not in "".join(store.iterdump())
