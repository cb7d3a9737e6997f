"""Reading a knowledge base from its folder, with file and line in every mistake."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import KnowledgeError, Mistake
from bot.knowledge.in_words import in_words
from bot.knowledge.located import Located, Value, read_yaml
from bot.knowledge.located import Path as Keys
from bot.knowledge.model import Base, Case, Entry, Header, OutOfScope, Thresholds

HEADER = "kb.yaml"
ENTRIES = "entries"
CASES = "cases.yaml"
OUT_OF_SCOPE = "out_of_scope.yaml"
THRESHOLDS = "thresholds.yaml"

TEXTS = {"question", "phrasings", "answer", "steps"}  # of an entry, which people read

Model = TypeVar("Model", bound=BaseModel)


def read_base(folder: Path) -> Base:
    """Read the base in *folder*: its entries, and its header and thresholds where it has them.

    Raises:
        KnowledgeError: with every mistake of every file.

    """
    if not folder.is_dir():
        raise KnowledgeError(
            [Mistake(str(folder), 0, "找不到这个知识库文件夹", "请检查 --kb 给出的路径")]
        )
    reader = _Reader(folder)
    header = reader.one(HEADER, Header, {"id": _plain_id(folder), "title": folder.resolve().name})
    thresholds = reader.one(THRESHOLDS, Thresholds, None)
    entries = reader.entries()
    out_of_scope = reader.out_of_scope()
    if reader.mistakes or header is None:
        raise KnowledgeError(reader.mistakes)
    version = f"{header.id}@{reader.digest()}"
    return Base(
        header=header,
        entries=tuple(entry for entry in entries if not entry.draft),
        drafts=tuple(entry for entry in entries if entry.draft),
        out_of_scope=out_of_scope,
        thresholds=thresholds,
        version=version,
    )


@dataclass(frozen=True, slots=True)
class EntryFile:
    """A file of entries that was not parsed yet.

    Attributes:
        name: Where it is in the folder of its base.
        digest: Changes with its contents.

    """

    name: str
    digest: str
    _path: Path
    _data: bytes

    def entries(self) -> list[Entry]:
        """Return the entries in it, drafts too.

        Raises:
            KnowledgeError: with every mistake of the file.

        """
        reader = _Reader(self._path.parent)
        located = read_yaml(str(self._path), self._data)
        reader.mistakes.extend(located.mistakes)
        entries = [entry for _, entry in reader.items(self._path, located, Entry)]
        if reader.mistakes:
            raise KnowledgeError(reader.mistakes)
        return entries


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A base whose entries were not parsed yet; *version* is the one it has when they are."""

    header: Header
    out_of_scope: tuple[str, ...]
    thresholds: Thresholds | None
    version: str
    files: list[EntryFile]


def read_unparsed(folder: Path) -> Unparsed:
    """Read the base in *folder* but for what its entries say.

    Raises:
        KnowledgeError: when that has mistakes already.

    """
    reader = _Reader(folder)
    header = reader.one(HEADER, Header, {"id": _plain_id(folder), "title": folder.resolve().name})
    thresholds = reader.one(THRESHOLDS, Thresholds, None)
    out_of_scope = reader.out_of_scope()
    files = list(reader.unparsed())
    if reader.mistakes or header is None:
        raise KnowledgeError(reader.mistakes)
    version = f"{header.id}@{reader.digest()}"
    return Unparsed(header, out_of_scope, thresholds, version, files)


def read_cases(folder: Path) -> list[Case]:
    """Read the labelled cases of the base in *folder*; none when it has no such file.

    Raises:
        KnowledgeError: with every mistake of the file.

    """
    reader = _Reader(folder)
    path = folder / CASES
    cases = (
        [case for _, case in reader.items(path, reader.located(path), Case)]
        if path.is_file()
        else []
    )
    if reader.mistakes:
        raise KnowledgeError(reader.mistakes)
    return cases


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a base in *folder* stand.

    Attributes:
        folder: Its folder.
        lines: File and line by entry id and question.
        others: The files beside the entries, by their names.
        commented: File and line of each text of an entry behind which a comment stands.

    """

    folder: Path
    lines: Mapping[tuple[str, int | None], tuple[str, int]]
    others: Mapping[str, Located]
    commented: Sequence[tuple[str, int]]

    def mistake_in(
        self, name: str, at: Keys, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake at the keys *at* of the file *name* beside the entries."""
        return Mistake(str(self.folder / name), self.others[name].line(at), problem, mend, warning)

    def mistake(
        self, entry: str, at: int | str, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake in an entry, at one of its questions (0 is the standard one) or fields."""
        file, line = self.lines[entry, None if isinstance(at, str) else at]
        return Mistake(file, line, problem, mend, warning)


def read_places(folder: Path) -> Places:
    """Return where the parts of a base that reads well stand."""
    reader = _Reader(folder)
    reader.entries()
    beside = [folder / name for name in (HEADER, CASES, OUT_OF_SCOPE) if (folder / name).is_file()]
    others = {path.name: reader.located(path) for path in beside}
    return Places(folder, reader.lines, others, reader.commented)


class _Reader:
    """One reading of *folder*; collects *mistakes* and what the content hash covers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, bytes] = {}
        self.mistakes: list[Mistake] = []
        self.lines: dict[tuple[str, int | None], tuple[str, int]] = {}
        self.commented: list[tuple[str, int]] = []

    def digest(self) -> str:
        """Return eight hexadecimal digits that change with anything that was read."""
        digest = sha256()
        for name, data in sorted(self._read.items()):
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()[:8]

    def one(self, name: str, model: type[Model], default: dict[str, Any] | None) -> Model | None:
        """Read the file *name* as one *model*; *default* stands for a file that is not there."""
        path = self._folder / name
        if not path.is_file():
            return model.model_validate(default) if default is not None else None
        located = self.located(path)
        if located.mistakes:
            return None
        return self._valid(path, located, located.value, (), model)

    def out_of_scope(self) -> tuple[str, ...]:
        """Read the questions that must not be answered; none where nobody listed any."""
        path = self._folder / OUT_OF_SCOPE
        if not path.is_file():
            return ()
        listed = self.items(path, self.located(path), OutOfScope)
        return tuple(question.root for _, question in listed)

    def entries(self) -> list[Entry]:
        """Read all entries, refusing an id that is used twice."""
        found: list[Entry] = []
        paths = list(self._entry_files())
        for path in paths:
            located = self.located(path)
            texts = (at for at in located.commented if TEXTS.intersection(at))
            self.commented += [(str(path), located.line(at)) for at in texts]
            for index, entry in self.items(path, located, Entry):
                line = located.line((index,))
                if (entry.id, None) in self.lines:
                    file, first = self.lines[entry.id, None]
                    self.mistakes.append(
                        Mistake(
                            str(path),
                            line,
                            f"条目 id {entry.id} 重复，它已在 {file}:{first} 用过",
                            "请给其中一个条目换一个 id",
                        )
                    )
                else:
                    self._place(entry, str(path), located, index)
                found.append(entry)
        if all(entry.draft for entry in found) and not self.mistakes:
            self.mistakes.append(
                Mistake(
                    str(self._folder),
                    0,
                    "知识库里没有任何条目可以用来回答",
                    f"请删去草稿条目的 draft: true，或在 {ENTRIES}/ 文件夹里放入写有条目的 .yaml 文件",
                )
            )
        return found

    def unparsed(self) -> Iterator[EntryFile]:
        """Yield the files of entries."""
        for path in self._entry_files():
            data = self._bytes(path)
            if data is not None:
                name = path.relative_to(self._folder).as_posix()
                yield EntryFile(name, sha256(data).hexdigest(), path, data)

    def items(
        self, path: Path, located: Located, model: type[Model]
    ) -> Iterator[tuple[int, Model]]:
        """Yield each item of the list in *path* that is valid, with its place from 0."""
        if located.value is None:
            return
        if not isinstance(located.value, list):
            self.mistakes.append(
                Mistake(
                    str(path),
                    located.line(()),
                    "文件应当是一个列表",
                    "每一项请以“- ”开头，顶格书写",
                )
            )
            return
        for index, value in enumerate(located.value):
            item = self._valid(path, located, value, (index,), model)
            if item is not None:
                yield index, item

    def _place(self, entry: Entry, file: str, located: Located, index: int) -> None:
        self.lines[entry.id, None] = file, located.line((index,))
        self.lines[entry.id, 0] = file, located.line((index, "question"))
        for number in range(len(entry.phrasings)):
            line = located.line((index, "phrasings", number))
            self.lines[entry.id, number + 1] = file, line

    def _entry_files(self) -> Iterator[Path]:
        for place in (self._folder / ENTRIES, self._folder):
            for path in sorted(place.glob("*.y*ml")):
                if path.suffix in {".yaml", ".yml"} and path.name not in {
                    HEADER,
                    CASES,
                    OUT_OF_SCOPE,
                    THRESHOLDS,
                }:
                    yield path

    def located(self, path: Path) -> Located:
        """Read the file *path*, keeping its mistakes and its bytes for the content hash."""
        data = self._bytes(path)
        located = Located() if data is None else read_yaml(str(path), data)
        self.mistakes.extend(located.mistakes)
        return located

    def _bytes(self, path: Path) -> bytes | None:
        try:
            data = path.read_bytes()
        except OSError as error:
            self.mistakes.append(
                Mistake(str(path), 0, f"读不了这个文件（{error.strerror}）", "请检查文件权限")
            )
            return None
        if path.name != CASES:
            self._read[path.relative_to(self._folder).as_posix()] = data
        return data

    def _valid(
        self, path: Path, located: Located, value: Value, at: tuple[int, ...], model: type[Model]
    ) -> Model | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            name = value.get("id") if model is Entry and isinstance(value, dict) else None
            for details in error.errors(include_url=False, include_context=True):
                problem, mend = in_words(details, model)
                where = f"条目 {name}：" if isinstance(name, str) else ""
                line = located.line((*at, *details["loc"]))
                self.mistakes.append(Mistake(str(path), line, where + problem, mend))
            return None


def _plain_id(folder: Path) -> str:
    """Return a valid id made of the folder's name."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", folder.resolve().name)
    return name.lstrip("._-")[:64] or "kb"
