"""Words of Chinese text: jieba, fenced in.

The library's global tokenizer is shared by the whole process and unmarshals a cache from the
system's temporary folder, which anybody can plant; so each base gets a tokenizer of its own,
with its cache in a folder of ours, and jieba's own logging is silenced. A folder that can't be written,
or that anybody can write, is not used: each process prepares the words for itself then.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from math import log
from pathlib import Path
from stat import S_IWOTH
from tempfile import NamedTemporaryFile, TemporaryDirectory
from weakref import WeakValueDictionary

import jieba

from bot.errors import SettingError

NO_ROOM = "词典没有地方放：{reason} → 请腾出磁盘空间，或用 KAIDIAN_CACHE 指定一个能写的文件夹"
# jieba's dictionary counts words that its corpus hardly knows as 2 or 3; they are more than half
# of it (199,820 of 349,046 in 0.42.1). Leaving them out halves start-up time and memory.
LEAST_COUNT = 4

# Counts that make jieba prefer a word of the base to any cut through it.
OWN_COUNT = 200_000


class Segmenter:
    """Cuts text into words, with a base's own words besides the dictionary's.

    *folder* keeps the dictionary as prepared here, and jieba's cache of it.
    """

    def __init__(self, folder: Path, own_words: Iterable[str]) -> None:
        jieba.setLogLevel(logging.WARNING)
        dictionary = _prepared(folder)
        self._tokenizer = jieba.Tokenizer(str(dictionary))
        self._tokenizer.tmp_dir = str(dictionary.parent)
        self._tokenizer.initialize()
        self._counts: dict[str, int] = self._tokenizer.FREQ
        self._total: int = self._tokenizer.total
        self._known = {word: self._information(self._counts.get(word, 0)) for word in own_words}
        for word in self._known:
            self._tokenizer.add_word(word, OWN_COUNT)

    def words(self, text: str) -> list[str]:
        """Return the words of *text*, in order; together they are the text."""
        return self._tokenizer.lcut(text, HMM=False)  # type: ignore[no-any-return]  # untyped

    def information(self, word: str) -> float:
        """Return how much it says that *word* was used: 0 (any text has it) to 1 (unheard of).

        This is −log₂ p(word) by jieba's counts, over that of a word met once (Shannon 1948).
        """
        known = self._known.get(word)
        return self._information(self._counts.get(word, 0)) if known is None else known

    def _information(self, count: int) -> float:
        return 1 - log(max(count, 1)) / log(self._total)


def segmenter(folder: Path, own_words: frozenset[str]) -> Segmenter:
    """Return a segmenter with *own_words*, for which see `Segmenter`: one that is in use, if any is.

    A base that is saved has the words that it had, as a rule; reading the dictionary again would
    hold up whoever is being answered meanwhile.
    """
    used = _used.get((folder, own_words))
    if used is None:
        used = _used[folder, own_words] = Segmenter(folder, own_words)
    return used


_used: WeakValueDictionary[tuple[Path, frozenset[str]], Segmenter] = WeakValueDictionary()


def is_safe(folder: Path) -> bool:
    """Tell whether what lies in *folder* was put there by who may: not everybody can write it."""
    return not folder.exists() or not folder.stat().st_mode & S_IWOTH


def _prepared(folder: Path) -> Path:
    """Return the prepared dictionary in *folder*, or one for this process where it can't lie there.

    Raises:
        SettingError: when that can't be written either.

    """
    with suppress(OSError):
        if is_safe(folder):
            return _dictionary(folder)
    try:
        return _dictionary(Path(_temporary().name))
    except OSError as error:
        raise SettingError(NO_ROOM.format(reason=error.strerror)) from error


@cache
def _temporary() -> TemporaryDirectory[str]:
    """Return a folder that is gone with this process."""
    return TemporaryDirectory(prefix="kaidian-")


def _dictionary(folder: Path) -> Path:
    """Return jieba's dictionary without the words that it hardly knows; made on first use."""
    path = folder / f"words-{jieba.__version__}-{LEAST_COUNT}.txt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with jieba.Tokenizer().get_dict_file() as lines:
            kept = [line for line in lines if int(line.split(b" ")[1]) >= LEAST_COUNT]
        # By a name of its own, as another process may be preparing it too.
        with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as unfinished:
            unfinished.writelines(kept)
        Path(unfinished.name).replace(path)
    return path
