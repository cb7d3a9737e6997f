"""Traditional and simplified characters."""

from functools import cache

from opencc import OpenCC

TO_SIMPLIFIED = "t2s"
TO_TRADITIONAL = "s2t"


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


def to_simplified(text: str) -> str:
    """Return *text* with its traditional characters replaced; mixed text is fine."""
    return text if text.isascii() else str(_converter(TO_SIMPLIFIED).convert(text))


def to_traditional(text: str) -> str:
    """Return *text* with its simplified characters replaced."""
    return text if text.isascii() else str(_converter(TO_TRADITIONAL).convert(text))


def is_traditional(text: str) -> bool:
    """Tell whether *text* holds more traditional than simplified characters.

    Characters that both scripts share don't count; mixed text goes with the majority, as people
    who type traditional characters often leave a simplified one standing (么, 后, 里).
    """
    traditional = _differences(text, to_simplified(text))
    return traditional > 0 and traditional >= _differences(text, to_traditional(text))


def _differences(text: str, converted: str) -> int:
    return sum(a != b for a, b in zip(text, converted, strict=False))
