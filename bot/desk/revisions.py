"""A base as it stands in a folder, or as it stood in a revision of the git repository around it."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final

from bot.errors import KnowledgeError, SettingError

NO_FOLDER: Final = "找不到文件夹 {name} → 请检查路径"
NO_GIT: Final = (
    "{name} 不是文件夹；要读 git 的版本，这台机器上得装有 git → 请安装 git，或给出两个文件夹"
)
NO_REPOSITORY: Final = (
    "{name} 不是文件夹；要当作 git 的版本来读，但 {folder} 不在 git 仓库里"
    " → 请给出文件夹，或在知识库所在的仓库里运行"
)
NO_REVISION: Final = (
    "git 里没有 {name} 这个版本，或者那个版本里没有这个知识库文件夹"
    " → 请用 git log 查看版本，写成 HEAD~1 或 HEAD~1:知识库文件夹 的样子"
)


@contextmanager
def opened(name: str, beside: Path) -> Iterator[Path]:
    """Lend the folder of the base *name*: a folder, ``REVISION:PATH``, or a ``REVISION``.

    A revision alone means the folder *beside*, as it stood then. A mistake that is met meanwhile
    in a revision is told under the name of the revision.

    Raises:
        SettingError: when there is no such folder or revision.

    """
    if Path(name).is_dir():
        yield Path(name)
        return
    if name.startswith(("-", ".", "/")):
        raise SettingError(NO_FOLDER.format(name=name))
    with TemporaryDirectory(prefix="kaidian-") as place:
        # The folder keeps its name, as a base without a header is named by it.
        folder = PurePosixPath(name.partition(":")[2]).name.strip(".")
        copy = Path(place) / (folder or beside.resolve().name)
        copy.mkdir()
        for path, data in _files(_archive(name, beside)):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(data)
        try:
            yield copy
        except KnowledgeError as error:
            raise KnowledgeError(
                [replace(m, file=m.file.replace(str(copy), name)) for m in error.mistakes]
            ) from error


def _files(packed: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the YAML files of a tar archive; nothing else in it can be a part of a base."""
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            file = archive.extractfile(member) if path.suffix in {".yaml", ".yml"} else None
            # A tree that was made by hand can hold names that lead out of the folder.
            if file is not None and member.isfile() and ".." not in path.parts:
                yield path, file.read()


def _archive(name: str, beside: Path) -> bytes:
    """Return the folder that *name* means, as git packs it into a tar archive."""
    git = which("git")
    if git is None:
        raise SettingError(NO_GIT.format(name=name))
    folder = beside if beside.is_dir() else Path()
    found = _run(git, folder, "rev-parse", "--show-toplevel", "--show-prefix")
    if found is None:
        raise SettingError(NO_REPOSITORY.format(name=name, folder=folder))
    top, prefix = found.decode().split("\n")[:2]
    tree = name if ":" in name else f"{name}:{prefix}"
    hash_ = _run(git, folder, "rev-parse", "--verify", "--quiet", tree)
    # The hash of a folder, not its path in a commit: so its files stand at the archive's top.
    packed = _run(git, Path(top), "archive", hash_.decode().strip()) if hash_ else None
    if packed is None:
        raise SettingError(NO_REVISION.format(name=name))
    return packed


def _run(git: str, folder: Path, *arguments: str) -> bytes | None:
    """Return what git prints in *folder*; None where it refuses."""
    done = subprocess.run(  # noqa: S603  # git itself, and a name that is no option
        [git, "-C", str(folder), *arguments], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None
