"""From questions that came to nothing to suggestions that a person may accept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from bot.desk.grouping import groups
from bot.desk.replaying import Example
from bot.desk.unheard import Unheard
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.model import Case, Entry
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize
from bot.matching.matcher import Matcher
from bot.messages import Outcome, Part
from bot.store.history import Unsettled

NEAR: Final = "这些问题最像条目 {entry}：其中 {near} 次把它列为首选，被点选过 {picked} 次。"
FAR: Final = (
    "没有哪个条目够像；如果不归这个知识库管，采纳后就列为不回答的问题，一部分记成“不该回答”的用例。"
)
REPLIED: Final = "值班人员这样回复过，可以写成新条目的草稿：{reply}"
DISLIKED: Final = (
    "现在的回答（{entry}）被人点了“没用”，也没有别的条目够像；"
    "采纳后就列为不回答的问题，一部分记成“不该回答”的用例。"
)
PLATFORM: Final = "“{word}”站在平台名字的位置上，换成“{known}”就都有合适的条目：它像是另一个平台，记下后不会拿本平台的规定去答。"
SYNONYM: Final = "知识库没见过“{word}”，换成“{known}”以后这些问题就有了合适的条目。"


MOST_PHRASINGS: Final = 5  # taken of one group: more of the same teach little


@dataclass(frozen=True, slots=True)
class AddPhrasings:
    """Let the entry with that id be asked for in these ways, too."""

    entry: str


@dataclass(frozen=True, slots=True)
class AddSynonym:
    """Let *word* mean what *known* means."""

    known: str
    word: str


@dataclass(frozen=True, slots=True)
class AddPlatform:
    """Know *name* as that of another platform."""

    name: str


@dataclass(frozen=True, slots=True)
class AddDraft:
    """Write a new entry, which answers nobody yet."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave it unanswered, as out of scope."""


Action = AddPhrasings | AddSynonym | AddPlatform | AddDraft | Leave


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do about some *questions*, the most frequent first, and *why*, in a sentence."""

    action: Action
    why: str
    questions: tuple[Example, ...]

    @property
    def times(self) -> int:
        """How often the questions were asked."""
        return sum(question.times for question in self.questions)


@dataclass(frozen=True, slots=True)
class Open:
    """A question that is still not answered well.

    Attributes:
        text: As it was kept.
        times: How often it was asked.
        entry: The entry that it is most likely about, if any is likely enough to be shown.
        picked: Whether people picked that entry when they were asked back.
        disliked: The entry whose answer was voted down, if one was.

    """

    text: str
    times: int
    entry: str | None
    picked: bool
    disliked: str | None


class Suggester:
    """Suggests, by what one base's *assistant* decides now.

    *cases* are labelled already, as is what the base lists as out of scope; *replies* are what
    operators replied, by question.
    """

    def __init__(
        self,
        assistant: Assistant,
        analyzer: Analyzer,
        matcher: Matcher,
        cases: Iterable[Case],
        replies: Mapping[str, str],
    ) -> None:
        self._replies = replies
        self._assistant = assistant
        self._analyzer = analyzer
        asked = (case.ask for case in cases)
        self._labelled = set(map(self._bare, (*asked, *assistant.base.out_of_scope)))
        self._unheard = Unheard(assistant, analyzer, matcher)

    def suggest(self, questions: Iterable[Unsettled], least: int) -> list[Suggestion]:
        """Return suggestions about *questions*, the largest first, each asked *least* times or more.

        A word that many questions need comes before their groups: it settles all of them at once.
        """
        open_ = list(self._open(questions))
        found: list[Suggestion] = []
        for word in self._unheard.words([question.text for question in open_]):
            with_it = [open_[place] for place in word.places]
            action: Action = (
                AddPlatform(word.text) if word.is_platform else AddSynonym(word.known, word.text)
            )
            why = PLATFORM if word.is_platform else SYNONYM
            found.append(_suggestion(action, why.format(word=word.text, known=word.known), with_it))
        settled = {question.text for suggestion in found for question in suggestion.questions}
        rest = [question for question in open_ if question.text not in settled]
        found += [
            self._of_group([rest[place] for place in places])
            for places in groups([question.text for question in rest], self._analyzer)
        ]
        return sorted(
            (suggestion for suggestion in found if suggestion.times >= least),
            key=lambda s: (-s.times, s.questions[0].text),
        )

    def _of_group(self, group: Sequence[Open]) -> Suggestion:
        """Return what to do about similar questions: what an operator replied to one, above all."""
        for question in group:
            reply = self._replies.get(question.text)
            if reply and question.entry is None:
                why = REPLIED.format(reply=reply)
                found = _suggestion(Leave(), why, group)
                id_ = f"draft-{sha256(question.text.encode()).hexdigest()[:8]}"
                return replace(found, action=AddDraft(drafted(id_, reply, found.questions)))
        return _by_entry(group)

    def _open(self, questions: Iterable[Unsettled]) -> Iterator[Open]:
        """Yield those of *questions* that are not labelled, and not answered by now."""
        for question in questions:
            if self._bare(question.text) in self._labelled:
                continue
            parts = self._assistant.respond(NEW, question.text)[1].parts
            weak = next(
                (p for p in parts if p.outcome in {Outcome.CLARIFY, Outcome.ESCALATE}), None
            )
            disliked = question.disliked
            if weak is None and disliked is not None:
                weak = next((part for part in parts if part.entry == disliked), None)
            if weak is None or not self._analyzer.analyze(normalize(weak.utterance)).words:
                continue
            entry = self._likely(weak, question)
            picked = entry is not None and entry == question.picked
            yield Open(question.text, question.times, entry, picked, disliked)

    def _bare(self, text: str) -> str:
        return self._analyzer.bare(normalize(text))

    def _likely(self, part: Part, question: Unsettled) -> str | None:
        """Return the entry that was picked, else the best that would be shown as a choice."""
        ids = [candidate.entry for candidate in part.candidates]
        if question.picked in ids:
            return question.picked
        if part.outcome is not Outcome.CLARIFY:
            return None
        return next((id_ for id_ in ids if id_ != question.disliked), None)


def drafted(id_: str, answer: str, questions: Sequence[Example]) -> Entry:
    """Return the draft of an entry that says *answer* to *questions*."""
    first, *others = [question.text for question in questions]
    return Entry(
        id=id_,
        question=first,
        phrasings=tuple(others[:MOST_PHRASINGS]),
        answer=answer,
        draft=True,
    )


def _by_entry(group: Sequence[Open]) -> Suggestion:
    """Return what to do about similar questions that nobody replied to: most of them must be about the same entry."""
    about: Counter[str] = Counter()
    for question in group:
        if question.entry:
            about[question.entry] += question.times
    total = sum(question.times for question in group)
    entry = min(about, key=lambda id_: (-about[id_], id_), default=None)
    if entry is not None and 2 * about[entry] > total:
        picked = sum(q.times for q in group if q.picked and q.entry == entry)
        why = NEAR.format(entry=entry, near=about[entry], picked=picked)
        return _suggestion(AddPhrasings(entry), why, group)
    disliked = next((question.disliked for question in group if question.disliked), None)
    return _suggestion(Leave(), DISLIKED.format(entry=disliked) if disliked else FAR, group)


def _suggestion(action: Action, why: str, questions: Iterable[Open]) -> Suggestion:
    examples = [Example(question.times, question.text) for question in questions]
    return Suggestion(action, why, tuple(sorted(examples, key=lambda e: (-e.times, e.text))))
