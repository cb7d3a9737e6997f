"""Writing entries back into a base's YAML, so that whatever was not changed keeps its every byte.

Only the text of an entry that changed is taken apart, by ruamel.yaml, which keeps comments and
order; the rest of its file is copied as it stands.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.errors import KnowledgeError, Mistake
from bot.knowledge.located import read_yaml
from bot.knowledge.model import Entry, Header
from bot.knowledge.reading import ENTRIES, read_places

BOM = "\ufeff"
WIDE = 1_000_000  # columns: a sentence stays on one line
# How far lists are indented in their mapping, and the dash in that; tried in this order.
LAYOUTS = ((4, 2), (2, 0), (6, 4))


def rewritten(folder: Path, changed: Mapping[str, Entry | None]) -> dict[Path, bytes]:
    """Return the files of the base in *folder* that differ once *changed* is written, by path.

    *changed* holds entries by id: a known id replaces its entry (None removes it), a new one is
    appended to the file of its topic. The base must read well.
    """
    lines = read_places(folder).lines
    places = {id_: Path(file) for (id_, number), (file, _) in lines.items() if number is None}
    texts: dict[Path, str] = {}
    for path in {places[id_] for id_ in changed if id_ in places}:
        texts[path] = _replaced(path.read_bytes().decode("utf-8"), changed)
    for id_, entry in changed.items():
        if entry is not None and id_ not in places:
            path = folder / ENTRIES / f"{entry.topic}.yaml"
            text = texts.get(path)
            if text is None:
                text = path.read_bytes().decode("utf-8") if path.is_file() else ""
            texts[path] = _appended(text, [_fields(entry)])
    return {path: text.encode("utf-8") for path, text in texts.items()}


def header_text(header: Header) -> str:
    """Return the text of a new ``kb.yaml`` that says what *header* says."""
    fields = header.model_dump(exclude_defaults=True)
    body = _dumped(_emitter(LAYOUTS[0]), _styled(fields))
    if read_yaml("", body.encode("utf-8", "surrogatepass")).mistakes:
        body = _dumped(_emitter(LAYOUTS[0]), _styled(fields, block=False))
    return body


def entries_text(entries: Iterable[Entry]) -> str:
    """Return the text of a new file of *entries*."""
    return _appended("", [_fields(entry) for entry in entries])


def save(files: Mapping[Path, bytes]) -> None:
    """Write all *files* or none: complete copies first, then one rename each.

    Raises:
        KnowledgeError: when one can't be written; all are then as they were.

    """
    copies: dict[Path, Path] = {}
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    renamed: list[Path] = []
    path = Path()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            copies[path] = _copy(path, data)
        for path, copy in copies.items():
            copy.replace(path)
            renamed.append(path)
    except OSError as error:
        for done in renamed:
            _restore(done, before[done])
        problem = f"写不了这个文件（{error.strerror}），什么都没有改"
        raise KnowledgeError(
            [Mistake(str(path), 0, problem, "请检查文件权限和磁盘空间")]
        ) from error
    finally:
        for copy in copies.values():
            copy.unlink(missing_ok=True)


def _copy(path: Path, data: bytes) -> Path:
    """Write *data* beside *path*, with the permissions of *path*, and return where."""
    # The suffix keeps a reader of *.yaml, and a running bot, from taking it for an entry file.
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False
    ) as file:
        copy = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            copy.unlink()
            raise
    copy.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return copy


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)


def _replaced(text: str, changed: Mapping[str, Entry | None]) -> str:
    """Return a file's *text* with its entries replaced by those that *changed* has for their ids."""
    body = text.removeprefix(BOM)
    root: Any = yaml.compose(body, Loader=yaml.CBaseLoader)
    pieces: list[str] = [text[: len(text) - len(body)]]
    end = 0
    for node in root.value:
        id_ = next(value.value for key, value in node.value if key.value == "id").strip()
        if id_ not in changed:
            continue
        start, stop, column = node.start_mark.index, node.end_mark.index, node.start_mark.column
        entry = changed[id_]
        if entry is None:
            start = body.rindex("-", end, start) if not root.flow_style else start
            pieces.append(body[end:start])
        else:
            content, tail = _split_tail(body[start:stop], column)
            pieces += [body[end:start], _edited(content, column, entry), tail]
        end = stop
    return "".join([*pieces, body[end:]])


def _split_tail(text: str, column: int) -> tuple[str, str]:
    """Split an entry's text from the blank lines and comments behind it.

    A comment no deeper than the entry's keys can't be part of a text in it.
    """
    lines = text.splitlines(keepends=True)
    count = len(lines)
    while count > 1:
        bare = lines[count - 1].lstrip(" ")
        depth = len(lines[count - 1]) - len(bare)
        if bare.strip() and not (bare.startswith("#") and depth <= column):
            break
        count -= 1
    return "".join(lines[:count]), "".join(lines[count:])


def _edited(content: str, column: int, entry: Entry) -> str:
    """Return the *content* of an entry that starts at *column*, with its fields as *entry* has them."""
    newline = "\r\n" if "\r\n" in content else "\n"
    plain = content.replace("\r\n", "\n")
    ended = plain.endswith("\n")
    flat = _shifted(plain, -column)
    for layout in LAYOUTS:
        emitter = _emitter(layout)
        try:
            fields = emitter.load(flat)
        except YAMLError:
            break
        if _dumped(emitter, fields).strip() == flat.strip():
            break
    else:
        emitter = _emitter(LAYOUTS[0])
        fields = emitter.load(flat)
    if isinstance(fields, CommentedMap):
        _update(fields, entry)
        result = _dumped(emitter, fields).strip("\n")
    if not isinstance(fields, CommentedMap) or not _means(result, entry):
        result = _dumped(_emitter(LAYOUTS[0]), _styled(_fields(entry), block=False)).strip("\n")
    shifted = _shifted(result + "\n" * ended, column)
    return shifted.replace("\n", newline)


def _means(text: str, entry: Entry) -> bool:
    """Tell whether *text*, read as any base is, says exactly what *entry* says."""
    located = read_yaml("", text.encode("utf-8", "surrogatepass"))
    try:
        return not located.mistakes and Entry.model_validate(located.value) == entry
    except ValueError:
        return False


def _shifted(text: str, columns: int) -> str:
    """Return *text* with all lines but the first moved right by *columns*, or left if negative."""
    first, *rest = text.split("\n")
    if columns >= 0:
        rest = [" " * columns + line if line else line for line in rest]
    else:
        rest = [line[min(-columns, len(line) - len(line.lstrip(" "))) :] for line in rest]
    return "\n".join([first, *rest])


def _fields(entry: Entry) -> dict[str, Any]:
    """Return what must be written of *entry*: what differs from a field's default."""
    return entry.model_dump(exclude_defaults=True)


def _update(fields: CommentedMap, entry: Entry) -> None:
    """Make *fields* say what *entry* says, touching only what differs."""
    wanted, whole = _fields(entry), entry.model_dump()
    # A default that is written down stays so; another value that became the default goes.
    for key in [k for k in fields if k not in wanted and str(fields[k]) != str(whole[k])]:
        del fields[key]
    for key, value in wanted.items():
        if key not in fields:
            fields[key] = _styled(value)
        elif isinstance(value, tuple) and isinstance(fields[key], CommentedSeq):
            _update_list(fields[key], value)
        elif str(fields[key]).strip() != str(value):
            fields[key] = _styled(value)


def _update_list(items: CommentedSeq, wanted: tuple[Any, ...]) -> None:
    """Make *items* the list *wanted*; an item that stays keeps its comments."""
    kept = 0
    while kept < min(len(items), len(wanted)) and _same(items[kept], wanted[kept]):
        kept += 1
    behind = 0
    while behind < min(len(items), len(wanted)) - kept and _same(
        items[-1 - behind], wanted[-1 - behind]
    ):
        behind += 1
    for place in range(len(items) - behind - 1, kept - 1, -1):
        del items[place]
    for value in reversed(wanted[kept : len(wanted) - behind]):
        items.insert(kept, _styled(value))


def _same(item: Any, wanted: Any) -> bool:  # noqa: ANN401  # any value of a YAML file
    if isinstance(item, CommentedMap) and isinstance(wanted, dict):
        written = {key: str(value).strip() for key, value in item.items()}
        return written == {key: str(value) for key, value in wanted.items() if value is not None}
    return str(item).strip() == str(wanted)


def _styled(value: Any, *, block: bool = True) -> Any:  # noqa: ANN401  # any value of a field
    """Return *value* as ruamel.yaml shall write it: texts of several lines as blocks."""
    if isinstance(value, Mapping):
        return CommentedMap(
            {key: _styled(v, block=block) for key, v in value.items() if v is not None}
        )
    if isinstance(value, tuple | list):
        return CommentedSeq([_styled(item, block=block) for item in value])
    if isinstance(value, str) and not block:
        return DoubleQuotedScalarString(value)
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value + "\n")
    return value


def _emitter(layout: tuple[int, int]) -> YAML:
    emitter = YAML()
    emitter.preserve_quotes = True
    emitter.allow_unicode = True
    emitter.width = WIDE
    # The same day in two fields is written twice: the reader knows no aliases.
    emitter.representer.ignore_aliases = _always
    sequence, offset = layout
    emitter.indent(mapping=2, sequence=sequence, offset=offset)
    return emitter


def _always(_: object) -> bool:
    return True


def _dumped(emitter: YAML, value: Any) -> str:  # noqa: ANN401  # as ruamel.yaml takes it
    stream = StringIO()
    emitter.dump(value, stream)
    return stream.getvalue()


def _appended(text: str, items: list[Mapping[str, Any]]) -> str:
    """Return the list that a file's *text* is, with *items* behind it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces = [text if not text or text.endswith("\n") else text + newline]
    if text.strip() and any(line.startswith("- id:") for line in text.splitlines()):
        pieces.append(newline)
    pieces.append(newline.join(_items(items)))
    return "".join(pieces)


def _items(items: list[Mapping[str, Any]]) -> Iterator[str]:
    for item in items:
        body = _dumped(_emitter(LAYOUTS[0]), _styled(item))
        if read_yaml("", body.encode("utf-8", "surrogatepass")).mistakes or (
            "id" in item and not _means(body, Entry.model_validate(item))
        ):
            body = _dumped(_emitter(LAYOUTS[0]), _styled(item, block=False))
        yield "- " + _shifted(body.rstrip("\n"), 2) + "\n"
