"""Compiling a base: taking its entries apart, once, into a file.

Files of entries that are as they were are not parsed or taken apart again: what was compiled before
holds of them is copied. All that depends on the base as a whole is counted anew, from the terms of
each entry, so that a changed base comes out as if it had been compiled from nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.desk.compiled.lookup import laid_out, tabled
from bot.desk.compiled.packing import Array, Packed, pack
from bot.desk.compiled.parts import Before, Builder, Part
from bot.errors import KnowledgeError
from bot.knowledge.model import Header
from bot.knowledge.reading import Unparsed, read_base, read_unparsed
from bot.knowledge.stamping import stamp
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize
from bot.matching.occurrences import Counted, Occurrences, arrange
from bot.matching.scope import Listed, listed

# The arrays of occurrences, by their names.
ARRANGED: Final = [
    name for name in Occurrences._fields if name not in {"numbered", "distinct", "questions"}
]


def build(
    folder: Path,
    path: Path,
    analyzer_of: Callable[[Header], Analyzer],
    program: str,
    before: Packed | None = None,
) -> None:
    """Compile the base in *folder* to the file at *path*, using what *before* holds of it.

    *program* is kept beside it, to tell what it was compiled by.

    Raises:
        DamagedError: when *before* is not what was written.
        KnowledgeError: when the base has mistakes.
        OSError: when the file can't be written.

    """
    seen = stamp(folder.resolve())
    unparsed = read_unparsed(folder)
    header = unparsed.header.model_dump(mode="json")
    known = Before(before) if before is not None and before.meta["header"] == header else None
    analyzer = analyzer_of(unparsed.header)
    numbered = known.numbered if known else {}
    builder = Builder(lambda text: analyzer.analyze(normalize(text)), numbered)
    try:
        parts = [(known and known.part(file)) or builder.part(file) for file in unparsed.files]
    except KnowledgeError:
        read_base(folder)  # tells the mistakes of all files together
        raise
    ids = list(chain.from_iterable(part.ids for part in parts))
    drafts = list(chain.from_iterable(part.drafts for part in parts))
    if not ids or len({*ids, *drafts}) < len(ids) + len(drafts):
        read_base(folder)  # tells where
    occurrences = _counted(parts, numbered)
    pack(
        path,
        {
            **_meta(unparsed, parts),
            "header": header,
            "program": program,
            "stamp": seen,
            "distinct": occurrences.distinct,
        },
        {
            **tabled("terms", numbered),
            **tabled("ids", ids),
            **_of_occurrences(occurrences),
            **_of_entries(parts),
            **laid_out("out_of_scope", unparsed.out_of_scope),
            **_of_listed(listed(analyzer.bare(normalize(q)) for q in unparsed.out_of_scope)),
        },
    )


def _meta(unparsed: Unparsed, parts: Iterable[Part]) -> dict[str, Any]:
    thresholds = unparsed.thresholds
    return {
        "thresholds": thresholds.model_dump(mode="json") if thresholds else None,
        "version": unparsed.version,
        "files": [
            {
                "digest": part.digest,
                "entries": len(part.ids),
                "drafts": part.drafts,
                "topics": part.topics,
                "how_tos": part.how_tos,
            }
            for part in parts
        ],
    }


def _counted(parts: list[Part], numbered: Mapping[str, int]) -> Occurrences:
    return arrange(
        numbered,
        Counted(
            np.concatenate([part.counted.numbers for part in parts]),
            np.concatenate([part.counted.times for part in parts]),
            _joined([part.counted.ends for part in parts]),
        ),
        sum(int(part.questions.sum()) for part in parts),
    )


def _joined(ends: Iterable[Array]) -> Array:
    """Return where parts end that follow each other, which end at *ends* in themselves."""
    return np.cumsum(np.concatenate([np.diff(of_one, prepend=0) for of_one in ends]))


def _of_occurrences(occurrences: Occurrences) -> dict[str, Array]:
    return {name: getattr(occurrences, name) for name in ARRANGED}


def _of_listed(listed: Listed) -> dict[str, Array]:
    return {
        **tabled("listed_grams", listed.grams),
        **tabled("listed_texts", listed.texts),
        "listed_grams.times": np.array(list(listed.grams.values()), np.int32),
        "listed_texts.times": np.array(list(listed.texts.values()), np.int32),
    }


def _of_entries(parts: list[Part]) -> dict[str, Array]:
    questions = np.concatenate([part.questions for part in parts])
    cores = np.concatenate([part.cores for part in parts])
    owners = np.repeat(np.arange(len(questions), dtype=np.int32), questions)
    order = np.argsort(cores, kind="stable")
    return {
        "records": np.concatenate([part.records for part in parts]),
        "record_ends": np.cumsum(np.concatenate([part.lengths for part in parts])),
        "record_sums": np.concatenate([part.sums for part in parts]),
        "core_hashes": cores[order],
        "core_owners": owners[order],
        "counted_numbers": np.concatenate([part.counted.numbers for part in parts]),
        "counted_times": np.concatenate([part.counted.times for part in parts]),
        "counted_ends": _joined([part.counted.ends for part in parts]),
        "cores": cores,
        "questions": questions,
    }
