"""Hours of duty: when operators answer, and when they will next.

They are written as rules, separated by semicolons or line breaks; of two rules for the same day the
later one counts::

    周一至周五 9:00-12:00 13:30-18:00；周六 10:00-12:00；2026-10-01至2026-10-07 休

A rule's days are weekdays, ``每天``, or dates, alone or as a span; ``休`` means no hours at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import SettingError

WRONG: Final = (
    "KAIDIAN_DUTY 里的 {found!r} 看不懂 → 请写成「周一至周五 9:00-12:00 13:30-18:00；"
    "2026-10-01至2026-10-07 休」这样：先写哪些天，再写几段时间（从早到晚）或者「休」，规则之间用分号"
)
WRONG_ZONE: Final = "KAIDIAN_TIMEZONE 是 {found!r}，没有这个时区 → 请写成 Asia/Shanghai 这样"
OFF: Final = "休"
EVERY_DAY: Final = "每天"
WEEKDAYS: Final = "一二三四五六日"
FURTHEST: Final = 366  # days ahead in which the next hours are looked for
MIDNIGHT: Final = 24 * 60

_separator = re.compile(r"[;；\n]")
_weekdays = re.compile(rf"周([{WEEKDAYS}天])(?:[至到-]周?([{WEEKDAYS}天]))?")
_dates = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[至到](\d{4}-\d{2}-\d{2}))?")
_hours = re.compile(r"(\d{1,2}):([0-5]\d)[-–~至到](\d{1,2}):([0-5]\d)")

Block = tuple[int, int]  # minutes since midnight: from, until


@dataclass(frozen=True, slots=True)
class Rule:
    """The *blocks* of certain days: *weekdays* (0 is Monday), or those from *first* to *last*."""

    blocks: tuple[Block, ...]
    weekdays: frozenset[int] = frozenset()
    first: date = date.max
    last: date = date.min

    def covers(self, day: date) -> bool:
        """Tell whether the rule is about *day*."""
        return day.weekday() in self.weekdays or self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Duty:
    """Hours of duty in a time zone; without *rules* somebody is always there."""

    rules: tuple[Rule, ...]
    zone: ZoneInfo

    def is_on(self, at: datetime) -> bool:
        """Tell whether somebody is there at that time."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self._blocks(local.date()))

    def next_start(self, at: datetime) -> datetime | None:
        """Return when somebody is there next, later than *at*; None when nobody is for a year."""
        today = at.astimezone(self.zone).date()
        for days in range(FURTHEST + 1):
            day = today + timedelta(days=days)
            for start, _ in self._blocks(day):
                begins = datetime.combine(day, time(start // 60, start % 60), self.zone)
                if begins > at:
                    return begins
        return None

    def _blocks(self, day: date) -> tuple[Block, ...]:
        if not self.rules:
            return ((0, MIDNIGHT),)
        covering = [rule.blocks for rule in self.rules if rule.covers(day)]
        return covering[-1] if covering else ()


def read_duty(text: str, zone: str) -> Duty:
    """Read hours of duty in the time zone called *zone*.

    Raises:
        SettingError: when a rule can't be read, or there is no such zone.

    """
    try:
        place = ZoneInfo(zone)
    except (OSError, ValueError, LookupError) as error:
        raise SettingError(WRONG_ZONE.format(found=zone)) from error
    rules = (rule.strip() for rule in _separator.split(text))
    return Duty(tuple(_rule(rule) for rule in rules if rule), place)


def _rule(text: str) -> Rule:
    days, *parts = text.replace("：", ":").split()
    blocks = () if parts == [OFF] else tuple(_block(text, part) for part in parts)
    if not parts or list(blocks) != sorted(blocks) or any(_overlaps(blocks)):
        raise SettingError(WRONG.format(found=text))
    if days == EVERY_DAY:
        return Rule(blocks, frozenset(range(7)))
    if found := _weekdays.fullmatch(days):
        first, last = (_weekday(name) for name in (found[1], found[2] or found[1]))
        length = (last - first) % 7 + 1
        return Rule(blocks, frozenset((first + day) % 7 for day in range(length)))
    if found := _dates.fullmatch(days):
        try:
            since, until = (date.fromisoformat(day) for day in (found[1], found[2] or found[1]))
        except ValueError as error:
            raise SettingError(WRONG.format(found=text)) from error
        if since <= until:
            return Rule(blocks, first=since, last=until)
    raise SettingError(WRONG.format(found=text))


def _block(rule: str, text: str) -> Block:
    found = _hours.fullmatch(text)
    if found:
        start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
        if start < end <= MIDNIGHT:
            return start, end
    raise SettingError(WRONG.format(found=rule))


def _overlaps(blocks: tuple[Block, ...]) -> Iterator[bool]:
    for (_, end), (start, _) in pairwise(blocks):
        yield start < end


def _weekday(name: str) -> int:
    return WEEKDAYS.index("日" if name == "天" else name)
