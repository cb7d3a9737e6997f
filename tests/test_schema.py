"""Editors complete and check the YAML of a base by JSON Schemas made from the models."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import ValidationError

from bot.knowledge.model import Entry
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


@cache
def validator(kind: str) -> Draft7Validator:
    """Return what an editor checks files of *kind* with."""
    return Draft7Validator(json.loads(schemas()[f"{kind}.schema.json"]))


def faults(kind: str, text: str) -> list[str]:
    """Return what an editor underlines in a file of *kind*."""
    value: Any = yaml.load(text, Loader)  # noqa: S506  # a SafeLoader that knows fewer tags
    return [error.message for error in validator(kind).iter_errors(value)]


def test_the_committed_schemas_are_those_of_the_models(cache: Path, tmp_path: Path) -> None:
    """What `kaidian kb schema` writes is what the repository holds."""
    assert run(cache, "kb", "schema", str(tmp_path)).returncode == 0

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in COMMITTED.iterdir()
    }


@pytest.mark.parametrize("kind", ["kb", "entries", "cases", "out_of_scope", "thresholds"])
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
        ("out_of_scope", "[飞猪能退吗, 1688, true]"),
    ],
)
def test_what_the_reader_takes_as_text_is_no_fault(kind: str, text: str) -> None:
    """A number or a truth value in the place of a text is not underlined."""
    assert faults(kind, text) == []


@settings(deadline=None)
@given(st.text("aZ0_.-中，! \t", max_size=6) | st.text("ab", min_size=60, max_size=70))
def test_an_id_is_a_fault_where_the_reader_refuses_it(text: str) -> None:
    """The editor and the reader have the same notion of an id."""
    try:
        Entry(id=text, question="问", answer="答")
    except ValidationError:
        accepted = False
    else:
        accepted = True

    assert (
        validator("entries").is_valid([{"id": text, "question": "问", "answer": "答"}]) is accepted
    )


def described(schema: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # any value of a JSON file
    """Yield each field of *schema* with what an editor shows of it."""
    if isinstance(schema, list):
        for item in schema:
            yield from described(item)
    elif isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items():
            yield name, field.get("description", "")
        for value in schema.values():
            yield from described(value)


@pytest.mark.parametrize("kind", ["kb", "entries", "cases", "thresholds"])
def test_an_editor_explains_every_field_in_chinese(kind: str) -> None:
    """Whoever hovers over a field reads what to write there."""
    found = dict(described(json.loads(schemas()[f"{kind}.schema.json"])))

    assert found
    assert [name for name, text in found.items() if not re.search("[一-鿿]", text)] == []


def test_an_editor_explains_what_to_list_as_out_of_scope() -> None:
    """Whoever hovers over a question in the list reads, in Chinese, what becomes of it."""
    schema = json.loads(schemas()["out_of_scope.schema.json"])

    assert "一定不回答" in schema["$defs"]["OutOfScope"]["description"]
    assert schema["items"] == {"$ref": "#/$defs/OutOfScope"}


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
        ("out_of_scope", "飞猪能退吗"),
        ("out_of_scope", "- 飞猪: 能退吗"),
        ("out_of_scope", "-"),
        ("out_of_scope", "- ' '"),
    ],
)
def test_a_mistake_is_underlined(kind: str, text: str) -> None:
    """A missing, unknown or misshapen field is a fault in the editor too."""
    assert faults(kind, text)
