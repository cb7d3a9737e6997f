"""What `kaidian kb test` prints."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.desk.evaluating import ESCALATE, SMALLTALK, Half, Tallies, Tally, Verdict, wrong_rate

MOST_CONFUSIONS: Final = 10
HALVES: Final = {Half.DEVELOPMENT: "开发部分", Half.UNTOUCHED: "未动部分"}
KINDS: Final = {
    "single": "一个问题",
    "compound": "几个问题",
    ESCALATE: "不该回答",
    SMALLTALK: "寒暄",
}
VERDICTS: Final = {
    Verdict.RIGHT: "答对",
    Verdict.SHOWN: "反问里有",
    Verdict.MISSED: "没答上",
    Verdict.REFUSED: "正确地没答",
    Verdict.WRONG: "答错",
}
HEADING: Final = "{half}："
ROW: Final = "  {kind} {total} 条：{verdicts}"
SHARE: Final = "{name} {count}（{share:.1%}）"
PROMISE: Final = "  答错占全部回答的 {wrong:.2%}，承诺 ≤ {rate:.1%}：{state}"
KEPT: Final = "做到了"
UNPROVEN: Final = "看到的比承诺高，但条数少，还不能断定没做到"
BROKEN: Final = "没做到"
CONFUSIONS: Final = "  最常见的答错（应当 → 却答成）："
CONFUSION: Final = "    {count} 次　{expected} → {entry}"


def report(
    counted: Mapping[Half, Tallies],
    wrong: Mapping[Half, Counter[tuple[str, str]]],
    kept: Mapping[Half, bool],
    rate: float,
    *,
    in_json: bool,
) -> str:
    """Return the report as text, or as JSON."""
    if in_json:
        return json.dumps(
            {
                half: {kind: dict(tally.counts) for kind, tally in counted[half].items()}
                | {"promise_kept": kept[half]}
                for half in counted
            },
            ensure_ascii=False,
        )
    lines: list[str] = []
    for half, tallies in counted.items():
        lines.append(HEADING.format(half=HALVES[half]))
        lines += [_row(kind, tally) for kind, tally in tallies.items() if tally.total]
        seen = wrong_rate(tallies)
        state = BROKEN if not kept[half] else KEPT if seen <= rate else UNPROVEN
        lines.append(PROMISE.format(wrong=seen, rate=rate, state=state))
        common = wrong[half].most_common(MOST_CONFUSIONS)
        if common:
            lines.append(CONFUSIONS)
        lines += [
            CONFUSION.format(count=count, expected=expected, entry=entry)
            for (expected, entry), count in common
        ]
    return "\n".join(lines)


def _row(kind: str, tally: Tally) -> str:
    shares = [
        SHARE.format(name=name, count=tally.counts[verdict], share=tally.share(verdict))
        for verdict, name in VERDICTS.items()
        if tally.counts[verdict]
    ]
    return ROW.format(kind=KINDS[kind], total=tally.total, verdicts="，".join(shares))
