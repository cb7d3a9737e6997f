"""Named arrays in one file that is mapped, not read: only what is looked at takes memory."""

import json
import mmap
import os
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import DamagedError

MAGIC: Final = b"kaidian1"
HEAD: Final = np.dtype([("magic", "S8"), ("length", "<u8"), ("sum", "<u8")])
ALIGNED: Final = 64  # bytes, of a cache line
DAMAGED: Final = "编译好的知识库 {path} 已损坏 → 请运行 kaidian kb build 重新编译"

Array = NDArray[Any]


def damaged(path: Path) -> DamagedError:
    """Return the error that the file at *path* is not what was written."""
    return DamagedError(DAMAGED.format(path=path))


class _Placed(NamedTuple):
    """Where an array stands behind the header, what it is made of, and its CRC-32."""

    offset: int
    length: int
    dtype: str
    sum: int


class Packed:
    """The arrays of the file at *path*, with what was written beside them.

    Attributes:
        path: The file.
        meta: What was written beside the arrays.

    Raises:
        DamagedError: when it is not what was written; arrays but *later* are checked at once.

    """

    def __init__(self, path: Path, later: Collection[str]) -> None:
        self.path = path
        with path.open("rb") as file:
            # Of the file that was opened: another process may put its own in the same place.
            length = os.fstat(file.fileno()).st_size
            head = np.frombuffer(file.read(HEAD.itemsize).ljust(HEAD.itemsize), HEAD)[0]
            text = file.read(min(int(head["length"]), length))
            if head["magic"] != MAGIC or zlib.crc32(text) != head["sum"]:
                raise damaged(path)
            header = json.loads(text)
            self.meta: dict[str, Any] = header["meta"]
            self._start = _aligned(HEAD.itemsize + len(text))
            self._placed = {name: _Placed(*placed) for name, placed in header["arrays"].items()}
            if length != self._start + header["size"]:
                raise damaged(path)
            for name in self._placed.keys() - later:
                self._check(self._placed[name], file.fileno())
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, name: str) -> Array:
        """Return the array *name*."""
        offset, length, dtype, _ = self._placed[name]
        return np.frombuffer(self._mapped, dtype, length, self._start + offset)

    def checked(self, name: str) -> Array:
        """Return the array *name*, looked through.

        Raises:
            DamagedError: when it is not what was written.

        """
        # From the mapping: another file may be at the path now, and who asks copies the array anyway.
        array = self[name]
        if zlib.crc32(_bytes(array)) != self._placed[name].sum:
            raise damaged(self.path)
        return array

    def _check(self, placed: _Placed, file: int) -> None:
        # Read in pieces, as pages of a mapping that were touched would count as the bot's memory.
        found, position = 0, self._start + placed.offset
        end = position + placed.length * np.dtype(placed.dtype).itemsize
        while position < end and (piece := os.pread(file, min(end - position, 1 << 20), position)):
            found = zlib.crc32(piece, found)
            position += len(piece)
        if found != placed.sum:
            raise damaged(self.path)


def pack(path: Path, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write *arrays*, with *meta* beside them, to the file at *path*, whole or not at all.

    Raises:
        OSError: when it can't be written.

    """
    placed: dict[str, _Placed] = {}
    size = 0
    for name, array in arrays.items():
        placed[name] = _Placed(size, len(array), array.dtype.str, zlib.crc32(_bytes(array)))
        size = _aligned(size + array.nbytes)
    text = json.dumps({"meta": meta, "arrays": placed, "size": size}, ensure_ascii=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(
        dir=path.parent, prefix=path.name, suffix=".part", delete=False
    ) as file:
        try:
            file.write(np.array([(MAGIC, len(text), zlib.crc32(text))], HEAD).tobytes())
            file.write(text)
            file.write(bytes(_aligned(file.tell()) - file.tell()))
            for array in arrays.values():
                file.write(_bytes(array))
                file.write(bytes(_aligned(array.nbytes) - array.nbytes))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise


def _bytes(array: Array) -> memoryview:
    return np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
