"""Hours of duty and the settings of operators: what is read, and what is said of mistakes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.duty import read_duty
from bot.errors import SettingError
from bot.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = "周一至周五 9:00-12:00 13:30-18:00；周六 10:00-12:00；2026-10-01至2026-10-07 休；2026-10-10 9:00-24:00"


def at(text: str) -> datetime:
    """Return a time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("time", "on"),
    [
        ("2026-11-25T08:59", False),
        ("2026-11-25T09:00", True),
        ("2026-11-25T12:00", False),
        ("2026-11-25T13:30", True),
        ("2026-11-25T18:00", False),
        ("2026-11-28T11:00", True),
        ("2026-11-29T11:00", False),
        ("2026-10-02T10:00", False),
        ("2026-10-10T23:59", True),
    ],
)
def test_blocks_weekdays_holidays_and_make_up_days(time: str, *, on: bool) -> None:
    """Each block begins with its first minute and ends before its last; a later rule counts more."""
    assert read_duty(RULES, "Asia/Shanghai").is_on(at(time).astimezone(UTC)) is on


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("2026-11-25T07:00", "2026-11-25T09:00"),
        ("2026-11-25T12:30", "2026-11-25T13:30"),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
        ("2026-09-30T18:00", "2026-10-08T09:00"),
    ],
)
def test_when_somebody_is_there_next(time: str, start: str) -> None:
    """After the break, the weekend, the holidays."""
    assert read_duty(RULES, "Asia/Shanghai").next_start(at(time)) == at(start)


def test_without_hours_somebody_is_always_there() -> None:
    """Who sets nothing promises nothing; who sets only holidays is never there."""
    assert read_duty("", "Asia/Shanghai").is_on(at("2026-11-25T03:00"))
    never = read_duty("每天 休", "Asia/Shanghai")
    assert not never.is_on(at("2026-11-25T10:00"))
    assert never.next_start(at("2026-11-25T10:00")) is None


@pytest.mark.parametrize(
    "text",
    [
        "周一",
        "周一 9-12",
        "周八 9:00-12:00",
        "周一 12:00-9:00",
        "周一 9:00-12:00 11:00-13:00",
        "周一 13:00-14:00 9:00-12:00",
        "周一 9:00-25:00",
        "2026-13-01 休",
        "2026-10-07至2026-10-01 休",
        "work",
    ],
)
def test_a_rule_that_cannot_be_read_is_shown_with_what_is_expected(text: str) -> None:
    """The message shows the rule and a right one."""
    with pytest.raises(SettingError) as raised:
        read_duty(f"每天 9:00-12:00；{text}", "Asia/Shanghai")

    assert text in str(raised.value)
    assert "周一至周五 9:00-12:00" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("KAIDIAN_OPERATORS", "alice", "12345678,23456789"),
        ("KAIDIAN_OPERATORS_CHAT", "@group", "-1001234567890"),
        ("KAIDIAN_OPERATORS_CHAT", "5", "-1001234567890"),
        ("KAIDIAN_OPERATORS_CHAT", "-5", "KAIDIAN_OPERATORS"),
        ("KAIDIAN_TAKEOVER_HOURS", "0", "168"),
        ("KAIDIAN_TAKEOVER_HOURS", "nan", "168"),
        ("KAIDIAN_TAKEOVER_HOURS", "long", "168"),
        ("KAIDIAN_TIMEZONE", "Mars/Base", "Asia/Shanghai"),
        ("KAIDIAN_TIMEZONE", "../etc", "Asia/Shanghai"),
    ],
)
def test_a_setting_that_cannot_be_right_says_so(name: str, value: str, expected: str) -> None:
    """It names itself, what was found, and what is expected."""
    with pytest.raises(SettingError) as raised:
        Settings.from_environ({name: value})

    assert name in str(raised.value)
    assert expected in str(raised.value)


def test_operators_are_read_from_the_environment() -> None:
    """Ids with commas of either width, a group, and hours."""
    settings = Settings.from_environ(
        {
            "KAIDIAN_OPERATORS": "1, 2，3",
            "KAIDIAN_OPERATORS_CHAT": "-100",
            "KAIDIAN_TAKEOVER_HOURS": "0.5",
        }
    )

    assert settings.operators == {1, 2, 3}
    assert settings.operators_chat == -100
    assert settings.takeover == timedelta(minutes=30)
