"""Help articles as drafts: what a person rewrites into entries, and cases that must be escalated."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.articles import marks
from bot.knowledge.articles.page import Page, Part, Section
from bot.knowledge.model import Base, Case, Entry, Source, Step
from bot.language.analyzing import Analyzer
from bot.language.normalizing import unmarked
from bot.language.phonetics import spelled
from bot.matching.matcher import Matcher
from bot.matching.model import Model

LEAST_STEPS: Final = 3  # two things side by side are no way to go
LONGEST_ID: Final = 40  # characters, of the 64 that an id may have: room for a number
OUTLINE: Final = "分 {count} 步：{titles}。"
STEP: Final = "第 {number} 步"
UNNAMED: Final = "draft"
FOLLOWING: Final = "{id}-{number}"


def entries_of(page: Page, source: Source, topic: str, questions: Sequence[str]) -> list[Entry]:
    """Return a draft for each matter of *page*, the whole of it first; ids are not unique yet.

    *questions* are those of its title, of which there is at least one.
    """
    return [
        Entry(
            id=_id(matter.question),
            topic=topic,
            question=matter.question,
            answer=matter.answer,
            steps=matter.steps,
            sources=(source,),
            draft=True,
        )
        for section in _walked(page.title, _summed_up(page.sections))
        for matter in _matters(section, section.heading or questions[0])
    ]


def questions_in(title: str, assistant: Assistant) -> tuple[str, ...]:
    """Return the questions in *title*, parted as the base of *assistant* understands them."""
    found = dict.fromkeys(question.text for question in assistant.evidence(NEW, title))
    return tuple(found) or (title,)


def with_phrasings(
    drafts: Sequence[Entry], questions: Iterable[str], analyzer: Analyzer, model: Model
) -> list[Entry]:
    """Return *drafts*, each with those of *questions* as phrasings that it is nearest to.

    The clauses of its answer count as its words too; what is near to none goes to the first.
    """
    worded = [draft.phrased(marks.clauses(draft.answer)) for draft in drafts]
    matcher = Matcher.of(worded, (), analyzer, model)
    phrasings: dict[str, list[str]] = {draft.id: [] for draft in drafts}
    for text in questions:
        matches = matcher.rank(text).matches
        phrasings[matches[0].entry.id if matches else drafts[0].id].append(text)
    return [draft.phrased(phrasings[draft.id]) for draft in drafts]


def named(drafts: Iterable[Entry], taken: Collection[str]) -> list[Entry]:
    """Return *drafts* with ids that differ from each other and from those *taken*."""
    used = set(taken)
    result: list[Entry] = []
    for draft in drafts:
        id_, number = draft.id, 1
        while id_ in used:
            number += 1
            id_ = FOLLOWING.format(id=draft.id, number=number)
        used.add(id_)
        result.append(draft.model_copy(update={"id": id_}))
    return result


def unknown_to(base: Base, drafts: Iterable[Entry]) -> list[Entry]:
    """Return those *drafts* that *base* has not got from the same article yet, accepted or not."""
    known = {
        (unmarked(text), source.title)
        for entry in base.with_drafts.values()
        for text in entry.questions
        for source in entry.sources
    }
    return [
        draft for draft in drafts if (unmarked(draft.question), draft.sources[0].title) not in known
    ]


def cases_of(page: Page, base: Base, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return cases of the articles that *page* recommends, without what *base* asks already."""
    known = {unmarked(text) for text in (*base.out_of_scope, *(case.ask for case in cases))}
    known |= {unmarked(text) for entry in base.with_drafts.values() for text in entry.questions}
    fresh = {unmarked(title): title for title in page.recommended}
    return tuple(
        Case(ask=title, expect="escalate") for key, title in fresh.items() if key not in known
    )


@dataclass(frozen=True, slots=True)
class _Matter:
    question: str
    answer: str
    steps: tuple[Step, ...] = ()


def _walked(title: str, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return *sections*; those that are the way that *title* asks for, as parts of the first.

    They are numbered, and none of them names a way: there it would be told, and the others would
    be about something else.
    """
    way = [one for one in sections if one.numbered and not marks.is_note(one.heading)]
    if not (
        marks.names_way(title)
        and len(way) >= LEAST_STEPS
        and all(one.paragraphs and not one.parts for one in way)
        and not any(marks.names_way(one.heading) or marks.asks(one.heading) for one in way)
    ):
        return sections
    rest = [one for one in sections if one not in way]
    first = rest.pop(0) if rest and not rest[0].heading else Section("")
    steps = (Part(one.heading, "\n".join(one.paragraphs), numbered=True) for one in way)
    return replace(first, parts=(*first.parts, *steps)), *rest


def _matters(section: Section, heading: str) -> Iterator[_Matter]:
    way = section.parts if _is_way(section.parts) else ()
    steps = tuple(_steps(way))
    answer = "\n\n".join(section.paragraphs)
    if not answer and steps:
        answer = OUTLINE.format(count=len(steps), titles="、".join(step.title for step in steps))
    if not steps:
        answer = "\n".join([answer, *(part.text for part in section.parts if not part.title)])
    if answer.strip():
        yield _Matter(heading, answer.strip(), steps)
    counted_off = bool(steps) and marks.names_way(heading)
    for part in section.parts:
        if part.title and not (counted_off and part.numbered):
            yield _Matter(part.title, part.text)


def _is_way(parts: Sequence[Part]) -> bool:
    return len(parts) >= LEAST_STEPS and not any(marks.asks(part.title) for part in parts)


def _steps(parts: Iterable[Part]) -> Iterator[Step]:
    for number, part in enumerate(parts, 1):
        first = next(iter(marks.clauses(part.text)), "")
        short = first if len(first) <= marks.LONGEST_TITLE else ""
        yield Step(title=part.title or short or STEP.format(number=number), detail=part.text)


def _summed_up(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return *sections* with what sums up the article moved to its beginning."""
    if not sections or sections[0].heading:
        return sections
    said = [text for section in sections[1:] for text in section.paragraphs if marks.sums_up(text)]
    first = replace(sections[0], paragraphs=(*sections[0].paragraphs, *said))
    others = (
        replace(section, paragraphs=tuple(text for text in section.paragraphs if text not in said))
        for section in sections[1:]
    )
    return (first, *others)


def _id(question: str) -> str:
    """Return *question* in pinyin, cut at a syllable."""
    whole = spelled(question)
    cut = whole[: LONGEST_ID + 1].rpartition("-")[0] if len(whole) > LONGEST_ID else whole
    return cut or whole[:LONGEST_ID] or UNNAMED
