"""One spelling for what people type in many ways."""

import re
import unicodedata

from bot.language.script import to_simplified

# Kinds of characters (Unicode general categories) that stand in or on words without being any:
# other symbols and modifiers (emoji and their skin tones), format characters, and combining marks
# (variation selectors, stacked accents).
DECORATION = {"So", "Sk", "Cf", "Mn", "Me"}
# Kinds that stand between words: control characters, surrogates, private use, unassigned.
GAPS = {"Cc", "Cs", "Co", "Cn"}

# Marks that end a question or separate two, in the one form that the rest of the code knows.
MARKS = str.maketrans("？！；，。：…~～", "?!;,;:;  ")
# Numbers in rings, as lists have them, part what stands before and behind them.
RINGED = str.maketrans(dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿", ";"))
# The marks that are left; of a run of them, the one that stands first here.
PUNCTUATION = "?!;.,:、"

_space = re.compile(r"\s+")
_no_word = re.compile(r"\W+")
_letter = re.compile(r"[a-z]")
_latin_gap = re.compile(r"(?<=[a-z0-9])\W+(?=[a-z0-9])|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_repeated_mark = re.compile(rf"[{PUNCTUATION}](?:\s*[{PUNCTUATION}])+")


def normalize(text: str) -> str:
    """Return *text* in one spelling; normalizing the result again changes nothing.

    Compatibility forms and full-width characters become plain ones (NFKC), letters lower case,
    traditional characters simplified; emoji disappear, control characters become spaces;
    spaces that only spread characters out disappear, repeated marks become one.
    """
    while (once := _normalize(text)) != text:
        text = once
    return text


def unmarked(text: str) -> str:
    """Return *text* in one spelling and without marks at its ends: what counts as the same question has it in common."""
    text = normalize(text)
    return text.strip(f" {PUNCTUATION}") or text


def without_marks(text: str) -> str:
    """Return normalized *text* without marks and spaces, but for those that part Latin words and figures."""
    if not _letter.search(text):
        return _no_word.sub("", text)
    return " ".join(_no_word.sub("", part) for part in _latin_gap.split(text))


def _normalize(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(MARKS).translate(RINGED))
        text = to_simplified("".join(map(_undecorated, text)))
    text = _space.sub(" ", text.lower().translate(MARKS)).strip()
    text = _repeated_mark.sub(_strongest, text)
    return _joined(text)


def _undecorated(character: str) -> str:
    if "\u4e00" <= character <= "\u9fff":
        return character
    category = unicodedata.category(character)
    return "" if category in DECORATION else " " if category in GAPS else character


def _strongest(marks: re.Match[str]) -> str:
    """Return the mark of a run that says most: a question stays a question."""
    run = marks.group()
    return next(mark for mark in PUNCTUATION if mark in run)


def _joined(text: str) -> str:
    """Close the gaps of text that is spread out, as in 押 金 能 退 吗.

    A single space between longer runs stays: it separates two questions as often as not.
    """
    pieces = text.split(" ")
    joined: list[str] = []
    spread = False
    for piece in pieces:
        alone = len(piece.rstrip(PUNCTUATION)) == 1 and not piece.isascii()
        if joined and alone and spread:
            joined[-1] += piece
        else:
            joined.append(piece)
        spread = alone
    return " ".join(joined)
