"""An assistant that follows its base: a change is checked, built beside it, and swapped in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.dialogue.conversation import Assistant
from bot.errors import KaidianError
from bot.knowledge.stamping import Stamp, stamp

UPDATED: Final = "知识库已更新：{before} → {after}"
REFUSED: Final = "知识库有错误，仍用原来的 {kb} 回答：\n{mistakes}"


@dataclass(frozen=True, slots=True)
class Swapped:
    """The base was changed from version *before* to *after*."""

    before: str
    after: str

    def __str__(self) -> str:
        return UPDATED.format(before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Refused:
    """The base *kb* goes on serving, because what was saved has the mistakes that *error* tells."""

    kb: str
    error: KaidianError

    def __str__(self) -> str:
        return REFUSED.format(kb=self.kb, mistakes=self.error)


News = Swapped | Refused


class Serving:
    """The assistant of the base in *folder*, as *load* builds it, and successors that *succeed* builds.

    Attributes:
        assistant: The one to ask now. Take it once for each message: replacing it is one
            assignment, so that a message is answered by one base from beginning to end.

    """

    def __init__(
        self,
        folder: Path,
        load: Callable[[Path], Assistant],
        succeed: Callable[[Path], Assistant] | None = None,
    ) -> None:
        self._folder = folder
        self._succeed = succeed or load
        self._settled = self._seen = stamp(folder)
        self.assistant = load(folder)

    def look(self) -> News | None:
        """Look at the folder; use a change that was already there at the look before.

        A file that is being written differs from look to look, so that half a file is not used
        when looks are far enough apart (`bot.desk.shelf.QUIET`).
        """
        seen, before = stamp(self._folder), self._seen
        self._seen = seen
        if seen in (self._settled, ()) or seen != before:
            return None
        try:
            successor = self._succeed(self._folder)
        except KaidianError as error:
            if not self._is_still(seen):
                return None
            return Refused(self.assistant.base.version, error)
        if not self._is_still(seen):
            return None
        old, self.assistant = self.assistant.base.version, successor
        new = successor.base.version
        return Swapped(old, new) if old != new else None

    @property
    def is_settled(self) -> bool:
        """Whether the last look saw nothing that waits to be used."""
        return self._seen in (self._settled, ())

    def _is_still(self, seen: Stamp) -> bool:
        """Tell whether the folder is as it was *seen*; if so, that has been dealt with."""
        if stamp(self._folder) != seen:
            return False
        self._settled = seen
        return True
