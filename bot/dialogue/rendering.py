"""From decisions to the words of a reply, in simplified characters and free of any channel."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.dialogue import wording
from bot.dialogue.remarks import Remark
from bot.knowledge.model import Base, Contact, Entry, Step

EXAMPLES = 3


class Renderer:
    """Writes the replies of one base; *today* tells the day, for answers that must be reviewed."""

    def __init__(self, base: Base, today: Callable[[], date]) -> None:
        self._base = base
        self._today = today

    def answer(self, entry: Entry) -> str:
        """Return what *entry* says: answer, steps, sources, and whether its review is overdue."""
        text = self._sourced(entry)
        if entry.due is not None and entry.due < self._today():
            return wording.OVERDUE.format(text=text, reviewed=entry.reviewed)
        return text

    def _sourced(self, entry: Entry) -> str:
        text = entry.answer
        if entry.steps:
            steps = "\n".join(
                wording.CHOICE.format(number=number, question=step.title)
                for number, step in enumerate(entry.steps, 1)
            )
            text = wording.STEPS.format(answer=text, steps=steps)
        if not entry.sources:
            return text
        sources = "；".join(f"{source.title}，{source.date}" for source in entry.sources)
        if entry.reviewed is None:
            return wording.SOURCE.format(text=text, sources=sources)
        return wording.SOURCE_REVIEWED.format(text=text, sources=sources, reviewed=entry.reviewed)

    def step(self, number: int, steps: Sequence[Step]) -> str:
        """Return step *number* (from 1) of a how-to."""
        step = steps[number - 1]
        return wording.STEP.format(
            number=number, total=len(steps), title=step.title, detail=step.detail
        )

    def clarification(self, entries: Sequence[Entry], first: int) -> str:
        """Ask which of *entries* was meant, numbered from *first*."""
        if len(entries) == 1:
            return wording.CLARIFY_ONE.format(question=entries[0].question, number=first)
        return wording.CLARIFY.format(choices=self.numbered(entries, first))

    def numbered(self, entries: Iterable[Entry], first: int) -> str:
        """Return the questions of *entries*, numbered from *first*."""
        return "\n".join(
            wording.CHOICE.format(number=number, question=entry.question)
            for number, entry in enumerate(entries, first)
        )

    def fallback(self) -> str:
        """Say that the bot doesn't know, and how to reach official support."""
        return self._base.header.fallback.replace("{support}", self.contacts()).strip()

    def contacts(self) -> str:
        """Return the official contacts, one a line."""
        return "\n".join(map(_contact, self._base.header.support))

    def small_talk(self, remark: Remark) -> str:
        """Return what to say to a *remark* of small talk."""
        return small_talk(remark, [self._base])

    def topics(self) -> str:
        """Return the topics, each with its first question."""
        first = self._base.first_of_topics
        return "\n".join(
            wording.TOPIC.format(title=title, question=first[id_].question)
            for id_, title in self._base.topics.items()
        )


def small_talk(remark: Remark, bases: Sequence[Base]) -> str:
    """Return what to say to a *remark* of small talk where *bases* are served."""
    return wording.SMALL_TALK[remark].format(
        title=titles(bases),
        topics="、".join(title for base in bases for title in base.topics.values()),
        examples="\n".join(f"- {entry.question}" for base in bases for entry in examples(base)),
    )


def titles(bases: Iterable[Base]) -> str:
    """Return the titles of *bases*, as one reads them in a sentence."""
    return "、".join(base.header.title for base in bases)


def examples(base: Base) -> list[Entry]:
    """Return the first entry of each of the first topics of *base*."""
    return list(base.first_of_topics.values())[:EXAMPLES]


def _contact(contact: Contact) -> str:
    line = wording.CONTACT_WITH_URL if contact.url else wording.CONTACT
    return line.format(name=contact.name, how=contact.how, url=contact.url)
