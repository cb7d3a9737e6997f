"""The errors that a person can mend.

KaidianError
├── DamagedError        a compiled base that is not what was written
├── KnowledgeError      a knowledge base that can't be used as it is
├── MissingExtraError   a command that needs an optional package
├── SettingError        a setting that is missing or can't be right
├── StoreError          a store that can't be used
│   └── OutageError     one that can't be used now: full, busy, out of reach, not to be written
└── ChannelError        a channel that can't be served

Anything else that is raised is our own fault and keeps its traceback.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a file, and how to mend it.

    Attributes:
        file: Path as the person knows it.
        line: Counted from 1; 0 stands for the file as a whole.
        problem: What was found and what was expected, in Chinese.
        mend: What to do about it, in Chinese.
        warning: True when the base works all the same.
        column: Letters of a spreadsheet's column, where the file is one; else empty.

    """

    file: str
    line: int
    problem: str
    mend: str
    warning: bool = False
    column: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.column:
            place = f"{self.file} 第 {self.line} 行 {self.column} 列"
        return f"{place}: {'提醒：' if self.warning else ''}{self.problem} → {self.mend}"


class KaidianError(Exception):
    """Something a person can mend; its text says what, where and how, in Chinese."""


class DamagedError(KaidianError):
    """A compiled base is not what was written."""


class KnowledgeError(KaidianError):
    """A knowledge base has *mistakes*; all of them, in the order of the files."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class MissingExtraError(KaidianError):
    """A command needs an optional package that is not installed."""


class SettingError(KaidianError):
    """A setting is missing or can't be right."""


class StoreError(KaidianError):
    """The store can't be used."""


class OutageError(StoreError):
    """The store can't be used as things are: what was tried may be tried again later."""


class ChannelError(KaidianError):
    """A channel can't be served, as with a token that Telegram refuses."""
