"""A compiled base, mapped: nothing of it is read before somebody asks for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot.desk.compiled.building import ARRANGED
from bot.desk.compiled.lookup import Column, Table, Texts, hashed
from bot.desk.compiled.packing import Packed
from bot.desk.compiled.parts import FORWARD
from bot.desk.compiled.records import Entries, Records
from bot.knowledge.model import Base, Entry, Header, Thresholds
from bot.matching.index import Contents
from bot.matching.occurrences import Occurrences
from bot.matching.scope import Listed

# Looked through when they are used: each record by itself, and the rest when a base is compiled.
LATER: Final = frozenset({"records", *FORWARD})


class Compiled(NamedTuple):
    """A base, as it was compiled."""

    base: Base
    contents: Contents


def unpack(path: Path) -> Packed:
    """Open the file at *path*.

    Raises:
        DamagedError: when it is not what was written.
        FileNotFoundError: when nothing was.

    """
    return Packed(path, LATER)


def opened(packed: Packed) -> Compiled:
    """Return the base that was compiled into *packed*."""
    records = Records(packed)
    return Compiled(
        _base(packed, Entries(records)),
        Contents(records, _occurrences(packed), _saying(packed), _listed(packed)),
    )


class _Stored(Base):
    """A base whose entries are read when they are asked for; its drafts stay in its folder.

    Attributes:
        ids: The place of the entry with each id.
        firsts: For each topic, the place of its first entry.
        how_tos: For each topic, the place of its first how-to.

    """

    ids: Mapping[str, int]
    firsts: Mapping[str, int]
    how_tos: Mapping[str, int]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """The entries by their ids."""
        return Column(self.ids, self.entries.__getitem__)

    @cached_property
    def topics(self) -> dict[str, str]:
        """As those of any base."""
        return self.header.titles(self.firsts)

    @cached_property
    def first_of_topics(self) -> dict[str, Entry]:
        """As that of any base."""
        return {topic: self.entries[self.firsts[topic]] for topic in self.topics}

    @cached_property
    def first_how_to(self) -> Entry | None:
        """As that of any base."""
        found = (self.how_tos[topic] for topic in self.topics if topic in self.how_tos)
        place = next(found, None)
        return None if place is None else self.entries[place]


def _base(packed: Packed, entries: Entries) -> Base:
    meta = packed.meta
    return _Stored.model_construct(
        header=Header.model_validate(meta["header"]),
        entries=entries,
        out_of_scope=Texts(packed, "out_of_scope"),
        thresholds=Thresholds.model_validate(meta["thresholds"]) if meta["thresholds"] else None,
        version=meta["version"],
        ids=Table(packed, "ids"),
        firsts=_firsts(meta["files"], "topics"),
        how_tos=_firsts(meta["files"], "how_tos"),
    )


def _firsts(files: Iterable[Mapping[str, Any]], kind: str) -> dict[str, int]:
    """Return where the first entry of each topic stands, in the order of the entries."""
    firsts: dict[str, int] = {}
    start = 0
    for file in files:
        for topic, place in file[kind].items():
            firsts.setdefault(topic, start + place)
        start += file["entries"]
    return firsts


def _occurrences(packed: Packed) -> Occurrences:
    return Occurrences(
        numbered=Table(packed, "terms"),
        distinct=packed.meta["distinct"],
        questions=len(packed["core_owners"]),
        **{name: packed[name] for name in ARRANGED},
    )


def _listed(packed: Packed) -> Listed:
    def times(name: str) -> Mapping[str, int]:
        return Column(Table(packed, name), packed[f"{name}.times"].data.__getitem__)

    return Listed(len(packed["out_of_scope.ends"]), times("listed_grams"), times("listed_texts"))


def _saying(packed: Packed) -> Callable[[str], Sequence[int]]:
    hashes, owners = packed["core_hashes"].data, packed["core_owners"].data

    def saying(core: str) -> Sequence[int]:
        hash_ = hashed(core)
        found = owners[bisect_left(hashes, hash_) : bisect_right(hashes, hash_)]
        return tuple(dict.fromkeys(found))

    return saying
