"""Small talk: a few kinds of remarks that want no knowledge, and what to say to them."""

from typing import Final

# Particles and marks that change nothing about a remark.
PADDING: Final = " ,.!?;:啊呀吧呢哈哦噢喔啦嘞咯哟嘿的了吗么嘛~"

REMARKS: Final[dict[str, str]] = {
    remark: kind
    for kind, remarks in {
        "greeting": "你好 您好 你们好 大家好 hi hello hey 嗨 哈喽 哈啰 哈罗 嘿 在 在不 在不在 在不在线 你在 您在 在线 "
        "有人 有人在 有人在线 有没有人 有没有人在 早 早上好 上午好 中午好 下午好 晚上好 早安 午安 老板好 老板在 客服在 "
        "客服你好 亲在 亲 亲亲 你好在 您好在 你好有人 哈喽在 喂 喂喂 老师好 小二在 hello在",
        "thanks": "谢 谢谢 谢谢你 谢谢您 多谢 多谢你 感谢 非常感谢 十分感谢 太感谢 太感谢你 万分感谢 感激 辛苦 辛苦你 "
        "辛苦您 谢谢老板 谢谢亲 谢谢客服 好的谢谢 好谢谢 明白谢谢 知道谢谢 收到谢谢 好的谢谢你 嗯谢谢 ok谢谢 thx thanks "
        "thankyou thank 3q 谢谢解答 谢谢回答 谢谢帮忙 帮大忙 多谢帮忙 谢谢你帮忙 麻烦你 麻烦您 太谢谢 太谢谢你 "
        "好 好的 好滴 好嘞 好哒 行 可以 嗯 嗯嗯 哦 哦哦 噢 ok okay 明白 我明白 懂 我懂 知道 我知道 清楚 收到 了解 "
        "没事 没问题 没有问题 暂时没有 没有",
        "goodbye": "再见 拜拜 拜 88 886 bye byebye 回见 下次见 下次再聊 先这样 就这样 那先这样 我走 先走 我先走 "
        "不聊 先不聊 晚安 改天聊 改天再聊 明天见 回聊 先撤 撤 溜 走 下线 我下线 没别的事 没事再见 谢谢再见 好的再见",
        "identity": "你是谁 您是谁 你谁 你叫什么 你叫什么名字 您叫什么 你叫啥 你叫啥名字 你是机器人 你是真人 "
        "你是人还是机器人 你是机器人还是真人 你是不是机器人 你是不是真人 是机器人 是真人 是人工 你是人工 你是ai 你是人工智能 你是客服 "
        "你是官方 你是官方客服 你是不是官方 你哪位 您哪位 你是干什么 你是干嘛 你是做什么 介绍一下自己 "
        "介绍一下你自己 自我介绍 自我介绍一下 whoareyou 你是什么 你是啥 你是什么机器人 你是真人还是机器人 你是人 "
        "你是活人 跟我聊天是真人 这是机器人 是不是机器人 你是谁家",
        "ability": "你会什么 你会啥 你能干什么 你能干嘛 你能干啥 你能做什么 你能做啥 你能帮我什么 你能帮我做什么 你可以做什么 "
        "你可以干什么 你可以帮我做什么 你能回答什么 你能回答什么问题 你能回答哪些问题 可以问你什么 我可以问你什么 "
        "我能问你什么 能问什么 能问你什么 可以问什么 都能问什么 你有什么功能 有什么功能 有哪些功能 你有什么用 怎么用 怎么使用 你怎么用 "
        "这个怎么用 这机器人怎么用 帮助 help 使用说明 使用帮助 菜单 功能 功能列表 你都会什么 你都会啥 你都能干什么 你都能干啥 你都知道什么 "
        "你知道什么 你懂什么 你能帮我干嘛 你能帮忙做什么 都能帮我什么 你有啥功能 能干啥 能干嘛 能做什么 你会做什么 你会干什么 会什么 会啥 "
        "whatcanyoudo 你能提供什么帮助 你可以回答什么 你可以回答哪些问题 有什么可以帮我",
    }.items()
    for remark in remarks.split()
}

REPLIES: Final[dict[str, str]] = {
    "greeting": "您好，我是「{title}」机器人。想问什么直接打字就行，比如：\n{examples}",
    "thanks": "不客气，还有问题随时问我。",
    "goodbye": "再见，祝您生意兴隆！",
    "identity": "我是「{title}」的自动问答机器人，不是真人，也不是官方客服。我只回答知识库里有的内容，"
    "答不上来的会告诉您怎么找官方客服。",
    "ability": "我能回答「{title}」里的这些话题：{topics}。\n比如可以这样问：\n{examples}",
}


def kind_of(text: str) -> str | None:
    """Return which kind of small talk normalized *text* is, if it is nothing else."""
    return REMARKS.get(text) or REMARKS.get(_bare(text))


def _bare(text: str) -> str:
    return "".join(c for c in text.strip(PADDING) if c not in " ,.!?;:~")
