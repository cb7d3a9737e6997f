"""How alike an utterance and a phrasing are: one number a feature, from 0 to 1, or −1 to 1 for a lead."""

from typing import NamedTuple

from rapidfuzz.distance import Indel

from bot.language.analyzing import Analysis
from bot.matching.index import Found, Index, Phrasing


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


class Weighed(NamedTuple):
    """What the words, grams and sounds of an utterance weigh in all, and its *unheard* word.

    That is the heaviest word that no question of the whole base has, so far as the base is rich
    enough in phrasings to tell: the utterance names a thing that the base does not know.
    """

    words: float
    grams: float
    sounds: float
    unheard: float


class Comparer:
    """Compares utterances with the phrasings of *index*."""

    def __init__(self, index: Index) -> None:
        self._words = index.words
        self._grams = index.grams
        self._sounds = index.sounds
        self._richness = 1 - len(index.entries) / max(1, len(index.phrasings))

    def weighed(self, analysis: Analysis) -> Weighed:
        """Return what the parts of an utterance weigh."""
        words = self._words
        unheard = [
            words.of(word) for word in analysis.words if len(word) > 1 and not words.known(word)
        ]
        return Weighed(
            words=words.total(analysis.words),
            grams=self._grams.total(analysis.grams),
            sounds=self._sounds.total(analysis.sounds),
            unheard=self._richness * max(unheard, default=0.0),
        )

    def compare(
        self, asked: Analysis, weighed: Weighed, phrasing: Phrasing, found: Found
    ) -> Features:
        """Compare an utterance, *weighed* before, with a *phrasing* of an entry that was *found*."""
        entry = found.usage
        known = phrasing.analysis
        words, grams, sounds, _ = weighed
        shared_words = self._words.total(asked.words & known.words)
        shared_grams = self._grams.total(asked.grams & known.grams)
        shared_sounds = self._sounds.total(asked.sounds & known.sounds)
        same_type = bool(asked.types & known.types)
        return Features(
            word_recall=_share(shared_words, words),
            word_precision=_share(shared_words, phrasing.word_weight),
            gram_recall=_share(shared_grams, grams),
            gram_precision=_share(shared_grams, phrasing.gram_weight),
            sound_recall=_share(shared_sounds, sounds),
            sound_precision=_share(shared_sounds, phrasing.sound_weight),
            ratio=Indel.normalized_similarity(asked.text, known.text),
            spoken_ratio=Indel.normalized_similarity(asked.spoken, known.spoken),
            unknown_word=self._heaviest(asked.words - known.words, known.grams),
            missing_word=self._heaviest(known.words - asked.words, asked.grams),
            same_type=float(same_type),
            other_type=float(bool(asked.types and known.types) and not same_type),
            type_unasked=float(bool(known.types) and not asked.types),
            denial_differs=float(
                bool(asked.denied & (known.words - known.denied))
                or bool(known.denied & (asked.words - asked.denied))
            ),
            number_differs=float(
                bool(asked.numbers and known.numbers) and asked.numbers != known.numbers
            ),
            opposed=float(not asked.opposed.isdisjoint(known.words - asked.words)),
            foreign=float(bool(asked.foreign - known.foreign)),
            entry_recall=_share(self._words.total(asked.words & entry.words), words),
            entry_habit=_share(entry.habit(asked.words, self._words), words),
            stray_word=self._heaviest(asked.words - entry.words, entry.characters),
            **found.likely._asdict(),
        )

    def _heaviest(self, words: frozenset[str], grams: frozenset[str]) -> float:
        """Return the weight of the heaviest of *words*, less what *grams* has of its characters."""
        return max(
            [
                self._words.of(word) * (1 - sum([c in grams for c in word]) / len(word))
                for word in words
            ],
            default=0.0,
        )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
