"""Where, when and with what something was measured."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil


def circumstances(command: str, packages: Iterable[str] = ()) -> str:
    """Return the *command*, date, machine, and versions of Python and of *packages*."""
    versions = [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"`{command}` on {datetime.now(UTC).date()}; {_processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB; {platform.system()} {platform.release()}; {', '.join(versions)}.\n\n"
    )


def busyness() -> str:
    """Return how busy the machine was of late, with what was measured and all else."""
    lately = os.getloadavg()[2]
    return f"Load average of the machine's last 15 minutes: {lately:.1f}, other people's work counted.\n\n"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
