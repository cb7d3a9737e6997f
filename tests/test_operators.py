"""Behind the bot are people: tickets, take-over, hours of duty, rights; on SQLite and PostgreSQL."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func, select

from bot.app import Parts, assemble
from bot.knowledge.reading import read_base
from bot.settings import shipped
from bot.store import refusals
from bot.store.forgetting import NEEDED, expire
from bot.store.opening import open_store
from bot.store.tables import metadata
from tests.desk import CHAT, COLLEAGUE, NOON, OPERATOR, STRANGER, UNKNOWN, Desk, Said
from tests.emulator import USERNAME, message, person

ASKER = 42


@pytest.fixture
def store(db: str) -> Iterator[Engine]:
    """Return an empty store."""
    engine = open_store(db)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(store: Engine, parts: Parts) -> Desk:
    """Return a bot with operators."""
    return Desk(store, parts.assistant)


def test_a_fallback_offers_a_human_who_sees_all_there_is_to_know(desk: Desk) -> None:
    """The card holds question, what was said before, candidates with confidences, masked."""
    desk.write("要押金吗", ASKER)
    card = desk.ask_for_human(ASKER, f"{UNKNOWN}，我的电话 13812345678")
    topic = next(one for one in desk.said if one.method == "createForumTopic")

    assert "海外手机号" in card.params["text"]
    assert "要押金吗（答了）" in card.params["text"]
    assert "置信度 0." in card.params["text"]
    assert "13812345678" not in card.params["text"]
    assert card.params["message_thread_id"] == topic.made
    assert "已经转给人工" in desk.last(ASKER)


@pytest.mark.parametrize("wish", ["人工", "怎么开店,转人工"])
def test_a_wish_for_a_human_is_a_question_for_one(desk: Desk, wish: str) -> None:
    """人工 gets the contacts, and the same button; behind a question, too."""
    assert f"问题：{wish}" in desk.ask_for_human(ASKER, wish).params["text"]


def test_who_presses_twice_has_one_ticket(desk: Desk) -> None:
    """And who presses another person's button has none."""
    desk.ask_for_human(ASKER)
    button = next(one for one in desk.to(ASKER) if one.buttons).buttons["转给人工"]
    cards = len(desk.to(CHAT))
    desk.press(button, who=ASKER)
    desk.press(button, who=77)

    assert len(desk.to(CHAT)) == cards
    assert "过期" in desk.said[-1].params["text"]


def test_all_tickets_of_a_person_are_in_one_topic(desk: Desk) -> None:
    """A second question makes no second topic; another person's does."""
    first, second = desk.ask_for_human(ASKER), desk.ask_for_human(ASKER)
    other = desk.ask_for_human(77)

    assert first.params["message_thread_id"] == second.params["message_thread_id"]
    assert first.params["message_thread_id"] != other.params["message_thread_id"]


def test_an_answer_reaches_who_asked_and_nobody_else(desk: Desk) -> None:
    """The bot says who answers, once; the card says that it was delivered."""
    card = desk.ask_for_human(ASKER)
    desk.ask_for_human(77)
    written = [desk.reply("可以的", card.made), desk.reply("在设置里", card.made)]
    desk.wait(seconds=1)
    copies = [one for one in desk.said if one.method == "copyMessage"]

    assert [copy.params["message_id"] for copy in copies] == written
    assert {copy.params["chat_id"] for copy in copies} == {ASKER}
    assert {copy.params["from_chat_id"] for copy in copies} == {CHAT}
    assert sum("由人工（店主）回复" in m.params.get("text", "") for m in desk.to(ASKER)) == 1
    assert "已送达、已送达" in desk.card()


def test_in_a_topic_operators_just_write(desk: Desk) -> None:
    """What begins with // stays among them, and so does what is written elsewhere."""
    thread = desk.ask_for_human(ASKER).params["message_thread_id"]
    desk.operate("可以的", message_thread_id=thread)
    desk.operate("// 这个人昨天也问过", message_thread_id=thread)
    desk.operate("／／ 这个人昨天也问过", message_thread_id=thread)
    internal = {"caption": "// 后台截图", "from": person(OPERATOR), "message_thread_id": thread}
    desk.send("photo", CHAT, **internal)
    desk.operate("吃饭了吗")

    assert len([one for one in desk.said if one.method == "copyMessage"]) == 1


def test_what_nobody_says_in_a_topic_is_left_alone(desk: Desk, store: Engine) -> None:
    """A command for another bot is carried to nobody; who closes a topic is refused nothing."""
    thread = desk.ask_for_human(ASKER).params["message_thread_id"]
    said = len(desk.said)
    desk.operate("/warn@another_bot", message_thread_id=thread)
    desk.operate("/warn@another_bot", who=STRANGER, message_thread_id=thread)
    desk.send("forum_topic_closed", CHAT, **{"from": person(STRANGER), "message_thread_id": thread})

    assert len(desk.said) == said
    with store.begin() as connection:
        assert refusals.refused(connection, NOON) == 0


def test_a_group_that_gets_another_id_is_told_what_to_change(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram gives it one when topics are switched on; what is written there reaches nobody."""
    desk.operate("", migrate_to_chat_id=-100500)

    assert "KAIDIAN_OPERATORS_CHAT=-100500" in desk.last(-100500)
    assert "KAIDIAN_OPERATORS_CHAT=-100500" in caplog.text


def test_without_topics_a_ticket_is_a_thread_of_replies(desk: Desk) -> None:
    """The same chat works whether or not the group has topics."""
    desk.has_topics = False
    card = desk.ask_for_human(ASKER)
    desk.reply("可以的", card.made)
    desk.write("在哪里设置", ASKER)
    carried = desk.to(CHAT)[-1]

    assert "message_thread_id" not in card.params
    assert carried.params["reply_parameters"]["message_id"] == card.made
    desk.reply("店铺设置", carried.made)
    assert desk.to(ASKER)[-1].method == "copyMessage"


def test_a_card_that_was_sent_twice_can_be_answered_at_either(desk: Desk) -> None:
    """The bot's own card names its ticket; what others write as if it were one does not."""
    card = desk.ask_for_human(ASKER)
    quoted = {"message_id": 1, "text": card.params["text"]}
    desk.operate("可以的", reply_to_message={**quoted, "from": person(STRANGER)})
    assert desk.to(ASKER)[-1].method != "copyMessage"
    bot = {"id": 7, "is_bot": True, "username": USERNAME}
    desk.operate("可以的", reply_to_message={**quoted, "from": bot})
    assert desk.to(ASKER)[-1].method == "copyMessage"


def test_the_bot_is_silent_while_an_operator_answers(desk: Desk) -> None:
    """What the person writes is carried whole; a command still works; the button ends it."""
    card = desk.ask_for_human(ASKER)
    desk.reply("稍等", card.made)
    before = len(desk.to(ASKER))
    carried = [desk.write("要押金吗", ASKER), desk.send("voice", ASKER)]
    copies = [one.params["message_id"] for one in desk.to(CHAT) if one.method == "copyMessage"]

    assert copies == carried
    assert len(desk.to(ASKER)) == before
    desk.write("/contact", ASKER)
    assert len(desk.to(ASKER)) == before + 1

    desk.wait(seconds=1)
    assert "人工接管中" in desk.card()
    desk.press(_button(desk, "交还机器人"), who=OPERATOR, chat=CHAT)
    assert "又由机器人" in desk.last(ASKER)
    desk.write("要押金吗", ASKER)
    assert "买家保障" in desk.last(ASKER)


def test_a_take_over_ends_by_command(desk: Desk) -> None:
    """/done gives back and closes; a second one says that there is nothing to give back."""
    card = desk.ask_for_human(ASKER)
    desk.reply("可以的", card.made)
    desk.reply("/done", card.made, who=COLLEAGUE)

    assert "已交还机器人" in desk.last(CHAT)
    assert "又由机器人" in desk.last(ASKER)
    desk.reply("/done", card.made)
    assert "没有人工接管" in desk.last(CHAT)


def test_a_take_over_ends_by_itself(desk: Desk) -> None:
    """Four hours after the operator's last word, not their first; person and operators are told."""
    card = desk.ask_for_human(ASKER)
    desk.reply("稍等", card.made)
    desk.wait(hours=3)
    desk.reply("还在查", card.made)
    desk.wait(hours=3, minutes=59)
    assert "又由机器人" not in desk.last(ASKER)

    desk.restart()
    desk.wait(minutes=1)
    assert "又由机器人" in desk.last(ASKER)
    assert "到时间了" in desk.last(CHAT)
    desk.wait(minutes=1)
    assert sum("又由机器人" in one.params.get("text", "") for one in desk.to(ASKER)) == 1


def test_an_operator_who_comes_back_takes_over_again(desk: Desk) -> None:
    """After the end the person is told anew who answers."""
    card = desk.ask_for_human(ASKER)
    desk.reply("稍等", card.made)
    desk.wait(hours=4)
    desk.reply("查到了", card.made)

    assert sum("由人工" in one.params.get("text", "") for one in desk.to(ASKER)) == 2


def test_edits_follow_both_ways(desk: Desk) -> None:
    """The copy of an edited message is edited, here and there; so is the card of the question."""
    card = desk.ask_for_human(ASKER)
    asked = next(one for one in desk.to(ASKER) if one.buttons)
    answer = desk.reply("可以", card.made)
    copy = desk.to(ASKER)[-1]
    question = desk.write("那国内号呢", ASKER)
    carried = desk.to(CHAT)[-1]

    desk.edit(answer, "不可以", CHAT, **{"from": person(OPERATOR)})
    assert desk.said[-1].params == {"chat_id": ASKER, "text": "不可以", "message_id": copy.made}
    desk.edit(question, "那虚拟号呢", ASKER)
    assert desk.said[-1].params == {
        "chat_id": CHAT,
        "text": "那虚拟号呢",
        "message_id": carried.made,
    }
    assert asked.buttons


def test_an_edited_caption_follows_too(desk: Desk) -> None:
    """Also where an operator just wrote in the topic, as a reply to nothing."""
    thread = desk.ask_for_human(ASKER).params["message_thread_id"]
    more = {"from": person(OPERATOR), "message_thread_id": thread}
    sent = desk.send("photo", CHAT, caption="看这里", **more)
    copy = desk.to(ASKER)[-1]

    changed = message(sent, "", CHAT, photo={}, caption="看这一页", **more)
    del changed["text"]
    desk.arrive(sent, edited_message=changed)
    assert desk.said[-1] == Said(
        "editMessageCaption",
        {"chat_id": ASKER, "caption": "看这一页", "message_id": copy.made},
        desk.said[-1].made,
    )


def test_an_edited_question_changes_its_ticket(desk: Desk) -> None:
    """Operators never answer what is no longer asked."""
    question = desk.write(UNKNOWN, ASKER)
    desk.press(desk.to(ASKER)[-1].buttons["转给人工"], who=ASKER)
    desk.edit(question, "店铺可以用虚拟币付款买火箭吗", ASKER)

    assert "火箭" in desk.card()


def test_who_blocked_the_bot_is_reported(desk: Desk) -> None:
    """The operator whose words were in vain is told so, by a reply to them."""
    card = desk.ask_for_human(ASKER)
    desk.unreachable.add(ASKER)
    answer = desk.reply("可以的", card.made)
    desk.wait(seconds=1)

    assert "对方屏蔽了机器人" in desk.card()
    told = desk.to(CHAT)[-1]
    assert "没有送到" in told.params["text"]
    assert told.params["reply_parameters"]["message_id"] == answer
    desk.reply("在吗", card.made)
    assert "没有发" in desk.last(CHAT)


def test_who_writes_can_be_written_to(desk: Desk) -> None:
    """Although Telegram said before that they blocked the bot, and an operator holds them."""
    card = desk.ask_for_human(ASKER)
    desk.unreachable.add(ASKER)
    desk.reply("可以的", card.made)
    desk.unreachable.clear()
    desk.write("回来了", ASKER)
    answer = desk.reply("在吗", card.made)

    assert desk.to(ASKER)[-1].params.get("message_id") == answer


def test_who_is_no_operator_is_refused_and_counted(
    desk: Desk, store: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither their replies nor their commands nor their presses do anything, anywhere."""
    card = desk.ask_for_human(ASKER)
    desk.reply("我来答", card.made, who=STRANGER)
    desk.reply("/close", card.made, who=STRANGER)
    desk.press(card.buttons["关闭"], who=STRANGER, chat=CHAT)
    desk.write("/stats", STRANGER)

    assert not [one for one in desk.said if one.method == "copyMessage"]
    assert "KAIDIAN_OPERATORS" in desk.last(STRANGER)
    with store.begin() as connection:
        assert refusals.refused(connection, NOON) == 4
    assert f"用户 {STRANGER} 不在 KAIDIAN_OPERATORS 里" in caplog.text
    desk.write("/stats", OPERATOR)
    assert "值班群" in desk.last(OPERATOR)


def test_a_picture_is_passed_on_whole(desk: Desk) -> None:
    """By one button under an honest reply."""
    sent = desk.send("photo", ASKER, caption="这个页面怎么填")
    assert "只看得懂文字" in desk.last(ASKER)
    desk.press(desk.to(ASKER)[-1].buttons["转给人工"], who=ASKER)
    card, copy = desk.to(CHAT)[-2:]

    assert "〔图片〕这个页面怎么填" in card.params["text"]
    assert copy.params["message_id"] == sent
    assert copy.params["reply_parameters"]["message_id"] == card.made


def test_an_operator_answers_with_a_picture(desk: Desk) -> None:
    """It is copied like any other message."""
    card = desk.ask_for_human(ASKER)
    more = {"from": person(OPERATOR), "reply_to_message": {"message_id": card.made}}
    sent = desk.send("photo", CHAT, **more)

    assert desk.to(ASKER)[-1].params["message_id"] == sent


def test_outside_hours_of_duty_people_are_told_when(store: Engine, parts: Parts) -> None:
    """At noon until the break is over; on Saturday until Monday."""
    desk = Desk(store, parts.assistant, duty="周一至周五 9:00-12:00 13:30-18:00")
    desk.ask_for_human(ASKER)
    assert "预计今天 13:30 以后" in desk.last(ASKER)
    desk.now += timedelta(days=3)
    desk.ask_for_human(77)
    assert "11 月 30 日 09:00" in desk.last(77)


def test_who_waits_is_not_forgotten(store: Engine, parts: Parts) -> None:
    """One reminder in hours of duty, then everybody is named, then silence; no reminder at night."""
    desk = Desk(store, parts.assistant, duty="每天 9:00-12:00 13:30-18:00")
    desk.ask_for_human(ASKER)
    answered = desk.ask_for_human(77)
    desk.reply("可以的", answered.made)
    desk.wait(minutes=60)
    assert "还没有人" not in desk.last(CHAT)
    desk.wait(minutes=30)
    assert "还没有人回复" in desk.last(CHAT)
    desk.wait(minutes=61)
    assert f"tg://user?id={COLLEAGUE}" in desk.last(CHAT)
    said = len(desk.said)
    desk.wait(minutes=70)
    assert len(desk.said) == said


def test_operators_see_figures_questions_and_reasons(desk: Desk) -> None:
    """/stats, /unanswered and /why, each as a reply."""
    card = desk.ask_for_human(ASKER)
    desk.ask_for_human(77)
    desk.write("要押金吗", ASKER)

    desk.operate("/stats")
    assert "今天：3 个问题，答了 1，反问 0，没答上来 2；转人工 2" in desk.last(CHAT)
    desk.operate("/unanswered")
    assert f"- {UNKNOWN}（2 人）" in desk.last(CHAT)
    desk.reply("可以的", card.made)
    desk.operate("/unanswered")
    assert f"- {UNKNOWN}（1 人）" in desk.last(CHAT)
    desk.reply("/why", card.made)
    assert "直接回答需要置信度" in desk.last(CHAT)
    desk.operate("/why")
    assert "回复某张工单" in desk.last(CHAT)


def test_a_good_answer_becomes_a_draft(store: Engine, parts: Parts, tmp_path: Path) -> None:
    """The base holds it, and answers nobody with it; nor with a proposed phrasing."""
    folder = tmp_path / "kb"
    shutil.copytree(shipped(), folder)
    desk = Desk(store, parts.assistant, folder=folder)
    card = desk.ask_for_human(ASKER)
    answer = desk.reply("可以，在登录设置里改", card.made)
    quoted = {"message_id": answer, "text": "可以，在登录设置里改，有事打 13812345678"}
    desk.operate("/draft", reply_to_message=quoted)
    assert "已存为草稿 ticket-1" in desk.last(CHAT)
    desk.reply("/phrasing deposit", card.made)
    desk.reply("/phrasing nothing", card.made)
    assert "没有条目 nothing" in desk.last(CHAT)
    base = read_base(folder)

    drafts = {draft.id: draft for draft in base.drafts}
    assert drafts["ticket-1"].question == UNKNOWN
    assert drafts["ticket-1"].answer == "可以，在登录设置里改，有事打 〔手机号〕"
    assert drafts["phrasing-1"].related == ("deposit",)
    assert "ticket-1" not in base.by_id


def test_who_asked_in_vain_is_told_once(
    store: Engine, parts: Parts, tmp_path: Path, cache: Path
) -> None:
    """Unless they opted out, blocked the bot, or somebody answered them."""
    desk = Desk(store, parts.assistant)
    for who in (1, 1, 2, 3):
        desk.write(UNKNOWN, who)
    desk.write("/mute", 2)
    desk.unreachable.add(3)
    desk.write("/help", 3)
    desk.reply("可以的", desk.ask_for_human(4).made)
    said = len(desk.said)
    desk.wait(seconds=1)
    assert [one for one in desk.said[said:] if one.params["chat_id"] != CHAT] == []

    folder = _learned(tmp_path / "kb", "overseas")
    desk.assistant = assemble(read_base(folder), cache).assistant
    said = len(desk.said)
    for _ in range(3):
        desk.wait(seconds=1)
    (told,) = desk.said[said:]

    assert told.params["chat_id"] == 1
    assert "可以，用海外手机号也能登录" in told.params["text"]
    desk.press(told.buttons["不再通知我"], who=1)
    assert "不再通知" in desk.said[-1].params["text"]


def test_what_an_operator_answered_is_no_news(
    store: Engine, parts: Parts, tmp_path: Path, cache: Path
) -> None:
    """Nor is what the base has answered before, whatever became of the ticket since."""
    desk = Desk(store, parts.assistant)
    card = desk.ask_for_human(ASKER)
    desk.reply("可以的", card.made)
    desk.reply("/close", card.made)
    told = desk.ask_for_human(77)
    for name in ("new", "newer"):
        desk.assistant = assemble(read_base(_learned(tmp_path / name, name)), cache).assistant
        desk.wait(seconds=1)
        desk.reply("/close", told.made)

    assert len([one for one in desk.to(77) if "现在有答案了" in one.params["text"]]) == 1
    assert not [one for one in desk.to(ASKER) if "现在有答案了" in one.params.get("text", "")]


def test_what_only_its_mask_lets_the_base_answer_is_no_news(
    store: Engine, parts: Parts, tmp_path: Path, cache: Path
) -> None:
    """A phone number is no question about 手机号."""
    desk = Desk(store, parts.assistant)
    desk.write("我手机13812345678", ASKER)
    desk.assistant = assemble(read_base(_learned(tmp_path / "new", "new")), cache).assistant
    desk.wait(seconds=1)

    assert not [one for one in desk.to(ASKER) if "现在有答案了" in one.params["text"]]


def test_an_operator_is_told_that_a_person_was_forgotten(desk: Desk) -> None:
    """At once, where they wrote; what they reply to the card then is no question to the bot."""
    card = desk.ask_for_human(ASKER)
    desk.write("/forget", ASKER)
    told = desk.to(CHAT)[-1].params
    assert "已经删除" in told["text"]
    assert told["message_thread_id"] == card.params["message_thread_id"]
    assert told["reply_parameters"]["message_id"] == card.made
    said = len(desk.to(ASKER))
    quoted = {
        "message_id": card.made,
        "text": card.params["text"],
        "from": {"id": 7, "is_bot": True, "username": USERNAME},
    }
    before = len(desk.to(CHAT))
    desk.operate("可以的", reply_to_message=quoted)

    (again,) = desk.to(CHAT)[before:]
    assert "已经删除" in again.params["text"]
    assert len(desk.to(ASKER)) == said


def test_the_card_of_who_was_forgotten_is_about_nobody_else(desk: Desk) -> None:
    """The next ticket has another number: neither a reply nor a button there reaches its person."""
    card = desk.ask_for_human(ASKER)
    desk.write("/forget", ASKER)
    desk.ask_for_human(77)
    said = len(desk.to(77))
    bot = {"id": 7, "is_bot": True, "username": USERNAME}
    quoted = {"message_id": card.made, "text": card.params["text"], "from": bot}
    desk.operate("可以的", reply_to_message=quoted)

    assert "已经删除" in desk.last(CHAT)
    assert len(desk.to(77)) == said
    desk.press(card.buttons["关闭"], who=OPERATOR, chat=CHAT)
    desk.operate("/stats")
    assert "还等着 1" in desk.last(CHAT)


def test_a_ticket_can_be_answered_after_weeks(desk: Desk, store: Engine) -> None:
    """Its topic, its card and what was carried are still known, and its person has no second topic."""
    card = desk.ask_for_human(ASKER)
    thread = card.params["message_thread_id"]
    answer = desk.operate("可以的", message_thread_id=thread)
    copy = desk.to(ASKER)[-1]
    desk.now += 2 * NEEDED
    with store.begin() as connection:
        expire(connection, desk.now, 3 * NEEDED)

    desk.edit(answer, "不可以", CHAT, **{"from": person(OPERATOR), "message_thread_id": thread})
    assert desk.said[-1].params["message_id"] == copy.made
    written = desk.operate("再试一次", message_thread_id=thread)
    assert desk.to(ASKER)[-1].params["message_id"] == written
    desk.reply("/done", card.made)
    assert desk.ask_for_human(ASKER).params["message_thread_id"] == thread


def test_forgetting_a_person_leaves_nothing_of_them(desk: Desk, store: Engine) -> None:
    """Tickets, relays, take-overs and opt-outs go with the rest; others' stay."""
    for who in (ASKER, 77):
        card = desk.ask_for_human(who)
        desk.reply("可以的", card.made)
        desk.write("/mute", who)
    desk.write("/forget", ASKER)

    with store.begin() as connection:
        for name in ("tickets", "relays", "takeovers", "mutes"):
            table = metadata.tables[name]
            rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
            assert rows == 1, name


@pytest.mark.parametrize("people", [60, pytest.param(1000, marks=pytest.mark.soak)])
def test_among_many_who_write_in_turns_nobody_gets_what_is_not_theirs(
    store: Engine, parts: Parts, people: int
) -> None:
    """Two operators, people in any order, the bot started anew in between: 0 misdelivered."""
    desk = Desk(store, parts.assistant)
    random = Random(3)  # noqa: S311  # the same order each time, no secret
    cards = {who: desk.ask_for_human(who) for who in range(1, people + 1)}
    owners: dict[int, int] = {}
    for turn in range(5 * people):
        who = random.choice(list(cards))
        staff = random.choice((OPERATOR, COLLEAGUE))
        if turn % 100 == 50:
            desk.restart()
        if random.random() < 0.3:
            owners[desk.write("还有一个问题", who)] = who
        elif random.random() < 0.5:
            owners[desk.reply("可以的", cards[who].made, who=staff)] = who
        else:
            thread = cards[who].params["message_thread_id"]
            owners[desk.operate("在设置里", who=staff, message_thread_id=thread)] = who
    copies = [one for one in desk.said if one.method == "copyMessage"]
    answers = [one for one in copies if one.params["from_chat_id"] == CHAT]

    assert len(answers) > 2.5 * people
    for copy in copies:
        who = owners[copy.params["message_id"]]
        if copy in answers:
            assert copy.params["chat_id"] == who
        else:
            assert copy.params["from_chat_id"] == who
            assert copy.params["message_thread_id"] == cards[who].params["message_thread_id"]


def test_another_group_for_operators_starts_clean(store: Engine, parts: Parts) -> None:
    """A message there with the id of an old card is about nothing."""
    old = Desk(store, parts.assistant)
    card = old.ask_for_human(ASKER)
    new = Desk(store, parts.assistant, chat=-600)
    new.write(
        "好的", -600, **{"from": person(OPERATOR), "reply_to_message": {"message_id": card.made}}
    )

    assert not [one for one in new.said if one.method == "copyMessage"]


def test_without_operators_people_get_the_contacts(store: Engine, parts: Parts) -> None:
    """No button that leads nowhere, and operators' commands are unknown."""
    desk = Desk(store, parts.assistant, hotline=False)
    desk.write(UNKNOWN, ASKER)
    assert "转给人工" not in desk.to(ASKER)[-1].buttons
    desk.send("photo", ASKER)
    assert "官方客服" in desk.last(ASKER)
    desk.write("/stats", ASKER)
    assert "没有这个命令" in desk.last(ASKER)


def test_overdue_reviews_are_told_once_a_week(store: Engine, parts: Parts) -> None:
    """However often the bot starts, and only while an answer is overdue."""
    desk = Desk(store, parts.assistant)
    desk.wait(minutes=1)
    assert not [one for one in desk.to(CHAT) if "每周提醒" in one.params["text"]]

    desk.now += timedelta(days=400)
    for _ in range(2):
        desk.restart()
        desk.wait(minutes=1)
    desk.wait(days=8)

    told = [one.params["text"] for one in desk.to(CHAT) if "每周提醒" in one.params["text"]]
    assert len(told) == 2
    assert "kaidian kb review" in told[0]


def _learned(folder: Path, name: str) -> Path:
    """Return a copy of the shipped base that has learned something, called *name*."""
    shutil.copytree(shipped(), folder)
    (folder / "entries" / "new.yaml").write_text(
        f"- id: {name}\n  question: {UNKNOWN}\n  answer: 可以，用海外手机号也能登录。\n"
    )
    return folder


def _button(desk: Desk, text: str) -> str:
    return next(one.buttons[text] for one in reversed(desk.said) if text in one.buttons)
