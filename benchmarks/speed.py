"""What the bot costs, against jieba alone: the same machine, the same minutes, taking turns.

Others may use the machine too, so a figure is a ratio of medians of rounds that alternate.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import jieba
import pexpect
import psutil

from benchmarks.tables import reached, table
from bot.dialogue.conversation import NEW, Assistant

ROUNDS: Final = 7  # of all texts
STARTS: Final = 15  # pairs of processes
PROCESSES: Final = 5  # pairs of processes whose memory is read
MOST_DECISION: Final = 10.0
MOST_START: Final = 1.5
MOST_MEMORY: Final = 1.5
QUESTION: Final = "要押金吗"
ANSWERED: Final = "买家保障"  # stands in the answer to it
JIEBA: Final = "import jieba; jieba.initialize()"
PATIENCE: Final = 60  # seconds until a process counts as hung
KAIDIAN: Final = str(Path(sys.executable).with_name("kaidian"))
MIB: Final = 2**20
HEAD: Final = ("measure", "kaidian", "jieba", "ratio", "bar", "")


def costs(assistant: Assistant, texts: Sequence[str]) -> str:
    """Return what a decision, a start and a chat cost."""
    with tempfile.TemporaryDirectory() as cache:
        environ = {**os.environ, "KAIDIAN_CACHE": cache, "TERM": "xterm"}
        rows = [
            _decision(assistant, texts),
            _start(environ),
            _memory("resident memory of `kaidian chat` on a terminal", environ, _on_a_terminal),
            _memory("resident memory of `kaidian chat` in a pipe", environ, _in_a_pipe),
        ]
    return (
        "### What it costs\n\n"
        f"Medians of alternating rounds: {ROUNDS} of the {len(texts)} untouched cases for a "
        f"decision (`Assistant.respond`, with the reply) against `jieba.cut` of the same texts, "
        f"{STARTS} pairs of starts of `kaidian ask {QUESTION}` and "
        f'`python -c "{JIEBA}"`, both with warm caches, {PROCESSES} pairs of processes for memory '
        "(resident set, after the first answer and after `initialize`).\n\n" + table(HEAD, rows)
    )


def _decision(assistant: Assistant, texts: Sequence[str]) -> tuple[str, ...]:
    jieba.initialize()
    ours: list[float] = []
    jiebas: list[float] = []
    for _ in range(ROUNDS):
        for text in texts:
            ours.append(_seconds(partial(assistant.respond, NEW, text)))
            jiebas.append(_seconds(partial(jieba.lcut, text)))
    mine, other = median(ours), median(jiebas)
    return _row(
        "one decision, warm", f"{1e6 * mine:.0f} µs", f"{1e6 * other:.0f} µs", mine / other,
        MOST_DECISION,
    )  # fmt: skip


def _start(environ: dict[str, str]) -> tuple[str, ...]:
    def run(*command: str) -> float:
        return _seconds(
            lambda: subprocess.run(command, env=environ, check=True, capture_output=True)
        )

    pairs = [
        (run(KAIDIAN, "ask", QUESTION), run(sys.executable, "-c", JIEBA)) for _ in range(STARTS + 1)
    ][1:]
    mine, other = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    return _row("cold start", f"{mine:.2f} s", f"{other:.2f} s", ratio, MOST_START)


def _memory(
    measure: str, environ: dict[str, str], chat: Callable[[dict[str, str]], int]
) -> tuple[str, ...]:
    pairs = [(chat(environ), _of_jieba(environ)) for _ in range(PROCESSES)]
    mine, other = (median(column) for column in zip(*pairs, strict=True))
    return _row(
        measure, f"{mine / MIB:.0f} MiB", f"{other / MIB:.0f} MiB", mine / other, MOST_MEMORY
    )


def _on_a_terminal(environ: dict[str, str]) -> int:
    terminal = pexpect.spawn(
        KAIDIAN,
        ["chat"],
        env={**environ, "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        timeout=PATIENCE,
    )
    terminal.expect_exact("\x1b[?2004h")  # the line editor listens
    terminal.send(f"{QUESTION}\r")
    terminal.expect(ANSWERED)
    terminal.expect_exact("\x1b[?2004h")
    resident = psutil.Process(terminal.pid).memory_info().rss
    terminal.sendeof()
    terminal.expect(pexpect.EOF)
    terminal.close()
    return int(resident)


def _in_a_pipe(environ: dict[str, str]) -> int:
    return _resident([KAIDIAN, "chat"], environ, f"{QUESTION}\n", ANSWERED)


def _of_jieba(environ: dict[str, str]) -> int:
    program = f"{JIEBA}; print(input(), flush=True); input()"
    return _resident([sys.executable, "-c", program], environ, "ready\n", "ready")


def _resident(command: list[str], environ: dict[str, str], said: str, awaited: str) -> int:
    """Return the resident memory of *command*, in bytes, once *said* made it say what is awaited."""
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                command,
                env={**environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        stack.callback(process.kill)
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        process.stdin.write(said)
        process.stdin.flush()
        next(line for line in process.stdout if awaited in line)
        return int(psutil.Process(process.pid).memory_info().rss)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _row(measure: str, mine: str, other: str, ratio: float, bar: float) -> tuple[str, ...]:
    return measure, mine, other, f"{ratio:.2f}", f"≤ {bar:g}", reached(ratio <= bar)
