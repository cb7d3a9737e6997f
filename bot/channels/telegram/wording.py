"""What is said in Telegram besides replies: the one place for it. Filled by named fields only."""

from typing import Final

START: Final = (
    "您好，我是「{title}」机器人，不是真人，也不是官方客服。\n"
    "直接打字提问就行，一条消息里可以问几个问题；也可以从下面的话题开始。"
)
HELP: Final = (
    "直接打字提问，一条消息里可以问几个问题。\n"
    "/topics 有哪些话题\n/steps 一步一步看整个流程\n/contact 怎么联系官方客服\n"
    "/feedback 说说哪里不好\n/forget 删除我记下的关于您的内容\n/version 版本"
)
TOPICS: Final = "想了解哪个话题？"
FORGOTTEN: Final = "已经删除：我这里不再有您的对话、问题和评价。"
VERSION: Final = "kaidian {version}，知识库 {kb}"
FEEDBACK: Final = "谢谢！请把意见写在命令后面，比如：/feedback 退款那条看不懂"
FEEDBACK_TAKEN: Final = "记下了，谢谢您的意见。"
UNKNOWN_COMMAND: Final = "没有这个命令。发 /help 可以看到全部命令。"
NOT_TEXT: Final = (
    "我只看得懂文字。请把问题打成一句话发给我；要发图片或文件，请直接联系官方客服：\n{contacts}"
)
EXPIRED: Final = "这个按钮已经过期了，请重新问一次。"
THANKS: Final = "谢谢，记下了。"
SLOWER: Final = "您问得太快啦，请等一分钟再问。"
JOINED: Final = (
    "大家好，我是「{title}」机器人。在群里请用 /ask 加问题，或者回复我的消息来问我。\n"
    "给管理员：隐私模式开着就好，这样我只收到命令和对我的回复，看不到大家的聊天；"
    "想让大家 @ 我也能提问，请把我设为管理员。"
)
ASK_WHAT: Final = "请把问题写在命令后面，比如：/ask 开店要押金吗"
STEP_BUTTON: Final = "▶ 第 {number} 步"
STEP_BACK: Final = "◀ 第 {number} 步"
NUMBERED: Final = "{number}. {text}"
USEFUL: Final = "👍 有用"
USELESS: Final = "👎 没用"

COMMANDS: Final = {
    "ask": "提一个问题",
    "topics": "有哪些话题",
    "steps": "开店全流程，一步一步看",
    "contact": "联系官方客服",
    "feedback": "提意见",
    "forget": "删除我的记录",
    "help": "怎么用",
    "version": "版本",
}
# In a group people ask; what is about one's own records belongs into a private chat.
GROUP_COMMANDS: Final = ("ask", "topics", "contact", "help")
# What is shown before the first message (at most 512 characters), and in the bot's profile (120).
DESCRIPTION: Final = (
    "「{title}」机器人：直接打字提问，我按整理好的资料回答，注明出处和核对日期；"
    "没有把握就先问清楚，答不上来就告诉您怎么找官方客服。我不是真人，也不是官方客服。"
)
SHORT: Final = "「{title}」机器人：打字提问，答案注明出处。不是官方客服。"
