"""Plots, described here and drawn in the peers' environment, which has matplotlib."""

import json
import subprocess
from collections.abc import Sequence
from typing import TypedDict

from benchmarks.environment import PEERS_PYTHON, ROOT


class Plot(TypedDict):
    """Lines by their names, each of x and y values, and what the axes mean."""

    path: str
    title: str
    x: str
    y: str
    logarithmic: bool
    lines: dict[str, tuple[list[float], list[float]]]


def draw(plots: Sequence[Plot]) -> None:
    """Draw *plots* into their files."""
    subprocess.run(
        [PEERS_PYTHON, "-m", "benchmarks.peers.drawing"],
        input=json.dumps(plots).encode(),
        check=True,
        cwd=ROOT,
    )
