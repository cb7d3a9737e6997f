"""What holds for every text."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import Parts
from bot.dialogue.conversation import NEW
from bot.language.normalizing import normalize
from bot.matching.matcher import Ranking

ANYTHING = st.text(st.characters(codec=None), max_size=60)
SPARSE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(ANYTHING)
@SPARSE
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    """Normalizing is idempotent."""
    once = normalize(text)

    assert once == normalize(once)


@given(message=ANYTHING)
@SPARSE
def test_no_text_makes_the_core_raise(parts: Parts, message: str) -> None:
    """Whatever is typed gets a reply."""
    _, reply = parts.assistant.respond(NEW, message)

    assert reply.text


def test_every_question_finds_its_entry(parts: Parts) -> None:
    """An entry's own question ranks it first."""

    def ranked(question: str) -> Ranking:
        return parts.matcher.rank(parts.analyzer.strip(normalize(question)))

    lost = [
        entry.id
        for entry in parts.assistant.base.entries
        if ranked(entry.question).matches[0].entry.id != entry.id
    ]

    assert lost == []
