"""An operator drafts entries from a help article; nobody is answered by them until a person agrees."""

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.errors import MissingExtraError
from bot.knowledge.articles.reading import read_article
from bot.knowledge.model import Base, Case
from bot.knowledge.reading import read_base, read_cases
from bot.settings import shipped
from tests.articles import HTML, MARKDOWN, PLAIN, STEPS, SUBJECTS, WAY
from tests.test_commands import run

BASE = """\
# 图书馆的条目，由小王维护
- {id: open, question: 图书馆几点开门, answer: 九点。}   # 冬天改
- id: ya-jin
  question: 自习室要押金吗
  answer: 不要。
"""
CASES = "# 用例\n- {ask: 游泳馆开门吗, expect: escalate}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the small base of a library."""
    (tmp_path / "kb" / "entries").mkdir(parents=True)
    (tmp_path / "kb" / "entries" / "general.yaml").write_text(BASE, "utf-8")
    (tmp_path / "kb" / "cases.yaml").write_text(CASES, "utf-8")
    return tmp_path / "kb"


def imported(cache: Path, folder: Path, article: Path, *options: str) -> tuple[int, str, str]:
    """Import *article* and return exit status, output and errors."""
    done = run(cache, "kb", "import", str(article), "--kb", str(folder), *options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def written(tmp_path: Path, name: str, text: str) -> Path:
    """Write an article and return where."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def drafted(cache: Path, folder: Path, article: Path, *options: str) -> Base:
    """Import *article* for good and return the base as it then is."""
    status, _, told = imported(cache, folder, article, "--yes", *options)
    assert (status, told) == (0, "")
    return read_base(folder)


def files(folder: Path) -> dict[Path, bytes]:
    """Return the bytes of all files of a base."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_article_becomes_drafts_and_cases(cache: Path, folder: Path, tmp_path: Path) -> None:
    """Its run of 标题:正文 is a how-to and an entry each; its title asks; what it recommends is escalated."""
    base = drafted(cache, folder, written(tmp_path, "a.txt", PLAIN), "--url", "https://a.example/1")
    whole, *others = base.drafts

    assert whole.question == "借书证怎么办要押金吗"
    assert [step.title for step in whole.steps] == ["填写申请", "核对身份", "领取卡片"]
    assert whole.answer.startswith("小区图书馆开了三年")
    assert whole.answer.endswith("办一张借书证要填表、核对身份、领卡三步。")
    asked = ["填写申请", "核对身份", "领取卡片", "押金和补办", "押金", "补办"]
    assert [draft.question for draft in others] == asked
    assert others[-1].phrasings == ("丢了能补么",)
    assert {(s.title, s.url, s.date) for draft in base.drafts for s in draft.sources} == {
        ("借书证怎么办要押金吗?丢了能补么?", "https://a.example/1", date(2025, 3, 4))
    }
    assert read_cases(folder)[1:] == [
        Case(ask=title, expect="escalate")
        for title in (
            "自习室怎么预约?可以占座吗?",
            "逾期还书要罚款吗?",
            "游泳馆几点关门?游泳馆夏天开到几点",
        )
    ]


@pytest.mark.parametrize(
    ("name", "steps", "asked"),
    [
        (
            "a.md",
            ["打开小程序", "选好时段", "到场签到"],
            ["自习室怎么预约?", "绘本弄坏了要赔吗?"],
        ),
        (
            "a.html",
            ["上传文件", "选择份数", "付款取件"],
            ["复印身份证要带什么?", "扫描件怎么发到邮箱?"],
        ),
    ],
)
def test_markdown_and_web_pages_are_read_alike(
    cache: Path, folder: Path, name: str, steps: list[str], asked: list[str]
) -> None:
    """Steps, date and recommended titles are found in either; navigation and footer are not taken."""
    text = {"a.md": MARKDOWN, "a.html": HTML}[name]
    base = drafted(cache, folder, written(folder.parent, name, text))

    assert [[step.title for step in d.steps] for d in base.drafts if d.steps] == [steps]
    assert all(draft.sources[0].date.year == 2025 for draft in base.drafts)
    assert [case.ask for case in read_cases(folder)[1:]] == asked
    around = ("新书", "版权", "小李", "var pages")
    assert not [d for d in base.drafts if any(word in d.answer for word in around)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [(WAY, ["活动室怎么预约", "注意事项"]), (STEPS, ["活动室预约步骤"])],
)
def test_headings_that_count_off_a_way_are_its_steps(
    cache: Path, folder: Path, tmp_path: Path, text: str, asked: list[str]
) -> None:
    """What stands under them is told step by step, and no step is an entry of its own."""
    whole, *others = drafted(cache, folder, written(tmp_path, "a.txt", text)).drafts

    assert [draft.question for draft in (whole, *others)] == asked
    assert [step.title for step in whole.steps] == ["登记住户信息", "选定日期", "领取钥匙"]
    assert whole.steps[1].detail.startswith("在服务台的日历上选一天")


def test_headings_of_which_one_names_the_way_are_entries(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """The way that the title asks for is told under one of them; the others are about something else."""
    drafts = drafted(cache, folder, written(tmp_path, "a.txt", SUBJECTS)).drafts

    assert [draft.question for draft in drafts] == ["预约条件", "预约流程", "活动室费用"]
    assert not any(draft.steps for draft in drafts)


@pytest.mark.parametrize(("name", "text"), [("a.txt", PLAIN), ("a.html", HTML)])
def test_chinese_encodings_are_read(
    cache: Path, folder: Path, tmp_path: Path, name: str, text: str
) -> None:
    """Older pages, and editors on Windows, save GB18030; the drafts are the same."""
    article = tmp_path / name
    article.write_bytes(text.replace("utf-8", "gbk").encode("gb18030"))

    assert imported(cache, folder, article) == imported(
        cache, folder, written(tmp_path, name, text)
    )


def test_a_colon_behind_a_heading_is_no_part_of_it(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """It heads a chapter with or without; else what stands under it would go to the one before."""
    with_colon = PLAIN.replace("二、押金和补办", "二、押金和补办:")

    assert imported(cache, folder, written(tmp_path, "a.txt", with_colon)) == imported(
        cache, folder, written(tmp_path, "b.txt", PLAIN)
    )


def test_a_web_page_names_its_address(cache: Path, folder: Path, tmp_path: Path) -> None:
    """The canonical link is the source's address; --url goes before it."""
    article = written(tmp_path, "a.html", HTML)
    assert "library.example/print" in str(drafted(cache, folder, article).drafts)
    other = "https://other.example/"
    (folder / "entries" / "general.yaml").write_text(BASE, "utf-8")
    base = drafted(cache, folder, article, "--url", other)
    assert {source.url for draft in base.drafts for source in draft.sources} == {other}


def test_a_preview_writes_nothing(cache: Path, folder: Path, tmp_path: Path) -> None:
    """Without --yes it says what would be added, and changes no byte."""
    before = files(folder)
    status, shown, _ = imported(cache, folder, written(tmp_path, "a.txt", PLAIN))

    assert status == 0
    assert "    ＋ 步骤 2：核对身份" in shown
    assert "新增用例（不该回答）：逾期还书要罚款吗?" in shown
    assert "共 7 个草稿、3 个用例。" in shown
    assert files(folder) == before


def test_what_was_there_stays_and_ids_are_new(cache: Path, folder: Path, tmp_path: Path) -> None:
    """Comments and entries keep their every byte; an id that is taken gets a number."""
    base = drafted(cache, folder, written(tmp_path, "a.txt", PLAIN))

    assert (folder / "entries" / "general.yaml").read_text("utf-8").startswith(BASE)
    assert (folder / "cases.yaml").read_text("utf-8").startswith(CASES)
    assert len(base.with_drafts) == len(base.entries) + len(base.drafts)
    assert "ya-jin-2" in base.with_drafts


def test_drafts_answer_nobody_until_accepted(cache: Path, folder: Path, tmp_path: Path) -> None:
    """The same question is escalated before the mark is taken away, and answered after; kb check agrees."""
    drafted(cache, folder, written(tmp_path, "a.txt", PLAIN))
    path = folder / "entries" / "general.yaml"

    def said() -> str:
        return run(cache, "ask", "补办", "--kb", str(folder)).stdout.decode()

    assert "十元工本费" not in said()
    path.write_text(path.read_text("utf-8").replace("  draft: true\n", ""), "utf-8")
    assert "十元工本费" in said()
    assert run(cache, "kb", "check", "--kb", str(folder)).returncode == 0


def test_an_article_is_imported_once(cache: Path, folder: Path, tmp_path: Path) -> None:
    """A second import of it adds nothing."""
    article = written(tmp_path, "a.txt", PLAIN)
    drafted(cache, folder, article)
    before = files(folder)
    _, shown, _ = imported(cache, folder, article, "--yes")

    assert "没有要加的" in shown
    assert files(folder) == before


def test_a_recommended_title_that_is_listed_as_out_of_scope_is_no_case(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """It is escalated as it is, and `kaidian kb check` would call the case a mistake."""
    (folder / "out_of_scope.yaml").write_text("- 逾期还书要罚款吗\n", "utf-8")
    base = drafted(cache, folder, written(tmp_path, "a.txt", PLAIN))

    assert base.out_of_scope == ("逾期还书要罚款吗",)
    assert [case.ask for case in read_cases(folder)[1:]] == [
        "自习室怎么预约?可以占座吗?",
        "游泳馆几点关门?游泳馆夏天开到几点",
    ]


def test_what_the_base_answers_already_is_pointed_out(cache: Path, tmp_path: Path) -> None:
    """A draft beside an entry, and a case that the bot would answer, are marked in the preview."""
    folder = tmp_path / "1688"
    shutil.copytree(shipped(), folder)
    text = "1688开店说明\n2026-01-02\n开店先看看下面这些,都写清楚了。\n一、要交押金吗\n要交多少以页面上写的为准,请看清楚。\n推荐阅读\n开诚信通一年多少钱呢\n"
    _, shown, _ = imported(cache, folder, written(tmp_path, "a.txt", text))

    assert "知识库里可能已有：deposit（" in shown
    assert "现在会用条目 service-price 回答它" in shown


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"", "是空的"),
        ("a.txt", b"\xff\xff", "文字编码既不是 UTF-8 也不是 GB18030"),
        ("a.md", b"\x00\x01\x02", "不是文字文件"),
        ("a.md", "# 只有标题".encode(), "里面没有找到文章"),
        ("a.html", "<html><body><p>你好".encode(), "里面没有找到文章"),
        ("a.html", b"<!-- -->", "里面没有找到文章"),
        (
            "a.txt",
            "怎么借书?\n带卡到服务台就能借,一次五本。".encode(),
            "没有找到日期 → 请加上它，比如：--date",
        ),
        ("a.docx", b"PK", "文章请用 .txt、.md 或 .html 文件"),
    ],
)
def test_a_bad_file_is_told_of_in_a_line_and_nothing_is_written(
    cache: Path, folder: Path, name: str, data: bytes, told: str
) -> None:
    """One line of Chinese names the file, the problem and the mend."""
    before = files(folder)
    (folder.parent / name).write_bytes(data)
    status, shown, error = imported(cache, folder, folder.parent / name, "--yes")

    assert (status, shown) == (2, "")
    assert told in error
    assert error.count("\n") == 1
    assert files(folder) == before


def test_a_web_page_needs_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library for web pages the mend is told, and two ways to it."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.delitem(sys.modules, "bot.knowledge.articles.html", raising=False)

    with pytest.raises(MissingExtraError, match=r"pip install 'kaidian\[articles\]'"):
        read_article(Path("a.html"), HTML.encode())


def test_a_day_can_be_given(cache: Path, folder: Path, tmp_path: Path) -> None:
    """An article without a date takes that of --date, and the topic of --topic."""
    article = written(tmp_path, "a.txt", "怎么借书?\n带卡到服务台就能借,一次五本。")
    base = drafted(cache, folder, article, "--date", "2026-01-02", "--topic", "lend")

    [draft] = base.drafts
    assert (draft.topic, draft.sources[0].date) == ("lend", date(2026, 1, 2))
    assert (folder / "entries" / "lend.yaml").is_file()
