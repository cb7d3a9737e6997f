"""The bot in Telegram: the real command, over HTTP, against an emulator of the Bot API."""

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from watchfiles import watch

from bot.app import Parts
from bot.channels.telegram.formatting import pieces
from bot.channels.telegram.incoming import Kind, read
from bot.channels.telegram.planning import Planner
from bot.dialogue.conversation import NEW
from bot.dialogue.library import Library
from bot.language.script import is_traditional, to_traditional
from tests.emulator import PATIENCE, TOKEN, USERNAME, Emulator, Fault, Made, message, person
from tests.test_commands import KAIDIAN


class Bot:
    """`kaidian telegram` as a process that can be killed and started again."""

    def __init__(
        self,
        emulator: Emulator,
        folder: Path,
        cache: Path,
        kb: Path | None = None,
        arguments: Sequence[str] = (),
        **settings: str,
    ) -> None:
        self._arguments = arguments
        self._log = folder / "log"
        self.environ = {
            "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
            "KAIDIAN_TELEGRAM_API": emulator.url,
            "KAIDIAN_DB": f"sqlite:///{folder / 'store.db'}",
            "KAIDIAN_CACHE": str(cache),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        } | ({"KAIDIAN_KB": str(kb)} if kb else {})
        self.environ |= settings
        self.start()

    def start(self) -> None:
        """Start the process."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [KAIDIAN, "telegram", *self._arguments], env=self.environ, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """Kill the process, without a word."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask the process to stop, and return its exit status."""
        self._process.terminate()
        return self._process.wait()

    @property
    def log(self) -> str:
        """What the process logged."""
        return self._log.read_text()

    def wait(self) -> int:
        """Wait until the process has ended, and return its exit status."""
        return self._process.wait(PATIENCE)

    def wait_for(self, line: str) -> None:
        """Wait until the process has logged *line*."""
        if line in self.log:
            return
        for _ in watch(self._log, step=50, rust_timeout=PATIENCE * 1000):
            if line in self.log:
                return


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


@pytest.fixture
def bot(emulator: Emulator, tmp_path: Path, cache: Path) -> Iterator[Bot]:
    """Return a running bot."""
    running = Bot(emulator, tmp_path, cache)
    yield running
    running.kill()


def buttons(call: Made) -> list[dict[str, str]]:
    """Return the buttons of a message."""
    markup = call.params.get("reply_markup", {})
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def test_a_question_is_answered_with_its_source_and_what_to_ask_next(
    emulator: Emulator, bot: Bot
) -> None:
    """The deposit answer comes as HTML, with related questions and votes as buttons."""
    reply = emulator.ask("要押金吗")

    assert "买家保障" in reply.params["text"]
    assert "<i>（资料：" in reply.params["text"]
    assert any("👍" in button["text"] for button in buttons(reply))
    assert len(buttons(reply)) > 2
    assert bot.stop() == 0


def test_the_token_is_never_logged(emulator: Emulator, bot: Bot) -> None:
    """Neither token nor question is found in the log."""
    emulator.ask("要押金吗")
    bot.stop()

    assert "handled" in bot.log
    assert TOKEN not in bot.log
    assert "押金" not in bot.log


@pytest.mark.usefixtures("bot")
def test_a_choice_is_made_by_its_button(emulator: Emulator) -> None:
    """The button of a related question answers that question."""
    first = emulator.ask("要押金吗")
    related = buttons(first)[0]

    emulator.press(related["callback_data"], under=first.result["message_id"])
    emulator.wait(lambda: len(emulator.said()) > 1)

    assert "answerCallbackQuery" in [call.method for call in emulator.calls]
    assert emulator.said()[1].params["text"] != first.params["text"]


@pytest.mark.usefixtures("bot")
def test_the_way_to_a_shop_is_walked_in_one_message(emulator: Emulator) -> None:
    """◀ and ▶ change the message whose button was pressed."""
    overview = emulator.ask("/steps")
    step = next(b for b in buttons(overview) if "第 1 步" in b["text"])
    under = overview.result["message_id"]

    emulator.press(step["callback_data"], under=under)
    emulator.wait(lambda: any(call.method == "editMessageText" for call in emulator.calls))
    edit = next(call for call in emulator.calls if call.method == "editMessageText")

    assert edit.params["message_id"] == under
    assert edit.params["text"].startswith("第 1 步（共 6 步）")
    assert [b["text"] for b in buttons(edit)] == ["▶ 第 2 步"]


@pytest.mark.usefixtures("bot")
def test_an_edited_question_changes_its_answer(emulator: Emulator) -> None:
    """Nobody gets a second message for a corrected question."""
    first = emulator.ask("你好")
    written = emulator._next_message  # noqa: SLF001  # the id that `ask` gave to the question

    emulator.update(edited_message=message(written, "要押金吗", 42))
    emulator.wait(lambda: any(call.method == "editMessageText" for call in emulator.calls))
    edit = next(call for call in emulator.calls if call.method == "editMessageText")

    assert edit.params["message_id"] == first.result["message_id"]
    assert "买家保障" in edit.params["text"]


@pytest.mark.usefixtures("bot")
def test_an_edited_command_changes_its_answer(emulator: Emulator) -> None:
    """In a group, where people ask by /ask, as elsewhere."""
    written = emulator.write("/ask 你好", -5)
    emulator.wait(lambda: bool(emulator.said(-5)))
    emulator.update(edited_message=message(written, "/ask 要押金吗", -5))
    emulator.wait(lambda: any(call.method == "editMessageText" for call in emulator.calls))

    edit = next(call for call in emulator.calls if call.method == "editMessageText")
    assert edit.params["message_id"] == emulator.said(-5)[0].result["message_id"]
    assert "买家保障" in edit.params["text"]


@pytest.mark.usefixtures("bot")
def test_an_old_or_forged_button_says_so(emulator: Emulator) -> None:
    """A vote on another chat's answer, and data that no button has, change nothing."""
    first = emulator.ask("要押金吗")
    vote = next(b["callback_data"] for b in buttons(first) if "👍" in b["text"])

    emulator.press(vote, under=1, chat=77)
    emulator.press("x:1", under=1, chat=77)
    emulator.press("h:1", under=1, chat=77)  # there is nobody to pass anything on to
    emulator.press(vote, under=first.result["message_id"])
    emulator.wait(
        lambda: len([c for c in emulator.calls if c.method == "answerCallbackQuery"]) == 4
    )
    told = [c.params["text"] for c in emulator.calls if c.method == "answerCallbackQuery"]

    assert sorted("过期" in text for text in told) == [False, True, True, True]


def test_in_a_group_others_vote_too(emulator: Emulator, bot: Bot, tmp_path: Path) -> None:
    """One vote a person on an answer that all of them read."""
    emulator.write("/ask 要押金吗", -5)
    emulator.wait(lambda: bool(emulator.said(-5)))
    answer = emulator.said(-5)[0]
    up, down = (b["callback_data"] for b in buttons(answer)[-2:])
    under = answer.result["message_id"]
    for data, who in ((up, 5), (up, 77), (down, 77)):
        emulator.press(data, under, chat=-5, who=who)
    emulator.wait(lambda: [c.method for c in emulator.calls].count("answerCallbackQuery") == 3)
    assert bot.stop() == 0

    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        rows = store.execute("SELECT person, useful FROM votes ORDER BY person").fetchall()
    assert rows == [(5, 1), (77, 0)]


@pytest.mark.usefixtures("bot")
def test_markup_in_a_question_is_text(emulator: Emulator) -> None:
    """What a person writes can't become markup or a template."""
    reply = emulator.ask("<b>要押金吗 {support} & %s 不开了能退么")

    assert "<b>要" not in reply.params["text"]


@pytest.mark.usefixtures("bot")
def test_in_a_group_only_what_is_meant_for_it_is_answered(emulator: Emulator) -> None:
    """Talk among people is left alone; a command and a mention are answered as replies."""
    emulator.write("要押金吗", -5)
    asked = emulator.write("/ask 要押金吗", -5)
    emulator.write(f"@{USERNAME} 押金能退吗", -5)
    emulator.wait(lambda: len(emulator.said(-5)) == 2)

    assert emulator.said(-5)[0].params["reply_parameters"]["message_id"] == asked


@pytest.mark.parametrize(
    ("text", "is_answered"),
    [
        ("@KaiDian_Bot 要押金吗", True),
        ("@kaidian_bots 要押金吗", False),
        ("/ban", False),
        ("/ban@kaidian_bot", True),
        ("/help@Another_Bot", False),
    ],
)
def test_what_is_meant_for_another_bot_is_left_alone(
    parts: Parts, text: str, *, is_answered: bool
) -> None:
    """A name is read in any case, but whole; a command that is not ours may be somebody else's."""
    incoming = read({"update_id": 1, "message": message(1, text, -5)}, USERNAME)
    plan = Planner(Library([parts.assistant]), "1").plan(incoming, 1, NEW, None)

    assert bool(plan.calls) is is_answered


def test_who_names_the_bot_to_itself_asks_the_same() -> None:
    """As people do in a private chat who are used to groups."""
    incoming = read({"update_id": 1, "message": message(1, "@KaiDian_Bot 要押金吗", 42)}, USERNAME)

    assert incoming.text == "要押金吗"


def test_a_command_for_another_bot_is_left_alone_under_a_message_of_this_one() -> None:
    """Only its name counts, not what it replies to."""
    ours = message(1, "…", -5, **{"from": {"id": 7, "is_bot": True, "username": USERNAME}})
    command = message(2, "/help@another_bot", -5, reply_to_message=ours)

    assert read({"update_id": 1, "message": command}, USERNAME).kind is Kind.NOTHING


@pytest.mark.usefixtures("bot")
def test_who_writes_in_the_name_of_a_group_is_answered(emulator: Emulator) -> None:
    """Telegram shows an anonymous administrator as a bot, in whose name nobody can be reached."""
    sender = {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
        "sender_chat": {"id": -5, "type": "supergroup", "title": "群"},
    }
    emulator.write("/ask 要押金吗", -5, **sender)
    emulator.wait(lambda: bool(emulator.said(-5)))

    assert "买家保障" in emulator.said(-5)[0].params["text"]


@pytest.mark.usefixtures("bot")
def test_a_group_is_greeted_once(emulator: Emulator) -> None:
    """Not again when the bot becomes an administrator, and no channel at all."""

    def change(chat: int, kind: str, before: str, after: str) -> None:
        status = {"old_chat_member": {"status": before}, "new_chat_member": {"status": after}}
        emulator.update(
            my_chat_member={"chat": {"id": chat, "type": kind}, "from": person(1), **status}
        )

    change(-6, "channel", "left", "administrator")
    change(-5, "supergroup", "left", "member")
    change(-5, "supergroup", "member", "administrator")
    emulator.write("/help", -5)
    emulator.write("/help", -6)
    helped = {-5: 2, -6: 1}
    emulator.wait(lambda: all(len(emulator.said(chat)) >= n for chat, n in helped.items()))

    for chat, greetings in ((-5, [True, False]), (-6, [False])):
        assert ["大家好" in call.params["text"] for call in emulator.said(chat)] == greetings


@pytest.mark.usefixtures("bot")
def test_a_picture_gets_an_honest_reply(emulator: Emulator) -> None:
    """A picture is not passed over in silence."""
    picture = message(5, "", 42, photo=[{"file_id": "x", "file_unique_id": "x"}])
    del picture["text"]
    emulator.update(message=picture)
    emulator.wait(lambda: bool(emulator.said()))

    assert "只看得懂文字" in emulator.said()[0].params["text"]


@pytest.mark.parametrize(
    "kind", ["checklist", "contact", "document", "location", "photo", "sticker", "voice"]
)
def test_whatever_is_sent_can_be_passed_on(parts: Parts, kind: str) -> None:
    """None of it meets with silence."""
    sent = message(1, "", 42, **{kind: {}})
    del sent["text"]
    incoming = read({"update_id": 1, "message": sent}, USERNAME)
    (call,) = (
        Planner(Library([parts.assistant]), "1", human=True).plan(incoming, 1, NEW, None).calls
    )

    assert "只看得懂文字" in call.params["text"]
    assert "转给人工" in str(call.params["reply_markup"])


@pytest.mark.usefixtures("bot")
def test_buttons_and_menus_keep_to_the_script_of_their_reader(emulator: Emulator) -> None:
    """A button under traditional text answers in it; so does a command of whose Telegram is."""
    first = emulator.ask("要押金嗎？開店")
    related, under = buttons(first)[0], first.result["message_id"]
    emulator.press(related["callback_data"], under, shown=first.params["text"])
    emulator.wait(lambda: len(emulator.said()) == 2)
    reader = {**person(77), "language_code": "zh-hant"}
    emulator.update(message=message(1, "/topics", 77, **{"from": reader}))
    emulator.wait(lambda: bool(emulator.said(77)))

    assert is_traditional(emulator.said()[1].params["text"])
    assert [b["text"] for b in buttons(first)][-1] == "👎 沒用"
    unanswered = emulator.ask("店鋪可以用海外手機號登錄直播間嗎", 78)
    assert any(is_traditional(b["text"]) for b in buttons(unanswered))
    assert all(b["text"] == to_traditional(b["text"]) for b in buttons(unanswered))
    assert "想瞭解哪個話題" in emulator.said(77)[0].params["text"].replace("了解", "瞭解")
    assert any("開店" in button["text"] for button in buttons(emulator.said(77)[0]))


@pytest.mark.usefixtures("bot")
def test_a_link_opens_an_entry(emulator: Emulator) -> None:
    """`t.me/…?start=deposit` answers; a link to what there is no more shows the topics."""
    assert "买家保障" in emulator.ask("/start deposit").params["text"]
    assert len(buttons(emulator.ask("/start gone"))) > 5


def test_a_long_answer_is_cut_between_its_paragraphs() -> None:
    """A piece never ends within a paragraph that fits into one, and nothing is lost."""
    paragraphs = [f"第{number}段" + "字" * 30 + "\n" + "行" * 30 for number in range(9)]
    text = "\n\n".join([*paragraphs, "长" * 500, "😀" * 150])
    cut = list(pieces(text, 200))

    assert all(len(piece.encode("utf-16-le")) <= 400 for piece in cut)
    assert all(any(paragraph in piece for piece in cut) for paragraph in paragraphs)
    assert "".join(cut).replace("\n", "") == text.replace("\n", "")


@pytest.mark.usefixtures("bot")
def test_inline_lists_entries(emulator: Emulator) -> None:
    """`@bot 押金` in any chat lists what fits."""
    emulator.update(
        inline_query={"id": "9", "from": person(42), "query": "押金要交多少", "offset": ""}
    )
    emulator.wait(lambda: any(call.method == "answerInlineQuery" for call in emulator.calls))
    listed = next(call for call in emulator.calls if call.method == "answerInlineQuery")

    assert "押金" in listed.params["results"][0]["title"]


def test_inline_lists_first_what_the_bot_would_ask_back_about(parts: Parts) -> None:
    """Who types a mere keyword finds the questions that its topics begin with."""
    query = {"id": "9", "from": person(42), "query": "押金", "offset": ""}
    incoming = read({"update_id": 1, "inline_query": query}, USERNAME)
    (call,) = Planner(Library([parts.assistant]), "1").plan(incoming, 1, NEW, None).calls
    _, reply = parts.assistant.respond(NEW, "押金")
    titles = [result["title"] for result in call.params["results"]]

    assert "在1688开店要交押金吗？" in titles
    assert titles[: len(reply.choices)] == [choice.text for choice in reply.choices]
    assert len(titles) == len(set(titles)) > len(reply.choices)


def test_what_people_think_is_kept_masked_until_they_are_forgotten(
    emulator: Emulator, bot: Bot, tmp_path: Path
) -> None:
    """/feedback is found by its operator beside the running bot; /forget deletes all of a person."""
    emulator.ask("要押金吗 我电话13812345678")
    emulator.ask("/feedback 退款那条看不懂，我微信liming1990")
    emulator.write("/ask 押金能退吗", -42)  # the same person, in a group
    emulator.wait(lambda: bool(emulator.said(-42)))
    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        (opinion,) = store.execute("SELECT text FROM feedback").fetchone()
        kept = "".join(store.iterdump())
        assert opinion == "退款那条看不懂，我微信〔账号〕"
        assert not {"13812345678", "liming1990"} & set(re.findall(r"\w+", kept))

        emulator.ask("/forget")
        assert store.execute("SELECT count(*) FROM turns").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM feedback").fetchone() == (0,)
    assert bot.stop() == 0


@pytest.mark.usefixtures("bot")
def test_an_update_that_nobody_can_read_stops_nobody(emulator: Emulator) -> None:
    """A broken update is set aside; the next one is answered."""
    emulator.update(message={"message_id": 1, "chat": {}, "text": "要押金吗"})

    assert "买家保障" in emulator.ask("要押金吗").params["text"]


@pytest.mark.usefixtures("bot")
def test_what_telegram_refuses_for_now_is_sent_later(emulator: Emulator) -> None:
    """429 and 500 delay an answer and lose nothing."""
    emulator.faults += [
        Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 1}),
        Fault("sendMessage", 500, "Internal Server Error"),
    ]

    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert len(emulator.said()) == 1


@pytest.mark.usefixtures("bot")
def test_someone_who_asks_too_fast_is_told_once(emulator: Emulator) -> None:
    """After twenty messages in a minute there is one word, then silence; others are answered."""
    for _ in range(25):
        emulator.write("你好")
    reply = emulator.ask("要押金吗", chat=77)
    emulator.wait(lambda: len(emulator.said()) == 21)

    assert "买家保障" in reply.params["text"]
    assert "等一分钟" in emulator.said()[-1].params["text"]


def test_nothing_is_lost_when_the_bot_is_killed(emulator: Emulator, bot: Bot) -> None:
    """Killed in the middle of sixty questions, twice: each is answered, in order."""
    people = range(100, 104)
    for number in range(15):
        for chat in people:
            emulator.write(f"/version {number}", chat)
    for enough in (10, 30):
        emulator.wait(lambda enough=enough: len(emulator.calls) > enough)  # type: ignore[misc]  # bound now
        bot.kill()
        bot.start()
    emulator.wait(lambda: all(len(emulator.said(chat)) >= 15 for chat in people))
    last = emulator.ask("要押金吗", chat=200)

    assert "买家保障" in last.params["text"]
    doubled = sum(len(emulator.said(chat)) - 15 for chat in people)
    assert 0 <= doubled <= 2 * len(people)


def test_telegram_says_what_the_core_says(emulator: Emulator, bot: Bot, parts: Parts) -> None:
    """The same message is decided alike, whatever the channel."""
    for chat, text in enumerate(["开店啥流程 要押金不", "淘宝开店保证金能退吗", "你好"], 300):
        _, reply = parts.assistant.respond(NEW, text)
        first_line = reply.text.splitlines()[0]
        assert emulator.ask(text, chat).params["text"].startswith((first_line, f"<b>{first_line}"))
    bot.stop()


def test_a_second_bot_on_the_same_store_is_refused(
    emulator: Emulator, bot: Bot, tmp_path: Path, cache: Path
) -> None:
    """Two processes never write one SQLite store; the second says so in a line."""
    emulator.ask("你好")
    second = Bot(emulator, tmp_path, cache)

    assert second._process.wait() == 2  # noqa: SLF001  # how it ended is what is tested
    assert "正被另一个 kaidian 使用" in bot.log
    assert "Traceback" not in bot.log


def test_without_a_token_it_says_where_to_get_one(cache: Path) -> None:
    """A missing token is a line, not a traceback."""
    done = subprocess.run(
        [KAIDIAN, "telegram"],
        capture_output=True,
        check=False,
        env={"KAIDIAN_CACHE": str(cache), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )

    assert done.returncode == 2
    assert "@BotFather" in done.stderr.decode()
    assert json.dumps(done.stderr.decode()).count("Traceback") == 0
