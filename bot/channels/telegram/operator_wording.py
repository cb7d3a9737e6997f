"""What operators are told in their chat: the one place for it. Filled by named fields only."""

from typing import Final

TOPIC: Final = "{name} · 工单 {id}"
CARD: Final = (
    "工单 #{id}　{state}\n"
    "问题：{question}\n"
    "\n之前的对话：\n{turns}\n"
    "\n可能的条目：\n{candidates}\n"
    "\n提问时间：{asked:%m-%d %H:%M}　知识库 {kb}\n"
    "{deliveries}"
    "回复这条消息，就会发给提问的人；以 // 开头的不发。"
)
NOTHING: Final = "（无）"
TURN: Final = "- {utterance}（{outcome}）"
CANDIDATE: Final = "- {question}（{entry}，置信度 {confidence:.2f}）"
GONE: Final = "已删除的条目"
OUTCOMES: Final = {
    "escalate": "没答上来",
    "clarify": "反问了",
    "answer": "答了",
    "smalltalk": "寒暄",
}
STATES: Final = {"open": "等人回复", "answered": "已回复", "closed": "已关闭"}
HELD: Final = "人工接管中"
BY_BASE: Final = "知识库已能回答，已处理"
DELIVERIES: Final = "发给提问人的回复：{fates}\n"
FATES: Final = {
    "sent": "已送达",
    "blocked": "对方屏蔽了机器人",
    "failed": "没送到",
    None: "正在发",
}
NOT_DELIVERED: Final = {
    "blocked": "这条没有送到：对方屏蔽了机器人。",
    "failed": "这条没有送到：Telegram 没有接受，或者没有回音。请换个形式再发一次。",
}
NOT_BLOCKED_YET: Final = "没有发：对方屏蔽了机器人，收不到。"

MOVED: Final = (
    "值班群升级成了超级群，编号变了，在群里写的暂时发不到提问的人。请管理员设置 "
    "KAIDIAN_OPERATORS_CHAT={chat}，再重新启动机器人。"
)
NOT_OPERATOR: Final = "没有执行：您不在 KAIDIAN_OPERATORS 名单里，没有发给提问的人，也没有改动。"
ONLY_IN_CHAT: Final = "这是值班人员在值班群里用的命令。"
WHICH_TICKET: Final = "请回复某张工单的卡片（或在它的话题里）发这个命令。"
SET_ASIDE: Final = (
    "有一条消息处理不了（更新 {update}，{error}），试了几次都不行，已经放到一边，发的人没有收到回答；"
    "别的消息不受影响。请把日志里的这一条报告给开发者。一小时内不再提醒。"
)
DELETED: Final = (
    "工单 #{id} 已经删除：提问的人要求删除自己的记录，或者过了保留期。在这里写的不会再发给任何人。"
)
NOT_HELD: Final = "这张工单没有人工接管，机器人一直在回答。"
CLOSED: Final = "工单 #{id} 已关闭。"
GIVEN_BACK: Final = "已交还机器人，工单 #{id} 已关闭。"
ENDED: Final = "工单 #{id} 的人工接管到时间了，已交还机器人。"
REMINDER: Final = "工单 #{id} 还没有人回复。"
RISEN: Final = "工单 #{id} 一直没有人回复，请看一下：{mentions}"
MENTION: Final = '<a href="tg://user?id={id}">值班 {id}</a>'

DUE: Final = "每周提醒：有 {count} 个条目该复核了。\n{entries}\n核对答案后运行 kaidian kb review 条目，记下复核日期。"
DUE_LINE: Final = "- {id}：{question}（应在 {due} 前复核）"

STATS: Final = (
    "今天：{today_asked} 个问题，答了 {today_answer}，反问 {today_clarify}，没答上来 {today_escalate}；"
    "转人工 {today_requested}，其中已回复 {today_answered}，还等着 {today_open}\n"
    "七天：{week_asked} 个问题，答了 {week_answer}，反问 {week_clarify}，没答上来 {week_escalate}；"
    "转人工 {week_requested}，其中已回复 {week_answered}，还等着 {week_open}\n"
    "七天里被拒绝的值班命令：{refused}"
)
UNANSWERED: Final = "三十天里没答上来、也没有人回复的问题，问的人多的在前：\n{questions}"
UNANSWERED_LINE: Final = "- {question}（{people} 人）"
NONE_UNANSWERED: Final = "三十天里没答上来的问题，都已经有了回复。"

DRAFT_WHAT: Final = "请对着一条好的回答（您或同事发给提问人的那条文字）回复 /draft。"
DRAFTED: Final = "已存为草稿 {entry}，审核通过、去掉 draft 之后才会用来回答。"
PHRASING_WHAT: Final = "请写上条目的编号，比如：/phrasing deposit"
PHRASING_UNKNOWN: Final = "没有条目 {entry}，请检查编号。"
PHRASING_DRAFT: Final = (
    "请审核：把上面的问法加进条目 {entry}（{question}）的 phrasings，然后删掉这一条草稿。"
)
NOT_SAVED: Final = "没有存，知识库没有改动：\n{reason}"

COMMANDS: Final = {
    "close": "关闭工单",
    "done": "交还机器人",
    "stats": "今天和七天的数字",
    "unanswered": "没答上来最多的问题",
    "why": "为什么这样判断",
    "draft": "把一条回答存为草稿条目",
    "phrasing": "把问题提议为某条目的问法",
}
