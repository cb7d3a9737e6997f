"""What an editor of YAML shows of each field of a base: the one place for it."""

from typing import Final

# By the model and, in it, the field; an empty name stands for the model itself.
HINTS: Final = {
    "Header": {
        "": "kb.yaml：知识库的名称、平台、联系方式和同义词",
        "id": "编号：字母、数字、点、横线、下划线，以字母或数字开头；一个机器人用几个知识库时不能相同",
        "title": "名称，打招呼和选知识库时显示，比如：小区图书馆问答",
        "language": "语言，只有 zh-Hans（简体中文）",
        "platform": "这个知识库讲的是哪个平台，哪些是别的平台",
        "topics": "话题，按显示的顺序；条目的 topic 写这里的 id",
        "support": "官方联系方式，答不上来时显示",
        "fallback": "答不上来时说的话；{support} 的位置会换成官方联系方式",
        "synonyms": "同义词，每组一个列表；第一个词代表整组，组里的英文词也会当成它",
        "words": "专有词，分词时不会被拆开",
        "max_wrong_rate": "承诺：直接回答里最多有多大比例答错，0 到 1，比如 0.01",
    },
    "Platform": {
        "": "平台的叫法",
        "names": "大家怎么称呼这个平台；问题里提到就由这个知识库回答",
        "others": "别的平台；问题里提到就不直接回答",
    },
    "Topic": {
        "": "一个话题",
        "id": "话题编号，条目的 topic 写它",
        "title": "话题名称，显示在菜单里，也用来理解“那怎么退”这样的追问",
    },
    "Contact": {
        "": "一种官方联系方式",
        "name": "名称，比如：网页客服",
        "how": "怎么联系",
        "url": "网址，可以不写",
    },
    "Entry": {
        "": "一个条目：一个问题、各种问法和一个答案",
        "id": "条目编号：字母、数字、点、横线、下划线，以字母或数字开头，不能重复",
        "topic": "属于哪个话题，写 kb.yaml 里话题的 id",
        "question": "标准问题，反问和菜单里显示的就是它",
        "phrasings": "别的问法，一行一种，照大家实际会打的字写",
        "answer": "答案，原样发出去；写多行时先写 | 再换行缩进",
        "steps": "分步骤的做法，聊天里可以一步一步看",
        "related": "相关条目的 id，回答后作为按钮显示",
        "sources": "资料来源，显示在答案后面",
        "reviewed": "上次核对的日期，如 2026-11-24；核对后用 kaidian kb review 改",
        "review_every_days": "多少天要核对一次，不写就是 180",
        "draft": "true 表示草稿：不会用来回答，改写核对后删去这一行",
    },
    "Step": {
        "": "一个步骤",
        "title": "步骤名称，列在答案后面",
        "detail": "这一步怎么做",
    },
    "Source": {
        "": "一个资料来源",
        "title": "资料名称",
        "url": "网址，可以不写",
        "date": "资料的日期，没有就写查阅的日期，如 2024-03-02",
    },
    "Case": {
        "": "一个用例：一句话应当怎么处理",
        "ask": "大家会问的一句话，不能同时是某个条目的问法",
        "expect": "应当怎样：条目 id 的列表（几个问题按顺序写几个，[a, [b, c]] 表示第二个答 b 或 c 都对），"
        "或 escalate（不该回答）、smalltalk（寒暄）",
    },
    "OutOfScope": {
        "": "一个不回答的问题，照大家实际会打的字写；一模一样的一定不回答，相像的更可能转人工。"
        "不能同时是条目的问法或用例；含冒号的文字请加双引号",
    },
    "Thresholds": {
        "": "阈值，由 kaidian kb calibrate 写，请不要手改",
        "answer": "把握不低于它才直接回答",
        "clarify": "把握不低于它才反问",
        "answered": "依据：有多少条用例和问法被直接回答",
        "wrong": "其中答错几条",
        "bound": "答错率的 95% 置信上限",
        "coverage": "能答的里有多大比例直接答对",
    },
}
