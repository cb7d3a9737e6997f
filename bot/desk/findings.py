"""What an examination of the installation finds, each fault with its mend."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How much a finding matters: only a fault must be mended."""

    GOOD = "✓"
    WARNING = "!"
    FAULT = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a *part*, and how to *mend* it; both in Chinese."""

    part: str
    found: str
    grade: Grade = Grade.GOOD
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.grade} {self.part}：{self.found}"
        return f"{line} → {self.mend}" if self.mend else line


def fault(part: str, found: str, mend: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(part, found, Grade.FAULT, mend)


def warning(part: str, found: str, mend: str) -> Finding:
    """Return a finding that should be looked at."""
    return Finding(part, found, Grade.WARNING, mend)
