"""Files as they come out of a crash, a wrong program or a bad day: good ones, mutated from a seed."""

from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Final
from zipfile import ZipFile

MOST_CHANGES: Final = 6
# What means something to one of the formats, or to nobody.
TOKENS: Final[tuple[bytes, ...]] = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        *"'\"#&*!|>%@`{}[]<>/\\,;:?-=+~\t\r\n\x00\x0b\x1f\x7f\x85\u2028\ufeff\ufffe\U0010ffff\ud800",
        "---", "...", "<<: *a", "&a", "!!python/object:os.system", "\r\n", "- ", "  ", "```", "# ",
        "[a](b)", "&#0;", "&#xD800;", "&#65535;", "<![CDATA[", "]]>", "<!--", "-->", "<script>",
        "</p>", "<table><tr><td>", "<svg>", "<h1>", "=HYPERLINK(1)", "'=1", '""', "押金:", "2024-02-31",
        "9999-99-99", "推荐阅读:", "一、", "1、", "第一步:", "问:", "答:", "e\u0301", "\u202e", "🏪",
    )
)  # fmt: skip


def mutants(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield so many mutants of *data*: bytes turned, put in, taken away, doubled, cut off."""
    chance = Random(seed)  # noqa: S311  # reproducible mutations, not secrets
    for _ in range(count):
        mutant = data
        for _ in range(chance.randint(1, MOST_CHANGES)):
            mutant = _changed(mutant, chance)
        yield mutant


def repacked(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield mutants of the parts inside the ZIP file *data*, packed again."""
    chance = Random(seed)  # noqa: S311  # reproducible mutations, not secrets
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(count):
        name = chance.choice(sorted(parts))
        [mutant] = mutants(parts[name], 1, chance.getrandbits(32))
        stream = BytesIO()
        with ZipFile(stream, "w") as archive:
            for other, part in parts.items():
                archive.writestr(other, mutant if other == name else part)
        yield stream.getvalue()


def _changed(data: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(data))
    stop = min(len(data), start + chance.choice((1, 1, 2, 8, 64, 512)))
    match chance.randrange(7):
        case 0:
            return data[:start] + bytes([chance.randrange(256)]) + data[stop:]
        case 1:
            return data[:start] + data[stop:]
        case 2:
            return data[:stop] + data[start:]
        case 3:
            return data[:start] if chance.randrange(8) == 0 else data
        case 4:
            return data[:start] + data[start:stop] * chance.choice((2, 50)) + data[stop:]
        case _:
            return data[:start] + chance.choice(TOKENS) + data[start:]
