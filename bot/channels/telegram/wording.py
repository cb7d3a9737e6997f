"""What is said in Telegram besides replies: the one place for it. Filled by named fields only."""

from typing import Final

START: Final = (
    "您好，我是「{title}」机器人，不是真人，也不是官方客服。\n"
    "直接打字提问就行，一条消息里可以问几个问题；也可以从下面的话题开始。"
)
HELP: Final = (
    "直接打字提问，一条消息里可以问几个问题。\n"
    "/topics 有哪些话题\n/steps 一步一步看整个流程\n/contact 怎么联系官方客服\n"
    "/feedback 说说哪里不好\n/forget 删除我记下的关于您的内容\n"
    "/mute 有了新答案不用通知我\n/version 版本"
)
HELP_BASES: Final = "{help}\n/base 选定知识库"
TOPICS: Final = "想了解哪个话题？"
WHICH_TOPICS: Final = "想看哪一个的话题？"
WHICH_STEPS: Final = "想看哪一个的流程？"
WHICH_BASE: Final = "现在选定的是「{title}」。要换成哪一个？"
NO_BASE_YET: Final = "现在没有选定知识库，每次看问的是哪一个。要选定哪一个？"
NO_BASE: Final = "不选定"
NOW_BASE: Final = (
    "好的，以后都按「{title}」回答；问题里提到别的知识库的名字时除外。发 /base 可以再换。"
)
NOW_NO_BASE: Final = "好的，以后每次看问的是哪一个知识库。"
FORGOTTEN: Final = "已经删除：我这里不再有您的对话、问题和评价。"
VERSION: Final = "kaidian {version}，知识库 {kb}"
FEEDBACK: Final = "谢谢！请把意见写在命令后面，比如：/feedback 退款那条看不懂"
FEEDBACK_TAKEN: Final = "记下了，谢谢您的意见。"
UNKNOWN_COMMAND: Final = "没有这个命令。发 /help 可以看到全部命令。"
NOT_TEXT: Final = (
    "我只看得懂文字。请把问题打成一句话发给我；要发图片或文件，请直接联系官方客服：\n{contacts}"
)
NOT_TEXT_HUMAN: Final = (
    "我只看得懂文字。请把问题打成一句话发给我，或者点下面的按钮，把它原样转给人工；"
    "也可以直接联系官方客服：\n{contacts}"
)
EXPIRED: Final = "这个按钮已经过期了，请重新问一次。"
THANKS: Final = "谢谢，记下了。"
SLOWER: Final = "您问得太快啦，请等一分钟再问。"
JOINED: Final = (
    "大家好，我是「{title}」机器人。在群里请用 /ask 加问题，或者回复我的消息来问我。\n"
    "给管理员：隐私模式开着就好，这样我只收到命令和对我的回复，看不到大家的聊天；"
    "想让大家 @ 我也能提问，请把我设为管理员。"
)
ASK_WHAT: Final = "请把问题写在命令后面，比如：/ask {example}"
STEP_BUTTON: Final = "▶ 第 {number} 步"
STEP_BACK: Final = "◀ 第 {number} 步"
NUMBERED: Final = "{number}. {text}"
USEFUL: Final = "👍 有用"
USELESS: Final = "👎 没用"
HUMAN: Final = "转给人工"
MUTE: Final = "不再通知我"
GIVE_BACK: Final = "交还机器人"
CLOSE: Final = "关闭"
PASSED_ON: Final = "已经转给人工，会在这里回复您。"
PASSED_ON_OFF_DUTY: Final = "已经转给人工。现在不是值班时间，预计{when}以后回复您，不用守着。"
PASSED_ON_AWAY: Final = "已经转给人工。最近没有安排值班，什么时候回复说不准；急的话请联系官方客服。"
ALREADY_PASSED_ON: Final = "已经转过了，请等人工回复。"
NOW_HUMAN: Final = "现在由人工（{name}）回复您，机器人先不说话。您接着发的消息，人工都看得到。"
NOW_BOT: Final = "人工服务结束了，现在又由机器人回答您。"
BY_HAND: Final = "您问的「{question}」，人工回复：\n{text}"
TOLD: Final = "您之前问过「{question}」，当时没答上来。现在有答案了：\n\n{text}"
MUTED: Final = "好的，以后有了新答案也不再通知您。想恢复就发 /unmute。"
UNMUTED: Final = "好的，以前没答上来的问题有了答案会告诉您一次。"
WHEN_TODAY: Final = "今天 {at:%H:%M} "
WHEN: Final = " {at.month} 月 {at.day} 日 {at:%H:%M} "
MEDIA: Final = {
    "animation": "〔动图〕",
    "audio": "〔音频〕",
    "checklist": "〔清单〕",
    "contact": "〔名片〕",
    "dice": "〔骰子〕",
    "document": "〔文件〕",
    "location": "〔位置〕",
    "photo": "〔图片〕",
    "poll": "〔投票〕",
    "sticker": "〔贴纸〕",
    "story": "〔动态〕",
    "venue": "〔地点〕",
    "video": "〔视频〕",
    "video_note": "〔视频〕",
    "voice": "〔语音〕",
}

COMMANDS: Final = {
    "ask": "提一个问题",
    "topics": "有哪些话题",
    "steps": "全流程，一步一步看",
    "contact": "联系官方客服",
    "feedback": "提意见",
    "mute": "有了新答案不用通知我",
    "forget": "删除我的记录",
    "help": "怎么用",
    "version": "版本",
}
# Besides, where several bases are served.
BASE_COMMANDS: Final = {"base": "选定知识库"}
# In a group people ask; what is about one's own records belongs into a private chat.
GROUP_COMMANDS: Final = ("ask", "topics", "contact", "help")
# What is shown before the first message (at most 512 characters), and in the bot's profile (120).
DESCRIPTION: Final = (
    "「{title}」机器人：直接打字提问，我按整理好的资料回答，注明出处和核对日期；"
    "没有把握就先问清楚，答不上来就告诉您怎么找官方客服。我不是真人，也不是官方客服。"
)
SHORT: Final = "「{title}」机器人：打字提问，答案注明出处。不是官方客服。"
