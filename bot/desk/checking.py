"""The rules that a good base keeps, beyond being readable."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from bot.desk.evaluating import ESCALATE
from bot.desk.trials import Trial
from bot.errors import Mistake
from bot.knowledge.located import Path as Keys
from bot.knowledge.model import Base, Case
from bot.knowledge.reading import CASES, HEADER, OUT_OF_SCOPE
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize, unmarked
from bot.matching.matcher import Matcher
from bot.matching.model import read_model

LONGEST_ANSWER = 4096  # UTF-16 units of one Telegram message (Bot API, sendMessage)
ROOM = 600  # for steps' titles, sources and the line around an answer
SUPPORT: Final = "{support}"  # where a fallback shows the contacts
_placeholder = re.compile(r"\{\w*\}")
MOVE: Final = "条目答得了它，就从这里删去；不该回答，就从那个条目里删去"


class Places(Protocol):
    """Where the parts of a base stand: in its YAML, or in the spreadsheet it is changed by."""

    @property
    def commented(self) -> Sequence[tuple[str, int]]:
        """File and line of each text of an entry behind which a comment stands."""

    def mistake_in(
        self, name: str, at: Keys, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake at the keys *at* of the file *name* beside the entries."""

    def mistake(
        self, entry: str, at: int | str, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake in an entry, at one of its questions (0 is the standard one) or fields."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is checked: a *base* with its *cases*, where things stand, and *today*."""

    base: Base
    cases: list[Case]
    places: Places
    today: date


def check(checked: Checked, analyzer: Analyzer, matcher: Matcher) -> list[Mistake]:
    """Return all mistakes and warnings, in the order of the files."""
    return sorted(
        [
            *mistakes(checked),
            *_unsourced(checked),
            *_overdue(checked),
            *_commented(checked),
            *_unlisted_topics(checked),
            *_doubtful_header(checked),
            *_answered_otherwise(checked, analyzer),
            *_nearer_elsewhere(checked, analyzer, matcher),
        ]
    )


def mistakes(checked: Checked) -> list[Mistake]:
    """Return the mistakes alone, which need no matcher: a base that has one is not put to use."""
    return sorted(
        [
            *_repeated(checked),
            *_dangling(checked),
            *_wordless(checked),
            *_too_long(checked),
            *_contradicting_synonyms(checked),
            *_cases(checked),
            *_out_of_scope(checked),
        ]
    )


def _repeated(checked: Checked) -> Iterator[Mistake]:
    """Find the same question twice, in one entry or in two."""
    first: dict[str, str] = {}
    for entry in checked.base.entries:
        for number, text in enumerate(entry.questions):
            key = unmarked(text)
            other = first.get(key)
            if other is None:
                first[key] = entry.id
            else:
                yield checked.places.mistake(
                    entry.id,
                    number,
                    f"条目 {entry.id} 的问法“{text}”在条目 {other} 里已经有了",
                    "请删去其中一个，一种问法只能属于一个条目",
                )


def _dangling(checked: Checked) -> Iterator[Mistake]:
    for entry in checked.base.entries:
        for id_ in entry.related:
            if id_ not in checked.base.with_drafts:
                yield checked.places.mistake(
                    entry.id,
                    "related",
                    f"条目 {entry.id} 的相关条目（related）里有 {id_}，但没有这个条目",
                    "请检查拼写，或删去它",
                )


def _commented(checked: Checked) -> Iterator[Mistake]:
    for file, line in checked.places.commented:
        yield Mistake(
            file,
            line,
            "“ #”和它后面的字是注释，不会显示给提问的人",
            "如果它们是内容，请给整段文字加双引号；如果是注释，请另起一行写在前面",
            warning=True,
        )


def _unlisted_topics(checked: Checked) -> Iterator[Mistake]:
    listed = {topic.id for topic in checked.base.header.topics}
    for entry in checked.base.entries:
        if listed and entry.topic not in listed:
            yield checked.places.mistake(
                entry.id,
                "topic",
                f"条目 {entry.id} 的话题 {entry.topic} 不在 {HEADER} 的 topics 里",
                f"请检查拼写，或在 topics 里补上；现在有：{'、'.join(sorted(listed))}",
                warning=True,
            )


def _doubtful_header(checked: Checked) -> Iterator[Mistake]:
    """Find a fallback that shows no contacts, or shows braces, and platforms that are their own rivals."""
    header = checked.base.header
    unknown = [found for found in _placeholder.findall(header.fallback) if found != SUPPORT]
    doubts = [
        ("fallback", f"fallback 里的 {found} 会原样显示", f"能填的只有 {SUPPORT}，请检查拼写")
        for found in unknown
    ]
    if header.support and SUPPORT not in header.fallback:
        problem = f"fallback 里没有 {SUPPORT}，答不上来时不会显示官方联系方式"
        doubts.append(("fallback", problem, f"请在要显示的位置写上 {SUPPORT}"))
    for name in header.platform.names:
        if name in header.platform.others:
            problem = f"“{name}”既是自己的平台（names），又是别的平台（others）"
            doubts.append(("platform", problem, "请从其中一个列表里删去它"))
    for key, problem, mend in doubts:
        yield checked.places.mistake_in(HEADER, (key,), problem, mend, warning=True)


def _unsourced(checked: Checked) -> Iterator[Mistake]:
    for entry in checked.base.entries:
        if not entry.sources:
            yield checked.places.mistake(
                entry.id,
                "sources",
                f"条目 {entry.id} 没有写资料来源（sources）",
                "请补上资料的标题和日期",
                warning=True,
            )


def _overdue(checked: Checked) -> Iterator[Mistake]:
    for entry in checked.base.entries:
        if entry.due is not None and entry.due < checked.today:
            yield checked.places.mistake(
                entry.id,
                "reviewed",
                f"条目 {entry.id} 应在 {entry.due} 前复核，上次复核是 {entry.reviewed}",
                f"请核对答案，然后运行 kaidian kb review {entry.id}",
                warning=True,
            )


def _wordless(checked: Checked) -> Iterator[Mistake]:
    for entry in checked.base.entries:
        for number, text in enumerate(entry.questions):
            if not any(map(str.isalnum, text)):
                yield checked.places.mistake(
                    entry.id,
                    number,
                    f"条目 {entry.id} 的问法“{text}”里没有文字",
                    "请写成大家会打的一句话，或删去它",
                )


def _too_long(checked: Checked) -> Iterator[Mistake]:
    for entry in checked.base.entries:
        length = len(entry.answer.encode("utf-16-le")) // 2
        if length > LONGEST_ANSWER - ROOM:
            yield checked.places.mistake(
                entry.id,
                "answer",
                f"条目 {entry.id} 的答案有 {length} 个字，一条聊天消息放不下",
                f"请缩短到 {LONGEST_ANSWER - ROOM} 个字以内，或拆成几个条目",
            )


def _contradicting_synonyms(checked: Checked) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for number, group in enumerate(checked.base.header.synonyms):
        for word in dict.fromkeys(group):
            if word in first:
                yield checked.places.mistake_in(
                    HEADER,
                    ("synonyms", number),
                    f"同义词“{word}”同时属于“{first[word]}”和“{group[0]}”两组",
                    "请把两组合并，或从其中一组删去它",
                )
            first.setdefault(word, group[0])


def _cases(checked: Checked) -> Iterator[Mistake]:
    """Find cases that expect an unknown entry, are labelled twice, or are phrasings."""
    phrasings = {unmarked(q): e.id for e in checked.base.entries for q in e.questions}
    first: dict[str, int] = {}
    for number, case in enumerate(checked.cases):
        text = unmarked(case.ask)
        wanted = () if isinstance(case.expect, str) else case.expect
        known = {*checked.base.by_id, ESCALATE}
        for id_ in (id_ for ids in wanted for id_ in ids if id_ not in known):
            yield checked.places.mistake_in(
                CASES, (number,), f"用例“{case.ask}”期望的条目 {id_} 不存在", "请检查拼写"
            )
        if text in phrasings:
            yield checked.places.mistake_in(
                CASES,
                (number,),
                f"用例“{case.ask}”就是条目 {phrasings[text]} 的问法，测不出什么",
                "请删去这个用例，或把它从问法里拿走",
            )
        if first.setdefault(text, number) != number:
            yield checked.places.mistake_in(
                CASES, (number,), f"用例“{case.ask}”出现了不止一次", "请只留一个"
            )


def _out_of_scope(checked: Checked) -> Iterator[Mistake]:
    """Find listed questions that an entry answers, that are listed twice, or are cases."""
    phrasings = {unmarked(q): e.id for e in checked.base.entries for q in e.questions}
    cases = {unmarked(case.ask) for case in checked.cases}
    first: dict[str, int] = {}
    for number, text in enumerate(checked.base.out_of_scope):
        key = unmarked(text)
        if key in phrasings:
            yield checked.places.mistake_in(
                OUT_OF_SCOPE,
                (number,),
                f"不回答的问题“{text}”又是条目 {phrasings[key]} 的问法",
                MOVE,
            )
        if key in cases:
            yield checked.places.mistake_in(
                OUT_OF_SCOPE,
                (number,),
                f"不回答的问题“{text}”又是用例（{CASES}），列在这里的一定不回答，用例就测不出什么",
                f"请从这里删去它，或从 {CASES} 里删去那个用例",
            )
        if first.setdefault(key, number) != number:
            yield checked.places.mistake_in(
                OUT_OF_SCOPE, (number,), f"不回答的问题“{text}”列了不止一次", "请只留一个"
            )


def _answered_otherwise(checked: Checked, analyzer: Analyzer) -> Iterator[Mistake]:
    """Find listed questions that a phrasing asks in other words of the same meaning."""

    def core(text: str) -> str:
        return analyzer.analyze(normalize(text)).core

    questions = [(text, e.id) for e in checked.base.entries for text in e.questions]
    same = {unmarked(text) for text, _ in questions}
    alike = {core(text): (text, id_) for text, id_ in reversed(questions) if core(text)}
    for number, text in enumerate(checked.base.out_of_scope):
        if unmarked(text) not in same and core(text) in alike:
            phrasing, id_ = alike[core(text)]
            yield checked.places.mistake_in(
                OUT_OF_SCOPE,
                (number,),
                f"不回答的问题“{text}”和条目 {id_} 的问法“{phrasing}”是一个意思",
                MOVE,
                warning=True,
            )


def _nearer_elsewhere(checked: Checked, analyzer: Analyzer, matcher: Matcher) -> Iterator[Mistake]:
    """Find phrasings that another entry would answer if they were not written down themselves."""
    least = (checked.base.thresholds or read_model()).answer
    for entry in checked.base.entries:
        for number, text in enumerate(entry.questions if len(entry.questions) > 1 else ()):
            held_out = Trial(text, frozenset({entry.id}), without=text)
            for best in held_out.rank(analyzer, matcher).matches[:1]:
                if best.entry.id != entry.id and best.confidence >= least and not best.vetoes:
                    yield checked.places.mistake(
                        entry.id,
                        number,
                        f"条目 {entry.id} 的问法“{text}”要是没有写下来，就会当成条目 {best.entry.id} 的"
                        f"“{best.phrasing}”来回答",
                        "如果放错了，请挪过去；如果没错，请给本条目多写几种类似的问法",
                        warning=True,
                    )
