"""Words and cases are added to a base's YAML by one insertion; every other byte stays."""

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.adding import with_cases, with_out_of_scope, with_words
from bot.knowledge.model import Case
from bot.knowledge.reading import read_base, read_cases

ENTRY = "- {id: a, question: 问, answer: 答}\n"
HEAD = "id: x\ntitle: 标题\n"
FLOW = "synonyms: [[押金, 保证金]]   # 一组一个意思\nplatform: {names: [甲], others: [乙]}\n"
BLOCK = """\
platform:
  names: [甲]
  # 别的平台
  others:
    - 乙   # 最常问
synonyms:
  # 钱
  - [押金, '保证金',
     定金]   # 完
words: [诚信通]
"""
NESTED = "synonyms:\n  - - 押金\n    - 保证金\n  - - 店\n    - 铺\nplatform:\n  others:\n  - 乙\n"
NO_OTHERS = "synonyms:\n- [押金, 保证金]\nplatform:\n  names: [甲]\n"


def folder_with(tmp_path: Path, header: str | None, cases: str | None = None) -> Path:
    """Return a base whose files say just this."""
    (tmp_path / "entries.yaml").write_text(ENTRY, "utf-8")
    for name, text in (("kb.yaml", header), ("cases.yaml", cases)):
        if text is not None:
            (tmp_path / name).write_bytes(text.encode("utf-8"))
    return tmp_path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "header", [HEAD, HEAD + FLOW, HEAD + BLOCK, HEAD + NESTED, HEAD + NO_OTHERS, HEAD.rstrip()]
)
def test_words_are_added_in_any_layout(
    tmp_path: Path, header: str, mark: str, newline: str
) -> None:
    """A word joins its group or begins one, a platform joins the others; all lines stay."""
    text = mark + header.replace("\n", newline)
    folder = folder_with(tmp_path, text)
    before = read_base(folder).header
    added = with_words(folder, before, [("押金", "质保金"), ("退款", "退: 钱")], ["丙丁", "b #1"])
    for path, data in added.items():
        path.write_bytes(data)
    after = read_base(folder).header

    assert next(group for group in after.synonyms if "押金" in group)[-1] == "质保金"
    assert ("退款", "退: 钱") in after.synonyms
    assert after.platform.others == (*before.platform.others, "丙丁", "b #1")
    assert after.platform.names == before.platform.names
    left = iter((folder / "kb.yaml").read_bytes().decode("utf-8"))
    assert all(character in left for character in text)


def test_a_base_without_a_header_gets_one(tmp_path: Path) -> None:
    """It says what stood for it."""
    folder = folder_with(tmp_path, None)
    header = read_base(folder).header
    ((path, data),) = with_words(folder, header, [("押金", "质保金")], []).items()
    path.write_bytes(data)

    assert read_base(folder).header == header.model_copy(update={"synonyms": (("押金", "质保金"),)})


def test_what_cannot_be_added_to_is_told(tmp_path: Path) -> None:
    """A header in one pair of braces is left to the person who wrote it so."""
    folder = folder_with(tmp_path, "{id: x, title: 标题}\n")
    header = read_base(folder).header
    with pytest.raises(KnowledgeError, match="押金、质保金"):
        with_words(folder, header, [("押金", "质保金")], [])


@pytest.mark.parametrize(
    "before", [None, "", "# 规则\n", "- {ask: 一, expect: [a]}", "- {ask: 一, expect: [a]}\r\n"]
)
def test_cases_are_added_behind_the_others(tmp_path: Path, before: str | None) -> None:
    """Whatever they ask, they are read back as they are."""
    folder = folder_with(tmp_path, HEAD, before)
    old = read_cases(folder)
    cases = [Case(ask='说"退" # {', expect="escalate"), Case(ask="二", expect=(("a",), ("a", "b")))]
    for path, data in with_cases(folder, cases).items():
        path.write_bytes(data)

    assert read_cases(folder) == [*old, *cases]
    assert (folder / "cases.yaml").read_bytes().decode("utf-8").startswith(before or "")


def test_cases_are_not_added_to_what_is_no_list_of_lines(tmp_path: Path) -> None:
    """A list in brackets is left to the person who wrote it so."""
    folder = folder_with(tmp_path, HEAD, "[{ask: 一, expect: [a]}]\n")
    with pytest.raises(KnowledgeError, match="自己写进去"):
        with_cases(folder, [Case(ask="二", expect="escalate")])


@pytest.mark.parametrize(
    "before",
    [None, "", "# 规则\n", "# 食堂\n- 一  # 常问", "\ufeff- 一\r\n\r\n# 班车\r\n- '二'\r\n"],
)
def test_questions_out_of_scope_are_added_behind_the_others(
    tmp_path: Path, before: str | None
) -> None:
    """Whatever they ask, they are read back as they are; comments and line ends stay."""
    folder = folder_with(tmp_path, HEAD)
    path = folder / "out_of_scope.yaml"
    if before is not None:
        path.write_bytes(before.encode("utf-8"))
    old = read_base(folder).out_of_scope
    added = ["三", '说"退": # {', "- 四", "1688", "a: b", "*五"]
    for file, data in with_out_of_scope(folder, added).items():
        file.write_bytes(data)
    text = path.read_bytes().decode("utf-8")

    assert read_base(folder).out_of_scope == (*old, *added)
    assert text.startswith(before or "")
    assert ("\r\n" in text) == (text.count("\r\n") == text.count("\n"))
    assert with_out_of_scope(folder, []) == {}


def test_questions_are_not_added_to_what_is_no_list_of_lines(tmp_path: Path) -> None:
    """A list in brackets is left to the person who wrote it so, with what to write."""
    folder = folder_with(tmp_path, HEAD)
    (folder / "out_of_scope.yaml").write_text("[一, 二]\n", "utf-8")
    with pytest.raises(KnowledgeError, match="自己写进去：三"):
        with_out_of_scope(folder, ["三"])
