"""Entries that were taken apart, one after the other, read when they are asked for."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from sys import intern
from typing import Final, overload
from zlib import crc32

from bot.desk.compiled.packing import Packed, damaged
from bot.knowledge.model import Entry
from bot.language.analyzing import Analysis
from bot.matching.index import Known

NOTHING: Final[frozenset[str]] = frozenset()
MOST_KEPT: Final = 200  # entries, beside those that the index keeps at hand


def encode(known: Known) -> bytes:
    """Return an entry and its questions as bytes: a line for it, and a line for them."""
    taken = [
        (
            a.text, a.core, a.spoken, a.tokens, sorted(a.words), sorted(a.types), sorted(a.denied),
            sorted(a.numbers), sorted(a.opposed), sorted(a.foreign), a.ours, a.keyword,
        )
        for _, a in known.questions
    ]  # fmt: skip
    entry = known.entry.model_dump_json(exclude_defaults=True)
    return f"{entry}\n{json.dumps(taken, ensure_ascii=False, separators=(',', ':'))}".encode()


def decode(record: bytes) -> Known:
    """Return the entry and the questions of which `encode` made *record*."""
    entry = decode_entry(record)
    taken = record.partition(b"\n")[2]
    analyses = (_analysis(*one) for one in json.loads(taken))
    return Known(entry, tuple(zip(entry.questions, analyses, strict=True)))


def decode_entry(record: bytes) -> Entry:
    """Return the entry alone of which `encode` made *record*."""
    return Entry.model_validate_json(record.partition(b"\n")[0])


def _analysis(  # noqa: PLR0917  # in the order in which `encode` writes them
    text: str,
    core: str,
    spoken: str,
    tokens: list[str],
    words: list[str],
    types: list[str],
    denied: list[str],
    numbers: list[str],
    opposed: list[str],
    foreign: list[str],
    ours: bool,  # noqa: FBT001
    keyword: bool,  # noqa: FBT001
) -> Analysis:
    return Analysis(
        text=text,
        core=core,
        tokens=tuple(map(intern, tokens)),
        words=_shared(words),
        spoken=spoken,
        types=_shared(types),
        denied=_shared(denied),
        numbers=_shared(numbers),
        opposed=_shared(opposed),
        foreign=_shared(foreign),
        ours=ours,
        keyword=keyword,
    )


def _shared(words: list[str]) -> frozenset[str]:
    """Return *words* as a set, each of them kept once, however many questions say it."""
    return frozenset(map(intern, words)) if words else NOTHING


class Records(Sequence[Known]):
    """The entries of a compiled base, in order; the last ones that were read are kept.

    Attributes:
        entry: Returns the entry of a number alone, which takes a fraction of the memory.

    Raises:
        DamagedError: when one that is asked for is not what was written.

    """

    def __init__(self, packed: Packed) -> None:
        self._path = packed.path
        self._written = packed["records"].data
        self._ends, self._sums = packed["record_ends"].data, packed["record_sums"].data
        self._read = lru_cache(MOST_KEPT)(lambda number: decode(self._record(number)))
        self.entry = lru_cache(MOST_KEPT)(lambda number: decode_entry(self._record(number)))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> Known: ...
    @overload
    def __getitem__(self, number: slice) -> list[Known]: ...
    def __getitem__(self, number: int | slice) -> Known | list[Known]:
        """Return the entry of that *number*, or those of several."""
        if isinstance(number, slice):
            return [self._read(each) for each in range(len(self))[number]]
        return self._read(range(len(self))[number])

    def _record(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        record = bytes(self._written[start : self._ends[number]])
        if crc32(record) != self._sums[number]:
            raise damaged(self._path)
        return record


class Entries(Sequence[Entry]):
    """The entries of *records*, without their questions taken apart."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, number: int) -> Entry: ...
    @overload
    def __getitem__(self, number: slice) -> list[Entry]: ...
    def __getitem__(self, number: int | slice) -> Entry | list[Entry]:
        """Return the entry of that *number*, or several."""
        if isinstance(number, slice):
            return [self._records.entry(each) for each in range(len(self))[number]]
        return self._records.entry(range(len(self))[number])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._records.entry, range(len(self)))
