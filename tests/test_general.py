"""Nothing in `bot/` knows what the shipped base is about: another subject is another folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bot
from bot.knowledge.located import read_shipped

PACKAGE = Path(bot.__file__).parent
SUBJECT = ("1688", "押金", "保证金", "诚信通", "阿里", "淘宝", "履约")
# The one place that names the base which is served unless another is named.
DEFAULT = (PACKAGE / "settings.py", "1688")


def spoken(path: Path) -> Iterator[str]:
    """Yield the texts in *path* that the program works with or shows, but no comments.

    The docstrings of commands are shown too: they are the help.
    """
    tree = ast.parse(path.read_text("utf-8"))
    silent = set()
    if path.parent.name != "commands" and path.name != "cli.py":
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                silent.add(ast.get_docstring(node, clean=False))
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and value not in silent:
            yield value


def values(data: object) -> Iterator[str]:
    """Yield the texts in what was read from YAML."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from values(value)
    elif isinstance(data, list):
        for value in data:
            yield from values(value)
    else:
        yield str(data)


def test_no_code_knows_the_subject_of_the_shipped_base() -> None:
    """No word of 1688 in any text of the program, but for the name of the default base."""
    found = {
        (path, text)
        for path in PACKAGE.rglob("*.py")
        for text in spoken(path)
        if any(word in text for word in SUBJECT)
    }

    assert found == {DEFAULT}


def test_no_data_of_the_program_knows_the_subject_of_the_shipped_base() -> None:
    """Nor in the lexicon, the remarks, or whatever else ships beside the code."""
    data = [path for path in PACKAGE.rglob("*") if path.suffix in {".yaml", ".json", ".html"}]
    assert len(data) >= 3
    for path in data:
        if path.suffix == ".yaml":
            package = ".".join(path.parent.relative_to(PACKAGE.parent).parts)
            texts = list(values(read_shipped(package, path.name)))
        else:
            texts = [path.read_text("utf-8")]
        assert not [text for text in texts if any(word in text for word in SUBJECT)], path
