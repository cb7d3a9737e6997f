"""What stands between the marks of a message, and whether it asks."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.language.asking import Asking
from bot.language.lexicon import Lexicon, one_of

# What counts off questions: (1), 1. and 2), though not in 1.5 or 1、2天; and where no word stands before
# it 一、, 第一, and q1:.
_COUNTING = (
    r"(?:(?:\((?:\d{1,2}|[一二三四五六七八九十])\)"
    r"|(?<![a-z\d.])[1-9]\d?(?:\.(?=\s?[\u4e00-\u9fff])|[、:)](?!\d{1,2}(?!\d)))"
    r"|(?<!\w)(?:第?[一二三四五六七八九十](?:个问题)?[、,:]|[一二三四五六七八九十]\.|q\d{1,2}[:.、]))\s*)"
)
SHORT = 2  # characters of a piece that says too little to be asked about by itself
_ENUMERATING = re.compile("[、/]")


class Piece(NamedTuple):
    """What stands between two marks of a message.

    Attributes:
        text: It itself.
        asks: Whether it asks something by itself: by its own words, by what it names last, by a
            question mark, as a connective parts it from others, or as one that is enumerated
            beside it does.
        ended: Whether a question mark ends it.

    """

    text: str
    asks: bool
    ended: bool = False


class Marks:
    """Parts normalized messages at their marks, by the connectives of *lexicon* and what *asking* says."""

    def __init__(self, lexicon: Lexicon, asking: Asking) -> None:
        self._asking = asking
        self._names = lexicon.names
        self._likening = lexicon.general.likening
        connectives = one_of(lexicon.general.connectives)
        # A gap beside Latin letters parts words, not questions, and so do a colon and a stroke beside
        # figures.
        gap = r"(?:[?!;,、]|(?<![a-z\d]):|(?<![a-z\d])/(?![a-z\d])|(?<![a-z])\s(?![a-z]))\s*"
        self._marks = re.compile(
            rf"(?:{gap})+(?:(?:{connectives})[,:\s]*|{_COUNTING})*|{_COUNTING}+|(?:{connectives})[,:\s]*"
            # Nothing but a question ends in 吗: 能退吗多久到账.
            r"|(?<=吗)(?=\w\w)"
        )

    def pieces(self, text: str) -> list[Piece]:
        """Return what stands between the marks, gaps and connectives of *text*.

        A connective without a mark parts only what asks from what follows: 诚信通还有多久到期.
        """
        runs: list[list[Piece]] = []  # of pieces that are enumerated
        start, before = 0, ""
        for mark in (*self._marks.finditer(text), None):
            end, after = (mark.start(), mark[0]) if mark else (len(text), "")
            said = text[start:end].strip()
            if after[:1].isalpha() and said and not self._asking.seeks(said):
                continue
            if piece := said.strip(",、.:; "):
                asks = (
                    "?" in after
                    or self._asking.seeks(piece)
                    or (":" not in after and any(map(str.isalpha, before + after)))
                )
                # What announces says nothing itself: 三个问题:怎么注册,怎么认证.
                says = asks or ":" not in after or self._names(piece)
                last = runs[-1][-1] if runs else None
                if says and last and before.isspace() and _are_keywords(last, piece, asks=asks):
                    runs[-1][-1] = Piece(f"{last.text} {piece}", asks=False)
                elif says:
                    if not (last and _ENUMERATING.search(before)):
                        runs.append([])
                    runs[-1].append(Piece(piece, asks, "?" in after))
                before = after
            if mark:
                start = mark.end()
        pieces = [piece for run in runs for piece in self._alike(run)]
        return pieces or [Piece(text, self._asking.seeks(text))]

    def _alike(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return *pieces* that are enumerated: where one asks, each does, unless they are likened."""
        alone = len(pieces) == 1 or any(
            word in piece.text for piece in pieces for word in self._likening
        )
        if alone or not any(piece.asks for piece in pieces):
            return pieces
        return [piece._replace(asks=True) for piece in pieces]


def _are_keywords(before: Piece, text: str, *, asks: bool) -> bool:
    """Tell whether a space parts no questions but words that are searched for: 1688 提高 销量."""
    return not (before.asks or asks) and min(len(before.text), len(text)) <= SHORT
