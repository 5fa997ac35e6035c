"""The printer's type expressions, checked against an allow-list and written in our own words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tallystick.document import Json
from tallystick.jinja import Code, joined, literal
from tallystick.models.printer import PrinterError
from tallystick.models.records import Expression

_SCALARS = {
    "StrictInt": "Integer",
    "StrictFloat": "Number",
    "AwareDatetime": "DateTime",
    "datetime": "DateTime",
    "date": "Date",
    "time": "Time",
    "UUID": "UUID",
    "Any": "Json",
    "bytes": "Binary",
    "StrictBytes": "Binary",
}
_BUILTINS = {"StrictStr": "str", "StrictBool": "bool"}
_CONTAINERS = frozenset({"list", "dict"})
_BOUNDS = frozenset({"ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length"})


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes type expressions.

    Attributes:
        names: the name of ours, or a whole expression of ours, for each marker.
        strings: the strings that the schema may hold: enum values, constants and patterns.
    """

    names: Mapping[str, Code]
    strings: frozenset[str]

    def expression(self, node: ast.expr) -> Expression:
        """The expression in our words.

        Raises:
            PrinterError: it has a shape, a name or a string that is not on the list.
        """
        text = self.text(node)
        used = _identifiers(ast.parse(text, mode="eval"))
        return Expression(
            text=text,
            names=used & frozenset(self.names.values()),
            scalars=used & (frozenset(_SCALARS.values()) | {"Integral", "Boolean"}),
            typing=used & {"Annotated", "Literal"},
            pydantic=used & {"Field"},
            exactly=used & {"Exactly"},
        )

    def text(self, node: ast.expr) -> Code:
        """The text of one node and all below it."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=None):
                return Code("None")
            case ast.BinOp(op=ast.BitOr()):
                return self._union(node)
            case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
                return self._literal(values)
            case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[of, field])):
                return Code(f"Annotated[{self.text(of)}, {self._field(field)}]")
            case ast.Subscript(value=ast.Name(id="list"), slice=item):
                return Code(f"list[{self.text(item)}]")
            case ast.Subscript(
                value=ast.Name(id="dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), item])
            ):
                return Code(f"dict[str, {self.text(item)}]")
            case _:
                raise _unknown(node)

    def _name(self, name: str) -> Code:
        known = {**_SCALARS, **_BUILTINS, **self.names}
        if name not in known:
            raise PrinterError(f"the printer put out the name {name}")
        return Code(known[name])

    def _union(self, node: ast.expr) -> Code:
        branches = [self.text(each) for each in _merged(list(_branches(node)))]
        distinct = list(dict.fromkeys(branches))
        if "Json" in distinct:
            return Code("Json")
        nulls = [each for each in distinct if each == "None"]
        return joined([*(each for each in distinct if each != "None"), *nulls], " | ")

    def _literal(self, node: ast.expr) -> Code:
        elements = node.elts if isinstance(node, ast.Tuple) else [node]
        values = [self._value(each) for each in elements]
        text = Code(f"Literal[{joined([literal(value) for value in values], ', ')}]")
        kinds = {type(value) for value in values}
        if bool in kinds:
            return Code(f"Annotated[{text}, Boolean]")
        return Code(f"Annotated[{text}, Integral]") if int in kinds else text

    def _field(self, node: ast.expr) -> Code:
        match node:
            case ast.Call(func=ast.Name(id="Field"), args=[], keywords=keywords):
                arguments = [self._argument(each) for each in keywords]
                return Code(f"Field({joined(arguments, ', ')})")
            case _:
                raise _unknown(node)

    def _argument(self, node: ast.keyword) -> Code:
        value = self._value(node.value)
        if node.arg == "pattern" and isinstance(value, str):
            return Code(f"pattern={literal(value)}")
        if node.arg in _BOUNDS and isinstance(value, int | float):
            plain = int(value) if isinstance(value, float) and value.is_integer() else value
            return Code(f"{node.arg}={literal(plain)}")
        raise PrinterError(f"the printer put out the argument {node.arg}")

    def _value(self, node: ast.expr) -> Json:
        match node:
            case ast.Constant(value=str(text)) if text in self.strings:
                return text
            case ast.Constant(value=bool(value) | int(value) | float(value)):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value) | float(value))):
                return -value
            case _:
                raise _unknown(node)


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _branches(node.left)
        yield from _branches(node.right)
    else:
        yield node


def _merged(branches: list[ast.expr]) -> list[ast.expr]:
    """The branches with all literals in the place of the first."""
    literals = [each for each in branches if _is_literal(each)]
    if len(literals) < 2:
        return branches
    values = [value for each in literals for value in _values(each)]
    distinct = list({ast.dump(value): value for value in values}.values())
    whole = ast.Subscript(ast.Name("Literal"), ast.Tuple(distinct))
    kept = [each for each in branches if each is literals[0] or not _is_literal(each)]
    return [whole if each is literals[0] else each for each in kept]


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"


def _values(node: ast.expr) -> list[ast.expr]:
    inner = node.slice if isinstance(node, ast.Subscript) else node
    return inner.elts if isinstance(inner, ast.Tuple) else [inner]


def _identifiers(tree: ast.AST) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _unknown(node: ast.expr) -> PrinterError:
    return PrinterError(f"the printer put out an unknown shape: {ast.unparse(node):.200}")
