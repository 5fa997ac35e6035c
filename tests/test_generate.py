"""Generation of any document: hostile text stays text, names stay, the gate refuses surprises."""

from __future__ import annotations

import ast
import copy
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.document import load
from tallystick.errors import TallystickError, UsageError
from tallystick.generate import Generated, generate
from tallystick.models import print_models
from tallystick.output import write
from tallystick.render.files import runtime_files
from tallystick.render.gate import refuse_surprises
from tallystick.render.planning import plan

ROOT = Path(__file__).parents[1]
WIDE = ROOT / "tests/generate/wide.yaml"

NASTY = [
    '"""', "'''", '"', "'", "\\", '\\"""', '"""\nimport os; os.system("touch MARKER")\n"""',
    "\n__import__('os').system('touch MARKER')\n", "{{7*7}}", "{% raw %}", "{{ ''.__class__ }}",
    "\u2028import os", "\u202e evil \u2066", "\r\n", "\x00", "\x1b]0;x\x07", "../../../etc/passwd",
    "/etc/passwd", "C:\\x", "${HOME}", "%s{}", "f'{1}'", "#", "# type: ignore", "é\u0301", "\ufeff",
    "x" * 3000, "__class__", "None", "class", "list", "Client", "self", "__init__", "\\N{BULLET}",
    "\\u0022\\u0022\\u0022", "a]b", "a: int = 1", "\udfff".encode("utf-16", "surrogatepass").hex(),
]  # fmt: skip


def small(text: str) -> dict[str, Any]:
    """A document with ``text`` at every place where one can stand."""
    pointer = text.replace("~", "~0").replace("/", "~1")
    schema = {
        "type": "object",
        "title": text,
        "description": text,
        "required": [text],
        "properties": {
            text: {"type": "string", "enum": [text, "b"], "description": text},
            "d": {"type": "string", "default": text, "description": text},
            "o": {"type": "object", "properties": {text: {"type": "integer"}}},
        },
    }
    declared = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": "https://api.example", "description": text}],
        "tags": [{"name": text}],
        "components": {
            "schemas": {"Thing": schema},
            "securitySchemes": {text: {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
        "paths": {
            f"/things/{pointer.strip('/').replace('{', '').replace('}', '') or 'x'}/{{id}}": {
                "post": {
                    "operationId": text,
                    "summary": text,
                    "description": text,
                    "tags": [text],
                    "security": [{text: []}],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": text, "in": "query", "description": text, "schema": {"type": "string", "default": text}},
                    ],
                    "requestBody": {"description": text, "required": True, "content": declared},
                    "responses": {"200": {"description": text, "content": declared}},
                }
            }
        },
    }  # fmt: skip


def made_of(document: dict[str, Any], folder: Path, package: str = "small") -> Generated:
    file = folder / "openapi.json"
    file.write_text(json.dumps(document))
    return generate(file, package=package)


def modules(made: Generated) -> Iterator[tuple[str, ast.Module]]:
    for path, text in made.files.items():
        if path.endswith(".py") and "/runtime/" not in path:
            yield path, ast.parse(text)


def shape(tree: ast.Module) -> list[str]:
    """The structure of a module without its strings and names of the document."""
    kinds = (
        ast.Call,
        ast.Import,
        ast.ImportFrom,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
    )
    return [type(node).__name__ for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return made_of(small("plain"), tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_hostile_text_leads_to_the_structure_that_plain_text_leads_to(
    text: str, plain: Generated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = made_of(small(text), tmp_path)
    for (path, tree), (_, wanted) in zip(modules(made), modules(plain), strict=True):
        if not path.endswith("models.py"):
            # An alias where the name is no identifier is the one difference; it is in the models.
            assert shape(tree) == shape(wanted), path
    for path, content in made.files.items():
        odd = [char for char in content if not (char.isprintable() or char == "\n")]
        assert not odd, path
    write(made.files, tmp_path / "out")
    monkeypatch.syspath_prepend(str(tmp_path / "out"))
    for name in [each for each in sys.modules if each.split(".")[0] == "small"]:
        monkeypatch.delitem(sys.modules, name)
    for module in ("api", "operations", "client", "server"):
        importlib.import_module(f"small.{module}")
    operation = importlib.import_module("small.operations").OPERATIONS[0]
    assert operation.parameters[1].name == text
    assert not list(tmp_path.rglob("MARKER"))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_generates_or_is_refused_as_bad_input(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    try:
        made = made_of(small(text), tmp_path_factory.mktemp("any"))
    except TallystickError:
        return
    assert any(path.endswith("api.py") for path, _ in modules(made))


# --- names


def test_an_unrelated_edit_renames_nothing(tmp_path: Path) -> None:
    before = generate(WIDE, package="wide")
    lock = tmp_path / "names.lock"
    lock.write_text(before.files["names.lock"])
    data = copy.deepcopy(dict(load(WIDE).data))
    components = data["components"]
    assert isinstance(components, dict)
    schemas = components["schemas"]
    assert isinstance(schemas, dict)
    components["schemas"] = {
        "AAA client": {"type": "object", "properties": {"x": {"type": "string"}}},
        **dict(reversed(list(schemas.items()))),
    }
    file = tmp_path / "edited.json"
    file.write_text(json.dumps(data))
    after = generate(file, package="wide", lock=lock)
    for path in ("wide/api.py", "wide/client.py", "wide/operations.py"):
        old = before.files[path].replace("wide.yaml", "edited.json")
        assert after.files[path] == old


def test_a_lock_that_is_none_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "names.lock").write_text("[]")
    with pytest.raises(UsageError):
        generate(WIDE, package="wide", lock=tmp_path / "names.lock")


@pytest.mark.parametrize("package", ["", "a-b", "1a", "A", "a.b", "a/b", "é", "a b"])
def test_a_package_needs_a_name_that_python_imports(package: str) -> None:
    with pytest.raises(UsageError):
        generate(WIDE, package=package)


# --- the gate


@pytest.mark.parametrize(
    "more",
    [
        "import os",
        "from os import system",
        "x = __import__('os')",
        "eval('1')",
        "class Extra: ...",
        "x = [y for y in ()]",
        "x = 'a string of nobody'",
        "for x in (): pass",
        "x = (lambda: system)()",
        "x = open('y').read()",
    ],
)
def test_the_gate_refuses_what_was_not_planned(more: str) -> None:
    made = generate(WIDE, package="wide")
    planned = plan(made.contract, made.models, "wide")
    text = f"{made.files['wide/server.py']}\n{more}\n"
    with pytest.raises(RuntimeError, match="internal error"):
        refuse_surprises(text, "server.py", planned, print_models(made.contract), frozenset(), {})


# --- the files


def test_the_runtime_is_copied_byte_for_byte() -> None:
    made = generate(WIDE, package="wide")
    folder = ROOT / "codegen/tallystick/runtime"
    for name in runtime_files():
        if name == "exactly.py" and not made.models.exact:
            continue
        assert made.files[f"wide/runtime/{name}"].encode() == (folder / name).read_bytes()


def test_every_operation_is_there() -> None:
    made = generate(WIDE, package="wide")
    for operation in made.contract.operations:
        assert f"{operation.method} {operation.path}" in made.files["wide/api.py"]


def test_what_is_left_out_stands_in_the_ledger() -> None:
    made = generate(WIDE, package="wide")
    reasons = {entry.reason for entry in made.ledger.entries}
    assert "travels as bytes; its schema is not enforced" in reasons
    assert any("OpenAPI 3.1, 4.8.12.2" in reason for reason in reasons)


def test_every_file_begins_with_where_it_comes_from() -> None:
    made = generate(WIDE, package="wide")
    for path, text in made.files.items():
        if path.endswith(".py") and "/runtime/" not in path:
            first = "# Generated from wide.yaml by tallystick. Do not edit."
            assert text.splitlines()[0] == first


def test_a_resource_and_a_method_of_one_parent_have_different_names(tmp_path: Path) -> None:
    answer = {"responses": {"204": {"description": ""}}}
    item = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {
            "/pets/{id}": {"get": answer, "parameters": [item]},
            "/pets/retrieve/bones": {"get": answer},
            "/pets/list/property": {"get": answer},
            "/pets": {"get": answer},
            "/stores": {"get": answer},
        },
    }
    made = made_of(document, tmp_path)
    places = [(*each.resource, each.verb) for each in made.contract.operations]
    for place in places:
        assert not [other for other in places if other[: len(place)] == place and other != place]
