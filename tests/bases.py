"""Two small bases that answer the same question about two platforms."""

from pathlib import Path
from typing import Final

HEADER: Final = "{{id: {id}, title: {title}, platform: {{names: [{name}]}}}}\n"
ENTRY: Final = (
    "- {{id: fee, question: 年费多少钱, phrasings: [一年交多少, 年费是多少], answer: {answer}}}\n"
)


def base(folder: Path, id_: str, name: str, answer: str) -> Path:
    """Write a base of one entry about the platform *name*, and return its folder."""
    (folder / "entries").mkdir(parents=True, exist_ok=True)
    (folder / "kb.yaml").write_text(HEADER.format(id=id_, title=f"{name}问答", name=name), "utf-8")
    (folder / "entries" / "fee.yaml").write_text(ENTRY.format(answer=answer), "utf-8")
    return folder
