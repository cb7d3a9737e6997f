"""What accepted suggestions make of a base: in memory, to try them, and as files, to save them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from bot.desk.evaluating import Half, half_of
from bot.desk.replaying import Example
from bot.desk.suggesting import (
    MOST_PHRASINGS,
    AddDraft,
    AddPhrasings,
    AddPlatform,
    AddSynonym,
    Leave,
    Suggestion,
)
from bot.knowledge.adding import with_cases, with_out_of_scope, with_words, worded
from bot.knowledge.model import Base, Case, Entry
from bot.knowledge.writing import rewritten
from bot.language.normalizing import unmarked
from bot.store.masking import is_masked

MOST_CASES: Final = 5


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added to a base; phrasings by entry."""

    phrasings: Mapping[str, tuple[str, ...]]
    drafts: tuple[Entry, ...]
    synonyms: tuple[tuple[str, str], ...]
    platforms: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    cases: tuple[Case, ...]

    def entries(self, base: Base) -> dict[str, Entry | None]:
        """Return the entries of *base* that change, and the drafts, by their ids."""
        changed: dict[str, Entry | None] = {
            id_: entry.phrased((*entry.phrasings, *more))
            for id_, more in self.phrasings.items()
            for entry in [base.with_drafts[id_]]
        }
        return changed | {draft.id: draft for draft in self.drafts}


def additions(base: Base, accepted: Iterable[Suggestion]) -> Additions:
    """Return what the *accepted* suggestions add to *base*; what it asks already is not added.

    Questions that an entry shall answer are phrasings, and those that shall stay unanswered are out
    of scope, where the rule of the cases puts them into the development part (at least one is).
    Where it puts them into the untouched part, which nothing is learnt from, they are cases.
    """
    known = {unmarked(text) for entry in base.with_drafts.values() for text in entry.questions}
    known |= set(map(unmarked, base.out_of_scope))
    phrasings: dict[str, tuple[str, ...]] = {}
    drafts: list[Entry] = []
    synonyms: list[tuple[str, str]] = []
    platforms: list[str] = []
    out_of_scope: list[str] = []
    cases: list[Case] = []
    for suggestion in accepted:
        texts = _new(suggestion.questions, known)
        match suggestion.action:
            case AddPhrasings(entry):
                # A draft answers nobody: no case can expect it.
                answers = entry in base.by_id
                taught, tested = parted(texts, ((entry,),)) if answers else (texts, [])
                phrasings[entry] = (*phrasings.get(entry, ()), *taught)
                cases += tested
            case AddDraft(entry):
                drafts.append(entry)
            case AddSynonym(known_word, word):
                synonyms.append((known_word, word))
            case AddPlatform(name):
                platforms.append(name)
            case Leave():
                listed, tested = parted(texts, "escalate")
                out_of_scope += listed
                cases += tested
    return Additions(
        phrasings,
        tuple(drafts),
        tuple(synonyms),
        tuple(platforms),
        tuple(out_of_scope),
        tuple(cases),
    )


def parted(
    texts: Sequence[str], expect: Literal["escalate"] | tuple[tuple[str, ...], ...]
) -> tuple[list[str], list[Case]]:
    """Return which of *texts* the base is taught, and which become cases that *expect* the same."""
    cases = [Case(ask=text, expect=expect) for text in texts]
    taught = [case for case in cases if half_of(case) is Half.DEVELOPMENT] or cases[:1]
    tested = [case for case in cases if case not in taught]
    return [case.ask for case in taught[:MOST_PHRASINGS]], tested[:MOST_CASES]


def tried_in(base: Base, added: Additions) -> Base:
    """Return *base* as it would be."""
    entries = added.entries(base)
    return Base(
        header=worded(base.header, added.synonyms, added.platforms),
        entries=tuple(entries.get(entry.id) or entry for entry in base.entries),
        drafts=tuple(entries.get(draft.id) or draft for draft in base.drafts),
        out_of_scope=(*base.out_of_scope, *added.out_of_scope),
        thresholds=base.thresholds,
        version=base.version,
    )


def files(folder: Path, base: Base, added: Additions) -> dict[Path, bytes]:
    """Return the files of *base* in *folder* that differ once *added* is written, by path.

    Raises:
        KnowledgeError: when one is written in a way that can't be added to.

    """
    return {
        **rewritten(folder, added.entries(base)),
        **with_words(folder, base.header, added.synonyms, added.platforms),
        **with_out_of_scope(folder, added.out_of_scope),
        **with_cases(folder, added.cases),
    }


def _new(questions: Iterable[Example], known: set[str]) -> list[str]:
    """Return the texts of *questions* that are not *known*, and make them so.

    One of which something was masked is left out: a mask is no way to ask.
    """
    texts: list[str] = []
    for question in questions:
        key = unmarked(question.text)
        if key not in known and not is_masked(question.text):
            known.add(key)
            texts.append(question.text)
    return texts
