"""The one place that names concrete parts and joins them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.dialogue.conversation import Assistant
from bot.dialogue.deciding import Limits
from bot.dialogue.remarks import read_remarks
from bot.dialogue.understanding import Reader
from bot.knowledge.model import Base
from bot.knowledge.reading import read_base
from bot.language.analyzing import Analyzer
from bot.language.lexicon import Lexicon, read_general
from bot.language.segmenting import Segmenter
from bot.language.splitting import Splitter
from bot.matching.matcher import Matcher
from bot.matching.model import Model, read_model


@dataclass(frozen=True, slots=True)
class Parts:
    """The joined parts, for those who need more than an assistant."""

    analyzer: Analyzer
    matcher: Matcher
    assistant: Assistant


def current_day() -> date:
    """Return the day, in UTC: the one clock of the program."""
    return datetime.now(UTC).date()


def assemble(
    base: Base, cache: Path, model: Model | None = None, today: Callable[[], date] = current_day
) -> Parts:
    """Join the parts that answer from *base*; *cache* keeps the prepared dictionary.

    *model* replaces the shipped parameters of the scorer; *today* is the clock.
    """
    model = model or read_model()
    lexicon = Lexicon(read_general(), base.header)
    analyzer = Analyzer(lexicon, Segmenter(cache, lexicon.own_words))
    matcher = Matcher.of(base.entries, analyzer, model)
    thresholds = base.thresholds or model
    assistant = Assistant(
        base=base,
        analyzer=analyzer,
        reader=Reader(analyzer, Splitter(lexicon), matcher, base.topics),
        remarks=read_remarks(),
        limits=Limits(answer=thresholds.answer, clarify=thresholds.clarify),
        today=today,
    )
    return Parts(analyzer, matcher, assistant)


def load(kb: Path, cache: Path) -> Assistant:
    """Return an assistant that answers from the base in the folder *kb*.

    Raises:
        KnowledgeError: when the base has mistakes.

    """
    return assemble(read_base(kb), cache).assistant
