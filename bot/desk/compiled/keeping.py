"""Where compiled bases are kept, and keeping each as its folder is."""

import logging
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from bot.desk.compiled.building import build
from bot.desk.compiled.opening import Compiled, opened, unpack
from bot.desk.compiled.packing import Packed
from bot.errors import DamagedError
from bot.knowledge.model import Header
from bot.knowledge.reading import read_unparsed
from bot.knowledge.stamping import stamp
from bot.language.analyzing import Analyzer

FOLDER: Final = "compiled"
# What a base comes to depends on the code and the data of these.
PACKAGES: Final = ("bot.knowledge", "bot.language", "bot.matching", "bot.desk.compiled")
LIBRARIES: Final = ("jieba", "opencc", "pypinyin")

DAMAGED: Final = "{error}；这一次先重新编译"
OTHER: Final = "编译好的知识库 {path} 是另一个版本的 kaidian 编译的，这一次先重新编译"
UNUSABLE: Final = "编译好的知识库 {path} 读不了，或者写不了（{reason}），这一次直接读知识库文件夹 → 请检查这个文件的权限和磁盘的剩余空间"

log = logging.getLogger(__name__)


def compiled_path(folder: Path, cache_folder: Path) -> Path:
    """Return where the base in *folder* is kept when it is compiled."""
    name = sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return cache_folder / FOLDER / name


@cache
def program() -> str:
    """Return what changes with anything that compiling depends on, but the base."""
    digest = sha256(repr([version(name) for name in LIBRARIES]).encode())
    for package in PACKAGES:
        for file in sorted(files(package).iterdir(), key=lambda file: file.name):
            if file.is_file():
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def compile_anew(folder: Path, path: Path, analyzer_of: Callable[[Header], Analyzer]) -> Compiled:
    """Compile the base in *folder* to the file at *path*, and open it.

    Raises:
        KnowledgeError: when the base has mistakes.
        OSError: when the file can't be written.

    """
    build(folder, path, analyzer_of, program())
    return opened(unpack(path))


def kept(folder: Path, path: Path, analyzer_of: Callable[[Header], Analyzer]) -> Compiled | None:
    """Open the base in *folder* from the file at *path*, compiling first what changed since.

    Return None when that can't be opened or written.

    Raises:
        KnowledgeError: when the base has mistakes.

    """
    try:
        return _current(folder, path, analyzer_of)
    except OSError as error:
        log.warning(UNUSABLE.format(path=path, reason=error.strerror))
        return None


def _current(folder: Path, path: Path, analyzer_of: Callable[[Header], Analyzer]) -> Compiled:
    packed = _usable(path)
    if packed is None:
        return compile_anew(folder, path, analyzer_of)
    if not _is_current(folder, packed.meta):
        try:
            build(folder, path, analyzer_of, program(), packed)
        except DamagedError as error:
            log.warning(DAMAGED.format(error=error))
            build(folder, path, analyzer_of, program())
        packed = unpack(path)
    return opened(packed)


def _usable(path: Path) -> Packed | None:
    """Open the file at *path*, unless it is damaged or of another version; say so if it is."""
    try:
        packed = unpack(path)
    except FileNotFoundError:
        return None
    except DamagedError as error:
        log.warning(DAMAGED.format(error=error))
        return None
    if packed.meta["program"] != program():
        log.warning(OTHER.format(path=path))
        return None
    return packed


def _is_current(folder: Path, meta: Mapping[str, Any]) -> bool:
    """Tell whether the base in *folder* is the one that was compiled, beside *meta*.

    Names, sizes and times tell in no time that nothing was saved. A copy of the folder has other
    times, but the same contents.
    """
    if [list(file) for file in stamp(folder.resolve())] == meta["stamp"]:
        return True
    now = read_unparsed(folder)
    return now.version == meta["version"] and [file.digest for file in now.files] == [
        file["digest"] for file in meta["files"]
    ]
