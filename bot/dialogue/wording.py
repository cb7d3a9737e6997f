"""Everything that the bot says besides what its knowledge base says: the one place for it.

A text is filled with `str.format` by its named fields only; what people or operators wrote goes
in as a value and is never itself a template.
"""

from typing import Final

PART: Final = "【{number}】{utterance}\n{text}"
CLARIFY: Final = "您是想问：\n{choices}\n回复序号就行；都不是的话，换个说法再问我一次。"
CLARIFY_ONE: Final = "您是想问「{question}」吗？回复 1 就告诉您；不是的话，换个说法再问我一次。"
CHOICE: Final = "{number}. {question}"
STEPS: Final = "{answer}\n\n{steps}\n\n想细看某一步，就说「第一步」或「下一步」。"
STEP: Final = "第 {number} 步（共 {total} 步）：{title}\n{detail}"
LAST_STEP: Final = "这已经是最后一步了。"
FIRST_STEP: Final = "这就是第一步，前面没有了。"
NO_SUCH_STEP: Final = "一共只有 {total} 步，您想看第几步？"
SOURCE: Final = "{text}\n（资料：{sources}）"
SOURCE_REVIEWED: Final = "{text}\n（资料：{sources}；核对于 {reviewed}）"
EMPTY: Final = "没有看到文字，请把问题用一句话打给我。"
TOO_LONG: Final = "这条消息太长了，我怕看漏。请把问题用一两句话再说一遍。"
MORE: Final = "您还可以问：\n{choices}"
NOTHING_MORE: Final = "这个话题我知道的就这些了。还有别的问题可以接着问。"
TOPIC: Final = "- {title}：{question}"
CONTACT: Final = "- {name}：{how}"
CONTACT_WITH_URL: Final = "- {name}：{how} {url}"

# How people ask for a person, whole messages without padding and marks.
HUMAN: Final = frozenset(
    "人工 转人工 人工客服 转人工客服 找人工 找人工客服 要人工 我要人工 我要转人工 找客服 要找客服 我要找客服 "
    "联系客服 真人 真人客服 找真人 转真人 客服 转客服 接人工 有人工吗 有人工客服吗 人工服务 转接人工 "
    "我要找人工 我想找人工 我要人工客服 叫人工来 给我转人工 帮我转人工 换人工 官方客服".split()
)
