"""The bot itself, measured like its peers: the entry of the best confidence."""

import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.interface import Hit, Rank
from bot.app import assemble
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
    parts = assemble(base, Settings.from_environ(os.environ).cache)

    def rank(text: str) -> list[Hit]:
        ranking = parts.matcher.rank(parts.analyzer.strip(normalize(text)))
        return [
            Hit(places[match.entry.id], 0.0 if match.vetoes else match.confidence)
            for match in ranking.matches
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
