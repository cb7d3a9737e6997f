"""Charts of statistics as SVG. They hold figures only: words stand beside them, in the page's font."""

import io
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from bot.desk.statistics import Day
from bot.desk.stats_reporting import COLORS

SIZE: Final = (9.0, 2.8)  # inches
# Of ticks at years, months, days and finer, and of what stands beside the axis with them.
FORMATS: Final = ["%Y", "%m", "%m-%d", "%H", "%H", ""]
OFFSETS: Final = ["", "%Y", "%Y", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d"]
# Text stays text, and the same figures make the same file.
STYLE: Final = {"svg.fonttype": "none", "svg.hashsalt": "kaidian", "font.family": "sans-serif"}


def questions_by_day(days: Sequence[Day]) -> str:
    """Return the questions of each day as stacked bars, by what became of them."""
    figure = Figure(SIZE, layout="constrained")
    axes = figure.subplots()
    dates, below = [day.day for day in days], [0] * len(days)
    for outcome, color in COLORS.items():
        heights = [getattr(day, outcome) for day in days]
        axes.bar(dates, heights, bottom=below, color=color)
        below = [a + b for a, b in zip(below, heights, strict=True)]
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return _drawn(figure, days)


def answered_by_day(days: Sequence[Day]) -> str:
    """Return the share of each day's questions that was answered as a line; days without any apart."""
    figure = Figure(SIZE, layout="constrained")
    axes = figure.subplots()
    some = [day for day in days if day.questions]
    shares = [day.answered / day.questions for day in some]
    axes.plot([day.day for day in some], shares, marker="o", color=COLORS["answered"])
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    return _drawn(figure, days)


def _drawn(figure: Figure, days: Sequence[Day]) -> str:
    axes = figure.axes[0]
    locator = AutoDateLocator(minticks=1)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=FORMATS, offset_formats=OFFSETS)
    )
    if len(days) == 1:
        axes.set_xticks([days[0].day], [f"{days[0].day:%m-%d}"])
    axes.spines[["top", "right"]].set_visible(False)
    out = io.StringIO()
    with mpl.rc_context(STYLE):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]  # what comes before belongs to a file of its own
