"""Drawing with matplotlib: plots as JSON on standard input, files out."""

import json
import sys

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.plots import Plot


def draw(plot: Plot) -> None:
    """Draw *plot* into its file."""
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for name, (x, y) in plot["lines"].items():
        axes.plot(x, y, label=name, linewidth=3 if name == "kaidian" else 1.2)
    axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
    if plot["logarithmic"]:
        axes.set(xscale="log", yscale="log")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(plot["path"], dpi=90)
    plt.close(figure)


if __name__ == "__main__":
    mpl.use("Agg")
    for each in json.load(sys.stdin):
        draw(each)
