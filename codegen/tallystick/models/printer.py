"""The only caller of datamodel-code-generator: JSON Schema in, Python type expressions out.

It is given schemas that hold no text of the document but enum strings and patterns, and names
that are all of ours. What it prints is parsed and taken apart; nothing of it is passed on as text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
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
    members = {f"p{index}": schema for index, schema in enumerate(schemas.values())}
    if not members:
        return {}
    classes = _classes(_text({**{name: _marker() for name in markers}, _HOLDER: _object(members)}))
    holder = _fields(classes[_HOLDER])
    boxes = {name: _fields(each)["root"] for name, each in classes.items() if _is_box(each)}
    try:
        found = [_Unboxed(boxes).visit(holder[name]) for name in members]
    except KeyError as error:
        raise PrinterError(f"the printer left out {error}") from error
    return dict(zip(schemas, found, strict=True))


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


def _classes(text: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(text)
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | ast.ImportFrom):
            raise PrinterError(f"the printer put out a {type(node).__name__}")
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _fields(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        each.target.id: each.annotation
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }


def _is_box(node: ast.ClassDef) -> bool:
    """Whether it is a RootModel: the printer's way to constrain a branch or an item."""
    return any(
        isinstance(each, ast.Subscript)
        and isinstance(each.value, ast.Name)
        and each.value.id == "RootModel"
        for each in node.bases
    )


class _Unboxed(ast.NodeTransformer):
    """Puts what a RootModel holds in the place of its name."""

    def __init__(self, boxes: Mapping[str, ast.expr]) -> None:
        self._boxes = boxes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        boxed = self._boxes.get(node.id)
        return node if boxed is None else _Unboxed(self._boxes).visit(boxed)
