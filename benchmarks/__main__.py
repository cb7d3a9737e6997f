"""`python -m benchmarks`: accuracy and cost, into RESULTS.md."""

from benchmarks.accuracy import clean, from_elsewhere, through_disturbances
from benchmarks.evaluation import evaluation_data
from benchmarks.machine import circumstances
from benchmarks.masking import measured
from benchmarks.questions import FILE
from benchmarks.speed import costs
from benchmarks.tables import write_part
from bot.app import load
from bot.desk.evaluating import Half, half_of
from bot.knowledge.reading import read_cases
from bot.settings import Settings

PACKAGES = ("jieba", "rapidfuzz", "opencc", "pypinyin")


def main() -> None:
    """Measure the shipped base, and write what came of it."""
    settings = Settings.from_environ({})
    assistant, cases = load(settings.kb, settings.cache), read_cases(settings.kb)
    untouched = [case.ask for case in cases if half_of(case) is Half.UNTOUCHED]
    text = "## Accuracy and cost\n\n" + circumstances("make bench", PACKAGES)
    text += f"Base {assistant.base.version}, thresholds {assistant.limits.answer:.3f} to answer "
    text += f"and {assistant.limits.clarify:.3f} to clarify.\n\n"
    text += clean(assistant, cases)
    text += through_disturbances(assistant, cases)
    folder = evaluation_data()
    if folder and (folder / FILE).exists():
        text += from_elsewhere(assistant, folder / FILE)
    text += costs(assistant, untouched)
    text += measured(case.ask for case in cases)
    write_part("accuracy and cost", text)
    print(text)


if __name__ == "__main__":
    main()
