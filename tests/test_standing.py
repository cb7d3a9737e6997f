"""How sure the answer to one of several questions of a message is."""

import pytest

from bot.app import Parts
from bot.desk.placing import standing
from bot.dialogue.conversation import NEW
from bot.dialogue.question import Question
from bot.knowledge.model import Case
from bot.matching.model import Circumstances, logit


def asked(parts: Parts, message: str) -> tuple[Question, ...]:
    """Return the questions of *message*."""
    return parts.assistant.evidence(NEW, message)


def surety(questions: tuple[Question, ...], text: str) -> float:
    """Return the confidence in the answer to the one of *questions* that reads *text*."""
    return next(question.confidence for question in questions if question.text == text)


def test_what_stands_alone_is_as_sure_as_it_was_found(parts: Parts) -> None:
    """There is nothing beside it that it could be a part of."""
    (question,) = asked(parts, "认证大概得等上几天才有消息")

    assert question.circumstances is None


def test_what_an_operator_wrote_is_certain_beside_anything(parts: Parts) -> None:
    """A phrasing needs no support."""
    first, _ = asked(parts, "要押金吗？电影票怎么买")

    assert first.ranking.certain
    assert first.confidence == 1.0


def test_a_question_that_the_base_does_not_know_casts_doubt_on_what_is_beside_it(
    parts: Parts,
) -> None:
    """Who asks for cinema tickets as well may mean another verification."""
    question = "认证大概得等上几天才有消息"

    known = asked(parts, f"{question}？押金大概要交多少")
    unknown = asked(parts, f"{question}？电影票去哪里买")

    assert surety(unknown, question) < surety(known, question)


def test_what_only_tells_is_less_sure_than_it_was_found(parts: Parts) -> None:
    """认证没通过 may be why somebody asks for the telephone number, and no question of its own."""
    told, asks = asked(parts, "认证没通过，客服电话是多少")

    assert told.circumstances is not None
    assert told.circumstances.unasking
    assert logit(told.confidence) < told.circumstances.found
    assert told.confidence < asks.confidence


@pytest.mark.parametrize(
    "message", ["开店要多久？顺便问下年费多少", "保证金在哪交，退的时候几天到账"]
)
def test_other_matches_are_never_surer_than_the_best(parts: Parts, message: str) -> None:
    """Choices are shown in their order."""
    for question in asked(parts, message):
        confidences = [match.confidence for match in question.ranking.matches]
        assert confidences == sorted(confidences, reverse=True)


def test_it_is_learnt_from_messages_of_several_questions(parts: Parts) -> None:
    """A message of one question teaches nothing."""
    cases = [
        Case(
            ask="押金怎么个交法几千还是几万？客服晚上几点走人",
            expect=(("deposit-amount",), ("support-hours",)),
        ),
        Case(ask="店关了怎么弄？电影票去哪里买", expect="escalate"),
    ]

    learnt = standing([(parts.assistant, cases)])
    with_another = standing(
        [(parts.assistant, [*cases, Case(ask="押金怎么个交法几千还是几万", expect="escalate")])]
    )

    assert len(learnt.weights) == len(Circumstances._fields)
    assert learnt == with_another
