"""A new base, from the answers to a few questions."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.knowledge.model import Contact, Entry, Header, Platform, Source, Topic
from bot.knowledge.reading import ENTRIES, HEADER
from bot.knowledge.writing import entries_text, header_text

FIRST: Final = "first"
TOPIC: Final = Topic(id="general", title="常见问题")
CONTACT: Final = "人工服务"
FALLBACK: Final = "这个问题我的知识库里没有，不敢乱答。请联系人工服务：\n{support}"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked about a new base.

    Attributes:
        id: Its id, and its *title*.
        names: How people call what it is about.
        others: What it must not be taken for.
        support: How people reach somebody who knows more.
        question: What its first entry answers.
        answer: What that entry says.
        source: Where that entry's facts come from.
        today: When that was so.

    """

    id: str
    title: str
    names: tuple[str, ...]
    others: tuple[str, ...]
    support: str
    question: str
    answer: str
    source: str
    today: date


def new_base(answers: Answers) -> dict[str, bytes]:
    """Return the files of a new base, by their names in its folder."""
    header = Header(
        id=answers.id,
        title=answers.title,
        platform=Platform(names=answers.names, others=answers.others),
        topics=(TOPIC,),
        support=(Contact(name=CONTACT, how=answers.support),),
        fallback=FALLBACK,
    )
    entry = Entry(
        id=FIRST,
        question=answers.question,
        answer=answers.answer,
        sources=(Source(title=answers.source, date=answers.today),),
        reviewed=answers.today,
    )
    return {
        HEADER: header_text(header).encode("utf-8"),
        f"{ENTRIES}/{TOPIC.id}.yaml": entries_text([entry]).encode("utf-8"),
    }
