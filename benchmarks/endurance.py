"""`python -m benchmarks.endurance [MESSAGES]`: whether the bot's memory stays flat, into RESULTS.md."""

import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.comparing import MIB
from benchmarks.load import PACKAGES, kaidian
from benchmarks.machine import circumstances
from benchmarks.tables import reached, table, write_part
from tests.soaking import MOST_EACH

MESSAGES: Final = 200_000
STEPS: Final = (1_000, 10_000, 100_000)  # messages after which memory is looked at, too
MOST: Final = 1.2  # times the memory after the first step
HEAD: Final = ("messages", "resident memory", "to that after the first thousand", "bar", "")


def main(messages: int) -> None:
    """Measure it, and write what came of it."""
    logging.getLogger("aiohttp.server").disabled = True  # it tells of clients that were killed
    rows: list[tuple[str, ...]] = []
    first = 0
    with TemporaryDirectory() as folder, kaidian(Path(folder)) as rig:
        asked = 0
        for step in (*(step for step in STEPS if step < messages), messages):
            rig.ask((step - asked) // MOST_EACH, MOST_EACH)
            asked, now = step, rig.resident
            first = first or now
            ratio = now / first
            verdict = reached(ratio <= MOST)
            rows.append(
                (f"{step:,}", f"{now / MIB:.0f} MiB", f"{ratio:.2f}", f"≤ {MOST:g}", verdict)
            )
            print(*rows[-1], sep=" | ", flush=True)
    write_part(
        "endurance",
        "## Memory over a long time\n\n"
        + circumstances(f"python -m benchmarks.endurance {messages}", PACKAGES)
        + "`kaidian telegram` as for the load, one process, asked by ever new people.\n\n"
        + table(HEAD, rows),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
