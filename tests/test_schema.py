"""Editors complete and check the YAML of a base by JSON Schemas made from the models."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.knowledge.schema import schemas
from bot.settings import shipped
from tests.test_commands import run

COMMITTED = Path(__file__).parents[1] / "docs" / "schema"


class Loader(yaml.SafeLoader):
    """Reads scalars as editors of YAML 1.2 do: dates stay text."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def faults(kind: str, text: str) -> list[str]:
    """Return what an editor underlines in a file of *kind*."""
    value: Any = yaml.load(text, Loader)  # noqa: S506  # a SafeLoader that knows fewer tags
    validator = Draft7Validator(json.loads(schemas()[f"{kind}.schema.json"]))
    return [error.message for error in validator.iter_errors(value)]


def test_the_committed_schemas_are_those_of_the_models(cache: Path, tmp_path: Path) -> None:
    """What `kaidian kb schema` writes is what the repository holds."""
    assert run(cache, "kb", "schema", str(tmp_path)).returncode == 0

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in COMMITTED.iterdir()
    }


@pytest.mark.parametrize("kind", ["kb", "entries", "cases", "thresholds"])
def test_the_shipped_base_has_no_fault_in_an_editor(kind: str) -> None:
    """Every shipped file satisfies the schema of its kind."""
    files = shipped().glob("entries/*.yaml" if kind == "entries" else f"{kind}.yaml")

    found = {path.name: faults(kind, path.read_text("utf-8")) for path in files}

    assert found
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("entries", "- {id: 1688, question: 1688, answer: true, reviewed: 2026-11-25}"),
        ("cases", "- {ask: 1688, expect: [a, [b, c]]}"),
        ("cases", "- {ask: 飞猪, expect: escalate}"),
    ],
)
def test_what_the_reader_takes_as_text_is_no_fault(kind: str, text: str) -> None:
    """A number or a truth value in the place of a text is not underlined."""
    assert faults(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("entries", "- {id: a, question: 问}"),
        ("entries", "- {id: a, question: 问, answer: 答, answre: 错}"),
        ("entries", "- {id: a, question: 问, answer: 答, phrasings: 问}"),
        ("entries", "- {id: -a, question: 问, answer: 答}"),
        ("cases", "- {ask: 问, expect: sometimes}"),
        ("cases", "- {ask: 问, expect: []}"),
        ("kb", "{id: a}"),
    ],
)
def test_a_mistake_is_underlined(kind: str, text: str) -> None:
    """A missing, unknown or misshapen field is a fault in the editor too."""
    assert faults(kind, text)
