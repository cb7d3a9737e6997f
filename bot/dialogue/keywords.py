"""What a person may mean who types a mere keyword: 押金."""

from collections.abc import Sequence

from bot.dialogue.deciding import MOST_CHOICES
from bot.dialogue.question import Question
from bot.knowledge.model import Base, Entry
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize


def choices(
    question: Question, likely: Sequence[Entry], base: Base, analyzer: Analyzer
) -> tuple[Entry, ...]:
    """Return the choices for a keyword, which says little of which entry is *likely*.

    First stand those entries that topics of *base* begin with and that ask about it.
    """
    words = question.ranking.analysis.words
    firsts = [
        entry
        for entry in base.first_of_topics.values()
        if words <= analyzer.analyze(normalize(entry.question)).words
    ]
    known = {entry.id for entry in firsts}
    return (*firsts, *(entry for entry in likely if entry.id not in known))[:MOST_CHOICES]
