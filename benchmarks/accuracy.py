"""What becomes of labelled questions: clean, disturbed, and from elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.disturbances import DISTURBANCES, disturbed
from benchmarks.questions import judge, read_questions
from benchmarks.tables import percent, reached, table
from bot.desk.evaluating import ESCALATE, SMALLTALK, Half, Tally, Verdict, count, half_of, run
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.model import Case

LEAST_SERVED: Final = 0.95  # of the questions in scope: answered rightly, or shown
LEAST_OUTRIGHT: Final = 0.85  # of those: answered
MOST_WRONG: Final = 0.01  # of the questions in scope
MOST_OUTSIDE: Final = 0.02  # of the questions out of scope: answered
LEAST_COMPOUND: Final = 0.85  # every part right
MOST_LOST: Final = 0.05  # of the right answers, by a disturbance

IN_SCOPE: Final = ("single", "compound")
HEAD: Final = ("", "n", "right", "right choice shown", "not served", "answered wrongly", "refused")


def clean(assistant: Assistant, cases: Sequence[Case]) -> str:
    """Return what becomes of *cases* as they stand, and the bars."""
    results = list(run(assistant, cases))
    text = ""
    for half in (Half.UNTOUCHED, Half.DEVELOPMENT):
        tallies = count(r for r in results if half_of(r.case) is half)
        text += f"### Cases, {half} part\n\n"
        text += table(HEAD, [_row(kind, tally) for kind, tally in tallies.items()])
        if half is Half.UNTOUCHED:
            text += _bars(tallies["single"], tallies["compound"], tallies[ESCALATE])
    return text


def through_disturbances(assistant: Assistant, cases: Sequence[Case]) -> str:
    """Return what each disturbance costs, on the untouched part of *cases*."""
    untouched = [c for c in cases if half_of(c) is Half.UNTOUCHED and c.expect != SMALLTALK]
    right, served, answered = _disturbed_shares(assistant, untouched, None)
    rows = [("none", "", percent(right), "", percent(served), "", percent(answered), "")]
    for name in DISTURBANCES:
        changed = sum(disturbed(case.ask, name) != case.ask for case in untouched)
        right_now, served_now, answered_now = _disturbed_shares(assistant, untouched, name)
        lost = right - right_now
        rows.append(
            (
                name,
                str(changed),
                percent(right_now),
                f"{100 * lost:.1f}",
                percent(served_now),
                f"{100 * (served - served_now):.1f}",
                percent(answered_now),
                reached(lost <= MOST_LOST),
            )
        )
    return (
        "### The untouched part through each disturbance\n\n"
        f"{len(untouched)} cases, disturbed by `benchmarks/disturbances.py`. Right and served "
        "(answered rightly, or shown) are shares of the single and compound cases; a loss is in "
        f"points, at most {100 * MOST_LOST:.0f} of right answers.\n\n"
        + table(
            (
                "disturbance",
                "changed",
                "right",
                "loss of right",
                "served",
                "loss of served",
                "out of scope answered",
                "bar",
            ),
            rows,
        )
    )


def from_elsewhere(assistant: Assistant, path: Path) -> str:
    """Return what becomes of the questions labelled by topic in the file *path*."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for question in read_questions(path):
        _, reply = assistant.respond(NEW, question.text)
        counts[question.kind][judge(question, reply, assistant.base)] += 1
    tallies = {kind: Tally(counts[kind]) for kind in sorted(counts)}
    return (
        f"### `{path.name}`\n\n"
        "Questions labelled by topic, from outside this repository. Right means that exactly the "
        "topics of the label were answered; where the label says that the asked detail is lacking "
        "in the base, what the base has on the topic.\n\n"
        + table(HEAD, [_row(kind, tally) for kind, tally in tallies.items()])
        + _bars(tallies["one topic"], tallies["several topics"], tallies["no topic"])
    )


def _row(kind: str, tally: Tally) -> tuple[str, ...]:
    verdicts = (Verdict.RIGHT, Verdict.SHOWN, Verdict.MISSED, Verdict.WRONG, Verdict.REFUSED)
    shares = (
        f"{tally.counts[v]} ({percent(tally.share(v))})" if tally.counts[v] else ""
        for v in verdicts
    )
    return (kind, str(tally.total), *shares)


def _bars(single: Tally, compound: Tally, outside: Tally) -> str:
    served = single.share(Verdict.RIGHT, Verdict.SHOWN)
    outright = single.share(Verdict.RIGHT) / served if served else 0.0
    wrong = single.share(Verdict.WRONG)
    answered = outside.share(Verdict.WRONG)
    every = compound.share(Verdict.RIGHT)
    return table(
        ("measure", "bar", "measured", ""),
        [
            _bar("in scope: answered rightly, or shown", LEAST_SERVED, served),
            _bar("of these answered outright", LEAST_OUTRIGHT, outright),
            _bar("in scope: answered wrongly", MOST_WRONG, wrong, most=True),
            _bar("out of scope: answered", MOST_OUTSIDE, answered, most=True),
            _bar("compound: every part right", LEAST_COMPOUND, every),
        ],
    )


def _bar(measure: str, bar: float, measured: float, *, most: bool = False) -> tuple[str, ...]:
    kept = measured <= bar if most else measured >= bar
    return measure, f"{'≤' if most else '≥'} {percent(bar)}", percent(measured), reached(kept)


def _disturbed_shares(
    assistant: Assistant, cases: Iterable[Case], name: str | None
) -> tuple[float, float, float]:
    """Return the shares answered rightly and served in scope, and answered out of scope."""
    tallies = count(run(assistant, _disturbed(cases, name)))
    total = sum(tallies[kind].total for kind in IN_SCOPE)
    right = sum(tallies[kind].counts[Verdict.RIGHT] for kind in IN_SCOPE)
    shown = sum(tallies[kind].counts[Verdict.SHOWN] for kind in IN_SCOPE)
    return right / total, (right + shown) / total, tallies[ESCALATE].share(Verdict.WRONG)


def _disturbed(cases: Iterable[Case], name: str | None) -> Iterator[Case]:
    for case in cases:
        yield case.model_copy(update={"ask": disturbed(case.ask, name)}) if name else case
