"""`python -m benchmarks.fuzzing`: inputs led by which lines they reach, counted, into RESULTS.md.

Each target of `tests/targets.py` runs in a process of its own, in the environment of atheris.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

import click

from benchmarks.environment import FUZZING_PYTHON
from benchmarks.machine import circumstances
from benchmarks.tables import reached, table, write_part
from tests.targets import TARGETS, seeds

HEAD: Final = ("target", "inputs", "faults found", "time", "")
LONGEST: Final = 4096  # bytes of an input
# A message costs a hundred times what the others do, and beyond 500 characters it is not matched.
SLOW: Final = {"message": (600, 20)}  # bytes of an input, and the share that is tried of its inputs
# What the loader of a target runs in the other environment.
LED: Final = """
import sys, atheris
with atheris.instrument_imports(include=["bot", "tests.targets"]):
    from tests.targets import TARGETS
target = TARGETS[sys.argv.pop(1)]
atheris.Setup(sys.argv, target)
atheris.Fuzz()
"""
_done = re.compile(r"Done (\d+) (?:runs|in)|stat::number_of_executed_units:\s*(\d+)")


def fuzzed(name: str, runs: int, folder: Path) -> tuple[str, ...]:
    """Feed so many inputs to the target called *name*, and return its row."""
    longest, share = SLOW.get(name, (LONGEST, 1))
    runs //= share
    corpus = folder / name
    corpus.mkdir()
    for number, seed in enumerate(seeds()):
        (corpus / str(number)).write_bytes(seed[:longest])
    before = monotonic()
    done = subprocess.run(
        [
            FUZZING_PYTHON, "-c", LED, name, f"-runs={runs}", f"-max_len={longest}",
            "-print_final_stats=1", f"-artifact_prefix={folder}/", f"-seed={len(name)}", str(corpus),
        ],
        check=False, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    counted = [int(a or b) for a, b in _done.findall(done.stderr)]
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-4000:])
    inputs = counted[-1] if counted else 0
    return (
        name, f"{inputs:,}", str(int(done.returncode != 0)), f"{monotonic() - before:.0f} s",
        reached(done.returncode == 0 and inputs >= runs),
    )  # fmt: skip


@click.command()
@click.option("--runs", default=200_000, show_default=True, help="Inputs of each target.")
def main(runs: int) -> None:
    """Fuzz all targets, and write what came of it."""
    with TemporaryDirectory() as folder:
        rows = [fuzzed(name, runs, Path(folder)) for name in TARGETS]
    text = "## Fuzzing\n\n" + circumstances(f"make soak INPUTS={runs}")
    text += (
        "Inputs made by atheris (libFuzzer), led by the lines of `bot` that they reach, beginning "
        "with the shipped files and an update of each shape, from a fixed seed; a fault is anything raised but a mistake that a person is "
        "told of.\n\n"
    )
    write_part("fuzzing", text + table(HEAD, rows))
    print(text + table(HEAD, rows))
    sys.exit(any(row[2] != "0" for row in rows))


if __name__ == "__main__":
    main()
