"""Words that were typed by ear: homophones, and pinyin instead of characters.

What a base's vocabulary does not know may be a word that it does know, spelt by its sound:
压金 for 押金, 手续飞 for 手续费, baozhengjin for 保证金. A repaired text is an offer: the
matcher takes it only where the whole question fits better with it.
"""

from collections.abc import Mapping, Sequence

from bot.language.phonetics import sounds, typed_sounds

LONGEST = 6  # sounds of a word that is looked for


class Repairer:
    """Spells texts with the words of *vocabulary*, which says how often each is used."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._by_sounds: dict[str, str] = {}
        for word in sorted(vocabulary, key=lambda word: (vocabulary[word], word)):
            if not word.isascii():
                self._by_sounds[sounds(word)] = word

    def repair(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens* with the unknown ones spelt by words that sound the same."""
        if all(token in self._vocabulary for token in tokens):
            return "".join(tokens)
        characters, heard, known = self._spread(tokens)
        repaired: list[str] = []
        place = 0
        while place < len(characters):
            word = self._word_at(place, heard, known)
            repaired.append(word or characters[place])
            place += len(word) if word else 1
        return "".join(repaired)

    def _spread(self, tokens: Sequence[str]) -> tuple[list[str], str, list[bool]]:
        """Return the characters of *tokens*, their sounds, and which belong to known words.

        Pinyin that was typed becomes its sounds, which stand for characters nobody typed.
        """
        characters: list[str] = []
        known: list[bool] = []
        for token in tokens:
            familiar = token in self._vocabulary
            spelt = None if familiar or not token.isascii() else typed_sounds(token)
            characters.extend(spelt or token)
            known.extend([familiar] * len(spelt or token))
        return characters, sounds("".join(characters)), known

    def _word_at(self, place: int, heard: str, known: list[bool]) -> str | None:
        for length in range(min(LONGEST, len(heard) - place), 0, -1):
            end = place + length
            word = self._by_sounds.get(heard[place:end])
            if word and not all(known[place:end]):
                return word
        return None
