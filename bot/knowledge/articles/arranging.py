"""From the lines of a page to the article in it: what stands around it goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.knowledge.articles import marks
from bot.knowledge.articles.page import BODY, Line, Page, Part, Section, tidy

CHAPTER: Final = 1
ITEM: Final = 2


def arranged(lines: Iterable[Line], title: str = "") -> Page | None:
    """Return the article among *lines*; None where there is none.

    *title* is that of the article, where the format tells it; else the lines must.
    """
    kept = [replace(line, text=text) for line in lines if (text := tidy(line.text))]
    end = next((at for at, line in enumerate(kept) if _opens_list(line)), len(kept))
    start = _title_at(kept[:end], tidy(title))
    if start is None:
        return None
    head, named = kept[: start + 1], tidy(title) or marks.unnumbered(kept[start].text)[0]
    body = [line for line in kept[start + 1 : end] if line.text != named]
    days = (marks.day_in(line.text) for line in (*body, *head) if marks.is_meta(line.text))
    sections = _sections(_once([line for line in body if not marks.is_meta(line.text)]))
    if not any(section.parts or section.paragraphs for section in sections):
        return None
    day = next((day for day in days if day), None)
    return Page(named, day, sections, recommended(kept[end:]))


def recommended(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the titles of other articles that stand in lists of them among *lines*."""
    found: dict[str, None] = {}
    listed = False
    for line in lines:
        text = tidy(line.text)
        name = marks.recommended_list(text)
        listed = listed or name is not None
        text = marks.unnumbered(text.lstrip("·•-*> ") if name is None else name)[0]
        if listed and marks.is_name(text) and marks.asks(text):
            found[text] = None
    return tuple(found)


def _opens_list(line: Line) -> bool:
    return marks.recommended_list(line.text) is not None


def _title_at(lines: Sequence[Line], title: str) -> int | None:
    """Return the place of the title: a heading, what stands above the date, or what asks."""
    if title:
        return next((at for at, line in enumerate(lines) if line.text == title), -1)
    headings = [at for at, line in enumerate(lines) if line.level]
    if headings:
        return min(headings, key=lambda at: (lines[at].level, at))
    prose = (at for at, line in enumerate(lines) if not marks.is_short(line.text))
    head = range(next(prose, len(lines)))
    above = [at for at in head if at and marks.day_in(lines[at].text) and _is_title(lines[at - 1])]
    asking = [at for at in head if _is_title(lines[at]) and marks.asks(lines[at].text)]
    longest = sorted(
        filter(lambda at: _is_title(lines[at]), head), key=lambda at: -len(lines[at].text)
    )
    return next(iter([*(at - 1 for at in above), *asking, *longest]), None)


def _is_title(line: Line) -> bool:
    return marks.is_name(line.text)


def _once(lines: Sequence[Line]) -> list[Line]:
    """Return *lines* without what stands again further down: an excerpt above the article."""
    last = {line.text: at for at, line in enumerate(lines)}
    return [line for at, line in enumerate(lines) if last[line.text] == at]


def _sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    building = [_Building("")]
    top = min((line.level for line in lines if line.level), default=BODY)
    chaptered = any(marks.chapter(line.text) for line in lines)
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        name, level, numbered = _heading(line, following, top, chaptered=chaptered)
        if level == CHAPTER:
            building.append(_Building(name, numbered))
        elif level == ITEM:
            building[-1].open(name, numbered=numbered)
        else:
            building[-1].add(line.text)
    return tuple(section for built in building if (section := built.finished()))


def _heading(
    line: Line, following: Line | None, top: int, *, chaptered: bool
) -> tuple[str, int, bool]:
    """Return what *line* heads, whether that is a chapter, an item, or nothing (BODY), and whether it has a number."""
    question = marks.asked(line.text)
    if question:
        return question, CHAPTER, False
    chapter = marks.chapter(line.text)
    if chapter:
        return chapter[0], CHAPTER, chapter[1]
    name, numbered = marks.unnumbered(line.text)
    if line.level:
        return name, ITEM if numbered or line.level > top else CHAPTER, numbered
    if following is None or marks.is_short(following.text) or not marks.is_short(name):
        return "", BODY, False
    if following.level or (numbered and marks.unnumbered(following.text)[1]):
        return "", BODY, False
    return name, ITEM if numbered or chaptered else CHAPTER, numbered


@dataclass(slots=True)
class _Building:
    """A section while its lines are met."""

    heading: str
    numbered: bool = False
    parts: list[Part] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    under: Part | None = None

    def open(self, title: str, *, numbered: bool) -> None:
        self.under = Part(title, "", numbered)

    def add(self, line: str) -> None:
        bare, numbered = marks.unnumbered(line)
        titled = marks.titled(bare)
        if titled:
            self.under = None
            self.parts.append(Part(*titled, numbered))
        elif self.under:
            self._under(self.under, line)
        elif numbered:
            self.parts.append(Part("", bare, numbered))
        else:
            self.paragraphs.append(marks.answered(line))

    def _under(self, item: Part, line: str) -> None:
        if self.parts and self.parts[-1].title == item.title:
            before = self.parts.pop()
            line = f"{before.text}\n{line}"
        self.parts.append(replace(item, text=line))

    def finished(self) -> Section | None:
        if not (self.heading or self.parts or self.paragraphs):
            return None
        return Section(self.heading, self.numbered, tuple(self.parts), tuple(self.paragraphs))
