"""Going through suggestions in a terminal, one key each."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import click
from prompt_toolkit import prompt
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.validation import Validator

from bot.desk.accepting import Additions, additions, tried_in
from bot.desk.differences import title_of
from bot.desk.replaying import Example, replay
from bot.desk.suggesting import (
    AddDraft,
    AddPhrasings,
    AddPlatform,
    AddSynonym,
    Leave,
    Suggestion,
    drafted,
)
from bot.desk.suggestions import described
from bot.dialogue.conversation import Assistant
from bot.knowledge.model import ID, Base

MOST_TRIED: Final = 50  # of a suggestion's own questions
MOST_CHANGES: Final = 5
PLACE: Final = "── 第 {place} 条，共 {total} 条 ──"
KEYS: Final = "a 采纳　e 修改　s 跳过　n 不再提　q 结束"
ACCEPTED: Final = "已采纳。"
SKIPPED: Final = "已跳过。"
DISMISSED: Final = "以后不再提这些问题。"
UNKNOWN: Final = "没有这个键。"
EFFECT: Final = "试了 {asked} 次真实提问，采纳以后："
NO_EFFECT: Final = "    没有变化"
CHANGE: Final = "    {title}　{times} 次，例如 {example}"
MORE: Final = "    ……另有 {count} 种变化"
MEANT: Final = "    这正是这条建议要的：以后不回答它们。"
ASK_ENTRY: Final = "条目编号（留空：不回答；没有的编号：新写一个草稿）："
ASK_TEXTS: Final = "用哪些问法（用 | 分开）："
ASK_ANSWER: Final = "答案："
ASK_SYNONYM: Final = "同义词（前一个是知识库里的词，后一个是新词，用空格分开）："
ASK_PLATFORM: Final = "平台的名字："
EDITED: Final = "按您的修改。"
NOT_EDITED: Final = "没有改。"
BAD_ID: Final = "编号用字母、数字、- 、_ 或 . ，以字母或数字开头；刚才新写的草稿用过了的，请换一个"
NO_PAIR: Final = "请写两个词，用空格分开"
NO_WORD: Final = "请写一个名字，中间不要有空格"
NO_TEXTS: Final = "请写至少一种问法"
NO_ANSWER: Final = "答案不能是空白"
SEPARATOR: Final = " | "
INTERRUPTS: Final = {"\x03", "\x04"}  # Ctrl-C and Ctrl-D, where the terminal passes them on


class Reviewer:
    """Lets a person decide on suggestions for *base*, which *assistant* answers from.

    *build* makes an assistant of a changed base; *sample* holds real questions on which each
    suggestion is tried; *dismiss* remembers what shall never be suggested again.

    Attributes:
        additions: What the accepted suggestions add.

    """

    def __init__(
        self,
        base: Base,
        assistant: Assistant,
        build: Callable[[Base], Assistant],
        sample: Sequence[Example],
        dismiss: Callable[[Sequence[str]], None],
    ) -> None:
        self._base = base
        self._assistant = assistant
        self._build = build
        self._sample = sample
        self._dismiss = dismiss
        self._accepted: list[Suggestion] = []
        self.additions: Additions = additions(base, ())

    def review(self, suggestions: Sequence[Suggestion]) -> Sequence[Suggestion]:
        """Show each of *suggestions*, and return those that were accepted, as they were edited."""
        for place, suggestion in enumerate(suggestions, 1):
            click.echo(PLACE.format(place=place, total=len(suggestions)))
            if not self._decided(suggestion):
                break
        return self._accepted

    def _decided(self, suggestion: Suggestion) -> bool:
        """Let a person decide on *suggestion*; return False when they want to end."""
        after = self._show(suggestion)
        while True:
            match _key():
                case "a":
                    self._accepted.append(suggestion)
                    self._assistant = after
                    self.additions = additions(self._base, self._accepted)
                    click.echo(ACCEPTED)
                    return True
                case "e":
                    suggestion = self._edited(suggestion)
                    after = self._show(suggestion)
                case "s":
                    click.echo(SKIPPED)
                    return True
                case "n":
                    self._dismiss([question.text for question in suggestion.questions])
                    click.echo(DISMISSED)
                    return True
                case "q":
                    return False
                case _:
                    click.echo(UNKNOWN)

    def _show(self, suggestion: Suggestion) -> Assistant:
        """Show *suggestion* and what it would change; return the assistant that it would make."""
        changed = tried_in(self._base, additions(self._base, [*self._accepted, suggestion]))
        after = self._assistant if changed == self._tried else self._build(changed)
        for line in (*described(suggestion, self._base), *self._effect(suggestion, after), KEYS):
            click.echo(line)
        return after

    @property
    def _tried(self) -> Base:
        return tried_in(self._base, self.additions)

    def _effect(self, suggestion: Suggestion, after: Assistant) -> Iterator[str]:
        """Say what becomes of the suggestion's questions, and of others."""
        if after is self._assistant:
            return
        own = {question.text for question in suggestion.questions}
        questions = [
            *suggestion.questions[:MOST_TRIED],
            *(question for question in self._sample if question.text not in own),
        ]
        difference = replay(self._assistant, after, (), questions)
        yield EFFECT.format(asked=difference.asked)
        largest = difference.largest_first
        if not largest:
            yield NO_EFFECT
        asks = {id_: entry.question for id_, entry in self._base.by_id.items()}
        for change, concerned in largest[:MOST_CHANGES]:
            yield CHANGE.format(
                title=title_of(change, asks),
                times=concerned.times,
                example=concerned.examples[0].text,
            )
        if len(largest) > MOST_CHANGES:
            yield MORE.format(count=len(largest) - MOST_CHANGES)
        refused = [e.text for change, c in largest if change.is_worse for e in c.examples]
        is_meant = isinstance(suggestion.action, AddPlatform | Leave) and own.issuperset(refused)
        if refused and is_meant:
            yield MEANT

    def _edited(self, suggestion: Suggestion) -> Suggestion:
        """Return *suggestion* as a person wants it; as it was where they leave off."""
        try:
            edited = self._asked_for(suggestion)
        except (EOFError, KeyboardInterrupt):
            click.echo(NOT_EDITED)
            return suggestion
        return replace(edited, why=EDITED)

    def _asked_for(self, suggestion: Suggestion) -> Suggestion:
        match suggestion.action:
            case AddSynonym(known, word):
                known, word = _typed(ASK_SYNONYM, f"{known} {word}", _is_pair, NO_PAIR).split()
                return replace(suggestion, action=AddSynonym(known, word))
            case AddPlatform(name):
                name = _typed(ASK_PLATFORM, name, _is_word, NO_WORD)
                return replace(suggestion, action=AddPlatform(name))
            case AddPhrasings(entry):
                return self._about(suggestion, entry)
            case AddDraft(draft):
                return self._about(suggestion, draft.id, draft.answer)
            case Leave():
                return self._about(suggestion)

    def _about(self, suggestion: Suggestion, entry: str = "", answer: str = "") -> Suggestion:
        """Ask which entry shall answer, in which ways it may be asked for, and what a new one says."""
        known = self._base.with_drafts
        id_ = _typed(ASK_ENTRY, entry, self._can_answer, BAD_ID, WordCompleter(list(known)))
        if not id_:
            return replace(suggestion, action=Leave())
        before = SEPARATOR.join(question.text for question in suggestion.questions)
        texts = _parted(_typed(ASK_TEXTS, before, _parted, NO_TEXTS))
        times = {question.text: question.times for question in suggestion.questions}
        questions = tuple(Example(times.get(text, 0), text) for text in texts)
        if id_ in known:
            return replace(suggestion, action=AddPhrasings(id_), questions=questions)
        draft = drafted(id_, _typed(ASK_ANSWER, answer, bool, NO_ANSWER), questions)
        return replace(suggestion, action=AddDraft(draft), questions=questions)

    def _can_answer(self, id_: str) -> bool:
        """Tell whether *id_* is that of an entry, can be that of a new one, or is empty."""
        taken = {draft.id for draft in self.additions.drafts}
        return (
            not id_
            or id_ in self._base.with_drafts
            or (re.fullmatch(ID, id_) is not None and id_ not in taken)
        )


def _typed(
    ask: str,
    before: str,
    can_be: Callable[[str], object],
    mend: str,
    completer: WordCompleter | None = None,
) -> str:
    """Return what a person makes of *before*; what can't be stays as they typed it, with the *mend*."""
    validator = Validator.from_callable(
        lambda typed: bool(can_be(typed.strip())), mend, move_cursor_to_end=True
    )
    return prompt(
        ask,
        default=before,
        completer=completer,
        validator=validator,
        validate_while_typing=False,
    ).strip()


def _is_pair(typed: str) -> bool:
    return len(typed.split()) == 2  # noqa: PLR2004  # a word that is known, and one that is new


def _is_word(typed: str) -> bool:
    return len(typed.split()) == 1


def _parted(typed: str) -> list[str]:
    return [text for part in typed.split(SEPARATOR.strip()) if (text := part.strip())]


def _key() -> str:
    """Return the key that is pressed; the one to end, where the terminal was left."""
    try:
        key = click.getchar()
    except (EOFError, KeyboardInterrupt):
        return "q"
    return "q" if key in INTERRUPTS else key.lower()
