"""The JSON bodies of the calls in a Python text; the text is parsed, never run."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping

from ..document import Json
from .sample_sent import Sent

Names = Mapping[str, ast.expr]

# What parsing hostile text may raise, beside SyntaxError: a NUL, too deep a nesting.
_UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)


def python_bodies(text: str) -> Iterator[Sent]:
    """What each call in ``text`` sends as ``json=...`` or ``data=json.dumps(...)``.

    Only literals, and names to which the text gives one literal, are lifted.
    """
    if "json" not in text:
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            nodes = list(ast.walk(ast.parse(text)))
    except _UNREADABLE:
        return
    names = _names(nodes)
    for node in nodes:
        for value in _sent_values(node):
            try:
                body = _literal(value, names)
            except _UNREADABLE:
                continue
            yield Sent(_urls(node, names), body)


def _names(nodes: list[ast.AST]) -> Names:
    """The names to which exactly one value is given."""
    given: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    given.setdefault(target.id, []).append(node.value)
    return {name: values[0] for name, values in given.items() if len(values) == 1}


def _sent_values(node: ast.AST) -> Iterator[ast.expr]:
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        if keyword.arg == "json":
            yield keyword.value
        elif keyword.arg in ("data", "content") and _is_dumps(keyword.value):
            assert isinstance(keyword.value, ast.Call)
            yield from keyword.value.args[:1]


def _is_dumps(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    return name == "dumps"


def _literal(node: ast.expr, names: Names) -> Json:
    """The JSON value of a literal; TypeError or ValueError for anything else."""
    known = names.get(node.id, node) if isinstance(node, ast.Name) else node
    body: Json = json.loads(json.dumps(ast.literal_eval(known), allow_nan=False))
    return body


def _urls(call: ast.AST, names: Names) -> tuple[str, ...]:
    """The texts among the arguments of a call."""
    arguments = (
        [*call.args, *(each.value for each in call.keywords)] if isinstance(call, ast.Call) else []
    )
    found: list[str] = []
    for argument in arguments:
        known = names.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
        if isinstance(known, ast.Constant) and isinstance(known.value, str):
            found.append(known.value)
        elif isinstance(known, ast.JoinedStr):
            found.append(ast.unparse(known)[2:-1])
    return tuple(found)
