"""The one place that names concrete parts and joins them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from bot.desk.checking import Checked, mistakes
from bot.desk.compiled.keeping import compile_anew, compiled_path, kept
from bot.desk.shelf import Shelf
from bot.dialogue.conversation import Assistant
from bot.dialogue.deciding import Limits
from bot.dialogue.remarks import read_remarks
from bot.dialogue.understanding import Reader
from bot.errors import KnowledgeError
from bot.knowledge.model import Base, Header, beside
from bot.knowledge.reading import read_base, read_cases, read_places
from bot.language.analyzing import Analyzer
from bot.language.lexicon import Lexicon, read_general
from bot.language.segmenting import segmenter
from bot.matching.matcher import Matcher
from bot.matching.model import Model, read_model

MOST_CHECKED: Final = 5_000  # entries of a base, whose files are read in about ten seconds


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
    base: Base,
    cache: Path,
    model: Model | None = None,
    today: Callable[[], date] = current_day,
    others: Sequence[Base] = (),
) -> Parts:
    """Join the parts that answer from *base*; *cache* keeps the prepared dictionary.

    *model* replaces the shipped parameters of the scorer; *today* is the clock; *others* are the
    bases that the same bot serves, whose platforms this one must not answer about.
    """
    model = model or read_model()
    analyzer = analyzer_of(beside(base, others), cache=cache)
    return _joined(
        base, analyzer, Matcher.of(base.entries, base.out_of_scope, analyzer, model), model, today
    )


@lru_cache(1)
def analyzer_of(header: Header, cache: Path) -> Analyzer:
    """Return what takes questions apart with the words of the base with that *header*.

    The last one is kept: a base is saved more often than its header, and the words are loaded once.
    """
    lexicon = Lexicon(read_general(), header)
    return Analyzer(lexicon, segmenter(cache, lexicon.own_words))


def load(kb: Path, cache: Path) -> Assistant:
    """Return an assistant that answers from the base in the folder *kb*.

    Raises:
        KnowledgeError: when the base has mistakes.

    """
    return load_parts(kb, cache).assistant


def load_parts(kb: Path, cache: Path) -> Parts:
    """Join the parts that answer from the base in the folder *kb*.

    It is compiled before it is used for the first time; later only what changed since is.

    Raises:
        KnowledgeError: when the base has mistakes.

    """
    compiled = kept(kb, compiled_path(kb, cache), partial(analyzer_of, cache=cache))
    if compiled is None:
        return assemble(read_base(kb), cache)
    model = read_model()
    analyzer = analyzer_of(compiled.base.header, cache=cache)
    matcher = Matcher(compiled.contents, analyzer, model)
    return _joined(compiled.base, analyzer, matcher, model, current_day)


def shelve(folders: Sequence[Path], cache: Path) -> Shelf:
    """Return a shelf of the bases in *folders*, which one bot serves.

    Raises:
        KnowledgeError: when one has mistakes, or two have the same id.

    """
    return Shelf(
        folders,
        read_base,
        lambda base, others: assemble(base, cache, others=others).assistant,
        lambda folder: load(folder, cache),
        refuse_mistakes,
    )


def refuse_mistakes(kb: Path, base: Base) -> None:
    """Look at *base*, read from the folder *kb*, as `kaidian kb check` does, but for the warnings.

    A base of more than MOST_CHECKED entries is not looked at: reading it would hold the change up.

    Raises:
        KnowledgeError: when it has mistakes.

    """
    if len(base.entries) > MOST_CHECKED:
        return
    whole = base if isinstance(base.entries, tuple) else read_base(kb)
    found = mistakes(Checked(whole, read_cases(kb), read_places(kb), current_day()))
    if found:
        raise KnowledgeError(found)


def compile_base(kb: Path, cache: Path) -> Base:
    """Compile the base in the folder *kb*, so that `load` need not read it, and return it.

    Raises:
        KnowledgeError: when the base has mistakes.
        OSError: when the compiled base can't be written.

    """
    return compile_anew(kb, compiled_path(kb, cache), partial(analyzer_of, cache=cache)).base


def _joined(
    base: Base, analyzer: Analyzer, matcher: Matcher, model: Model, today: Callable[[], date]
) -> Parts:
    thresholds = base.thresholds or model
    assistant = Assistant(
        base=base,
        analyzer=analyzer,
        reader=Reader(analyzer, matcher, base.topics),
        remarks=read_remarks(),
        limits=Limits(answer=thresholds.answer, clarify=thresholds.clarify),
        today=today,
    )
    return Parts(analyzer, matcher, assistant)
