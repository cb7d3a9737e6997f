"""Texts in arrays, in order or found by a hash table, which need no loading."""

from bisect import bisect_left
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeVar, overload
from zlib import crc32

import numpy as np

from bot.desk.compiled.packing import Array, Packed

# Texts of a table that are kept as they were found, as people use the same words: more than all terms
# of the 1688 base, so that what thousands ask about does not drive each other out.
RECENT: Final = 65_536

Value = TypeVar("Value")


def hashed(text: str) -> int:
    """Return a number of 32 bits that is the same for equal texts in any process."""
    return crc32(_encoded(text))


class Texts(Sequence[str]):
    """Texts in order, as `laid_out` wrote them under a *name*."""

    def __init__(self, packed: Packed, name: str) -> None:
        self._written, self._ends = packed[f"{name}.texts"].data, packed[f"{name}.ends"].data

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        """Return the text of that *number*, or those of several."""
        if isinstance(number, slice):
            return [self[each] for each in range(len(self))[number]]
        return _decoded(self.encoded(range(len(self))[number]))

    def __iter__(self) -> Iterator[str]:
        return iter(self.between(0, len(self)))

    def between(self, start: int, stop: int) -> list[str]:
        """Return the texts whose numbers are from *start* to before *stop*, which are read at once."""
        ends = [self._start(start), *self._ends[start:stop]]
        written = self._written[ends[0] : ends[-1]]
        return [_decoded(written[begin - ends[0] : end - ends[0]]) for begin, end in pairwise(ends)]

    def encoded(self, number: int) -> memoryview:
        """Return the text of that *number* as it was written."""
        return self._written[self._start(number) : self._ends[number]]

    def _start(self, number: int) -> int:
        return self._ends[number - 1] if number else 0


class Table(Mapping[str, int]):
    """Texts, each with its number, from 0 in their order, as `tabled` laid them out.

    Attributes:
        texts: The texts themselves.

    """

    def __init__(self, packed: Packed, name: str) -> None:
        self.texts = Texts(packed, name)
        self._hashes, self._numbers = packed[f"{name}.hashes"].data, packed[f"{name}.numbers"].data
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
        sought = _encoded(text)
        hash_ = crc32(sought)
        place = bisect_left(self._hashes, hash_)
        while place < len(self._hashes) and self._hashes[place] == hash_:
            number: int = self._numbers[place]
            if self.texts.encoded(number) == sought:
                return number
            place += 1
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def items(self) -> ItemsView[str, int]:
        """Return the texts with their numbers."""
        return _Pairs(self, lambda: ((text, number) for number, text in enumerate(self)))

    def __len__(self) -> int:
        return len(self.texts)


class _Pairs(ItemsView[str, Value]):
    """The items of a *mapping*: *pairs*, none of which is looked up."""

    def __init__(
        self, mapping: Mapping[str, Value], pairs: Callable[[], Iterator[tuple[str, Value]]]
    ) -> None:
        super().__init__(mapping)
        self._pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return self._pairs()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(written: memoryview) -> str:
    return str(written, "utf-8", "surrogatepass")


def laid_out(name: str, texts: Iterable[str]) -> dict[str, Array]:
    """Return *texts* as arrays for `Texts` of that *name*."""
    return _laid_out(name, list(map(_encoded, texts)))


def tabled(name: str, texts: Iterable[str]) -> dict[str, Array]:
    """Return *texts*, all different, as arrays for a `Table` of that *name*."""
    written = list(map(_encoded, texts))
    hashes = np.fromiter(map(crc32, written), np.uint32, len(written))
    numbers = np.argsort(hashes, kind="stable").astype(np.int32)
    return {
        **_laid_out(name, written),
        f"{name}.hashes": hashes[numbers],
        f"{name}.numbers": numbers,
    }


def _laid_out(name: str, written: Sequence[bytes]) -> dict[str, Array]:
    return {
        f"{name}.texts": np.frombuffer(b"".join(written), np.uint8),
        f"{name}.ends": np.cumsum(np.fromiter(map(len, written), np.int64, len(written))),
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
