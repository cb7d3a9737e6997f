"""Everything that the bot says besides what its knowledge base says: the one place for it.

A text is filled with `str.format` by its named fields only; what people or operators wrote goes
in as a value and is never itself a template.
"""

from typing import Final

from bot.dialogue.remarks import Remark

PART: Final = "【{number}】{utterance}\n{text}"
CLARIFY: Final = "您是想问：\n{choices}\n回复序号就行；都不是的话，换个说法再问我一次。"
CLARIFY_ONE: Final = (
    "您是想问「{question}」吗？回复 {number} 就告诉您；不是的话，换个说法再问我一次。"
)
NO_SUCH_CHOICE: Final = "没有这一项，请回复 1 到 {total} 的序号；都不是的话，换个说法再问我一次。"
CHOICE: Final = "{number}. {question}"
STEPS: Final = "{answer}\n\n{steps}\n\n想细看某一步，就说「第一步」或「下一步」。"
STEP: Final = "第 {number} 步（共 {total} 步）：{title}\n{detail}"
LAST_STEP: Final = "这已经是最后一步了。"
FIRST_STEP: Final = "这就是第一步，前面没有了。"
NO_SUCH_STEP: Final = "一共只有 {total} 步，您想看第几步？"
SOURCE: Final = "{text}\n（资料：{sources}）"
SOURCE_REVIEWED: Final = "{text}\n（资料：{sources}；核对于 {reviewed}）"
OVERDUE: Final = "{text}\n提醒：这条答案上次核对是 {reviewed}，可能已有变化，请以官方页面为准。"
HUMAN: Final = "{text}\n\n要找真人，请联系官方客服：\n{contacts}"
EMPTY: Final = "没有看到文字，请把问题用一句话打给我。"
TOO_LONG: Final = "这条消息太长了，我怕看漏。请把问题用一两句话再说一遍。"
MORE: Final = "您还可以问：\n{choices}"
NOTHING_MORE: Final = "这个话题我知道的就这些了。还有别的问题可以接着问。"
TOPIC: Final = "- {title}：{question}"
CONTACT: Final = "- {name}：{how}"
CONTACT_WITH_URL: Final = "- {name}：{how} {url}"
WHICH_BASE: Final = (
    "这个问题在几个知识库里都有，您问的是哪一个？\n{bases}\n"
    "回复序号或名称就行；只问其中一个的话，可以用 /base 固定下来。"
)
IN_NO_BASE: Final = "这个问题我的知识库里没有，不敢乱答。请联系官方客服：\n{contacts}"
OF_BASE: Final = "【{title}】\n{text}"

SMALL_TALK: Final = {
    Remark.GREETING: "您好，我是「{title}」机器人。想问什么直接打字就行，比如：\n{examples}",
    Remark.THANKS: "不客气，还有问题随时问我。",
    Remark.GOODBYE: "再见，祝您生意兴隆！",
    Remark.IDENTITY: (
        "我是「{title}」的自动问答机器人，不是真人，也不是官方客服。"
        "我只回答知识库里有的内容，答不上来的会告诉您怎么找官方客服。"
    ),
    Remark.ABILITY: "我能回答「{title}」里的这些话题：{topics}。\n比如可以这样问：\n{examples}",
}
