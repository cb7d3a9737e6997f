"""How alike an utterance and a phrasing are: one number a feature, 0 to 1 if its docstring says no other."""

from collections.abc import Iterable, Mapping
from math import fsum
from typing import NamedTuple

from rapidfuzz.distance import Indel

from bot.language.analyzing import Analysis
from bot.matching.index import Found, Index


class Features(NamedTuple):
    """What the scorer sees of an utterance and one phrasing of an entry.

    Recall is the share of the utterance's weight that the phrasing has; precision is the share of
    the phrasing's weight that the utterance has. Weights are those of `bot.matching.rarity`.
    Ratios are rapidfuzz's normalized Indel similarity. What begins with "entry" is of all phrasings
    of the entry together, and so are the last four: see `bot.matching.likelihood`.
    """

    word_recall: float
    word_precision: float
    gram_recall: float
    gram_precision: float
    sound_recall: float
    sound_precision: float
    ratio: float
    spoken_ratio: float
    unknown_word: float
    missing_word: float
    same_type: float
    other_type: float
    type_unasked: float
    denial_differs: float
    number_differs: float
    opposed: float
    foreign: float
    entry_recall: float
    entry_habit: float
    stray_word: float
    posterior: float
    lead: float
    typical: float
    lead_a_term: float
    mended: float


class Weighed(NamedTuple):
    """What each word, gram and sound of an utterance weighs, and all of a kind together.

    *unheard* is the heaviest word that no question of the whole base has, so far as the base is
    rich enough in phrasings to tell: the utterance names a thing that the base does not know. A
    single character is no such word: it is what a mistyped word falls into.
    """

    words: dict[str, float]
    grams: dict[str, float]
    sounds: dict[str, float]
    all_words: float
    all_grams: float
    all_sounds: float
    unheard: float
    mended: float


class Comparer:
    """Compares utterances with the phrasings of *index*."""

    def __init__(self, index: Index) -> None:
        self._words = index.words
        self._grams = index.grams
        self._sounds = index.sounds
        self._richness = index.richness

    def weighed(self, analysis: Analysis, mended: float) -> Weighed:
        """Return what the parts of an utterance weigh; *mended* is the share that may be mended in vain."""
        words = self._words.each(analysis.words)
        grams = self._grams.each(analysis.grams)
        sounds = self._sounds.each(analysis.sounds)
        unheard = [
            weight
            for word, weight in words.items()
            if len(word) > 1 and not self._words.known(word)
        ]
        return Weighed(
            words,
            grams,
            sounds,
            fsum(words.values()),
            fsum(grams.values()),
            fsum(sounds.values()),
            self._richness * max(unheard, default=0.0),
            mended,
        )

    def compare(self, asked: Analysis, weighed: Weighed, found: Found) -> Features:
        """Compare an utterance, *weighed* before, with an entry that was *found*."""
        words, usage, likely = weighed.words, found.usage, found.likely
        phrasing = found.phrasing
        known = phrasing.analysis
        denial_differs = not (
            asked.denied.isdisjoint(usage.never_denied)
            and usage.always_denied.isdisjoint(asked.words - asked.denied)
        )
        entry_recall = _share(_total(words, asked.words & usage.words), weighed.all_words)
        entry_habit = _share(usage.habit(words), weighed.all_words)
        strange = _heaviest(words, asked.words - usage.words, usage.characters)
        shared_words = _total(words, asked.words & known.words)
        shared_grams = _total(weighed.grams, asked.grams & phrasing.grams)
        shared_sounds = _total(weighed.sounds, asked.sounds & phrasing.sounds)
        unasked = known.words - asked.words
        same_type = not asked.types.isdisjoint(known.types)
        return Features(
            word_recall=_share(shared_words, weighed.all_words),
            word_precision=_share(shared_words, phrasing.word_weight),
            gram_recall=_share(shared_grams, weighed.all_grams),
            gram_precision=_share(shared_grams, phrasing.gram_weight),
            sound_recall=_share(shared_sounds, weighed.all_sounds),
            sound_precision=_share(shared_sounds, phrasing.sound_weight),
            ratio=Indel.normalized_similarity(asked.text, known.text),
            spoken_ratio=Indel.normalized_similarity(asked.spoken, known.spoken),
            unknown_word=_heaviest(words, asked.words - known.words, phrasing.grams),
            missing_word=_heaviest(phrasing.words, unasked, asked.grams),
            same_type=float(same_type),
            other_type=float(bool(asked.types and known.types) and not same_type),
            type_unasked=float(bool(known.types) and not asked.types),
            denial_differs=float(denial_differs),
            number_differs=float(
                bool(asked.numbers and known.numbers) and asked.numbers != known.numbers
            ),
            opposed=float(not asked.opposed.isdisjoint(unasked)),
            foreign=float(not asked.foreign <= known.foreign),
            entry_recall=entry_recall,
            entry_habit=entry_habit,
            stray_word=usage.richness * strange,
            posterior=likely.posterior,
            lead=likely.lead,
            typical=likely.typical,
            lead_a_term=likely.lead_a_term,
            mended=weighed.mended,
        )


def _total(weights: Mapping[str, float], terms: Iterable[str]) -> float:
    # Sets have another order in each process; fsum gives the same sum in any.
    return fsum(map(weights.__getitem__, terms))


def _heaviest(
    weights: Mapping[str, float], words: Iterable[str], characters: frozenset[str]
) -> float:
    """Return the weight of the heaviest of *words*, less what *characters* has of it."""
    heaviest = 0.0
    for word in words:
        weight = weights[word]
        if weight > heaviest and not characters.issuperset(word):
            missing = len(word) - sum(map(characters.__contains__, word))
            heaviest = max(heaviest, weight * missing / len(word))
    return heaviest


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
