"""Texts that are found in arrays: a hash table that needs no loading."""

from bisect import bisect_left
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeVar
from zlib import crc32

import numpy as np

from bot.desk.compiled.packing import Array, Packed

# Texts of a table that are kept as they were found, as people use the same words: more than all terms
# of the 1688 base, so that what thousands ask about does not drive each other out.
RECENT: Final = 65_536

Value = TypeVar("Value")


def hashed(text: str) -> int:
    """Return a number of 32 bits that is the same for equal texts in any process."""
    return crc32(text.encode("utf-8", "surrogatepass"))


class Table(Mapping[str, int]):
    """Texts, each with its number, from 0 in their order, as `tabled` laid them out."""

    def __init__(self, packed: Packed, name: str) -> None:
        self._texts, self._ends, self._hashes, self._numbers = (
            packed[f"{name}.{part}"].data for part in ("texts", "ends", "hashes", "numbers")
        )
        self._recent = lru_cache(RECENT)(self._found)

    def __getitem__(self, text: str) -> int:
        """Return the number of *text*."""
        number = self._recent(text)
        if number is None:
            raise KeyError(text)
        return number

    def get(self, text: str, default: Any = None) -> Any:  # noqa: ANN401  # as a mapping has it
        """Return the number of *text*, or *default*."""
        number = self._recent(text)
        return default if number is None else number

    def _found(self, text: str) -> int | None:
        sought = text.encode("utf-8", "surrogatepass")
        hash_ = crc32(sought)
        place = bisect_left(self._hashes, hash_)
        while place < len(self._hashes) and self._hashes[place] == hash_:
            number: int = self._numbers[place]
            if self._bytes(number) == sought:
                return number
            place += 1
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts(0, len(self)))

    def items(self) -> ItemsView[str, int]:
        """Return the texts with their numbers."""
        return _Pairs(self, lambda: ((text, number) for number, text in enumerate(self)))

    def __len__(self) -> int:
        return len(self._ends)

    def texts(self, start: int, stop: int) -> list[str]:
        """Return the texts whose numbers are from *start* to before *stop*."""
        ends = [self._start(start), *self._ends[start:stop]]
        written = bytes(self._texts[ends[0] : ends[-1]])
        return [
            written[begin - ends[0] : end - ends[0]].decode("utf-8", "surrogatepass")
            for begin, end in pairwise(ends)
        ]

    def text(self, number: int) -> str:
        """Return the text of that *number*."""
        return str(self._bytes(number), "utf-8", "surrogatepass")

    def _bytes(self, number: int) -> memoryview:
        return self._texts[self._start(number) : self._ends[number]]

    def _start(self, number: int) -> int:
        return self._ends[number - 1] if number else 0


class _Pairs(ItemsView[str, Value]):
    """The items of a *mapping*: *pairs*, none of which is looked up."""

    def __init__(
        self, mapping: Mapping[str, Value], pairs: Callable[[], Iterator[tuple[str, Value]]]
    ) -> None:
        super().__init__(mapping)
        self._pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return self._pairs()


def tabled(name: str, texts: Iterable[str]) -> dict[str, Array]:
    """Return *texts*, all different, as arrays for a `Table` of that *name*."""
    written = [text.encode("utf-8", "surrogatepass") for text in texts]
    hashes = np.fromiter(map(crc32, written), np.uint32, len(written))
    numbers = np.argsort(hashes, kind="stable").astype(np.int32)
    return {
        f"{name}.texts": np.frombuffer(b"".join(written), np.uint8),
        f"{name}.ends": np.cumsum(np.fromiter(map(len, written), np.int64, len(written))),
        f"{name}.hashes": hashes[numbers],
        f"{name}.numbers": numbers,
    }


class Column(Mapping[str, Value]):
    """What *value* says of the texts of a *table*, by their numbers."""

    def __init__(self, table: Mapping[str, int], value: Callable[[int], Value]) -> None:
        self._table = table
        self._value = value

    def __getitem__(self, text: str) -> Value:
        """Return what is said of *text*."""
        return self._value(self._table[text])

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def items(self) -> ItemsView[str, Value]:
        """Return the texts with what is said of them."""
        return _Pairs(self, lambda: ((text, self._value(n)) for text, n in self._table.items()))

    def __len__(self) -> int:
        return len(self._table)
