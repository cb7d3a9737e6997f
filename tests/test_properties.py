"""What holds for every text."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import Parts, assemble
from bot.dialogue.conversation import NEW
from bot.knowledge.reading import read_base
from bot.language.normalizing import normalize
from bot.matching.matcher import Ranking
from tests.bases import base


@pytest.fixture(scope="module")
def small(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Return the parts that answer from a base whose subject has a name in Latin letters."""
    folder = base(tmp_path_factory.mktemp("small"), "fee", "甲", "六百元。")
    (folder / "kb.yaml").write_text("{id: fee, title: 甲, words: [vip, 发票]}\n", "utf-8")
    return assemble(read_base(folder), cache)


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


WORDS = st.sampled_from(
    ["vip", "会员", "发票", "贵", "到期", "怎么", "开", "我的", "吗", "淘宝", " ", "，", "？"]
)


@given(words=st.lists(WORDS, max_size=8))
@SPARSE
def test_no_words_of_a_base_make_the_core_raise(small: Parts, words: list[str]) -> None:
    """Nor does any row of words that a base and the language know, in Latin letters or not."""
    _, reply = small.assistant.respond(NEW, "".join(words))

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
