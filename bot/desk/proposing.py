"""Changes to a base as a proposal: shown and checked whole before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.errors import Mistake
from bot.knowledge.located import Path as Keys
from bot.knowledge.model import Base, Entry
from bot.knowledge.reading import Places
from bot.knowledge.sheets.cells import HEADINGS, row
from bot.knowledge.sheets.rows import Rows

ADDED: Final = "新增条目 {id}：{question}"
REMOVED: Final = "删除条目 {id}：{question}"
CHANGED: Final = "修改条目 {id}：{question}"
GAINED: Final = "    ＋ {heading}：{line}"
LOST: Final = "    － {heading}：{line}"
MOVED: Final = "    ↕ {heading}：只是换了顺序"
SUMMARY: Final = "共新增 {added} 个、修改 {changed} 个、删除 {removed} 个条目。"
NOTHING: Final = "表格里的和知识库里的完全一样，没有要改的。"
KEPT: Final = (
    "知识库里有 {count} 个条目不在表格里（如 {ids}），会照原样留着；加上 --delete 才会删去。"
)
MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would become of the entries of a base.

    Attributes:
        before: The entries that would change, as they are, by id.
        after: The entries as they would be, by id; None for one that would go.
        kept: The ids of those that are not wanted and stay.

    """

    before: Mapping[str, Entry]
    after: Mapping[str, Entry | None]
    kept: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.after)


def propose(base: Base, wanted: Iterable[Entry], *, delete: bool = False) -> Proposal:
    """Return the changes that give *base* the *wanted* entries.

    An entry of the base that is not wanted stays, unless *delete* says that it goes.
    """
    known = base.with_drafts
    wanted = list(wanted)
    after: dict[str, Entry | None] = {e.id: e for e in wanted if known.get(e.id) != e}
    named = {entry.id for entry in wanted}
    missing = [id_ for id_ in known if id_ not in named]
    if delete:
        after |= dict.fromkeys(missing)
    before = {id_: known[id_] for id_ in after if id_ in known}
    return Proposal(before, after, [] if delete else missing)


def describe(proposal: Proposal) -> Iterator[str]:
    """Say line by line what *proposal* would change, and what it leaves."""
    if proposal:
        yield from _changes(proposal)
    else:
        yield NOTHING
    if proposal.kept:
        ids = "、".join(proposal.kept[:MOST_NAMED])
        yield KEPT.format(count=len(proposal.kept), ids=ids)


def _changes(proposal: Proposal) -> Iterator[str]:
    for id_, entry in sorted(proposal.after.items()):
        before = proposal.before.get(id_)
        if entry is None:
            yield REMOVED.format(id=id_, question=proposal.before[id_].question)
        elif before is None:
            yield ADDED.format(id=id_, question=entry.question)
        else:
            yield CHANGED.format(id=id_, question=before.question)
            yield from _differences(before, entry)
    removed = sum(entry is None for entry in proposal.after.values())
    added = len(proposal.after) - len(proposal.before)
    yield SUMMARY.format(added=added, changed=len(proposal.before) - removed, removed=removed)


def _differences(before: Entry, after: Entry) -> Iterator[str]:
    old, new = row(before), row(after)
    for field, heading in HEADINGS.items():
        if old[field] == new[field]:
            continue
        was, now = old[field].split("\n"), new[field].split("\n")
        lost = [line for line in was if line and line not in now]
        gained = [line for line in now if line and line not in was]
        yield from (LOST.format(heading=heading, line=line) for line in lost)
        yield from (GAINED.format(heading=heading, line=line) for line in gained)
        if not lost and not gained:
            yield MOVED.format(heading=heading)


@contextmanager
def tried(folder: Path, files: Mapping[Path, bytes]) -> Iterator[Path]:
    """Lend a copy of the base in *folder* in which *files* are written already."""
    with TemporaryDirectory(prefix="kaidian-") as place:
        copy = Path(place) / folder.resolve().name
        standing = {path: path.read_bytes() for path in folder.rglob("*.y*ml")}
        for path, data in {**standing, **files}.items():
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield copy


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """Where the parts of a proposed base stand: in the spreadsheet, else in the folder."""

    rows: Rows
    places: Places
    folder: Path

    @property
    def commented(self) -> Sequence[tuple[str, int]]:
        """A cell has no comments."""
        return ()

    def mistake_in(
        self, name: str, at: Keys, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake at the keys *at* of the file *name* of the base that would be changed."""
        found = self.places.mistake_in(name, at, problem, mend, warning=warning)
        return replace(found, file=str(self.folder / name))

    def mistake(
        self, entry: str, at: int | str, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake in an entry, at one of its questions (0 is the standard one) or fields."""
        if entry in self.rows.rows:
            return self.rows.mistake(entry, at, problem, mend, warning=warning)
        return self.places.mistake(entry, at, problem, mend, warning=warning)
