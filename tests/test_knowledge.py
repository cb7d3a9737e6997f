"""Mistakes in a knowledge base are all found, each with its file and line."""

import re
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_base

GOOD = "- id: a\n  question: 怎么开店\n  answer: 先注册。\n"


def base(folder: Path, text: str) -> Path:
    """Write a base of entries only."""
    (folder / "entries").mkdir()
    (folder / "entries" / "a.yaml").write_text(text, "utf-8")
    return folder


def test_entries_alone_are_a_base(tmp_path: Path) -> None:
    """A folder with no other file than entries is read."""
    assert [e.id for e in read_base(base(tmp_path, GOOD)).entries] == ["a"]


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("- id：a\n  question：怎么借书\n  answer：带证\n", "请改成半角冒号"),
        ("- id:a\n  question:怎么借书\n", "冒号后面空一格"),
    ],
)
def test_a_colon_that_makes_no_key_is_named(tmp_path: Path, text: str, mend: str) -> None:
    """In full width, or without a space behind it, it is a part of the text to YAML."""
    (tmp_path / "entries.yaml").write_text(text, "utf-8")

    with pytest.raises(KnowledgeError) as caught:
        read_base(tmp_path)

    assert mend in caught.value.mistakes[0].mend


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (GOOD.encode("gbk"), "iconv -f gbk -t utf-8"),
        (GOOD.encode() + b"\xff\n", "请用 UTF-8 编码重新保存"),
        (GOOD.encode() + "# 先注册\n".encode("gbk"), "请用 UTF-8 编码重新保存"),
        ("- id: café\n".encode("latin-1"), "请用 UTF-8 编码重新保存"),
    ],
)
def test_a_file_in_gbk_is_told_from_other_bytes(tmp_path: Path, data: bytes, mend: str) -> None:
    """Converting takes a file as a whole: one that is UTF-8 elsewhere is not told to be converted."""
    (tmp_path / "entries.yaml").write_bytes(data)

    with pytest.raises(KnowledgeError) as caught:
        read_base(tmp_path)

    assert "不是 UTF-8" in caught.value.mistakes[0].problem
    assert mend in caught.value.mistakes[0].mend


def test_what_looks_like_a_number_is_text(tmp_path: Path) -> None:
    """An operator need not know that 1688 is a number and no a truth value."""
    entry = read_base(
        base(tmp_path, GOOD.replace("怎么开店", "1688").replace("先注册。", "no"))
    ).entries[0]

    assert (entry.question, entry.answer) == ("1688", "no")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (GOOD + GOOD, 4, "重复"),
        ("- id: a\n  question: 问\n", 1, "缺少 answer"),
        (GOOD + "  answre: 错\n", 4, "不认识"),
        (GOOD + "  answer: 又\n", 4, "重复出现"),
        ("- id: a\n  question: [\n", 3, "YAML 写法有误"),
        ("- &x {id: a, question: 问, answer: 答}\n- *x\n", 1, "别名"),
        ("- !!python/object/apply:os.system ['true']\n", 1, "标签"),
        ("- " * 30 + "a\n", 1, "嵌套太深"),
        ("[" * 100_000, 0, "嵌套太深"),
        ("id: a\n", 1, "列表"),
        (GOOD + "  reviewed: 昨天\n", 4, "不是日期"),
        ("", 0, "没有任何条目"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    """Each mistake says where it is and what is wrong."""
    with pytest.raises(KnowledgeError) as raised:
        read_base(base(tmp_path, text))

    assert [m.line for m in raised.value.mistakes if problem in m.problem][:1] == [line]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- id: a\n  question: 怎么退: 好\n  answer: 答\n", 2),
        ("- id: a\n  question 怎么退\n  answer: 答\n", 2),
        ("- id: a\n  question：怎么退\n  answer: 答\n", 2),
        ("- id: a\n\tquestion: 问\n  answer: 答\n", 2),
        ('- id: a\n  question: "怎么退\n  answer: 答\n', 2),
        ('- id: a\n  question: "怎么"退\n  answer: 答\n', 2),
        ("- id: a\n  question: 问\n  phrasings: [咋退, 如何退\n  answer: 答\n", 3),
        ("- id: a\n  question: 问\n  steps: [{title: 步\n  answer: 答\n", 3),
        ("- id: a\n  question: 问\n  related: [\n", 4),
        ("- id: a\n   question: 问\n  answer: 答\n", 2),
        ("- id: a\n  question: 问\n answer: 答\n", 3),
        ("- id: a\n  question: 问\n  answer: |\n先申请。\n", 4),
        ("- id: a\n  question: 问\n  answer: |\n\t先申请。\n", 4),
        ("- id: a\n  question: 问\n  answer: 答\nid: b\n", 4),
        ("- id: a\n  question: 问\n  answer: %50\n", 3),
        ("- id: a\n  question: 问\n  answer: *重要*\n", 3),
        ("- id: a\n  question: 问\n  answer: !重要\n", 3),
        ('- id: a\n  question: 问\n  answer: "C:\\店"\n', 3),
    ],
)
def test_a_slip_of_the_hand_is_told_in_chinese(tmp_path: Path, text: str, line: int) -> None:
    """The line is the one to mend, and no word of it is the parser's English."""
    with pytest.raises(KnowledgeError) as raised:
        read_base(base(tmp_path, text))
    (mistake,) = raised.value.mistakes

    assert mistake.line == line
    assert mistake.problem.startswith("YAML 写法有误：")
    assert not re.search("[a-z]{3}", mistake.problem + mistake.mend)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """The first mistake doesn't hide the others."""
    with pytest.raises(KnowledgeError) as raised:
        read_base(base(tmp_path, "- id: a\n- id: b\n"))

    assert len(raised.value.mistakes) == 4


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Without a kb.yaml the base is called after its folder, as far as an id can be."""
    for name, id_ in (("我的知识库", "kb"), ("店铺-faq", "faq"), ("faq 2", "faq-2")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.yaml").write_text("- {id: a, question: 问, answer: 答}\n", "utf-8")

        assert read_base(folder).header.id == id_
        assert read_base(folder).header.title == name


@pytest.mark.parametrize(
    ("text", "line", "problem", "mend"),
    [
        ("食堂几点开门\n班车几点来\n", 1, "文件应当是一个列表", "以“- ”开头"),
        ("questions: [食堂几点开门]\n", 1, "文件应当是一个列表", "以“- ”开头"),
        ("- 一\n- 食堂: 几点开门\n", 2, "这一项应当是一段文字", '加双引号："食堂: 几点开门"'),
        ("- 一\n- 食堂几点开门:\n", 2, "这一项应当是一段文字", '加双引号："食堂几点开门:"'),
        ('- 一\n- 他说"行": 真的吗\n', 2, "这一项应当是一段文字", r'"他说\"行\": 真的吗"'),
        ("- {id: a, question: 问}\n", 1, "这一项应当是一段文字", "改写成一段文字"),
        ("- [食堂, 班车]\n", 1, "这一项应当是一段文字", "改写成一段文字"),
        ("- 一\n-\n- 二\n", 2, "这一项是空的", "删去这一行"),
        ("- 一\n- '  '\n", 2, "这一项是空的", "删去这一行"),
        ("- 一\n- {a: 1, a: 2}\n", 2, "键 a 重复出现", "删去其中一个"),
        ("- 一\n-二\n", 2, "YAML 写法有误", "减号后面空一格"),
        ("- 一\n- 食堂: 几点: 开门\n", 2, "YAML 写法有误", "用英文双引号"),
    ],
)
def test_a_slip_in_the_list_of_questions_out_of_scope_is_told(
    tmp_path: Path, text: str, line: int, problem: str, mend: str
) -> None:
    """Where it is, what was expected, and the way to mend it; never as a mistake of an entry."""
    base(tmp_path, GOOD)
    (tmp_path / "out_of_scope.yaml").write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as raised:
        read_base(tmp_path)
    told = [m for m in raised.value.mistakes if problem in m.problem]

    assert [(m.file, m.line) for m in told] == [(str(tmp_path / "out_of_scope.yaml"), line)]
    assert mend in told[0].mend
    assert "条目" not in str(raised.value)


def test_listed_questions_are_read_as_they_stand(tmp_path: Path) -> None:
    """Comments aside, in order; no file, or one of comments alone, lists nothing."""
    base(tmp_path, GOOD)
    assert read_base(tmp_path).out_of_scope == ()

    path = tmp_path / "out_of_scope.yaml"
    before = read_base(tmp_path).version
    path.write_text("# 食堂的事\n- 食堂几点开门？ # 常问\n- 1688\n- '班车: 几点来'\n", "utf-8")
    assert read_base(tmp_path).out_of_scope == ("食堂几点开门？", "1688", "班车: 几点来")
    assert read_base(tmp_path).version != before
    path.write_text("# 还没有\n", "utf-8")
    assert read_base(tmp_path).out_of_scope == ()
