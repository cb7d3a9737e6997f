"""Golden conversations: what a shop owner types, and what must come of it."""

from dataclasses import replace

import pytest

from bot.app import Parts
from bot.desk.evaluating import judge
from bot.dialogue.conversation import NEW
from bot.knowledge.model import Case
from bot.language.asking import Asking
from bot.language.marks import Marks
from bot.language.normalizing import normalize
from bot.messages import Outcome


def entries(parts: Parts, message: str) -> list[str | None]:
    """Return the entries that answer *message* in a new conversation."""
    _, reply = parts.assistant.respond(NEW, message)
    return [part.entry for part in reply.parts]


@pytest.mark.parametrize(
    "message",
    [
        "1688怎么开店流程要押金吗?不开了能退么?",
        "１６８８怎么开店流程，要押金吗？？？不开了能退么！",
        "你好在吗 我想请问一下 1688怎么开店流程 要押金吗 不开了能退么 谢谢",
    ],
)
def test_a_message_holds_several_questions(parts: Parts, message: str) -> None:
    """The title of the source article is three questions, with and without marks."""
    assert entries(parts, message) == ["steps", "deposit", "deposit-refund"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("1688开店费用及流程", ["open-cost", "steps"]),
        ("1688客服电话和上班时间", ["support-phone", "support-hours"]),
        ("诚信通价格和有效期", ["service-price", "service-term"]),
        ("个人和企业账号有什么区别", ["account-types"]),
        ("店铺名称和logo怎么改", ["shop-logo-name"]),
        ("诚信通的钱和押金是一回事不", ["three-fees"]),
    ],
)
def test_two_things_may_share_a_question(parts: Parts, message: str, answered: list[str]) -> None:
    """What is asked of each of two things is asked twice; what is asked of both is asked once."""
    assert entries(parts, message) == answered


@pytest.mark.parametrize(
    ("message", "may_answer"),
    [
        ("可以用私人银行卡做认证么，我是个体", {"verify-corporate-account"}),
        ("注册时让我选账号类型，有执照，选哪个", {"account-types"}),
        ("新手小白，先买个最便宜的档位行不行", {"choose-service"}),
        ("想拿回保证金怎么申请，按钮在哪", {"refund-how"}),
        ("一个月了一单没有，访客都没几个", {"operate-exposure"}),
        ("买家要专票，我该怎么开给他", set()),
        ("东西都备齐了，怎么往店里上新", {"publish", "publish-entrance"}),
        ("在家做手工，不想办执照，能开1688店不", {"personal-shop"}),
        ("有个中介说交钱帮我退押金，靠谱吗", {"deposit-scam", "refund-rejected"}),
        ("满减活动满多少减多少，咋弄", {"operate-promotion"}),
        ("公司名少写了两个字，这样会影响认证吗", {"verify-name"}),
        ("1688 提高 销量 方法", {"operate-exposure"}),
        ("押金忒贵，弄个保险顶上中不", {"deposit-insurance"}),
        ("头一回开铺，选便宜的那档套餐中不中", {"choose-service"}),
        ("套餐好几种看花眼了，我就卖点袜子，买哪个", {"choose-service"}),
    ],
)
def test_what_only_tells_is_not_answered(
    parts: Parts, message: str, may_answer: set[str | None]
) -> None:
    """What a person says of himself, and what leans on another question, asks nothing by itself."""
    answered = {entry for entry in entries(parts, message) if entry}

    assert answered <= may_answer
    assert bool(answered) == bool(may_answer)


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("儿子刚教过我一遍发产品，他一走我又忘了，从哪里点进去", "publish-entrance"),
        ("账号儿子教我弄好了，就差实名认证，这个怎么弄", "verify"),
        ("我不会用网银，诚信通的钱能去银行柜台交吗", "service-payment"),
        ("第一次弄1688，头一步先做什么", "first-step"),
        ("我不是公司，就是个体户，个体户能开店吗", "individual-business"),
    ],
)
def test_what_is_told_besides_makes_a_question_no_less_sure(
    parts: Parts, message: str, entry: str
) -> None:
    """Nor does what it denies or counts: only what is asked must be as the base says it."""
    assert entries(parts, message) == [entry]


@pytest.mark.parametrize(
    "message",
    [
        "租房的时候交了押金，房东不给，能退吗",
        "期货那边交了保证金，能退吗",
        "高速ETC押金，怎么退",
        "考驾照报名，要哪些资料",
        "房子刚买，怎么装修",
    ],
)
def test_what_is_told_may_show_that_another_thing_is_asked_of(parts: Parts, message: str) -> None:
    """What is asked has an answer by itself; what is told sounds like nothing that the base knows."""
    assert not any(entries(parts, message))


def test_what_is_told_may_be_what_is_asked_about(parts: Parts) -> None:
    """What is asked finds another entry by itself, so that what is told counts."""
    assert entries(parts, "我没有营业执照，能开店吗") == ["personal-shop"]


def test_what_if_not_is_a_question_of_its_own(parts: Parts) -> None:
    """咋办 alone asks what to do about what was said before; 没过咋办 says of what."""
    assert entries(parts, "认证要几天，要是没过咋办") == ["verify-time", "verify-failed"]


def test_a_case_may_say_which_of_its_questions_has_no_answer(parts: Parts) -> None:
    """A message is judged by the questions that have one; an answer to the other is wrong."""
    message = "要押金吗，另外淘宝开店要多少钱"
    _, reply = parts.assistant.respond(NEW, message)
    for expect, verdict in ((["deposit", "escalate"], "right"), (["steps", "escalate"], "wrong")):
        case = Case.model_validate({"ask": message, "expect": expect})
        assert judge(case, reply) == verdict


@pytest.mark.parametrize(
    "message",
    [
        "要押金吗",
        "要压金吗",
        "要押金嗎",
        "要 押 金 吗",
        "yao yajin ma",
        "要押金吗😀😀",
        "请问要押金吗???",
        "你好吗，请问要押金不",
    ],
)
def test_a_question_survives_the_way_it_is_typed(parts: Parts, message: str) -> None:
    """Homophones, scripts, gaps, pinyin, emoji and padding change nothing."""
    assert entries(parts, message) == ["deposit"]


def test_a_question_where_is_none_about_a_platform_called_so(parts: Parts) -> None:
    """去哪儿 is asked everywhere; 去哪儿网 is another platform."""
    assert entries(parts, "实力商家去哪儿报名") == ["power-merchant-entry"]
    assert entries(parts, "去哪儿网酒店商家怎么入驻") == [None]


@pytest.mark.parametrize(
    "message",
    [
        "淘宝开店保证金能退吗",
        "飞猪抢票后可以退吗",
        "闲鱼鱼小铺如何开启",
        "萄宝保证金怎么退",
        "拼多多要押金吗？怎么退？",
        "天猫😅入驻条件是什么",
    ],
)
def test_other_platforms_get_no_answer(parts: Parts, message: str) -> None:
    """The same words about another platform are escalated, with the official contacts."""
    _, reply = parts.assistant.respond(NEW, message)

    assert reply.outcome is Outcome.ESCALATE
    assert "1688.com" in reply.text


@pytest.mark.parametrize(
    "message",
    [
        "人工",
        "转人工",
        "找客服",
        "算了，给我转人工吧",
        "别废话了转人工",
        "你好，转人工",
        "说不清楚 我要找真人",
    ],
)
def test_a_wish_for_a_person_leads_to_the_contacts(parts: Parts, message: str) -> None:
    """Whoever asks for a person is told how to reach one."""
    _, reply = parts.assistant.respond(NEW, message)

    assert reply.outcome is Outcome.ESCALATE
    assert "联系我们" in reply.text


@pytest.mark.parametrize(
    "message", ["怎么开店，转人工", "怎么开店？不行就找客服", "怎么开店 算了给我转人工吧"]
)
def test_a_wish_for_a_person_is_heard_behind_a_question(parts: Parts, message: str) -> None:
    """The question is answered, and the contacts stand below it."""
    _, reply = parts.assistant.respond(NEW, message)

    (question,) = parts.assistant.evidence(NEW, message)

    assert [(part.outcome, part.entry) for part in reply.parts] == [
        (Outcome.ANSWER, "steps"),
        (Outcome.ESCALATE, None),
    ]
    assert "联系我们" in reply.text
    assert question.text == "怎么开店"


def test_a_wish_for_a_person_behind_what_has_no_answer_adds_nothing(parts: Parts) -> None:
    """The fallback tells already how to reach a person."""
    _, reply = parts.assistant.respond(NEW, "淘宝押金退不了，转人工")

    assert [part.outcome for part in reply.parts] == [Outcome.ESCALATE]
    assert reply.text.count("联系我们") == 1


def test_a_wish_for_a_person_is_heard_before_a_question(parts: Parts) -> None:
    """What follows it is read as ever; whoever speaks to 客服 wishes for none."""
    _, wished = parts.assistant.respond(NEW, "我要找真人，要押金吗")
    _, spoken = parts.assistant.respond(NEW, "客服，要押金吗")

    assert "联系我们" in wished.text
    assert wished.outcome is Outcome.ESCALATE
    assert spoken.outcome is Outcome.ANSWER


def test_how_to_reach_a_person_is_a_question(parts: Parts) -> None:
    """It has an answer of its own."""
    _, reply = parts.assistant.respond(NEW, "怎么转人工找到官方的人")

    assert (reply.outcome, reply.parts[0].entry) == (Outcome.ANSWER, "support")


def test_the_reply_is_in_the_script_of_the_question(parts: Parts) -> None:
    """Traditional in, traditional out, in the forms that people write."""
    _, reply = parts.assistant.respond(NEW, "要押金嗎")

    assert "保證金" in reply.text
    assert "為準" in reply.text
    assert "核對於" in reply.text


def test_steps_are_walked(parts: Parts) -> None:
    """After the overview: a step by its number, the next, the one before."""
    conversation, _ = parts.assistant.respond(NEW, "1688怎么开店")
    texts = []
    for message in ("第二步怎么弄", "下一步", "上一步"):
        conversation, reply = parts.assistant.respond(conversation, message)
        texts.append(reply.text.split("\n")[0])

    assert texts == [
        "第 2 步（共 6 步）：实名认证",
        "第 3 步（共 6 步）：购买服务",
        "第 2 步（共 6 步）：实名认证",
    ]


def test_the_step_before_none_is_the_first(parts: Parts) -> None:
    """Who asks for the step before any was shown gets the first, and then the second."""
    overview, _ = parts.assistant.respond(NEW, "1688怎么开店")
    first, shown = parts.assistant.respond(overview, "上一步")
    second, _ = parts.assistant.respond(first, "下一步")

    assert shown.text.startswith("第 1 步")
    assert second.step == 2


@pytest.mark.parametrize("aside", ["👍", "……", "谢谢", "转人工", "淘宝怎么开店", "问" * 501])
def test_what_gets_no_answer_leaves_the_steps_where_they_were(parts: Parts, aside: str) -> None:
    """After the second step and something else, the next one is the third."""
    overview, _ = parts.assistant.respond(NEW, "1688怎么开店")
    second, _ = parts.assistant.respond(overview, "第二步怎么弄")
    beside, _ = parts.assistant.respond(second, aside)
    _, next_ = parts.assistant.respond(beside, "下一步")

    assert next_.text.startswith("第 3 步")


@pytest.mark.parametrize(
    "message", ["2", "第2个", "选第二个", "那就第二个吧", "我要第二个", "第二个问题"]
)
def test_a_choice_is_picked_as_people_say_it(parts: Parts, message: str) -> None:
    """By its number alone, or in a few words; an emoji in between changes nothing."""
    asked, reply = parts.assistant.respond(NEW, "认证")
    smiled, _ = parts.assistant.respond(asked, "👍")
    _, picked = parts.assistant.respond(smiled, message)

    assert picked.parts[0].entry == reply.choices[1].entry


@pytest.mark.parametrize(
    "message",
    [
        "1、诚信通多少钱一年 2、保证金能退吗",
        "1.诚信通多少钱一年\n2.保证金能退吗",
        "1）诚信通多少钱一年；2）保证金能退吗",
        "（1）诚信通多少钱一年（2）保证金能退吗",
        "①诚信通多少钱一年②保证金能退吗",
        "一、诚信通多少钱一年；二、保证金能退吗",
        "第一，诚信通多少钱一年，第二，保证金能退吗",
        "Q1：诚信通多少钱一年\nQ2：保证金能退吗",
        "首先诚信通多少钱一年，其次保证金能退吗",
    ],
)
def test_questions_may_be_counted_off(parts: Parts, message: str) -> None:
    """In whatever way people number them; the numbers are no part of the questions."""
    assert entries(parts, message) == ["service-price", "deposit-refund"]


@pytest.mark.parametrize(
    ("told", "entry"),
    [
        ("我在义乌做小商品的，", "deposit-refund"),
        ("我们在温州做鞋子批发 ", "deposit-refund"),
        ("家里开了个小服装厂，", "deposit-refund"),
        ("我做外贸的想转内销，", "deposit-refund"),
        ("我之前做淘宝的，", None),
        ("我在健身房办了张卡，", None),
    ],
)
def test_what_a_person_trades_in_is_of_no_account(
    parts: Parts, told: str, entry: str | None
) -> None:
    """However strange the trade and the place; another platform, or another thing, is of account."""
    found = entries(parts, f"{told}押金能退吗")

    assert [id_ for id_ in found if id_] == ([entry] if entry else [])


@pytest.mark.parametrize("before", ["要押金吗", "不开店了，押金能退吗", "押金多少"])
@pytest.mark.parametrize(
    ("message", "entry"),
    [("那怎么退", "refund-how"), ("怎么退", "refund-how"), ("多久到账", "refund-time")],
)
def test_the_deposit_is_asked_further_about(
    parts: Parts, before: str, message: str, entry: str
) -> None:
    """What doesn't say so itself is about the deposit that was answered."""
    conversation, _ = parts.assistant.respond(NEW, before)
    _, reply = parts.assistant.respond(conversation, message)

    assert [part.entry for part in reply.parts] == [entry]


@pytest.mark.parametrize("told", ["店关了", "我是新手", "没卖出去货", "我打算关店", "货卖完了"])
@pytest.mark.parametrize("mark", ["，", ""])
def test_what_an_operator_wrote_is_answered_behind_what_is_told(
    parts: Parts, told: str, mark: str
) -> None:
    """A mark between the two or none: what shop owners tell casts no doubt on it."""
    assert entries(parts, f"{told}{mark}怎么退押金") == ["refund-how"]


@pytest.mark.parametrize(
    "told", ["我租房", "我骑的单车", "我办了健身卡", "我在淘宝开店", "房东不退"]
)
@pytest.mark.parametrize("mark", ["，", ""])
def test_what_an_operator_wrote_is_not_answered_of_another_thing(
    parts: Parts, told: str, mark: str
) -> None:
    """People pay deposits elsewhere, too, and say so first."""
    assert "refund-how" not in entries(parts, f"{told}{mark}怎么退押金")


@pytest.mark.parametrize(
    "before",
    ["新手", "商家", "手机上", "app上", "2026年", "现在", "在1688上", "1688店铺", "你们这"],
)
def test_who_asks_when_and_where_is_of_no_account(parts: Parts, before: str) -> None:
    """It is left out before what an operator wrote."""
    assert entries(parts, f"{before}押金怎么退") == ["refund-how"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("押金多少钱能退吗多久到账", ["deposit-amount", "deposit-refund", "refund-time"]),
        ("诚信通多少钱怎么买能退吗", ["service-price", "buy-service", "service-refund"]),
        ("开店要什么资料多少钱几天", ["prepare", "open-cost", "open-time"]),
        ("2026年1688押金多少钱能退吗", ["deposit-amount", "deposit-refund"]),
    ],
)
def test_what_is_cut_off_is_about_the_same_until_it_says_otherwise(
    parts: Parts, message: str, answered: list[str]
) -> None:
    """Three questions in a row name what they are about once."""
    assert entries(parts, message) == answered


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("哪些行为会导致保证金被罚没", "deposit-deduction"),
        ("我用电脑登录的，在哪里看我交了多少保证金", "deposit-where"),
    ],
)
def test_what_somebody_did_is_not_cut_from_how_much(parts: Parts, message: str, entry: str) -> None:
    """What was paid, or taken away, is no question of its own."""
    assert entries(parts, message) == [entry]


def test_what_points_back_is_of_account(parts: Parts) -> None:
    """What was said before may change what is asked."""
    assert entries(parts, "还有一单在投诉，这样能退保证金吗") != ["deposit-refund"]


@pytest.mark.parametrize("joined", ["", "和", "那", "并且"])
def test_what_operators_wrote_stands_side_by_side(parts: Parts, joined: str) -> None:
    """Two or three questions need no mark between them."""
    message = joined.join(("怎么注册", "押金多少", "认证要几天"))

    assert entries(parts, message) == ["register", "deposit-amount", "verify-time"]


def test_yes_takes_the_only_choice(parts: Parts) -> None:
    """您是想问…吗 is answered by 是的 and by 嗯; without a question it is small talk."""
    one = replace(NEW, pending=("deposit",))
    for message in ("是的", "嗯", "对，就是这个"):
        _, reply = parts.assistant.respond(one, message)
        assert reply.parts[0].entry == "deposit"

    _, beside = parts.assistant.respond(NEW, "嗯")
    assert beside.outcome is Outcome.SMALLTALK


def test_a_choice_that_is_not_offered_is_told(parts: Parts) -> None:
    """The choices stay, and are offered once more."""
    asked, offered = parts.assistant.respond(NEW, "认证")
    after, reply = parts.assistant.respond(asked, "9")

    assert f"1 到 {len(offered.choices)}" in reply.text
    assert (after, reply.choices) == (asked, offered.choices)


def test_a_number_behind_steps_is_a_step(parts: Parts) -> None:
    """The steps are numbered; beyond the last one it is nothing."""
    overview, _ = parts.assistant.respond(NEW, "1688怎么开店")
    third, reply = parts.assistant.respond(overview, "3")
    gone, _ = parts.assistant.respond(overview, "88")

    assert reply.text.startswith("第 3 步")
    assert (third.step, gone.step) == (3, 0)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("诚信通能退吗", "多久到账"),
        ("诚信通能退吗", "退到哪里"),
        ("履约保证险保费能退吗", "多久到账"),
        ("有人让我扫码交保证金", "能退吗"),
        ("可以用保险代替押金吗", "在哪买"),
        ("可以用保险代替押金吗", "多少钱"),
    ],
)
def test_a_follow_up_is_not_answered_about_other_money(
    parts: Parts, before: str, message: str
) -> None:
    """What names nothing may be about what was answered, of which the base knows no more."""
    about, _ = parts.assistant.respond(NEW, before)
    _, reply = parts.assistant.respond(about, message)

    assert reply.outcome is Outcome.CLARIFY


def test_what_an_operator_wrote_is_answered_behind_anything(parts: Parts) -> None:
    """Each entry's question gets its answer behind that of each of three others."""
    assistant = parts.assistant
    ids = [entry.id for entry in assistant.base.entries]
    for place, entry in enumerate(assistant.base.entries):
        for before in (ids[place - 1], ids[place - 2], ids[0]):
            _, reply = assistant.respond(replace(NEW, entry=before), entry.question)
            assert [part.entry for part in reply.parts] == [entry.id], (before, entry.id)


@pytest.mark.parametrize(
    ("before", "message", "entry"),
    [
        ("要押金吗", "多久到账", "refund-time"),
        ("要押金吗", "怎么退", "refund-how"),
        ("要押金吗", "要交多少", "deposit-amount"),
        ("1688怎么开店", "多少钱", "open-cost"),
        ("1688怎么开店", "要什么材料", "prepare"),
        ("怎么做实名认证", "要几天", "verify-time"),
        ("履约保证险的保费能退吗", "怎么退", "insurance-refund"),
        ("怎么注销账号", "在哪弄", "cancel-account"),
    ],
)
def test_a_follow_up_is_read_with_the_question_that_was_answered(
    parts: Parts, before: str, message: str, entry: str
) -> None:
    """Who asks 多少钱 behind the way to open a shop asks what that costs."""
    about, _ = parts.assistant.respond(NEW, before)
    _, reply = parts.assistant.respond(about, message)

    assert [part.entry for part in reply.parts] == [entry]


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("1688.com怎么开店", "steps"),
        ("在1688.com上开店要押金吗", "deposit"),
        ("1688平台开店要押金吗", "deposit"),
        ("阿里巴巴1688.com怎么注册账号", "register"),
        ("阿里巴巴中文站怎么开店", "steps"),
        ("1688诚信保证金怎么退", "refund-how"),
        ("有人知道吗，1688怎么开店", "steps"),
        ("谁能告诉我1688开店要多少钱", "open-cost"),
        ("零基础做1688第1步做什么", "first-step"),
    ],
)
def test_the_same_in_other_names_and_words_is_answered(
    parts: Parts, message: str, entry: str
) -> None:
    """By another name of the platform or the deposit, in figures, or with padding around it."""
    _, reply = parts.assistant.respond(NEW, message)

    assert [part.entry for part in reply.parts] == [entry]


def test_a_follow_up_rests_on_the_answer_before(parts: Parts) -> None:
    """After the deposit, 那怎么退 is about the deposit."""
    conversation, _ = parts.assistant.respond(NEW, "要押金吗")
    _, reply = parts.assistant.respond(conversation, "那怎么退")

    shown = [c.entry for c in reply.parts[0].candidates]
    assert "refund-how" in shown[:2]


def test_a_follow_up_may_ask_the_same_of_another_thing(parts: Parts) -> None:
    """保险呢 asks what was asked before; what the thing before got is no answer to it."""
    fee, _ = parts.assistant.respond(NEW, "诚信通年费能退吗")
    _, insurance = parts.assistant.respond(fee, "保险呢")
    deposit, _ = parts.assistant.respond(NEW, "押金能退吗")
    _, fee_too = parts.assistant.respond(deposit, "那年费呢")
    _, nothing = parts.assistant.respond(deposit, "1688的呢")

    assert insurance.parts[0].entry == "insurance-refund"
    assert fee_too.choices[0].entry == "service-refund"
    assert nothing.outcome is Outcome.ESCALATE


def test_a_number_answers_a_clarification(parts: Parts) -> None:
    """A number picks a choice; a new question drops them."""
    conversation, reply = parts.assistant.respond(NEW, "认证")
    assert reply.outcome is Outcome.CLARIFY

    _, picked = parts.assistant.respond(conversation, "1")
    assert picked.parts[0].entry == reply.choices[0].entry

    after, _ = parts.assistant.respond(conversation, "要押金吗")
    assert after.pending == ()


def test_a_keyword_is_asked_back_about_from_the_beginning(parts: Parts) -> None:
    """Who types nothing else is offered what topics begin with, not a detail of one."""
    _, reply = parts.assistant.respond(NEW, "押金")

    assert [choice.entry for choice in reply.choices][:2] == ["deposit", "deposit-refund"]


def test_what_rests_on_the_question_before_is_not_cut_for_ever(parts: Parts) -> None:
    """A question that is read with what was said before is cut by its own words only."""
    _, reply = parts.assistant.respond(NEW, "1688爸爸去哪儿大电影，去哪看")

    assert "".join(part.utterance for part in reply.parts) == "1688爸爸去哪儿大电影去哪看"


def test_what_an_operator_wrote_as_one_question_is_one(parts: Parts) -> None:
    """Whatever marks, connectives and padding are in it, it is answered by its entry."""
    assistant = parts.assistant
    for entry in assistant.base.entries:
        for question in entry.questions:
            # 联系客服 leads to the contacts at once.
            if assistant.remark(question) is None:
                _, reply = assistant.respond(NEW, question)
                assert [part.entry for part in reply.parts] == [entry.id], question


@pytest.mark.parametrize(
    ("message", "pieces"),
    [
        ("除了交押金还有别的方式么", 1),
        ("铺子不开了押金还有戏吗", 1),
        ("1688怎么开店还有要不要押金", 2),
        ("我是新手，还有要不要押金", 2),
    ],
)
def test_a_connective_without_a_mark_parts_only_what_asks(
    parts: Parts, message: str, pieces: int
) -> None:
    """还有 joins two questions behind one; elsewhere it says that something is left."""
    lexicon = parts.analyzer.lexicon

    assert len(Marks(lexicon, Asking(lexicon)).pieces(normalize(message))) == pieces


def test_a_message_falls_apart_behind_a_particle_that_only_ends_questions(parts: Parts) -> None:
    """It does so behind 吗, and not at 还有, which nothing that asks stands before."""
    lexicon = parts.analyzer.lexicon
    pieces = Marks(lexicon, Asking(lexicon)).pieces("除了交押金还有别的方式吗比如保险")

    assert [piece.text for piece in pieces] == ["除了交押金还有别的方式吗", "比如保险"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("押金能退吗几天到账", ["deposit-refund", "refund-time"]),
        ("怎么注册怎么认证怎么买会员", ["register", "verify", "buy-service"]),
        ("1688怎么注册 然后怎么认证", ["register", "verify"]),
        ("客服电话给一个，几点上班", ["support-phone", "support-hours"]),
        ("客服电话给我 几点上班", ["support-phone", "support-hours"]),
        ("认证被退了咋办官方电话给我", ["verify-failed", "support-phone"]),
        ("没办执照行不行 不行的话个体户可以吧", ["personal-shop", "individual-business"]),
        ("账号已经审核通过了，下一步要在哪个环节付款把诚信通开起来呢", ["buy-service"]),
        ("想把铺子收了，先弄哪样后弄哪样", ["close-shop"]),
        ("注册账号要填哪些东西呢", ["register-materials"]),
        ("会员不续了会怎么样，保证金能拿回来不", ["not-renewing", "deposit-refund"]),
    ],
)
def test_questions_are_parted_where_one_ends(
    parts: Parts, message: str, answered: list[str]
) -> None:
    """吗 and 可以吧 end one, 怎么 begins one, 然后 leads on; 客服 is no mere form of address.

    给我 asks; what belongs to a verb or is done one after the other stays together.
    """
    assert entries(parts, message) == answered


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("弄个搭配套餐搞活动，可以吗，在什么地方弄", ["operate-promotion"]),
        ("押金怎么退，多久到账", ["refund-how", "refund-time"]),
        ("打算下个月开店得提前备点啥？要花多少钱", ["prepare", "open-cost"]),
        ("店想盘给我弟能过户吗不能的话怎么关店", [None, "close-shop"]),
        ("年费能退吗 保证金呢", ["service-refund", "deposit-refund"]),
        ("拼多多押金咋退？1688的呢", [None, "refund-how"]),
    ],
)
def test_what_says_not_what_it_is_about_is_about_what_was_asked_before(
    parts: Parts, message: str, answered: list[str]
) -> None:
    """By its words, or what they name; the topic alone would have 在什么地方弄 ask how a shop is run.

    保证金呢 asks of another thing what was asked before.
    """
    assert entries(parts, message) == answered


def test_what_is_said_of_a_question_without_an_answer_gets_none_either(parts: Parts) -> None:
    """去哪里申请 is about the invoice, which the base doesn't know, and not about what pays for it."""
    message = "诚信通的费用可以开增值税专用发票吗，去哪里申请呢"

    assert entries(parts, message) == [None, None]


def test_a_short_question_that_only_adds_to_the_one_before_is_asked_back_about(
    parts: Parts,
) -> None:
    """By itself 在哪买 asks where to buy the membership; behind a question of the insurance, hardly."""
    _, reply = parts.assistant.respond(NEW, "可以用保险代替押金吗？在哪买")
    assert [part.entry for part in reply.parts] == ["deposit-insurance", None]
    assert reply.parts[1].outcome is Outcome.CLARIFY
    assert entries(parts, "续费还要重新认证吗？烦不烦啊")[1:] == [None]


def test_what_is_only_told_beside_a_question_is_never_answered(parts: Parts) -> None:
    """By itself the first of it sounds like a question of how to be seen by more buyers."""
    message = "开了俩月一个询盘都没有，骗子平台，剩下十个月的钱退给我行不行"
    assert "operate-exposure" not in entries(parts, message)


def test_a_colon_parts_what_it_announces(parts: Parts) -> None:
    """What stands before it asks nothing itself."""
    message = "三件事：怎么注册，怎么认证，店铺怎么装修"
    assert entries(parts, message) == ["register", "verify", "design-shop"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("客服电话给我一个", True),
        ("给我客服电话", True),
        ("说下开店流程", True),
        ("让我扫码的是骗子吧", True),
        ("认证给我打回来了", False),
        ("买家说下不了单", False),
    ],
)
def test_a_request_begins_or_ends_what_asks(parts: Parts, text: str, *, asks: bool) -> None:
    """In the middle of a sentence its words tell what happened."""
    assert Asking(parts.analyzer.lexicon).asks(text) is asks


def test_a_measure_belongs_to_the_verb_before_it(parts: Parts) -> None:
    """能不能开 asks, but not in 能不能开个收据."""
    assert entries(parts, "保证金退了能不能开个收据") == [None]


@pytest.mark.parametrize("text", ["没怎么卖货", "谁都没有执照", "一个询盘都没有", "套餐好几种"])
def test_a_word_that_asks_elsewhere_may_ask_nothing(parts: Parts, text: str) -> None:
    """没怎么, 谁都 and 好几 tell."""
    assert not Asking(parts.analyzer.lexicon).asks(text)


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("1688怎热注册,要什么资料", ["register", "register-materials"]),
        ("认证要什么证件，挤天能过", ["verify-documents", "verify-time"]),
        ("店铺装修在呐里做，有没有现成模板可以选", ["design-shop", "shop-template"]),
    ],
)
def test_a_mistyped_word_that_asks_shows_where_a_message_falls_apart(
    parts: Parts, message: str, answered: list[str]
) -> None:
    """怎热 is 怎么, 挤天 is 几天, and 呐里 is 哪里."""
    assert entries(parts, message) == answered


@pytest.mark.parametrize(
    ("message", "answered"),
    [("开店流程讲下", "steps"), ("没钱打广告 怎么能多卖点", "operate-exposure")],
)
def test_saying_the_opposite_counts_of_what_an_entry_is_about(
    parts: Parts, message: str, answered: str
) -> None:
    """That one of a hundred phrasings says 讲不下, or another word without 没, does not matter."""
    assert entries(parts, message) == [answered]


def test_two_sure_questions_are_both_answered_where_the_whole_finds_one(parts: Parts) -> None:
    """The whole rather asks for the refund; the deposit would go unanswered."""
    _, reply = parts.assistant.respond(NEW, "1688怎么开店要押金吗以后不开了能退不")

    assert [part.entry for part in reply.parts] == ["steps", "deposit", "deposit-refund"]


def test_what_is_sure_makes_what_is_related_beside_it_likelier(parts: Parts) -> None:
    """Who asks about a deposit scam goes on about deposits, rather than who asks of the shop's look."""
    where = "真正的押金在哪交"

    beside_related, beside_other = (
        parts.assistant.respond(NEW, before + where)[1].parts[-1].confidence
        for before in ("有人叫我扫码交押金是不是骗子啊？", "怎么装修店铺？")
    )

    assert beside_other < beside_related


def test_keywords_may_search_for_several_things(parts: Parts) -> None:
    """Nothing asks in what is typed into a search box; the second may share the beginning."""
    assert entries(parts, "1688开店流程费用") == ["steps", "open-cost"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("1688保证金退还条件、到账时间", ["refund-conditions", "refund-time"]),
        ("诚信通价格/付款方式", ["service-price", "service-payment"]),
        ("1688开店费用 流程", ["open-cost", "steps"]),
        ("1688店铺怎么关 保证金退还条件", ["close-shop", "refund-conditions"]),
        ("诚信通价格并办理流程", ["service-price", "buy-service"]),
        ("1688店铺运营思路、违规规避技巧", ["operate", "operate-rules"]),
        ("1688开店流程、开店费用、时间一文讲清", ["steps", "open-cost", "open-time"]),
        ("诚信通年费、押金、保证险怎么区分", ["three-fees"]),
    ],
)
def test_titles_ask_by_what_they_name(parts: Parts, message: str, answered: list[str]) -> None:
    """What ends in an aspect of something (时间, 条件) asks for it, as titles and searches do."""
    assert entries(parts, message) == answered


@pytest.mark.parametrize(
    "message",
    [
        "快手小店关闭步骤、保证金退还方法",
        "淘宝开店保证金和年费多少",
        "拼多多入驻流程及保证金缴纳入口",
    ],
)
def test_what_shares_a_question_is_asked_of_its_platform(parts: Parts, message: str) -> None:
    """保证金退还方法 has an answer here, but not where the whole names another platform."""
    assert set(entries(parts, message)) == {None}


@pytest.mark.parametrize(
    ("enumerating", "other"),
    [
        ("押金能退吗，谢谢、", "押金能退吗，谢谢，"),
        ("押金要交多少、转人工", "押金要交多少，转人工"),
        ("你好、押金要交多少", "你好，押金要交多少"),
    ],
)
def test_a_mark_that_enumerates_nothing_is_a_comma(
    parts: Parts, enumerating: str, other: str
) -> None:
    """Beside padding, and before the wish for a person."""
    assert entries(parts, enumerating) == entries(parts, other) != [None]


@pytest.mark.parametrize("mark", ["", "、", "，", "？"])
def test_a_base_is_called_whatever_mark_ends_its_name(parts: Parts, mark: str) -> None:
    """By its name people pick one of several bases that may be meant."""
    assert parts.assistant.is_called(f"1688{mark}")


def test_what_stands_behind_an_announcement_is_not_lost(parts: Parts) -> None:
    """Whatever marks end it."""
    message = "注意/：保证金多少，诚信通能退吗"

    assert entries(parts, message) == ["deposit-amount", "service-refund"]


def test_what_only_tells_does_so_in_pinyin_too(parts: Parts) -> None:
    """It is seen only in characters what asks; and alibaba is but the pinyin of 阿里巴巴 there."""
    assert entries(parts, "wo shi getihu, neng kaidian ma") == ["individual-business"]
    assert entries(parts, "alibaba kefu dianhua duoshao") == ["support-phone"]


def test_a_character_may_be_read_otherwise_in_a_word(parts: Parts) -> None:
    """模 is mo, but 模板 muban; 了 is le, but 不了 buliao; 重 is zhong, but 重新 chongxin."""
    assert entries(parts, "muban zai naxuan") == ["shop-template"]
    assert entries(parts, "yajin tui buliao zenmeban") == ["refund-rejected"]
    assert entries(parts, "xufei yao chongxin renzheng ma") == ["verify-renewal"]


def test_an_answer_is_given_once(parts: Parts) -> None:
    """What says no more than the question before it asks for the same."""
    assert entries(parts, "要押金吗？开店") == ["deposit"]


@pytest.mark.parametrize("message", ["烦死了不想上班", "1688网页打不开", "发布商品一直转圈"])
def test_a_sentence_is_no_list_of_keywords(parts: Parts, message: str) -> None:
    """Its words by themselves would be asked back about, or even answered."""
    assert entries(parts, message) == [None]


@pytest.mark.parametrize("message", ["然后呢", "什么意思", "说啥呢", "没听懂"])
def test_what_names_nothing_gets_no_answer(parts: Parts, message: str) -> None:
    """However alike it sounds: no question of the base has a word of it."""
    assert entries(parts, message) == [None]


@pytest.mark.parametrize("message", ["啊啊啊啊啊烦死了", "急死我了", "唉，头疼"])
def test_a_sigh_asks_nothing(parts: Parts, message: str) -> None:
    """Though it stands in phrasings: 退押金老是被驳回，烦死了."""
    assert entries(parts, message) == [None]


def test_a_short_no_may_end_a_question(parts: Parts) -> None:
    """能退不 asks, unlike the beginning of 拍不清楚."""
    assert entries(parts, "保证金能退不客服几点上班") == ["deposit-refund", "support-hours"]
    assert len(entries(parts, "认证照片拍不清楚怎么办")) == 1


def test_a_question_about_another_platform_is_cut_off(parts: Parts) -> None:
    """What stands beside it is answered."""
    assert entries(parts, "闲鱼怎么开鱼小铺1688要押金吗") == [None, "deposit"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("诚信通多少钱怎么开发票", "service-price"),
        ("保证金怎么退运费模板在哪设", "refund-how"),
        ("押金交多少子账号怎么加", "deposit-amount"),
    ],
)
def test_a_question_that_the_base_does_not_know_is_cut_off(
    parts: Parts, message: str, answered: str
) -> None:
    """What stands before it is answered, and it gets the contacts."""
    assert entries(parts, message) == [answered, None]


def test_what_is_whole_takes_nothing_from_the_question_before(parts: Parts) -> None:
    """It names what it asks about, and is sure: the materials of registering are another matter."""
    found = entries(parts, "注册要啥资料 认证又要啥资料")

    assert found == ["register-materials", "verify-documents"]


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("认证老被打回来，急死了", ["verify-failed"]),
        ("注册页面问我是买家还是卖家，勾哪个", ["account-role"]),
    ],
)
def test_what_rests_on_another_piece_is_not_answered_by_itself(
    parts: Parts, message: str, answered: list[str]
) -> None:
    """What names nothing beside what does only tells; which one asks what there is to choose from."""
    assert entries(parts, message) == answered


def test_what_names_nothing_may_be_about_what_is_told(parts: Parts) -> None:
    """It asks where the deposit is shown, and not where the rules are."""
    found = entries(parts, "老板想知道店里现在押着多少，我去哪查")

    assert set(filter(None, found)) == {"deposit-where"}


@pytest.mark.parametrize("message", ["认证已经过了，然后呢，店怎么开通", "账号丢了 想换成老婆的号"])
def test_what_does_not_stand_by_itself_gets_no_answer(parts: Parts, message: str) -> None:
    """Beside what is not sure, what names nothing or does not ask may mean what that means."""
    assert not any(entries(parts, message))


@pytest.mark.parametrize("message", ["", "😀😀", "　", "\x00\x01", "押" * 100_000, "\ud800"])
def test_bad_input_gets_a_clear_message(parts: Parts, message: str) -> None:
    """Nothing to read, or too much of it, is said so."""
    _, reply = parts.assistant.respond(NEW, message)

    assert reply.outcome is Outcome.ESCALATE
    assert reply.text
