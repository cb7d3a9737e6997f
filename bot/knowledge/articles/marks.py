"""How the lines of a help article tell what they are, by the marks that such pages use."""

import re
from datetime import date
from typing import Final

LONGEST_TITLE: Final = 15  # characters of what stands before the colon of 标题:正文
SHORTEST_TEXT: Final = 8  # characters behind it: 联系电话:12345 is no paragraph
LONGEST_HEADING: Final = 30
SHORTEST_NAME: Final = 4
LONGEST_NAME: Final = 50  # characters of another article's title; a teaser is longer

_day = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)日?")
_time = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
# What stands around an article and says when, by whom and how often it was read.
_label = re.compile(
    r"(?:作者|来源|编辑|责编|责任编辑|标签|关键词|分类|出处|编号)\s?[:：]\s?\S{1,20}"
    r"|(?:发布|更新|编辑|创建|修改|发表)?(?:时间|日期|于)?\s?[:：]?"
    r"|\d[\d.,万]*\s?(?:次|人|个)?(?:浏览|阅读|点赞|评论|收藏|分享|转发|看过)"
    r"|(?:浏览|阅读|点赞|评论|收藏|分享|转发)(?:量|数|次数)?\s?[:：]?\s?[(（]?[\d.,万]*[)）]?次?"
)
_between = re.compile(r"[\s|/·•,，。:：()（）-]+")
_trail = re.compile(
    r"(?:当前位置|您的位置|所在位置)\s?[:：].*"
    r"|[^\s/>»›|。!！?？]{1,12}(?:\s?[/>»›|]\s?[^\s/>»›|。!！?？]{1,12})+"
)
_foot = re.compile(r"©|版权所有|版权声明|ICP备|公网安备|本文(?:链接|地址)|转载请注明")
# Headings of lists of other articles.
_recommended = re.compile(
    r"[【\[]?(?:(?:推荐|相关|最新|热门|图文|精选|延伸|更多|热点|扩展)(?:阅读|文章|推荐|问题|专题|内容|资讯|教程|问答|链接)"
    r"|猜你喜欢|(?:大家|他们|其他人)(?:都|还)?在(?:看|搜|问)|上一篇|下一篇|你可能(?:还)?(?:喜欢|感兴趣))[】\]]?"
    r"\s?(?:[:：]\s?(?P<name>.*))?"
)
_chapter = re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.．]\s?(?P<name>.+)|【(?P<framed>.+)】")
_number = re.compile(
    r"(?:\d{1,2}\s?[、.．)）](?!\d)|[(（]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[)）]"
    r"|[①-⑳]|第\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?步\s?[:：、,，]?|步骤\s?[\d一二三四五六七八九十]{1,3}\s?[:：、.]?)\s?"
)
_titled = re.compile(
    rf"(?P<title>[^:：。,，;；!！?？\s/]{{2,{LONGEST_TITLE}}})\s?[:：]\s?(?!//)(?P<text>.{{{SHORTEST_TEXT},}})"
)
_asked = re.compile(r"(?:问|Q|问题)\s?\d*\s?[:：.]\s?(?P<text>.+)", re.IGNORECASE)
_answered = re.compile(r"(?:答|A|回答)\s?\d*\s?[:：.]\s?(?P<text>.+)", re.IGNORECASE)
# Begin a note on what stands around them: no matter of their own.
_note = re.compile(r"(?:温馨)?(?:提示|注意|备注|说明|总结|小结|提醒)(?:事项)?|总之|综上")
_summary = re.compile(r"总结|总之|综上|总的来说|总而言之|小结")
_sentence = re.compile(r"[。!！;；…]|[,，].*[,，]|[:：]$")
_marks = re.compile(r"[,，。;；:：!！?？\n]+")
# What asks for a way to do something, or is one; 怎么收费 asks for something else.
_way = re.compile(r"流程|步骤|教程|攻略|如何|怎样|怎么(?!样|回事|收费)")
_asks = re.compile(r"[?？]|[吗么呢]$|怎么|怎样|如何|什么|哪|多少|多久|能不能|是否")


def day_in(text: str) -> date | None:
    """Return the first day that *text* names."""
    for year, month, day in _day.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def is_meta(text: str) -> bool:
    """Tell whether *text* only says when, by whom and how often the page was read, or where it is."""
    if _trail.fullmatch(text) or (_foot.search(text) and "。" not in text):
        return True
    rest = _label.sub(" ", _time.sub(" ", _day.sub(" ", text)))
    return not _between.sub("", rest)


def recommended_list(text: str) -> str | None:
    """Return the title that stands behind the heading of a list of articles; None if *text* is none."""
    found = _recommended.fullmatch(text)
    return None if found is None else found["name"] or ""


def is_name(text: str) -> bool:
    """Tell whether *text* can be the title of an article."""
    return SHORTEST_NAME <= len(text) <= LONGEST_NAME and "。" not in text and not is_meta(text)


def chapter(text: str) -> tuple[str, bool] | None:
    """Return the heading of a chapter without its number, and whether it has one (一、押金).

    None if *text* is none.
    """
    text = text.rstrip(" :：")
    found = _chapter.fullmatch(text)
    if found is None or len(text) > LONGEST_HEADING or _sentence.search(text):
        return None
    return (found["name"], True) if found["name"] else (found["framed"], False)


def unnumbered(text: str) -> tuple[str, bool]:
    """Return *text* without the number of an item before it, and whether it had one."""
    found = _number.match(text)
    rest = text[found.end() :] if found else ""
    return (rest, True) if rest else (text, False)


def titled(text: str) -> tuple[str, str] | None:
    """Return title and text of 标题:正文; None if *text* is not such a paragraph."""
    found = _titled.fullmatch(text)
    if found is None or _note.match(found["title"]):
        return None
    return found["title"], found["text"]


def asked(text: str) -> str | None:
    """Return the question of 问:…; None if *text* is none."""
    found = _asked.fullmatch(text)
    return found and found["text"]


def answered(text: str) -> str:
    """Return *text* without 答: before it."""
    found = _answered.fullmatch(text)
    return found["text"] if found else text


def is_short(text: str) -> bool:
    """Tell whether *text* can be a heading: a few words, no sentence."""
    return len(text) <= LONGEST_HEADING and not _sentence.search(text)


def clauses(text: str) -> list[str]:
    """Return what stands between the marks of *text*."""
    return [clause for clause in map(str.strip, _marks.split(text)) if clause]


def asks(text: str) -> bool:
    """Tell whether *text* is a question by its words."""
    return _asks.search(text) is not None


def names_way(text: str) -> bool:
    """Tell whether *text* asks for a way to do something, or names one."""
    return _way.search(text) is not None


def is_note(text: str) -> bool:
    """Tell whether *text* heads a note on what stands around it."""
    return _note.match(text) is not None


def sums_up(text: str) -> bool:
    """Tell whether *text* says again what the whole article said."""
    return _summary.match(text) is not None
