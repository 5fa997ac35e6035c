"""The last look at generated Python: parsed again, it must have the structure that was planned.

Text of a document can be in it as a string constant or a docstring only. So every class, function,
call, import and name is compared with what the plan knows; anything else is a fault of ours.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import cast

from tallystick.contract import Contract
from tallystick.document import Json
from tallystick.models import Models
from tallystick.models.patterns import engine_pattern
from tallystick.render.records import Plan

_CALLS = frozenset(
    {
        "Annotated", "Answer", "Body", "Compared", "Data", "Deep", "Exactly", "Items", "Field", "Kind", "Operation",
        "Parameter",
        "Poll", "Scheme", "filled", "Shape", "TypeAdapter", "core", "frozenset", "loaded", "secrets",
        "served",
        "Driver", "AsyncDriver", "Session", "AsyncSession", "reading", "Tagged", "TypeAliasType",
        "listening", "_deprecated", "_former", "_renamed", "former_name", "former_names",
    }
)  # fmt: skip
_METHOD_CALLS = frozenset(
    {
        "of",
        "send",
        "chunks",
        "close",
        "aclose",
        "effective",
        "model_rebuild",
        "model_validate",
        "cast",
    }
)
_MODULES = frozenset(
    {
        "__future__", "builtins", "collections.abc", "httpx2", "pydantic", "starlette.types",
        "typing", "typing_extensions",
    }
)  # fmt: skip
_STATEMENTS = (
    ast.AnnAssign,
    ast.Assign,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Delete,
    ast.Expr,
    ast.FunctionDef,
    ast.If,
    ast.Import,
    ast.ImportFrom,
    ast.Pass,
    ast.Return,
)
_NAMES = (ast.Name, ast.expr_context)
_PROSE_OR_CALL = (ast.Constant, ast.Call, ast.Await)
_TABLE = "models/__init__.py"
_FORBIDDEN = (
    ast.Await,
    ast.comprehension,
    ast.GeneratorExp,
    ast.NamedExpr,
    ast.Yield,
    ast.YieldFrom,
    ast.FormattedValue,
)


def refuse_surprises(
    text: str,
    name: str,
    plan: Plan,
    models: Models,
    strings: frozenset[str],
    modules: Mapping[str, frozenset[str]],
) -> None:
    """Raise RuntimeError unless a module has the planned structure.

    Args:
        text: the module as it will be written.
        name: its path below the package.
        strings: the strings of the document, which its constants may have as their value.
        modules: the classes of each module with models, by its path.
    """
    # What models hold as strings was checked when their types were written.
    literal = name == _TABLE or name not in modules
    if name == _TABLE:
        former = (old for old, _ in models.former)
        stems = (PurePosixPath(each).stem for each in modules)
        strings = frozenset({*models.names, *former, *stems})
    tree = ast.parse(text, name)
    nodes = _nodes(tree)
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    # Only for a file that needs it: a large package has as many files as it has classes.
    known = strings | models.exact | {str(each) for each in models.names} if literal else strings
    problems = [
        *_unplanned_names(tree, name, plan, modules, classes),
        *_unplanned_nodes(nodes, name),
        *(_unplanned_strings(nodes, known) if literal else ()),
    ]
    if problems:
        raise RuntimeError(f"internal error: {name} has {problems[0]}; nothing was written")


def _unplanned_names(
    tree: ast.Module,
    name: str,
    plan: Plan,
    modules: Mapping[str, frozenset[str]],
    classes: set[str],
) -> Iterator[str]:
    planned = planned_classes(name, plan, modules)
    if classes != planned:
        odd = ", ".join(sorted(classes ^ planned))
        yield f"not the planned classes: {odd}"
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if name == "servers.py" and functions != [str(each.name) for each in plan.servers]:
        yield "not the planned functions"
    wanted = planned_methods(name, plan)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in wanted:
            found = [
                each.name
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            if found != wanted[node.name]:
                yield f"not the planned methods in {node.name}"


def planned_classes(name: str, plan: Plan, modules: Mapping[str, frozenset[str]]) -> set[str]:
    """The classes that a module must define."""
    if name in modules:
        return set(modules[name])
    if name == "webhooks.py":
        return {"Webhooks", "AsyncWebhooks"}
    names = {"api.py": "name", "client.py": "client"}.get(name)
    if names is None:
        return set()
    return {f"{flavour}{getattr(each, names)}" for each in plan.groups for flavour in ("", "Async")}


def planned_methods(name: str, plan: Plan) -> dict[str, list[str]]:
    """The functions that each class must define, in order."""
    planned: dict[str, list[str]] = {}
    if name == "webhooks.py" and plan.incoming is not None:
        received = [str(each.name) for each in plan.incoming.methods]
        return {"Webhooks": received, "AsyncWebhooks": received}
    for flavour in ("", "Async"):
        for group in plan.groups:
            methods = [str(each.name) for each in group.methods]
            moved = [str(each.name) for each in group.moved]
            # A method that is overloaded stands several times in the client.
            offered = [str(m.name) for m in group.methods for _ in (m, *m.overloads[flavour])]
            if name == "api.py":
                children = [str(each.name) for each in group.children]
                planned[f"{flavour}{group.name}"] = [*children, *methods]
            elif name == "client.py" and group.place:
                planned[f"{flavour}{group.client}"] = ["__init__", *moved, *offered]
            elif name == "client.py":
                a = "a" if flavour else ""
                own = ["__init__", *moved, f"__{a}enter__", f"__{a}exit__", f"{a}close"]
                planned[f"{flavour}{group.client}"] = [*own, *offered]
    return planned


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node of ``tree`` but plain names, which may stand anywhere; the outer ones first.

    ``ast.walk`` takes three times as long, and names are most of what it finds.
    """
    found: list[ast.AST] = [tree]
    for node in found:
        if isinstance(node, ast.Constant):
            continue
        for field in node._fields:
            value: object = getattr(node, field, None)
            if isinstance(value, ast.AST):
                if not isinstance(value, _NAMES):
                    found.append(value)
            elif value and isinstance(value, list):
                found += [
                    each
                    for each in cast("list[object]", value)
                    if isinstance(each, ast.AST) and not isinstance(each, _NAMES)
                ]
    return found


def _unplanned_nodes(nodes: Iterable[ast.AST], name: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.stmt):
            yield from _unplanned_statement(node)
        elif isinstance(node, ast.Call):
            if not _planned_call(node):
                yield f"a call of {ast.unparse(node.func)[:60]} at line {node.lineno}"
        elif isinstance(node, _FORBIDDEN) and not _ours(node, name):
            yield f"a {type(node).__name__} at line {getattr(node, 'lineno', 0)}"


def _unplanned_statement(node: ast.stmt) -> Iterator[str]:
    if not isinstance(node, _STATEMENTS):
        yield f"a statement {type(node).__name__} at line {node.lineno}"
    elif isinstance(node, ast.Expr):
        if not isinstance(node.value, _PROSE_OR_CALL):
            yield f"an expression statement at line {node.lineno}"
    elif isinstance(node, ast.ImportFrom):
        if not node.level and node.module not in _MODULES:
            yield f"an import of {node.module} at line {node.lineno}"
    elif isinstance(node, ast.Import) and [each.name for each in node.names] != ["builtins"]:
        yield f"an import at line {node.lineno}"


def planned_strings(contract: Contract, plan: Plan) -> frozenset[str]:
    """Every string that the modules may hold as a constant, character for character."""
    found = set(_OUR_STRINGS)
    level: list[Json] = [contract.document.data]
    while level:
        found |= {each for each in level if isinstance(each, str)}
        level = [child for each in level for child in _children(each)]
    received = () if plan.incoming is None else plan.incoming.entries
    found |= {each.operation.path for each in received}
    for entry in (*plan.entries, *received):
        operation = entry.operation
        found |= {*entry.place, operation.pointer, operation.method}
        found |= {each.identifier for each in operation.parameters}
        found |= {each.style for each in operation.parameters}
        found |= {each.status for each in operation.responses}
    found |= {each.told for group in plan.groups for each in group.moved}
    methods = [each for group in plan.groups for each in group.methods]
    found |= {way.told for each in methods for ways in each.overloads.values() for way in ways}
    for scheme in contract.security.values():
        found |= {scheme.identifier, scheme.prefix, scheme.parameter or ""}
    for key in plan.keys:
        scheme = key.scheme
        found |= {key.env, str(key.argument), scheme.prefix, scheme.parameter or ""}
    found |= {plan.server or "", *(entry.server or "" for entry in plan.entries)}
    for variable in (each for server in contract.servers for each in server.variables):
        found |= {variable.name, variable.default or "", *variable.enum}
    for schema in contract.schemas.values():
        pattern = schema.node.get("pattern") if isinstance(schema.node, Mapping) else None
        if isinstance(pattern, str):
            found.add(engine_pattern(pattern) or pattern)
    names = {str(group.name) for group in plan.groups} | {str(g.client) for g in plan.groups}
    return frozenset(found | names | {plan.digest})


_OUR_STRINGS = (
    "form", "header", "cookie", "query", "path", "code", "message", "application/json",
    "application/octet-stream", "null", "boolean", "integer", "number", "string", "array", "object",
    "unchanged", "cleared", "refused", "events", "lines", "sequence", "transport", "", "querystring", "none", "Client(", "AsyncClient(", ")",
    "DOCUMENT_DIGEST", "MISSING", "Api", "AsyncApi", "AsyncClient", "Client", "ClientError",
    "DriftWarning", "Chunks", "Event", "runtime.events", "File", "Raw", "Retries", "Secret", "Timeout", "is_set", "is_unknown", "models", "api",
    "client", "runtime.drift", "runtime.errors", "runtime.files", "runtime.operation", "runtime.policy",
    "runtime.presence", "runtime.secret", "runtime.unknown", "strict",
)  # fmt: skip


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _unplanned_strings(nodes: Iterable[ast.AST], strings: frozenset[str]) -> Iterator[str]:
    prose: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Expr):
            prose.add(id(node.value))  # a statement stands before its expression
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value not in strings
            and id(node) not in prose
        ):
            yield f"a string that nobody planned at line {node.lineno}: {node.value[:40]!r}"


def _ours(node: ast.AST, name: str) -> bool:
    """What only the client's own template writes: its awaits and its repr."""
    if name != "client.py":
        return False
    return isinstance(node, ast.Await) or (
        isinstance(node, ast.FormattedValue) and ast.unparse(node.value) == "self._session"
    )


def _planned_call(node: ast.Call) -> bool:
    match node.func:
        case ast.Name(id=name):
            return (
                name in _CALLS or name.endswith("Resource") or name.rstrip("_").endswith("Resource")
            )
        case ast.Attribute(attr=name, value=ast.Name() | ast.Attribute()):
            return name in _METHOD_CALLS
        case _:
            return False
