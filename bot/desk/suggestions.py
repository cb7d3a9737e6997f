"""A suggestion as a person reads it, and as fields for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final, assert_never

from bot.desk.accepting import additions
from bot.desk.suggesting import (
    Action,
    AddDraft,
    AddPhrasings,
    AddPlatform,
    AddSynonym,
    Leave,
    Suggestion,
)
from bot.knowledge.model import Base

MOST_QUESTIONS: Final = 8
HEADING: Final = "【{times} 次】{action}"
QUESTION: Final = "    {times} 次　{text}"
MORE: Final = "    ……另有 {count} 种问法"
PHRASINGS: Final = "给条目 {entry}（{question}）加问法"
SYNONYM: Final = "加同义词：{word} 就是 {known}"
PLATFORM: Final = "记下另一个平台的名字：{name}"
DRAFT: Final = "新写一个草稿条目 {entry}：{answer}"
LEAVE: Final = "不回答"
PHRASING: Final = "    ＋ 问法：{text}"
OUT_OF_SCOPE: Final = "    ＋ 不回答的问题：{text}"
CASE: Final = "    ＋ 用例：{text}"


def described(suggestion: Suggestion, base: Base) -> Iterator[str]:
    """Say line by line what *suggestion* is, of *base*, why, and what would be written."""
    yield HEADING.format(times=suggestion.times, action=_action(suggestion.action, base))
    yield suggestion.why
    for question in suggestion.questions[:MOST_QUESTIONS]:
        yield QUESTION.format(times=question.times, text=question.text)
    if len(suggestion.questions) > MOST_QUESTIONS:
        yield MORE.format(count=len(suggestion.questions) - MOST_QUESTIONS)
    added = additions(base, [suggestion])
    for texts in added.phrasings.values():
        yield from (PHRASING.format(text=text) for text in texts)
    yield from (OUT_OF_SCOPE.format(text=text) for text in added.out_of_scope)
    yield from (CASE.format(text=case.ask) for case in added.cases)


def as_fields(suggestion: Suggestion) -> dict[str, Any]:
    """Return *suggestion* as plain fields."""
    action = suggestion.action
    fields = {"entry": action.entry.id} if isinstance(action, AddDraft) else asdict(action)
    return {
        "action": KINDS[type(action)],
        **fields,
        "why": suggestion.why,
        "times": suggestion.times,
        "questions": [asdict(question) for question in suggestion.questions],
    }


KINDS: Final = {
    AddPhrasings: "phrasings",
    AddSynonym: "synonym",
    AddPlatform: "platform",
    AddDraft: "draft",
    Leave: "leave",
}


def _action(action: Action, base: Base) -> str:
    match action:
        case AddPhrasings(entry):
            return PHRASINGS.format(entry=entry, question=base.with_drafts[entry].question)
        case AddSynonym(known, word):
            return SYNONYM.format(word=word, known=known)
        case AddPlatform(name):
            return PLATFORM.format(name=name)
        case AddDraft(entry):
            return DRAFT.format(entry=entry.id, answer=entry.answer)
        case Leave():
            return LEAVE
        case never:
            assert_never(never)
