"""What each file of a base comes to, taken apart anew or copied from what was compiled before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

from bot.desk.compiled.lookup import Table, hashed
from bot.desk.compiled.packing import Array, Packed
from bot.desk.compiled.records import encode
from bot.knowledge.model import Entry
from bot.knowledge.reading import EntryFile
from bot.language.analyzing import Analysis
from bot.matching.index import Known
from bot.matching.occurrences import Counted, count

# Needed to compile a changed base, not to answer: looked through when that is done.
FORWARD: Final = ("counted_numbers", "counted_times", "counted_ends", "cores", "questions")


class Part(NamedTuple):
    """What a file of entries comes to. Arrays are of its entries, or of their questions, in order.

    Attributes:
        name: The file's.
        digest: Of its contents.
        topics: For each topic, the place of its first entry.
        how_tos: For each topic, the place of its first how-to.
        drafts: Ids of the drafts in it, of which nothing else is kept: they answer nobody.
        ids: Of the entries.
        records: The entries, one after the other.
        lengths: Bytes of each record.
        sums: Check sums of the records.
        counted: Their terms.
        questions: How many each entry has.
        cores: What is hashed of each question's core.

    """

    name: str
    digest: str
    topics: dict[str, int]
    how_tos: dict[str, int]
    drafts: list[str]
    ids: list[str]
    records: Array
    lengths: Array
    sums: Array
    counted: Counted
    questions: Array
    cores: Array


@dataclass(frozen=True, slots=True)
class Builder:
    """Takes files of entries apart; *numbered* is given a number for each new term."""

    analyze: Callable[[str], Analysis]
    numbered: dict[str, int] = field(default_factory=dict)

    def part(self, file: EntryFile) -> Part:
        """Take *file* apart.

        Raises:
            KnowledgeError: when it has mistakes.

        """
        written = file.entries()
        entries = [entry for entry in written if not entry.draft]
        known = [Known(e, tuple((t, self.analyze(t)) for t in e.questions)) for e in entries]
        records = [encode(one) for one in known]
        return Part(
            name=file.name,
            digest=file.digest,
            topics=_first(entries),
            how_tos=_first(entries, with_steps=True),
            drafts=[entry.id for entry in written if entry.draft],
            ids=[entry.id for entry in entries],
            records=np.frombuffer(b"".join(records), np.uint8),
            lengths=np.array([len(record) for record in records], np.int64),
            sums=np.array([crc32(record) for record in records], np.uint32),
            counted=count(([a for _, a in one.questions] for one in known), self.numbered),
            questions=np.array([len(one.questions) for one in known], np.int32),
            cores=np.array([hashed(a.core) for one in known for _, a in one.questions], np.uint32),
        )


def _first(entries: list[Entry], *, with_steps: bool = False) -> dict[str, int]:
    """Return for each topic the place of the first of *entries*, or of those that have steps."""
    first: dict[str, int] = {}
    for place, entry in enumerate(entries):
        if entry.steps or not with_steps:
            first.setdefault(entry.topic, place)
    return first


class Before:
    """The parts of the base that was compiled into *packed*.

    Raises:
        DamagedError: when they are not what was written.

    """

    def __init__(self, packed: Packed) -> None:
        self._terms = Table(packed, "terms")
        self._ids = Table(packed, "ids")
        self._arrays = {name: packed.checked(name) for name in FORWARD}
        self._arrays |= {name: packed[name] for name in ("records", "record_ends", "record_sums")}
        stops = np.cumsum([file["entries"] for file in packed.meta["files"]]).tolist()
        self._files = {
            file["digest"]: (file, stop - file["entries"], stop)
            for file, stop in zip(packed.meta["files"], stops, strict=True)
        }

    @property
    def numbered(self) -> dict[str, int]:
        """The number of each term."""
        return {term: number for number, term in enumerate(self._terms)}

    def part(self, file: EntryFile) -> Part | None:
        """Return what *file* came to, if its contents are as they were."""
        if file.digest not in self._files:
            return None
        was, start, stop = self._files[file.digest]
        arrays = self._arrays
        terms = _span(arrays["counted_ends"], start, stop)
        written = _span(arrays["record_ends"], start, stop)
        asked_before = int(arrays["questions"][:start].sum())
        questions = arrays["questions"][start:stop]
        return Part(
            name=file.name,
            digest=file.digest,
            topics=was["topics"],
            how_tos=was["how_tos"],
            drafts=was["drafts"],
            ids=self._ids.texts.between(start, stop),
            records=arrays["records"][written],
            lengths=np.diff(arrays["record_ends"][start:stop], prepend=written.start),
            sums=arrays["record_sums"][start:stop],
            counted=Counted(
                arrays["counted_numbers"][terms],
                arrays["counted_times"][terms],
                arrays["counted_ends"][start:stop] - terms.start,
            ),
            questions=questions,
            cores=arrays["cores"][asked_before : asked_before + int(questions.sum())],
        )


def _span(ends: Array, start: int, stop: int) -> slice:
    """Return where the parts from *start* to *stop* stand, which end at *ends*."""
    return slice(int(ends[start - 1]) if start else 0, int(ends[stop - 1]) if stop else 0)
