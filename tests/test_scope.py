"""What sounds like the questions that a base must not answer is doubted; exactly these are escalated."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import analyzer_of, assemble
from bot.dialogue.conversation import NEW
from bot.knowledge.model import Base, Entry, Header
from bot.language.analyzing import grams_in
from bot.language.normalizing import normalize
from bot.matching.index import contents
from bot.matching.scope import NEITHER, Scope, listed
from tests.test_commands import run

HEADER: Final = Header(id="office", title="办公室")
ENTRIES: Final = (
    Entry(
        id="leave",
        question="年假有几天",
        phrasings=("一年能休几天年假", "年假怎么算天数", "我的年假有多少天"),
        answer="五天",
    ),
    Entry(
        id="pay",
        question="工资哪天发",
        phrasings=("什么时候发工资", "工资几号到账", "发工资是哪天"),
        answer="十号",
    ),
)
LISTED: Final = "实习生年假有几天"
FILES: Final = {
    "kb.yaml": "id: office\ntitle: 办公室\n",
    "entries.yaml": "".join(
        f"- {{id: {e.id}, question: {e.question}, phrasings: [{', '.join(e.phrasings)}], "
        f"answer: {e.answer}}}\n"
        for e in ENTRIES
    ),
    # What is told here must not hang on how the scorer is fitted today.
    "thresholds.yaml": "answer: 0.01\nclarify: 0.005\n",
}

WORDS: Final = st.text(st.sampled_from("年假工资几天发放加班补贴a1 ?"), min_size=1, max_size=8)
ANYTHING: Final = st.text(st.characters(codec=None), max_size=40)
LISTS: Final = st.lists(WORDS, max_size=6, unique_by=lambda text: normalize(text).strip())
SPARSE: Final = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def bare(cache: Path) -> Callable[[str], str]:
    """Return what turns a question into the text that is compared."""
    analyzer = analyzer_of(HEADER, cache)
    return lambda text: analyzer.bare(normalize(text))


@pytest.fixture
def scope(cache: Path, bare: Callable[[str], str]) -> Callable[[Sequence[str]], Scope]:
    """Return what makes a scope of the questions listed as out of it."""
    counted = contents(ENTRIES, (), analyzer_of(HEADER, cache)).occurrences
    return lambda questions: Scope(counted, listed(map(bare, questions)), bare)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a base that lists one question, which its entries would answer."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "out_of_scope.yaml").write_text(f"- {LISTED}\n", "utf-8")
    return tmp_path


@given(listed=st.lists(ANYTHING, max_size=4), text=ANYTHING, without=st.none() | ANYTHING)
@SPARSE
def test_no_text_makes_it_raise(
    scope: Callable[[Sequence[str]], Scope],
    bare: Callable[[str], str],
    listed: list[str],
    text: str,
    without: str | None,
) -> None:
    """Whatever is listed, asked, and held out of what is listed."""
    known = scope(listed)
    held_out = without if without in listed else None

    assert isinstance(known.lists(bare(text), held_out), bool)
    beyond, furthest = known.foreignness(grams_in(bare(text)), held_out)
    assert beyond <= furthest or beyond == pytest.approx(furthest)


@given(text=ANYTHING)
@SPARSE
def test_without_a_list_nothing_is_foreign(
    scope: Callable[[Sequence[str]], Scope], bare: Callable[[str], str], text: str
) -> None:
    """Neither on average nor in any place; and nothing is listed."""
    assert scope(()).foreignness(grams_in(bare(text))) == NEITHER
    assert not scope(()).lists(bare(text))


@given(listed=LISTS, question=WORDS)
@SPARSE
def test_listing_a_question_never_makes_it_less_foreign(
    scope: Callable[[Sequence[str]], Scope],
    bare: Callable[[str], str],
    listed: list[str],
    question: str,
) -> None:
    """It takes effect at once, whatever is listed beside it."""
    others = [text for text in listed if bare(text) != bare(question)]
    grams = grams_in(bare(question))
    before, after = (scope(known).foreignness(grams) for known in (others, [*others, question]))

    assert scope([*others, question]).lists(bare(question))
    assert not scope(others).lists(bare(question))
    if others:
        assert after.beyond >= before.beyond - 1e-9
        assert after.furthest >= before.furthest - 1e-9


def test_a_listed_question_is_more_foreign_than_a_phrasing(
    scope: Callable[[Sequence[str]], Scope], bare: Callable[[str], str]
) -> None:
    """The one is commoner out of scope in all it says, the other within."""
    known = scope(["食堂几点开门", "班车几点来", "食堂饭卡怎么办"])
    listed, similar, written = (
        known.foreignness(grams_in(bare(text)))
        for text in ("食堂几点开门", "食堂的饭卡丢了", "年假有几天")
    )

    assert min(listed.beyond, similar.beyond) > 0 > written.beyond
    assert min(listed.furthest, similar.furthest) > written.furthest


@pytest.mark.parametrize("alone", ["饭堂菜咸", "病假证明"])
def test_a_question_that_is_held_out_counts_for_nothing(
    scope: Callable[[Sequence[str]], Scope], bare: Callable[[str], str], alone: str
) -> None:
    """What it alone says is then as if nobody had ever said it."""
    known = scope([alone, "班车来了没"])
    unheard = grams_in(bare("彩虹"))
    grams = grams_in(bare(alone)) - grams_in("假")

    assert known.foreignness(grams).beyond > 0
    assert known.foreignness(grams, alone) == known.foreignness(unheard)
    assert known.lists(bare(alone))
    assert not known.lists(bare(alone), alone)


def test_a_phrasing_that_is_held_out_counts_for_nothing(
    scope: Callable[[Sequence[str]], Scope], bare: Callable[[str], str]
) -> None:
    """Its own characters speak less for it than they did."""
    known, grams = scope(["班车来了没"]), grams_in(bare("工资几号到账"))

    assert known.foreignness(grams, "工资几号到账").beyond > known.foreignness(grams).beyond
    assert known.foreignness(grams_in("账"), "工资几号到账") == known.foreignness(grams_in("虹"))


WRITTEN: Final = [
    LISTED,
    f"{LISTED}？！",
    f"  {LISTED}。。。",
    "實習生年假有幾天",
    f"你好，请问一下{LISTED}？谢谢",
    f"亲，{LISTED}，急",
]


def test_a_listed_question_is_escalated_however_it_is_written(cache: Path, folder: Path) -> None:
    """With marks, in traditional characters, among padding: where nobody lists it, it is answered."""
    texts = "".join(f"{text}\n" for text in WRITTEN).encode()

    def decided() -> list[tuple[str, bool]]:
        done = run(cache, "ask", "--batch", "-", "--json", "--kb", str(folder), stdin=texts)
        replies = map(json.loads, done.stdout.splitlines())
        return [(reply["decision"], "五天" in reply["reply"]) for reply in replies]

    assert decided() == [("escalate", False)] * len(WRITTEN)
    (folder / "out_of_scope.yaml").unlink()
    assert decided() == [("answer", True)] * len(WRITTEN)


def test_the_console_neither_answers_nor_offers_it(cache: Path, folder: Path) -> None:
    """The reply is the fallback, and the explanation says why, and how foreign the question is."""
    done = run(cache, "chat", "--kb", str(folder), stdin=f"{LISTED}\n/explain\n".encode())
    said = done.stdout.decode()

    assert "请联系官方客服" in said
    assert "五天" not in said
    assert "列在不回答的问题里" in said
    assert "用字像不回答的问题 +" in said


def test_how_foreign_a_question_is_is_told_in_one_line_where_there_is_something_to_tell(
    cache: Path, folder: Path
) -> None:
    """What the list says where there is a list; else only a word that the base never heard."""

    def foreign(question: str) -> list[str]:
        done = run(cache, "ask", "--explain", question, "--kb", str(folder))
        return [line for line in done.stdout.decode().splitlines() if "陌生程度" in line]

    assert len(foreign("年假有几天")) == 1
    (folder / "out_of_scope.yaml").unlink()
    assert foreign("年假有几天") == []
    (unheard,) = foreign("食堂有几天年假")
    assert "不回答的问题" not in unheard


def test_a_case_that_asks_a_listed_question_in_other_words_is_seen_refused(
    cache: Path, folder: Path
) -> None:
    """`kaidian kb test` sees what people would see."""
    (folder / "cases.yaml").write_text(
        f"- {{ask: 请问{LISTED}？谢谢, expect: escalate}}\n", "utf-8"
    )

    def wrong() -> int:
        done = run(cache, "kb", "test", "--json", "--kb", str(folder))
        halves = json.loads(done.stdout)
        return sum(str(half).count("'wrong': 1") for half in halves.values())

    assert wrong() == 0
    (folder / "out_of_scope.yaml").unlink()
    assert wrong() > 0


@pytest.mark.parametrize("listed", ["年假有几天呀", "年假有几天"])
def test_to_list_a_question_forbids_what_a_phrasing_of_the_same_meaning_would_allow(
    cache: Path, listed: str
) -> None:
    """Whoever lists it and forgets the phrasing gets no answer rather than one that is not wanted."""
    base = Base(
        header=HEADER, entries=ENTRIES, out_of_scope=(listed,), thresholds=None, version="office@1"
    )
    assistant = assemble(base, cache).assistant

    assert assistant.respond(NEW, listed)[1].outcome == "escalate"
    assert assistant.respond(NEW, "我的年假有多少天")[1].outcome == "answer"
