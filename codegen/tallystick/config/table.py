"""The table ``[tool.tallystick]`` as it was written, checked against ``config.schema.json``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from tallystick.errors import Location, UsageError

from .places import place

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator, ValidationError

    from tallystick.document import Json

SCHEMA = "config.schema.json"
_TABLE = ("tool", "tallystick")
_WORDS = {"string": "text", "array": "a list", "object": "a table"}


class Allow(TypedDict):
    """One entry of ``allow``."""

    keyword: str
    at: NotRequired[str]
    reason: str


# The keys are those of the schema, which a test holds; they are written here for the checkers.
Table = TypedDict(
    "Table",
    {
        "spec": str,
        "overlays": list[str],
        "pages": str,
        "history": str,
        "output": str,
        "package": str,
        "allow": list[Allow],
        "checks": list[str],
        "without-rules": list[str],
        "ref-root": str,
        "ref-files": dict[str, str],
    },
    total=False,
)


def schema(name: str = SCHEMA) -> dict[str, Json]:
    """The published JSON Schema of the table (draft-07, which every editor knows)."""
    text = files("tallystick.config").joinpath(name).read_text(encoding="utf-8")
    return cast("dict[str, Json]", json.loads(text))


def tool_schema(tool: str) -> dict[str, Json]:
    """The schema of ``[tool.<tool>]``, as plugins of validate-pyproject give it."""
    return schema()


def table_of(file: Path) -> Table | None:
    """The table of a ``pyproject.toml``; None if it has none.

    Raises:
        UsageError: it is not TOML, or the table does not fit the schema.
    """
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read as TOML: {error}", where=str(file)) from None
    tool = data.get("tool")
    if not isinstance(tool, dict) or "tallystick" not in tool:
        return None
    table: object = cast("dict[str, object]", tool)["tallystick"]
    wrong = next(_validator().iter_errors(_plain(table)), None)
    if wrong is not None:
        raise _told(wrong, file, text)
    return cast("Table", table)


# Built when there is a table to check: compiling takes longer than all else that is read here.
@cache
def _validator() -> Draft7Validator:
    from jsonschema_rs import Draft7Validator

    return Draft7Validator(schema())


def _plain(table: object) -> object:
    """JSON data; what only TOML has (dates) becomes null, which no setting takes."""
    return json.loads(json.dumps(table, default=lambda value: None))


def _told(error: ValidationError, file: Path, text: str) -> UsageError:
    kind = error.kind.as_dict()
    path: list[str | int] = [*_TABLE, *error.instance_path]
    what = f"{_dotted(path)} {_asked(error)}"
    hint = None
    if error.kind.name == "additionalProperties":
        path.append(str(kind["unexpected"][0]))
        what = f"there is no setting {_dotted(path)}"
        hint = f"known: {', '.join(_known(error.schema_path))}"
    found = place(text, path)
    return UsageError(what, where=Location(str(file), *found) if found else str(file), hint=hint)


def _asked(error: ValidationError) -> str:
    """What the schema asks for, of the kinds that it has."""
    kind = error.kind.as_dict()
    match error.kind.name:
        case "type":
            return f"must be {_WORDS[str(kind['types'][0])]}"
        case "required":
            return f"lacks {kind['property']}"
        case "minLength":
            return "is empty"
        case _:
            return f"does not fit: {error.message}"


def _known(schema_path: Sequence[str | int]) -> list[str]:
    """The settings of the table in whose schema ``additionalProperties`` refused one."""
    node: Json = schema()
    for token in schema_path[:-1]:
        node = cast("dict[str, Json]", node)[str(token)]
    return list(cast("dict[str, Json]", cast("dict[str, Json]", node)["properties"]))


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))
