"""A difference between two versions of a base as Markdown, for people, and as JSON, for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.desk.evaluating import Half, half_of
from bot.desk.replaying import Change, Concerned, Difference, Judged, Kind, Promise
from bot.desk.reporting import HALVES, VERDICTS
from bot.knowledge.model import Base, Entry, Step

MOST_SHOWN: Final = 20  # changes, and as many cases: a longer list is not read

HEADING: Final = "## 知识库改动：{old} → {new}"
WORSE: Final = "**有变差的地方**，请看下面带 ⚠ 的。"
SAME: Final = "**没有变差。**"
REPLAYED: Final = "重放了 {cases} 个用例和 {asked} 次真实提问。"
ENTRIES: Final = "### 条目"
ENTRIES_SAME: Final = "没有增加、删去或改写条目。"
HOW: Final = {"removed": "删去了", "added": "新增了", "reworded": "改了答案或步骤"}
CHANGED_ENTRY: Final = "- {how}：{entry}"
QUESTIONS: Final = "### 真实提问"
NOTHING: Final = "真实提问的处理没有变化。"
TITLES: Final = {
    Kind.GAINED: "新答上了：{after}",
    Kind.LOST: "⚠ 不再回答：{before}{rest}",
    Kind.MOVED: "换了条目回答：{before} → {after}",
    Kind.REWORDED: "答案改了：{after}",
    Kind.OFFERED: "由答不上变为反问",
    Kind.WITHHELD: "⚠ 由反问变为答不上",
}
REST: Final = "（还回答 {after}）"
CHANGE: Final = "- **{title}**　{times} 次，{questions} 种问法"
EXAMPLE: Final = "    - {text}（{times} 次）"
ENTRY: Final = "{id}（{question}）"
MORE: Final = "- 另有 {count} 项没有列出，用 --json 可以看到全部。"
CASES: Final = "### 用例"
CASES_SAME: Final = "用例的结果没有变化。"
CASE: Final = "- {mark}{ask}（{half}）：{before} → {after}"
WORSE_MARK: Final = "⚠ "
PROMISES: Final = "### 承诺"
PROMISE: Final = "- {mark}{half}：{state}"
STATES: Final = {
    (True, True): "没有违背，和原来一样",
    (True, False): "原来没有违背，现在违背了",
    (False, True): "原来违背了，现在没有违背",
    (False, False): "违背了，原来也违背",
}


def as_markdown(difference: Difference, old: Base, new: Base) -> str:
    """Return *difference* as Markdown; *old* and *new* say what the entries ask.

    What people wrote stands in code spans: none of it can be a link, a mention or HTML.
    """
    return "\n".join(
        [
            HEADING.format(old=difference.old, new=difference.new),
            "",
            WORSE if difference.is_worse else SAME,
            REPLAYED.format(cases=difference.cases, asked=difference.asked),
            "",
            PROMISES,
            "",
            *(_promise(half, promise) for half, promise in difference.promises.items()),
            "",
            ENTRIES,
            "",
            *_entries(old, new),
            "",
            QUESTIONS,
            "",
            *_changes(difference, old, new),
            "",
            CASES,
            "",
            *_cases(difference.judged),
        ]
    )


def as_json(difference: Difference, old: Base, new: Base) -> str:
    """Return the whole of *difference*, between *old* and *new*, as JSON."""
    entries: dict[str, list[str]] = {how: [] for how in HOW}
    for how, entry in _changed(old, new):
        entries[how].append(entry.id)
    fields: dict[str, Any] = {
        "old": difference.old,
        "new": difference.new,
        "worse": difference.is_worse,
        "entries": entries,
        "asked": difference.asked,
        "changes": [_change(*item) for item in difference.largest_first],
        "cases": difference.cases,
        "judged": [
            {
                "ask": judged.case.ask,
                "half": half_of(judged.case),
                "before": judged.before,
                "after": judged.after,
                "worse": judged.is_worse,
            }
            for judged in difference.judged
        ],
        "promises": {
            half: {"before": promise.before, "after": promise.after}
            for half, promise in difference.promises.items()
        },
    }
    return json.dumps(fields, ensure_ascii=False, indent=2)


def _promise(half: Half, promise: Promise) -> str:
    return PROMISE.format(
        mark=WORSE_MARK if promise.is_broken else "",
        half=HALVES[half],
        state=STATES[promise.before, promise.after],
    )


def _entries(old: Base, new: Base) -> Iterator[str]:
    """Say which entries only one of the two bases has, and which say something else in each."""
    changed = list(_changed(old, new))
    if not changed:
        yield ENTRIES_SAME
    for how, entry in changed[:MOST_SHOWN]:
        named = ENTRY.format(id=entry.id, question=quoted(entry.question))
        yield CHANGED_ENTRY.format(how=HOW[how], entry=named)
    if len(changed) > MOST_SHOWN:
        yield MORE.format(count=len(changed) - MOST_SHOWN)


def _changed(old: Base, new: Base) -> Iterator[tuple[str, Entry]]:
    """Yield the entries that differ, each with a key of HOW."""
    before, after = old.by_id, new.by_id
    yield from (("removed", entry) for id_, entry in before.items() if id_ not in after)
    for id_, entry in after.items():
        if id_ not in before:
            yield "added", entry
        elif _said(before[id_]) != _said(entry):
            yield "reworded", entry


def _said(entry: Entry) -> tuple[str, tuple[Step, ...]]:
    """Return what people are told by *entry*."""
    return entry.answer, entry.steps


def _changes(difference: Difference, old: Base, new: Base) -> Iterator[str]:
    if not difference.changes:
        yield NOTHING
        return
    questions = {
        id_: quoted(entry.question) for base in (old, new) for id_, entry in base.by_id.items()
    }
    largest = difference.largest_first
    for change, concerned in largest[:MOST_SHOWN]:
        title = title_of(change, questions)
        yield CHANGE.format(title=title, times=concerned.times, questions=concerned.questions)
        for example in concerned.examples:
            yield EXAMPLE.format(text=quoted(example.text), times=example.times)
    if len(largest) > MOST_SHOWN:
        yield MORE.format(count=len(largest) - MOST_SHOWN)


def title_of(change: Change, questions: Mapping[str, str]) -> str:
    """Say what *change* is, with the entries' *questions* by their ids."""
    before, after = (
        "、".join(ENTRY.format(id=id_, question=questions[id_]) for id_ in dict.fromkeys(ids))
        for ids in (change.before, change.after)
    )
    rest = REST.format(after=after) if after else ""
    return TITLES[change.kind].format(before=before, after=after, rest=rest)


def _cases(judged: Sequence[Judged]) -> Iterator[str]:
    if not judged:
        yield CASES_SAME
    for case in sorted(judged, key=lambda case: not case.is_worse)[:MOST_SHOWN]:
        yield CASE.format(
            mark=WORSE_MARK if case.is_worse else "",
            ask=quoted(case.case.ask),
            half=HALVES[half_of(case.case)],
            before=VERDICTS[case.before],
            after=VERDICTS[case.after],
        )
    if len(judged) > MOST_SHOWN:
        yield MORE.format(count=len(judged) - MOST_SHOWN)


def _change(change: Change, concerned: Concerned) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "before": list(change.before),
        "after": list(change.after),
        "times": concerned.times,
        "questions": concerned.questions,
        "examples": [{"text": e.text, "times": e.times} for e in concerned.examples],
    }


def quoted(text: str) -> str:
    """Return *text* as a code span of Markdown, on one line."""
    plain = "".join(c if c.isprintable() else " " for c in text).replace("`", "'")
    return f"`{plain}`"
