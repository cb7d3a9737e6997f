"""Whole messages that want no knowledge: small talk, a wish for a person, "next", "more"."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.knowledge.located import read_shipped
from bot.language.lexicon import one_of
from bot.language.normalizing import PUNCTUATION
from bot.language.numerals import NUMERAL, in_digits

# Particles and marks that change nothing about a remark.
PADDING = " ,.!?;:啊呀吧呢哈哦噢喔啦嘞咯哟嘿的了吗么嘛"

# A wish for a person begins with these only behind a mark: they are searched for in 1688 人工客服, and
# spoken to in 客服，押金能退吗.
NOUNS = ("人工", "真人", "客服", "官方")

MOST_DIGITS = 2  # of the number of a choice or a step

_choice = re.compile(rf"(?:[那就我选要问是]|想问)*第?({NUMERAL})[个号条项]?(?:问题|选项)?")
_step = re.compile(rf"(?:那|那么)?第({NUMERAL})步.{{0,8}}")


class Remark(StrEnum):
    """What a remark means; the values are the sections of ``remarks.yaml``."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"
    ABILITY = "ability"
    HUMAN = "human"
    NEXT = "next"
    PREVIOUS = "previous"
    MORE = "more"


SMALL_TALK = frozenset(
    {Remark.GREETING, Remark.THANKS, Remark.GOODBYE, Remark.IDENTITY, Remark.ABILITY}
)


@dataclass(frozen=True)
class Remarks:
    """The remarks that are known, by their words without padding.

    What may stand *before_human*, and what is *agreed* with, are no remarks by themselves.
    """

    meanings: dict[str, Remark]
    before_human: tuple[str, ...]
    agreed: frozenset[str]

    def meaning(self, text: str) -> Remark | None:
        """Return what normalized *text* means, if it is a remark and nothing else.

        Of several in a row (您好请问在吗, 多谢多谢) the last one counts, all being small talk.
        """
        bare = _bare(text)
        if bare in self.meanings:
            return self.meanings[bare]
        wish = self._wish_last.search(text)
        if wish and (not wish.start() or self.meaning(text[: wish.start()]) in SMALL_TALK):
            return Remark.HUMAN
        if not self._small_talk.fullmatch(bare):
            return None
        *_, last = self._one.findall(bare)
        return self.meanings[last]

    def agrees(self, text: str) -> bool:
        """Tell whether normalized *text* says yes to the only choice that is offered."""
        return _bare(text) in self.agreed

    def beside_wish(self, text: str) -> str | None:
        """Return what there is to read of normalized *text* beside a wish for a person, if it has one.

        押金退不了 of 押金退不了，转人工; all where the wish comes first, as what follows may lean on it:
        我要找真人，怎么找.
        """
        if last := self._wish_last.search(text):
            return text[: last.start()]
        return text if self._wish_first.match(text) else None

    @cached_property
    def _wish_last(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|[{PUNCTUATION}]\s*|\s(?!{one_of(NOUNS)})){self._wished}$")

    @cached_property
    def _wish_first(self) -> re.Pattern[str]:
        return re.compile(rf"(?!{one_of(NOUNS)}){self._wished}(?<=[ {PUNCTUATION}])")

    @cached_property
    def _wished(self) -> str:
        wishes = one_of(r for r, meaning in self.meanings.items() if meaning is Remark.HUMAN)
        padding = f"[{re.escape(PADDING)}]*+"
        return rf"(?:(?:{one_of(self.before_human)}){padding})*+(?:{wishes}){padding}"

    @cached_property
    def _one(self) -> re.Pattern[str]:
        return re.compile(
            one_of(r for r, meaning in self.meanings.items() if meaning in SMALL_TALK)
        )

    @cached_property
    def _small_talk(self) -> re.Pattern[str]:
        # Possessive, as remarks overlap and a long row of them would be tried in every way.
        return re.compile(f"(?:[{re.escape(PADDING)}]*(?:请问)?(?:{self._one.pattern}))++")


def chosen_number(text: str) -> int | None:
    """Return the number that normalized *text* is, as 2, 第二个 or 那我选第2个; else None."""
    found = _choice.fullmatch(_bare(text))
    return _whole(found[1]) if found else None


def asked_step(text: str) -> int | None:
    """Return the number of the step that normalized *text* asks for, as 第二步怎么弄; else None."""
    found = _step.fullmatch(_bare(text))
    return _whole(found[1]) if found else None


def read_remarks() -> Remarks:
    """Read the remarks that ship with the program."""
    sections = read_shipped("bot.dialogue", "remarks.yaml")
    return Remarks(
        {_bare(said): meaning for meaning in Remark for said in str(sections[meaning]).split()},
        tuple(str(sections["before_human"]).split()),
        frozenset(map(_bare, str(sections["agreed"]).split())),
    )


def _bare(text: str) -> str:
    words = re.sub(r"\W+", "", text)
    return words.strip(PADDING) or words


def _whole(numeral: str) -> int | None:
    """Return the number that *numeral* is, if it may be that of a choice or a step."""
    digits = in_digits(numeral)
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None
