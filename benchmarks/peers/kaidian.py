"""The bot itself, measured like its peers: the entry of the best confidence."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers.interface import Hit, Rank
from bot.app import Parts, assemble, load_parts
from bot.knowledge.model import Base, Entry, Header
from bot.knowledge.reading import read_base
from bot.language.normalizing import normalize
from bot.settings import Settings


def make(entries: Sequence[Sequence[str]], folder: str | None) -> Rank:
    """Index *entries*, by their questions; *folder* is that of their base, if they have one.

    Hits are numbered by entry. What a veto keeps from being answered has a score of 0.
    """
    base = read_base(Path(folder)) if folder else _bare(entries)
    places = {entry.id: place for place, entry in enumerate(base.entries)}
    return _ranked(assemble(base, Settings.from_environ(os.environ).cache), places)


def compiled(folder: str) -> Rank:
    """Open the base in *folder*, which was compiled; its entries have their places as ids."""
    parts = load_parts(Path(folder), Settings.from_environ(os.environ).cache)
    return _ranked(parts, None)


def _ranked(parts: Parts, places: Mapping[str, int] | None) -> Rank:
    """Return the ranking of *parts*; *places* are those of the entries by their ids."""

    def rank(text: str) -> list[Hit]:
        ranking = parts.matcher.rank(parts.analyzer.strip(normalize(text)))
        return [
            Hit(places[id_] if places else int(id_), 0.0 if match.vetoes else match.confidence)
            for match in ranking.matches
            for id_ in [match.entry.id]
        ]

    return rank


def _bare(entries: Sequence[Sequence[str]]) -> Base:
    """Return a base of *entries* and nothing else: no synonyms, names or thresholds."""
    return Base(
        header=Header(id="bare", title="bare"),
        entries=tuple(
            Entry(id=f"e{place}", question=first, phrasings=tuple(others), answer="-")
            for place, (first, *others) in enumerate(entries)
        ),
        thresholds=None,
        version="bare",
    )
