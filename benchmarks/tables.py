"""Results as Markdown: tables, and the part of RESULTS.md that each command owns."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
TITLE: Final = "# Results\n"
MARK: Final = "<!-- {name} -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its first column is text, the others figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def percent(share: float) -> str:
    """Return a *share* from 0 to 1 with one decimal."""
    return f"{share:.1%}".replace("%", " %")


def reached(kept: bool) -> str:  # noqa: FBT001  # a verdict is what is written
    """Return how a bar that was *kept*, or was not, is marked."""
    return "reached" if kept else "**not reached**"


def write_part(name: str, text: str, path: Path = RESULTS) -> None:
    """Put *text* in the place of the part *name* of the file *path*, or at its end."""
    opening, closing = MARK.format(name=name), MARK.format(name=f"/{name}")
    before = path.read_text("utf-8") if path.exists() else TITLE + "\n"
    head, found, rest = before.partition(opening)
    tail = rest.partition(closing)[2] if found else ""
    path.write_text(f"{head}{opening}\n{text.strip()}\n\n{closing}{tail}", "utf-8")
