"""Why a message was answered as it was: words, candidates, features, thresholds."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.dialogue.conversation import Assistant, Conversation
from bot.dialogue.library import Library
from bot.dialogue.question import Question
from bot.matching.matcher import Match, Veto
from bot.matching.model import probability

MOST_MATCHES: Final = 5
NONE: Final = "（无）"
QUESTION: Final = "问题：{text}\n  词语：{tokens}\n  关键词：{words}\n  问法：{types}"
UNHEARD: Final = "  陌生程度：没见过的词分量 {unheard:.2f}（0 是都见过，1 是要紧的词没见过）"
DOUBTS: Final = (
    "  陌生程度：没见过的词分量 {unheard:.2f}（0 是都见过，1 是要紧的词没见过）；"
    "用字像不回答的问题 {beyond:+.2f}，最像的一处 {furthest:+.2f}（负数是更像有答案的问题）"
)
BESIDE: Final = "  同时问到：{entries}（与之相关的条目因此更有可能）"
TOGETHER: Final = "  和别的问题一起问：单独看的置信度 {alone:.3f}，在这句话里：{signs}"
MATCH: Final = (
    "  {place}. {entry}　置信度 {confidence:.3f}　得分 {score:+.2f}\n     最接近的问法：{phrasing}"
)
VETOED: Final = "     不可直接回答：{reasons}"
FEATURES: Final = "     特征：{features}"
LIMITS: Final = "直接回答需要置信度 ≥ {answer:.3f}，反问需要 ≥ {clarify:.3f}；知识库 {kb}"
REASONS: Final = {
    Veto.OPPOSED: "含有相反的词",
    Veto.DENIAL: "肯定与否定不一致",
    Veto.NUMBER: "数字不一致",
    Veto.PLATFORM: "问的是别的平台",
    Veto.LISTED: "列在不回答的问题里",
}


def explain(library: Library, conversation: Conversation, message: str) -> str:
    """Return the evidence behind the reply to *message* in *conversation*, base by base."""
    return "\n\n".join(
        _explained(assistant, library.within(conversation, assistant), message)
        for assistant in library.among(conversation, message)
    )


def _explained(assistant: Assistant, conversation: Conversation, message: str) -> str:
    questions = assistant.evidence(conversation, message)
    lists = bool(assistant.base.out_of_scope)
    lines = [line for question in questions for line in _question(question, lists=lists)]
    limits = LIMITS.format(
        answer=assistant.limits.answer,
        clarify=assistant.limits.clarify,
        kb=assistant.base.version,
    )
    return "\n".join([*lines, limits])


def _question(question: Question, *, lists: bool) -> Iterator[str]:
    """Say what was seen of *question*, of a base that *lists* what is out of scope or does not."""
    analysis = question.ranking.analysis
    yield QUESTION.format(
        text=question.text,
        tokens=" / ".join(analysis.tokens),
        words="、".join(sorted(analysis.words)) or NONE,
        types="、".join(sorted(analysis.types)) or NONE,
    )
    doubts = question.ranking.doubts
    if lists or doubts.unheard:
        yield (DOUBTS if lists else UNHEARD).format(**doubts._asdict())
    if question.beside:
        yield BESIDE.format(entries="、".join(entry.id for entry in question.beside))
    if seen := question.circumstances:
        signs = seen._asdict()
        yield TOGETHER.format(alone=probability(signs.pop("found")), signs=_values(signs.items()))
    for place, match in enumerate(question.ranking.matches[:MOST_MATCHES], 1):
        yield from _match(place, match)


def _match(place: int, match: Match) -> Iterator[str]:
    yield MATCH.format(
        place=place,
        entry=match.entry.id,
        confidence=match.confidence,
        score=match.score,
        phrasing=match.phrasing,
    )
    if match.vetoes:
        yield VETOED.format(reasons="、".join(REASONS[veto] for veto in match.vetoes))
    yield FEATURES.format(features=_values(match.features._asdict().items()))


def _values(named: Iterable[tuple[str, float]]) -> str:
    """Return the *named* values that are not zero."""
    return " ".join(f"{name}={value:.2f}" for name, value in named if value)
