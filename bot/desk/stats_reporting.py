"""Statistics as rows and as a page that opens offline; every text of a person is escaped."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Final

from bot.desk.statistics import Group, Statistics, share

TITLE: Final = "大家问了什么"
NONE: Final = "—"
SUMMARY: Final = ("项目", "数值")
DAYS: Final = ("日期", "提问", "直接回答", "反问", "没答上")
ASKED: Final = ("问得最多的", "次数")
UNANSWERED: Final = ("没答上最多的（含反问，相似的算一个）", "次数")
ENTRIES: Final = ("条目", "回答次数")
NEVER: Final = ("从没用到的条目",)
PERIOD: Final = "{title}：{first} 至 {last}"
NOTHING: Final = "{title}：这段时间没有人提问"
MINUTES: Final = "{minutes:.1f} 分钟"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so


@dataclass(frozen=True, slots=True)
class Table:
    """A *heading* and *rows* of text."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]


def title(found: Statistics) -> str:
    """Return which days the statistics are of."""
    if not found.days:
        return NOTHING.format(title=TITLE)
    return PERIOD.format(title=TITLE, first=found.days[0].day, last=found.days[-1].day)


def tables(found: Statistics, questions: Mapping[str, str]) -> Iterator[Table]:
    """Yield the statistics as tables; *questions* gives an entry's question by its id."""
    yield Table(SUMMARY, list(_summary(found)))
    yield Table(
        DAYS,
        [
            (str(d.day), *map(str, (d.questions, d.answered, d.clarified, d.escalated)))
            for d in found.days
        ],
    )
    yield Table(ASKED, _groups(found.asked))
    yield Table(UNANSWERED, _groups(found.unanswered))
    yield Table(
        ENTRIES, [(_entry(id_, questions), str(times)) for id_, times in found.entries.items()]
    )
    if found.never:
        yield Table(NEVER, [(_entry(id_, questions),) for id_ in found.never])


def as_csv(found: Statistics, questions: Mapping[str, str]) -> str:
    """Return the tables one after the other, an empty line between, as Excel and WPS open them."""
    out = io.StringIO()
    writer = csv.writer(out)
    for table in tables(found, questions):
        writer.writerows([table.heading, *map(_cells, table.rows), ()])
    return "\ufeff" + out.getvalue()


def as_page(found: Statistics, questions: Mapping[str, str], charts: Sequence[str]) -> str:
    """Return a page that needs nothing but itself; *charts* are SVG, of days and of shares."""
    summary, days, *others = (_html(table) for table in tables(found, questions))
    by_day, shares = charts or ("", "")
    return Template(PAGE).substitute(
        title=escape(title(found)),
        summary=summary,
        by_day=by_day,
        shares=shares,
        others="".join(others),
        days=days,
        **COLORS,
    )


def _summary(found: Statistics) -> Iterator[tuple[str, str]]:
    total = found.total
    yield "提问", str(total.questions)
    yield "直接回答", _percent(total.answered, total.questions)
    yield "反问", _percent(total.clarified, total.questions)
    yield "没答上", _percent(total.escalated, total.questions)
    yield "回答被评为没用", _percent(found.disliked, found.replies)
    yield "寒暄（不算提问）", str(found.small_talk)
    seconds = found.operator_seconds
    waited = NONE if seconds is None else MINUTES.format(minutes=seconds / 60)
    yield "人工答复用时（中位数）", waited


def _percent(part: int, whole: int) -> str:
    found = share(part, whole)
    return NONE if found is None else f"{found:.1%}"


def _groups(groups: Iterable[Group]) -> list[tuple[str, str]]:
    return [(group.text, str(group.times)) for group in groups]


def _entry(id_: str, questions: Mapping[str, str]) -> str:
    return questions.get(id_, id_)


def _cells(row: Sequence[str]) -> list[str]:
    return ["'" + cell if cell.startswith(FORMULA) else cell for cell in row]


def _html(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.heading)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


# Of Okabe and Ito's palette, which the color-blind can tell apart (https://jfly.uni-koeln.de/color/).
COLORS: Final = {"answered": "#0072B2", "clarified": "#E69F00", "escalated": "#D55E00"}
PAGE: Final = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
body { font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
       color: #222; max-width: 960px; margin: 2em auto; padding: 0 1em; }
svg { width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; margin: 1.5em 0; }
th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ddd;
         overflow-wrap: anywhere; }
th { background: #f4f4f4; }
td:not(:first-child) { font-variant-numeric: tabular-nums; white-space: nowrap; }
i { display: inline-block; width: .9em; height: .9em; margin: 0 .3em 0 1em; }
</style>
</head>
<body>
<h1>$title</h1>
$summary
<h2>每天的提问</h2>
<p><i style="background:$answered"></i>直接回答<i style="background:$clarified"></i>反问<i style="background:$escalated"></i>没答上</p>
$by_day
<h2>每天直接回答的比例</h2>
$shares
$others
$days
</body>
</html>
"""
