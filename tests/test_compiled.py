"""Bases that were compiled: what they say, and what becomes of a file that isn't right."""

import subprocess
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Parts, assemble, compile_base, load
from bot.channels.json_lines import as_json
from bot.desk.compiled.keeping import compiled_path, program
from bot.desk.serving import Serving, Swapped
from bot.dialogue.conversation import NEW, Assistant
from bot.errors import KaidianError, KnowledgeError
from bot.knowledge.reading import read_base, read_cases
from bot.settings import shipped
from tests.test_commands import KAIDIAN

ENTRY = "- id: {id}\n  question: {question}\n  answer: {answer}\n"
PEOPLE = "姑姑叔叔舅舅阿姨奶奶爷爷"


def written(folder: Path, **files: str) -> Path:
    """Write *files* of entries to a base in *folder*, and return it."""
    for name, text in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small base of three files."""
    return written(
        tmp_path / "kb",
        leave=ENTRY.format(id="leave", question="年假有几天", answer="五天")
        + "  phrasings: [一年能休几天假, 年假怎么算]\n  steps: [{title: 申请, detail: 填表}]\n",
        pay=ENTRY.format(id="pay", question="工资哪天发", answer="十号")
        + "  topic: money\n  phrasings: [什么时候发钱]\n",
        draft=ENTRY.format(id="draft", question="有没有食堂", answer="有") + "  draft: true\n",
    )


def replies(assistant: Assistant, texts: list[str]) -> list[bytes]:
    """Return what *assistant* says to each of *texts*, with its candidates and confidences."""
    return [as_json(assistant.respond(NEW, text)[1]) for text in texts]


QUESTIONS = [
    "年假有几天",
    "年假几天",
    "发工资",
    "什么时候发年假的钱",
    "有没有食堂",
    "工姿哪天发",
    "x",
]


def plain(folder: Path, cache: Path) -> Assistant:
    """Return an assistant of the base in *folder* that was not compiled."""
    return assemble(read_base(folder), cache).assistant


def test_the_shipped_base_decides_the_same_when_it_is_compiled(
    tmp_path: Path, parts: Parts
) -> None:
    """All its cases have the same reply, candidates and confidences."""
    compile_base(shipped(), tmp_path)
    texts = [case.ask for case in read_cases(shipped())]

    assert replies(parts.assistant, texts) == replies(load(shipped(), tmp_path), texts)


def test_a_base_is_compiled_before_it_is_first_used(folder: Path, tmp_path: Path) -> None:
    """From then on it is opened, whoever asks."""
    cache = tmp_path / "cache"

    first = load(folder, cache)

    assert compiled_path(folder, cache).is_file()
    assert replies(first, QUESTIONS) == replies(load(folder, cache), QUESTIONS)


def test_a_compiled_base_is_the_base(folder: Path, cache: Path) -> None:
    """Its entries, topics, version and overview are those of its folder; drafts answer nobody."""
    base, compiled = read_base(folder), compile_base(folder, cache)

    assert list(base.entries) == list(compiled.entries)
    assert dict(base.by_id) == dict(compiled.by_id)
    assert (base.version, base.topics) == (compiled.version, compiled.topics)
    assert base.first_of_topics == compiled.first_of_topics
    assert base.first_how_to == compiled.first_how_to
    assert "draft" not in compiled.by_id


words = st.text(st.sampled_from(PEOPLE + "退钱不能吗1a 押金"), min_size=1, max_size=8).filter(
    lambda text: text.strip() and text.strip(" 1a")
)
bases = st.lists(st.lists(words, min_size=1, max_size=4, unique=True), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None)
@given(before=bases, after=bases, asked=st.lists(words, min_size=1, max_size=5))
def test_any_base_decides_the_same_compiled_or_not(
    tmp_path_factory: pytest.TempPathFactory,
    cache: Path,
    before: list[list[str]],
    after: list[list[str]],
    asked: list[str],
) -> None:
    """Also when it was compiled as another base first, and what changed was compiled into it."""
    folder = tmp_path_factory.mktemp("any")
    for entries in (before, after):
        for number in range(max(len(before), len(after))):
            path = folder / f"{number}.yaml"
            path.unlink(missing_ok=True)
            if number < len(entries):
                first, *others = (f'"{text}"' for text in entries[number])
                text = ENTRY.format(id=f"e{number}", question=first, answer="好")
                path.write_text(text + f"  phrasings: [{', '.join(others)}]\n", "utf-8")
        if entries is before:
            compile_base(folder, cache)
    texts = [*asked, *(text for entry in after for text in entry)]

    assert replies(plain(folder, cache), texts) == replies(load(folder, cache), texts)


def test_a_saved_change_is_in_the_compiled_base_when_it_is_opened(
    folder: Path, cache: Path
) -> None:
    """An entry that was changed, one that is new, one that is gone, and the base's own words."""
    compile_base(folder, cache)
    written(
        folder,
        leave=ENTRY.format(id="leave", question="年假有几天", answer="十天"),
        canteen=ENTRY.format(id="canteen", question="有没有食堂", answer="有"),
        kb="id: office\ntitle: 办公室\nsynonyms: [[工资, 薪水]]\n",
    )
    (folder / "draft.yaml").unlink()
    (folder / "pay.yaml").rename(folder / "aaa.yaml")
    opened = load(folder, cache)

    assert opened.base.version == read_base(folder).version
    assert "十天" in opened.respond(NEW, "年假有几天")[1].text
    assert replies(plain(folder, cache), [*QUESTIONS, "薪水哪天发"]) == replies(
        opened, [*QUESTIONS, "薪水哪天发"]
    )


def test_what_is_out_of_scope_is_the_same_in_a_compiled_base(folder: Path, cache: Path) -> None:
    """As it was listed, after the list was changed, and after it was taken away."""
    path = folder / "out_of_scope.yaml"
    said: list[list[bytes]] = []
    for listed in ("- 年假几天\n- 食堂几点开\n", "- 发工资\n- 食堂几点开\n", None):
        if listed is None:
            path.unlink()
        else:
            path.write_text(listed, "utf-8")
        opened = load(folder, cache) if said else load_compiled(folder, cache)
        said.append(replies(opened, QUESTIONS))

        assert said[-1] == replies(plain(folder, cache), QUESTIONS)
        assert tuple(opened.base.out_of_scope) == read_base(folder).out_of_scope
    assert said[0] != said[1] != said[2] != said[0]


def load_compiled(folder: Path, cache: Path) -> Assistant:
    """Compile the base in *folder*, and open it."""
    compile_base(folder, cache)
    return load(folder, cache)


def test_a_running_bot_compiles_what_was_saved(folder: Path, cache: Path) -> None:
    """The new answer is used; a mistake is told as ever, and the old base goes on serving."""
    compile_base(folder, cache)
    serving = Serving(folder, lambda place: load(place, cache))
    before = compiled_path(folder, cache).read_bytes()
    written(folder, leave=ENTRY.format(id="leave", question="年假有几天", answer="十天"))
    serving.look()

    assert isinstance(serving.look(), Swapped)
    assert "十天" in serving.assistant.respond(NEW, "年假有几天")[1].text
    assert compiled_path(folder, cache).read_bytes() != before

    written(folder, pay="- id: leave\n  question: 工资哪天发\n  answer: 十号\n")
    serving.look()
    assert "条目 id leave 重复" in str(serving.look())
    assert "十天" in serving.assistant.respond(NEW, "年假有几天")[1].text


def test_a_mistake_leaves_nothing_compiled(folder: Path, cache: Path) -> None:
    """Each mistake is told with its file and line, as when the base is read."""
    written(folder, leave="- id: leave\n", pay="- id: pay\n  question: x\n")
    with pytest.raises(KnowledgeError) as told:
        compile_base(folder, cache)

    assert [mistake.line for mistake in told.value.mistakes] == [1, 1, 1]
    assert not compiled_path(folder, cache).exists()


def test_a_copy_of_the_base_with_other_times_is_not_compiled_again(
    folder: Path, cache: Path
) -> None:
    """What counts are the contents."""
    compile_base(folder, cache)
    before = compiled_path(folder, cache).stat().st_ino
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes())
    load(folder, cache)

    assert compiled_path(folder, cache).stat().st_ino == before


def test_no_damage_makes_a_wrong_answer(
    folder: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever a byte is wrong: it is compiled again, or the person is told to do so."""
    compile_base(folder, cache)
    path = compiled_path(folder, cache)
    good, right = path.read_bytes(), replies(plain(folder, cache), QUESTIONS)
    for place in range(0, len(good), 397):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        try:
            assert replies(load(folder, cache), QUESTIONS) == right
        except KaidianError as error:
            assert "kaidian kb build" in str(error)  # noqa: PT017  # most damage raises nothing

    assert "已损坏" in caplog.text


@pytest.mark.parametrize("length", [0, 7, 30, 1000, -1])
def test_a_file_that_was_cut_off_is_compiled_again(
    folder: Path, cache: Path, length: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told in the log, once, and the next start finds it whole."""
    compile_base(folder, cache)
    path = compiled_path(folder, cache)
    path.write_bytes(path.read_bytes()[:length])

    assert replies(load(folder, cache), QUESTIONS) == replies(plain(folder, cache), QUESTIONS)
    assert caplog.text.count("已损坏") == 1
    load(folder, cache)
    assert caplog.text.count("已损坏") == 1


def test_another_process_may_compile_the_base_while_it_is_opened(
    folder: Path, cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that was opened is read to its end, whatever takes its place meanwhile."""
    compile_base(folder, cache)
    path = compiled_path(folder, cache)
    before = path.read_bytes()
    written(folder, more=ENTRY.format(id="more", question="能不能在家办公", answer="能"))
    compile_base(folder, cache)
    other = path.with_suffix(".other")
    path.rename(other)
    path.write_bytes(before)
    open_ = Path.open

    def opened_and_replaced(self: Path, mode: str = "r") -> IO[Any]:
        file = open_(self, mode)
        if self == path and other.exists():
            other.replace(path)
        return file

    monkeypatch.setattr(Path, "open", opened_and_replaced)

    assert replies(load(folder, cache), QUESTIONS) == replies(plain(folder, cache), QUESTIONS)
    assert caplog.text == ""


def test_what_another_version_compiled_is_compiled_again(
    folder: Path, cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words may have been taken apart otherwise."""
    compile_base(folder, cache)
    monkeypatch.setattr("bot.desk.compiled.keeping.LIBRARIES", ("jieba",))
    program.cache_clear()
    try:
        assert replies(load(folder, cache), QUESTIONS) == replies(plain(folder, cache), QUESTIONS)
    finally:
        program.cache_clear()

    assert "另一个版本" in caplog.text


def test_the_command_compiles_and_the_others_use_it(folder: Path, tmp_path: Path) -> None:
    """`kaidian kb build` says where the file is; `ask` opens it, and what was saved since."""
    environ = {"KAIDIAN_CACHE": str(tmp_path / "cache"), "LANG": "C.UTF-8"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [KAIDIAN, *arguments, "--kb", str(folder)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    built = run("kb", "build")
    path = compiled_path(folder, tmp_path / "cache")

    assert built.returncode == 0
    assert "2 个条目" in built.stdout
    assert str(path) in built.stdout
    assert "五天" in run("ask", "年假有几天").stdout

    written(folder, leave=ENTRY.format(id="leave", question="年假有几天", answer="十天"))
    assert "十天" in run("ask", "年假有几天").stdout

    path.write_bytes(path.read_bytes()[:-100])
    asked = run("ask", "年假有几天")
    assert "十天" in asked.stdout
    assert "已损坏" in asked.stderr

    (folder / "leave.yaml").write_text("- id: x\n", "utf-8")
    failed = run("kb", "build")
    assert (failed.returncode, failed.stderr.count("leave.yaml:1")) == (2, 2)
