"""The only caller of datamodel-code-generator: JSON Schema in, Python type expressions out.

It is given schemas that hold no text of the document but enum strings and patterns, and names
that are all of ours. What it prints is parsed and taken apart; nothing of it is passed on as text.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datamodel_code_generator import generate
from datamodel_code_generator.config import GenerateConfig
from datamodel_code_generator.enums import (
    DataModelType,
    InputFileType,
    StrictTypes,
    TargetPydanticVersion,
)
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

from tallystick.document import Json

_HOLDER = "Holder"

_CONFIG = GenerateConfig(
    input_file_type=InputFileType.JsonSchema,
    output_model_type=DataModelType.PydanticV2BaseModel,
    target_python_version=PythonVersion.PY_311,
    target_pydantic_version=TargetPydanticVersion.V2_14,
    formatters=[Formatter.BUILTIN],
    disable_timestamp=True,
    strict_types=list(StrictTypes),
    use_annotated=True,
    field_constraints=True,
    strict_nullable=True,
    enum_field_as_literal=LiteralType.All,
    keep_enum_member_values=True,
    keep_model_order=True,
    strict_refs=True,
    allow_remote_refs=False,
)


class PrinterError(Exception):
    """The printer's output has a shape that is not known: a fault of the generator."""


def reference(marker: str) -> dict[str, Json]:
    """The schema that stands for a named type."""
    return {"$ref": f"#/$defs/{marker}"}


def printed(schemas: Mapping[str, Json], markers: Iterable[str]) -> dict[str, ast.expr]:
    """The type expression of each schema.

    Args:
        schemas: by key, schemas whose references are to markers.
        markers: the names that they may refer to; each comes back as a plain name.

    Raises:
        PrinterError: the printer failed or put out something unknown.
    """
    # Most members of a document have one of a few types: each is printed once.
    texts = {key: json.dumps(schema) for key, schema in schemas.items()}
    names = {text: f"p{index}" for index, text in enumerate(dict.fromkeys(texts.values()))}
    members = {names[texts[key]]: schema for key, schema in schemas.items()}
    if not members:
        return {}
    body = _body(_text({**{name: _marker() for name in markers}, _HOLDER: _object(members)}))
    boxes = {name: held for node in body for name, held in _box(node)}
    holders = [each for each in body if isinstance(each, ast.ClassDef) and each.name == _HOLDER]
    fields = {name: held for each in holders for name, held in _fields(each).items()}
    if fields.keys() != members.keys():
        raise PrinterError("the printer left out a member or added one")
    found = {name: _Unboxed(boxes).visit(fields[name]) for name in members}
    return {key: found[names[text]] for key, text in texts.items()}


def _text(definitions: dict[str, Json]) -> str:
    document: dict[str, Any] = {"$defs": definitions}
    text = generate(document, config=_CONFIG)
    if not isinstance(text, str):
        raise PrinterError("the printer put out no module")
    return text


def _marker() -> Json:
    """A class that is nothing but its name."""
    return _object({"x": {"type": "string"}})


def _object(members: dict[str, Json]) -> dict[str, Json]:
    return {"type": "object", "properties": members, "required": list(members)}


def _body(text: str) -> list[ast.stmt]:
    """The definitions of a module, without its imports."""
    nodes = [node for node in ast.parse(text).body if not isinstance(node, ast.ImportFrom)]
    for node in nodes:
        if not isinstance(node, ast.ClassDef) and not list(_box(node)):
            raise PrinterError(f"the printer put out {ast.unparse(node):.200}")
    return nodes


def _fields(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        each.target.id: each.annotation
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }


def _box(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The name and content of a RootModel or alias: how the printer constrains a branch or item."""
    match node:
        case ast.ClassDef(name=name, bases=[ast.Subscript(value=ast.Name(id="RootModel"))]):
            if "root" in (fields := _fields(node)):
                yield name, fields["root"]
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Name(id="TypeAliasType"), args=[ast.Constant(), held]),
        ):
            yield name, held
        case _:
            pass


class _Unboxed(ast.NodeTransformer):
    """Puts what a RootModel holds in the place of its name."""

    def __init__(self, boxes: Mapping[str, ast.expr]) -> None:
        self._boxes = boxes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        boxed = self._boxes.get(node.id)
        return node if boxed is None else _Unboxed(self._boxes).visit(boxed)
