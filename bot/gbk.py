"""Text in GBK, as Windows saves it in China, told from other bytes that are no UTF-8."""

import re
from contextlib import suppress

_han = re.compile(r"[一-鿿]")


def seems_gbk(error: UnicodeDecodeError) -> bool:
    """Tell whether the bytes that raised *error*, as they are no UTF-8, are Chinese in GBK.

    Where Chinese stands before it in UTF-8, they are no text in GBK, but a damaged one in UTF-8.
    """
    before = error.object[: error.start].decode("utf-8")
    with suppress(UnicodeDecodeError):
        text = error.object.decode("gb18030")
        return _han.search(before) is None and _han.search(text) is not None
    return False
