"""JSON Schemas of the files of a base, made from the models, for editors of YAML."""

import json
from typing import Any, Final

from pydantic import TypeAdapter

from bot.knowledge.hints import HINTS
from bot.knowledge.model import Case, Entry, Header, OutOfScope, Thresholds

DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # the one that YAML editors know best
# What each kind of file holds, by the name of its schema.
MODELS: Final[dict[str, Any]] = {
    "kb": Header,
    "entries": list[Entry],
    "cases": list[Case],
    "out_of_scope": list[OutOfScope],
    "thresholds": Thresholds,
}
# To an editor an unquoted 1688 is a number and true a truth value; the reader takes them as text.
SCALARS: Final = ["string", "number", "boolean"]


def schemas() -> dict[str, str]:
    """Return the schema of each kind of file, as the text of a JSON file, by its name."""
    return {f"{name}.schema.json": _text(model) for name, model in MODELS.items()}


def _text(model: Any) -> str:  # noqa: ANN401  # whatever pydantic takes for a type
    schema = {"$schema": DIALECT, **_lenient(_hinted(TypeAdapter(model).json_schema()))}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _hinted(schema: Any) -> Any:  # noqa: ANN401  # any value of a JSON file
    """Return *schema* with what operators read in their language, and none of the code's names."""
    if isinstance(schema, list):
        return [_hinted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    hinted = {key: _hinted(value) for key, value in schema.items()}
    if isinstance(schema.get("title"), str):
        del hinted["title"]
    if isinstance(schema.get("description"), str):  # what its docstring says: that of a model
        hinted["description"] = HINTS[schema["title"]][""]
    if "properties" in schema:
        hints = HINTS[schema["title"]]
        for name in schema["properties"]:
            # Beside a $ref an editor of draft 7 shows nothing.
            field = schema["properties"][name]
            shown = {"allOf": [field]} if "$ref" in field else hinted["properties"][name]
            hinted["properties"][name] = {"description": hints[name], **shown}
    return hinted


def _lenient(schema: Any) -> Any:  # noqa: ANN401  # any value of a JSON file
    """Return *schema* with every text also allowed to look like a number or a truth value.

    Around a text the reader overlooks blanks.
    """
    if isinstance(schema, list):
        return [_lenient(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    lenient = {key: _lenient(value) for key, value in schema.items()}
    if schema.get("type") == "string" and not {"enum", "const", "format"} & schema.keys():
        lenient["type"] = SCALARS
        if "pattern" in schema:
            lenient["pattern"] = rf"^\s*{schema['pattern'].strip('^$')}\s*$"
            lenient["minimum"] = 0  # of what looks like a number: an id begins with no sign
        elif "minLength" in schema:
            lenient["pattern"] = r"\S"
    return lenient
