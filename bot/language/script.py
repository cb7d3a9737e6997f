"""Traditional and simplified characters."""

from collections.abc import Callable
from functools import cache

from opencc import OpenCC

# OpenCC's configurations (https://github.com/BYVoid/OpenCC#configurations).
TO_SIMPLIFIED = "t2s"
TO_TRADITIONAL = "s2tw"  # 為, 裡, 核 as Taiwan writes them; OpenCC's own standard has 爲, 裏, 覈
OF_SIMPLIFIED = "s2t"  # changes no traditional form, of Taiwan or of Hong Kong


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


def to_simplified(text: str) -> str:
    """Return *text* with its traditional characters replaced; mixed text is fine."""
    return _converted(text, TO_SIMPLIFIED)


def to_traditional(text: str) -> str:
    """Return *text* with its simplified characters replaced."""
    return _converted(text, TO_TRADITIONAL)


def is_traditional(text: str) -> bool:
    """Tell whether *text* holds more traditional than simplified characters.

    Characters that both scripts share don't count; mixed text goes with the majority, as people
    who type traditional characters often leave a simplified one standing (么, 后, 里).
    """
    traditional = _differences(text, to_simplified(text))
    return traditional > 0 and traditional >= _differences(text, _converted(text, OF_SIMPLIFIED))


def script_of(text: str) -> Callable[[str], str]:
    """Return what puts simplified text into the script of *text*."""
    return to_traditional if is_traditional(text) else str


def _converted(text: str, configuration: str) -> str:
    if text.isascii():
        return text
    # A lone surrogate is no character: it can't be encoded, and OpenCC works on bytes.
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return str(_converter(configuration).convert(encodable))


def _differences(text: str, converted: str) -> int:
    return sum(a != b for a, b in zip(text, converted, strict=False))
