"""Personal data, taken out of texts before they are kept."""

import re
from typing import Final

# The longer and stricter forms first: an ID card number holds digits that look like a phone's.
PATTERNS: Final = (
    ("〔邮箱〕", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}", re.ASCII)),
    # GB 11643-1999: 17 digits with a date of birth, and a check character.
    ("〔证件号〕", re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)")),
    # Mainland mobile numbers, also spaced 3-4-4 and with the country's code.
    ("〔手机号〕", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    # ISO/IEC 7812 card numbers of 16 to 19 digits, also in groups of four.
    ("〔卡号或单号〕", re.compile(r"(?<!\d)\d(?:[ -]?\d){14,19}(?!\d)")),
    ("〔电话〕", re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)")),
    (
        "〔账号〕",
        re.compile(
            r"(?<=微信)(?:号)?[是:： ]{0,3}[A-Za-z][\w-]{5,19}|(?<=[Qq][Qq])号?[是:： ]{0,3}\d{5,12}"
        ),
    ),
)


def masked(text: str) -> str:
    """Return *text* with phone, ID card, bank card, order, WeChat and QQ numbers and e-mail masked."""
    for mask, pattern in PATTERNS:
        text = pattern.sub(mask, text)
    return text
