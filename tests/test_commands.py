"""The commands, run as people run them."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import click
import pexpect
import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from bot.cli import cli
from bot.commands import chinese
from bot.settings import shipped

KAIDIAN = str(Path(sys.executable).with_name("kaidian"))
WORDS = Path(chinese.__file__).with_name("locale") / "zh_CN/LC_MESSAGES/messages.po"


def run(
    cache: Path, *arguments: str, stdin: bytes = b"", hash_seed: str = "random", **environ: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `kaidian` with *arguments*, and with *environ* in its environment."""
    return subprocess.run(
        [KAIDIAN, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={
            "KAIDIAN_CACHE": str(cache),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": hash_seed,
            **environ,
        },
    )


def test_ask_has_the_fixed_json(cache: Path) -> None:
    """One answer as JSON has the keys that others rely on."""
    reply = json.loads(run(cache, "ask", "要押金吗", "--json").stdout)

    assert reply["decision"] == "answer"
    assert reply["parts"][0]["entry"] == "deposit"
    assert reply["parts"][0]["candidates"][0]["topic"] == "deposit"
    assert reply["kb"].startswith("1688@")


def test_batch_goes_on_after_a_bad_line(cache: Path) -> None:
    """A line that is no UTF-8 is reported with its number; the rest is answered, in order."""
    done = run(
        cache,
        "ask",
        "--batch",
        "-",
        "--json",
        stdin="要押金吗\n".encode() + b"\xff\n" + "你好\n".encode(),
    )
    replies = [json.loads(line) for line in done.stdout.splitlines()]

    assert [reply["decision"] for reply in replies] == ["answer", "escalate", "smalltalk"]
    assert "第 2 行" in done.stderr.decode()


@pytest.mark.parametrize("command", [("ask", "--batch", "-"), ("chat",)])
def test_questions_in_gbk_are_not_taken_for_others(cache: Path, command: tuple[str, ...]) -> None:
    """As Windows saves them in China: told with the line and the way to convert them."""
    lines = "要押金吗\n".encode() + "怎么退押金\n".encode("gbk") + b"\xff\n"
    done = run(cache, *command, stdin=lines)
    gbk, bad = done.stderr.decode().splitlines()

    assert "第 2 行" in gbk
    assert "iconv -f gbk -t utf-8" in gbk
    assert "第 3 行" in bad
    assert "gbk" not in bad
    if command == ("chat",):
        assert done.stdout == run(cache, "ask", "要押金吗").stdout


def test_a_question_in_another_encoding_than_the_terminals_is_refused(cache: Path) -> None:
    """What stands on the command line in GBK would be answered as if it said something else."""
    done = run(cache, "ask", os.fsdecode("要押金吗".encode("gbk")))

    assert (done.returncode, done.stdout) == (2, b"")
    assert "不是 UTF-8" in done.stderr.decode()


def test_every_process_gives_the_same_reply(cache: Path) -> None:
    """Candidates that share equally much keep their order however sets are hashed."""
    question = "1688买家秀怎么管理\n投诉电话是多少\n".encode()
    replies = {
        run(cache, "ask", "--batch", "-", stdin=question, hash_seed=seed).stdout
        for seed in ("0", "2", "3", "5")
    }

    assert len(replies) == 1


def test_processes_that_start_together_for_the_first_time_do_not_meet(tmp_path: Path) -> None:
    """Each prepares the dictionary and compiles the base by itself; none finds half of another's."""
    with ThreadPoolExecutor() as together:
        done = list(together.map(lambda _: run(tmp_path, "ask", "要押金吗"), range(4)))

    assert {one.stderr for one in done} == {b""}
    assert len({one.stdout for one in done}) == 1


def test_chat_works_in_a_pipe(cache: Path) -> None:
    """Through a pipe there are no prompts and no colours."""
    done = run(cache, "chat", stdin="要押金吗\n/topics\n/explain\n/quit\n".encode())

    assert done.returncode == 0
    assert "\x1b" not in done.stdout.decode()
    assert "置信度" in done.stdout.decode()


def test_what_a_question_counts_for_beside_others_is_told(cache: Path) -> None:
    """How sure it was by itself, and what in the message speaks for and against it."""

    def beside_others(question: str) -> list[str]:
        done = run(cache, "ask", "--explain", question)
        return [line for line in done.stdout.decode().splitlines() if "和别的问题一起问" in line]

    assert beside_others("认证大概得等上几天才有消息") == []
    told, *_ = beside_others("认证没通过，客服电话是多少")
    assert "单独看的置信度 0." in told
    assert "unasking=1.00" in told


def test_chat_on_a_terminal_ends_cleanly(cache: Path) -> None:
    """On a terminal Ctrl-C clears the line and Ctrl-D leaves."""
    terminal = pexpect.spawn(
        KAIDIAN,
        ["chat"],
        env={
            "KAIDIAN_CACHE": str(cache),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        },
        encoding="utf-8",
        timeout=60,
    )
    terminal.expect_exact("\x1b[?2004h")  # the line editor listens
    terminal.send("要押金吗\r")
    terminal.expect("买家保障")
    terminal.expect_exact("\x1b[?2004h")
    terminal.sendintr()
    terminal.expect_exact("\x1b[?2004h")
    terminal.sendeof()
    terminal.expect("再见")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 0


def test_a_broken_base_is_told_without_a_traceback(cache: Path, tmp_path: Path) -> None:
    """A base with mistakes ends with exit status 2 and the mistakes."""
    (tmp_path / "entries.yaml").write_text("- id: a\n", "utf-8")
    done = run(cache, "ask", "问", "--kb", str(tmp_path))

    assert done.returncode == 2
    assert "entries.yaml:1" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_check_names_the_line_of_what_stands_beside_the_entries(
    cache: Path, tmp_path: Path
) -> None:
    """Contradicting synonyms and cases that can't test anything are found where they stand."""
    (tmp_path / "entries.yaml").write_text(
        "- {id: a, question: 怎么开店, phrasings: [咋开店], answer: 先注册。}\n", "utf-8"
    )
    (tmp_path / "kb.yaml").write_text(
        "id: a\ntitle: 试\nsynonyms:\n  - [退, 返]\n  - [还, 返]\n", "utf-8"
    )
    (tmp_path / "cases.yaml").write_text(
        "- {ask: 怎样开店, expect: [b]}\n- {ask: 咋开店, expect: [a]}\n", "utf-8"
    )

    done = run(cache, "kb", "check", "--kb", str(tmp_path))

    places = [line.split(": ")[0] for line in done.stdout.decode().splitlines()]
    assert done.returncode == 2
    assert [f"{tmp_path}/{place}" for place in ("cases.yaml:1", "cases.yaml:2", "kb.yaml:5")] == [
        place for place in places if not place.startswith((f"{tmp_path}/entries", "共"))
    ]


def test_check_finds_what_is_listed_as_out_of_scope_and_is_not(cache: Path, tmp_path: Path) -> None:
    """A question that is answered, too, that is listed twice, or that is a case; each with its mend."""
    (tmp_path / "entries.yaml").write_text(
        "- {id: a, question: 怎么开店, phrasings: [咋开店], answer: 先注册。, "
        "sources: [{title: 规定, date: 2026-01-02}]}\n",
        "utf-8",
    )
    (tmp_path / "cases.yaml").write_text("- {ask: 食堂在哪, expect: escalate}\n", "utf-8")
    path = tmp_path / "out_of_scope.yaml"
    path.write_text("# 不回答\n- 咋开店？\n- 班车几点来\n- 食堂在哪\n- 班车几点来?\n", "utf-8")
    done = run(cache, "kb", "check", "--kb", str(tmp_path))
    *told, summary = done.stdout.decode().splitlines()

    assert (done.returncode, summary) == (2, "共 3 处错误，0 条提醒。")
    assert [(line.split(": ")[0], "→" in line) for line in told] == [
        (f"{path}:{number}", True) for number in (2, 4, 5)
    ]
    assert ["条目 a 的问法" in told[0], "用例" in told[1], "不止一次" in told[2]] == [True] * 3

    path.write_text("- 班车几点来\n- 怎么开店呢\n", "utf-8")
    done = run(cache, "kb", "check", "--kb", str(tmp_path))
    told = done.stdout.decode().splitlines()

    assert done.returncode == 0
    assert f"{path}:2: 提醒：" in told[0]
    assert "条目 a 的问法“怎么开店”是一个意思" in told[0]
    assert "2 个不回答的问题" in told[-1]


def test_check_tells_mistakes_last(cache: Path, tmp_path: Path) -> None:
    """However many warnings there are, what must be mended stands where the terminal stops."""
    entry = "- {{id: {id}, question: {id}怎么办, related: [{related}], answer: 先注册。}}\n"
    text = entry.format(id="a", related="no") + entry.format(id="b", related="a")
    (tmp_path / "entries.yaml").write_text(text, "utf-8")
    told = run(cache, "kb", "check", "--kb", str(tmp_path)).stdout.decode().splitlines()

    assert ["提醒：" in line for line in told] == [True, True, False, False]
    assert told[-1] == "共 1 处错误，2 条提醒。"


ONE_ENTRY = "- {id: a, question: 怎么开店, phrasings: [咋开店], answer: 先注册。}\n"


def test_check_says_what_a_case_may_expect(cache: Path, tmp_path: Path) -> None:
    """The id alone instead of a list of ids is the commonest mistake; one line tells the mend."""
    (tmp_path / "entries.yaml").write_text(ONE_ENTRY, "utf-8")
    (tmp_path / "cases.yaml").write_text("- {ask: 怎样开店, expect: a}\n", "utf-8")
    done = run(cache, "kb", "check", "--kb", str(tmp_path))
    (line,) = [line for line in done.stderr.decode().splitlines() if "cases.yaml:1" in line]

    assert done.returncode == 2
    assert "expect 的值“a”不在可选范围内 → 应当怎样：条目 id 的列表" in line


def test_a_case_in_which_nothing_is_answered_is_one_to_be_escalated(
    cache: Path, tmp_path: Path
) -> None:
    """Written as a list, too, it counts among those that must not be answered."""
    (tmp_path / "entries.yaml").write_text(ONE_ENTRY, "utf-8")
    (tmp_path / "cases.yaml").write_text(
        "- {ask: 天气怎么样, expect: [escalate]}\n- {ask: 咋样开店, expect: [a]}\n", "utf-8"
    )
    done = run(cache, "kb", "test", "--json", "--kb", str(tmp_path))
    counted = [half["escalate"] for half in json.loads(done.stdout).values()]

    assert done.stderr == b""
    assert sorted(counted, key=len) == [{}, {"refused": 1}]


def test_check_warns_where_a_comment_may_be_meant_as_text(cache: Path, tmp_path: Path) -> None:
    """每天 1 元 #封顶 50 元 loses its second half, and nobody sees it."""
    (tmp_path / "entries.yaml").write_text(
        "- id: a  # 罚款\n  question: '逾期罚多少'  # 常问\n  answer: 每天 1 元 #封顶 50 元\n",
        "utf-8",
    )
    done = run(cache, "kb", "check", "--kb", str(tmp_path))

    (line,) = [line for line in done.stdout.decode().splitlines() if "注释" in line]
    assert line.startswith(f"{tmp_path}/entries.yaml:3: 提醒：“ #”和它后面的字是注释")


@pytest.mark.parametrize(
    ("rate", "status", "told"),
    [
        ("0.99", 0, "答错占全部回答的 50.00%，承诺 ≤ 99.0%：做到了"),
        ("0.2", 0, "承诺 ≤ 20.0%：看到的比承诺高，但条数少，还不能断定没做到"),
        ("0.01", 1, "承诺 ≤ 1.0%：没做到"),
    ],
)
def test_a_promise_is_called_kept_only_where_no_more_was_seen(
    cache: Path, tmp_path: Path, rate: str, status: int, told: str
) -> None:
    """One wrong of two answers is more than a promised fifth, but too few to say that it is broken."""
    (tmp_path / "entries.yaml").write_text(
        "- {id: a, question: 怎么开店, phrasings: [咋开店], answer: 先注册。}\n", "utf-8"
    )
    (tmp_path / "kb.yaml").write_text(f"id: a\ntitle: 试\nmax_wrong_rate: {rate}\n", "utf-8")
    (tmp_path / "cases.yaml").write_text(
        "- {ask: 请问怎么开店呢, expect: [a]}\n- {ask: 请问咋开店, expect: escalate}\n", "utf-8"
    )
    done = run(cache, "kb", "test", "--kb", str(tmp_path))

    assert done.returncode == status
    assert told in done.stdout.decode()


@pytest.mark.parametrize("command", [("ask", "1688怎么开店"), ("kb", "check")])
def test_a_cache_that_cannot_be_written_is_done_without(command: tuple[str, ...]) -> None:
    """Who runs it may have no home; the words are prepared for this process alone."""
    done = run(Path("/dev/null/cache"), *command)

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_a_cache_that_anybody_can_write_is_not_used(tmp_path: Path) -> None:
    """What somebody planted there is not read, and nothing is put beside it."""
    tmp_path.chmod(0o777)
    done = run(tmp_path, "ask", "1688怎么开店", "--kb", str(shipped()))

    assert done.returncode == 0
    assert not list(tmp_path.glob("words-*"))


@pytest.mark.parametrize("command", [("tickets", "list"), ("stats",), ("doctor",), ("telegram",)])
def test_a_password_on_the_command_line_is_refused(cache: Path, command: tuple[str, ...]) -> None:
    """Everybody on the machine could read it there; it is not said again."""
    done = run(cache, *command, "--db", "postgresql+psycopg://kaidian:hunter2@localhost/kaidian")

    assert done.returncode == 2
    assert "KAIDIAN_DB" in done.stderr.decode()
    assert b"hunter2" not in done.stdout + done.stderr


each_language = pytest.mark.parametrize("language", ["", "C", "en_US.UTF-8"])


@each_language
def test_help_is_chinese_whatever_the_language_is(cache: Path, language: str) -> None:
    """Click's headings and its own option, too."""
    done = run(cache, "store", "--help", LANG=language, LANGUAGE=language)
    told = done.stdout.decode().splitlines()

    assert [line for line in told if line and not line.startswith(" ")] == [
        "用法: kaidian store [选项] [命令] [参数]...",
        "选项:",
        "命令:",
    ]
    assert "  -h, --help  显示这份说明。" in told


@each_language
def test_the_version_is_told_in_chinese(cache: Path, language: str) -> None:
    """With the name first and the number last."""
    told = run(cache, "--version", LANG=language, LANGUAGE=language).stdout.decode()

    assert re.fullmatch(r"kaidian 版本 \d+\.\d+\.\d+\n", told)


@each_language
def test_a_mistake_is_told_in_chinese_whatever_the_language_is(cache: Path, language: str) -> None:
    """What the usage is, where more is told, and what was wrong."""
    done = run(cache, "tickets", "closed", LANG=language, LANGUAGE=language)

    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "用法: kaidian tickets [选项] 命令 [参数]...",
        "运行 kaidian tickets --help 看用法。",
        "",
        "错误：没有命令 'closed' → 您是不是想输入 'close'？",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("aks", "没有命令 'aks' → 您是不是想输入 'ask'？"),
        ("kb chekc", "没有命令 'chekc' → 您是不是想输入 'check'？"),
        ("--", "缺少命令"),
        ("ask --jsno", "没有选项 '--jsno' → 您是不是想输入 '--json'？"),
        ("ask -x", "没有选项 '-x'"),
        ("ask --json=1", "选项 '--json' 后面不能写值"),
        ("ask --batch", "选项 '--batch' 后面缺少它的值"),
        ("ask 怎么 开店", "多出了参数 开店 → 一个参数里有空格时，请用引号把它括起来"),
        ("ask --batch no.txt", "'--batch' 的值不对：'no.txt' 不存在 → 请检查路径"),
        ("ask --batch /", "'--batch' 的值不对：'/' 是文件夹 → 请给出一个文件"),
        ("kb import no.csv", "'文件' 的值不对：'no.csv' 不存在 → 请检查路径"),
        ("kb train no", "'文件夹...' 的值不对：'no' 不存在 → 请检查路径"),
        ("kb train /", "缺少选项 '--output'."),
        ("tickets close", "缺少参数 '编号'."),
        ("tickets close 三", "'编号' 的值不对：'三' 不是整数"),
        ("stats --days 0", "'--days' 的值不对：0 不在允许的范围里（1<=x<=36500）"),
        ("stats --since 3月", "'--since' 的值不对：'3月' 不是日期 → 请写成 2026-11-24 这样"),
    ],
)
def test_a_mistyped_command_line_is_told_in_chinese(cache: Path, arguments: str, told: str) -> None:
    """With the mend, where one can be told."""
    done = run(cache, *arguments.split())

    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[-1] == f"错误：{told}"


def test_a_folder_must_be_one(cache: Path, tmp_path: Path) -> None:
    """Where files are to be written, a file is none."""
    (file := tmp_path / "a.json").write_text("{}")
    done = run(cache, "kb", "schema", str(file))

    assert f"'{file}' 是文件 → 请给出一个文件夹" in done.stderr.decode()


def test_a_question_is_left_in_chinese(cache: Path, tmp_path: Path) -> None:
    """What is neither yes nor no is asked again; where nothing more is typed, the command ends."""
    (tmp_path / "entries.yaml").write_text(ONE_ENTRY, "utf-8")
    done = run(cache, "kb", "review", "a", "--kb", str(tmp_path), stdin="好\n".encode())

    assert done.returncode == 1
    assert "错误：请输入 y（是）或 n（否）" in done.stdout.decode()
    assert done.stderr.decode().strip() == "已中止。"


def test_no_command_leaves_its_usage_to_click() -> None:
    """Which would say [OPTIONS], INTEGER RANGE and the like."""
    every = list(commands(cli))

    assert [one.name for one in every if not isinstance(one, chinese.Command)] == []
    assert [
        (one.name, value.name)
        for one in every
        for value in one.params
        if not (isinstance(value, click.Option) and value.is_flag) and not value.metavar
    ] == []


def commands(command: click.Command) -> Iterator[click.Command]:
    """Yield *command* and all below it."""
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from commands(below)


def test_the_catalogue_is_compiled_as_it_is_written() -> None:
    """`make catalogue` was run since it was changed."""
    with WORDS.open("rb") as source:
        write_mo(fresh := BytesIO(), read_po(source))
    fresh.seek(0)
    with WORDS.with_suffix(".mo").open("rb") as compiled:
        kept, wanted = (
            [(word.id, word.string) for word in read_mo(file) if word.id]
            for file in (compiled, fresh)
        )

    assert kept == wanted


def test_click_still_has_the_words_of_the_catalogue() -> None:
    """A later Click that puts it differently would be English again."""
    said = {
        node.value
        for path in Path(click.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant)
    }
    with WORDS.open("rb") as source:
        translated = {
            text
            for word in read_po(source)
            for text in (word.id if isinstance(word.id, tuple) else (word.id,))
        }

    assert translated <= said
