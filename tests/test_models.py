"""The laws of the models, over every schema of the vendored contract and of a harder document."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import MISSING, TypeAdapter, ValidationError

from schema_values import spoiled, values
from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.models import (
    Alias,
    ModelClass,
    Models,
    ReadingClass,
    checked_schemas,
    models_source,
    print_models,
)
from tallystick.runtime.json_text import same
from type_checkers import mypy, pyright

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """A contract with its models as a package that was imported."""

    contract: Contract
    models: Models
    source: str
    folder: Path
    module: ModuleType
    runtime: ModuleType

    validators: dict[str, Any] = field(default_factory=dict[str, Any])

    def validator(self, pointer: str) -> Any:
        if pointer not in self.validators:
            self.validators[pointer] = self._validator(pointer)
        return self.validators[pointer]

    def _validator(self, pointer: str) -> Any:
        fragment = "#" + quote(pointer.removeprefix("#"), safe="/~")
        root: dict[str, Any] = {**self.contract.document.data, "$ref": fragment}
        return jsonschema_rs.validator_for(root, validate_formats=True)


def emit(name: str, document: Path, folder: Path, overlays: list[Path]) -> Package:
    contract = build(load(document, overlays))
    models = print_models(contract)
    source = models_source(models)
    package = folder / name
    runtime = ROOT / "codegen/tallystick/runtime"
    shutil.copytree(runtime, package / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "runtime/__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(source)
    (package / "schemas.json").write_text(checked_schemas(contract, models.exact))
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(f"{name}.models")
        presence = importlib.import_module(f"{name}.runtime.presence")
    finally:
        sys.path.remove(str(folder))
    return Package(contract, models, source, package, module, presence)


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory) -> Package:
    overlays = [each for each in [ROOT / "spec/overlay.yaml"] if each.exists()]
    folder = tmp_path_factory.mktemp("vendored")
    return emit("models_of_vendored", ROOT / "spec/openapi.yaml", folder, overlays)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("hard")
    return emit("models_of_hard", ROOT / "tests/models/hard.yaml", folder, [])


@pytest.fixture(params=["vendored", "hard"])
def package(request: pytest.FixtureRequest) -> Package:
    found: Package = request.getfixturevalue(request.param)
    return found


def types(package: Package) -> list[tuple[str, str]]:
    """The pointer and name of every named schema."""
    exact = [each for each in package.models.definitions if not isinstance(each, ReadingClass)]
    readings = {each.reading for each in package.contract.schemas.values() if each.reading}
    return [(each.pointer, each.name) for each in exact if each.name not in readings]


def type_of(package: Package, pointer: str, name: str) -> Any:
    """The type as it stands where the schema is used: a class that admits null has it beside it."""
    kind, schema = getattr(package.module, name), package.contract.schema(pointer)
    return kind | None if schema.properties and schema.nullable else kind


_SETTINGS = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# --- the laws


def _fields(package: Package, name: str) -> dict[str, str]:
    found = next(each for each in package.models.definitions if each.name == name)
    assert not isinstance(found, Alias)
    return {
        field.identifier: f"{field.annotation}{' = MISSING' if field.optional else ''}"
        for field in found.fields
    }


def test_law_1_the_type_depends_on_required_and_nullable_only(hard: Package) -> None:
    required, nullable = "Integer", "Integer | None"
    optional, both = "Integer | MISSING = MISSING", "Integer | None | MISSING = MISSING"
    assert _fields(hard, "Presence") == {
        "r": required,
        "rn": nullable,
        "o": optional,
        "on": both,
        "rd": required,
        "rnd": nullable,
        "od": optional,
        "ond": both,
    }


def test_law_1_holds_for_every_member(package: Package) -> None:
    for model in package.models.definitions:
        if isinstance(model, ModelClass):
            members = package.contract.schema(model.pointer).properties
            for field, member in zip(model.fields, members, strict=True):
                branches = field.annotation.split(" | ")
                nullable = package.contract.schema(member.pointer).nullable
                says_all = branches[0] in ("Json", "None") or "None" in branches
                assert ("MISSING" in branches) == field.optional == (not member.required)
                assert says_all if nullable else "None" not in branches


def test_a_member_with_a_default_is_never_missing_in_a_reading(hard: Package) -> None:
    fields = _fields(hard, "PresenceEffective")
    assert fields["o"] == "Integer | MISSING = MISSING"
    assert [fields[name] for name in ("rd", "rnd", "od", "ond")] == [
        "Integer",
        "Integer | None",
        "Integer",
        "Integer | None",
    ]


@_SETTINGS
@given(data=st.data())
def test_law_2_what_is_decoded_is_encoded_unchanged(package: Package, data: Any) -> None:
    pointer, name = data.draw(st.sampled_from(types(package)))
    value = data.draw(values(package.contract, pointer))
    if package.validator(pointer).is_valid(value):
        kind = type_of(package, pointer, name)
        text = json.dumps(value).encode()
        again = package.runtime.encode(package.runtime.decode(kind, text))
        assert same(json.loads(again), value)


@_SETTINGS
@given(data=st.data())
def test_law_3_a_reading_fills_exactly_the_defaults(package: Package, data: Any) -> None:
    models = [each for each in package.models.definitions if isinstance(each, ModelClass)]
    model = data.draw(st.sampled_from(models))
    value = data.draw(values(package.contract, model.pointer))
    if not package.validator(model.pointer).is_valid(value) or value is None:
        return
    text = json.dumps(value).encode()
    exact = package.runtime.decode(getattr(package.module, model.name), text)
    before = package.runtime.encode(exact)
    read = json.loads(exact.effective().model_dump_json())
    assert same(read, _read(package, model.pointer, value))
    assert package.runtime.encode(exact) == before


def _read(package: Package, pointer: str, value: Json) -> Json:
    """What the reading must be, by the words of the design."""
    contract = package.contract
    schema = contract.target(pointer)
    if schema.branches:
        valid = [each for each in schema.branches if package.validator(each).is_valid(value)]
        return _read(package, valid[0], value) if valid else value
    if isinstance(value, list) and schema.items is not None:
        return [_read(package, schema.items, item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {member.name: member for member in schema.properties}
    accepted = {
        name: member.default
        for name, member in members.items()
        if member.default is not MISSING
        and package.validator(member.pointer).is_valid(member.default)
    }
    full: dict[str, Json] = {**accepted, **value}
    other = schema.additional if isinstance(schema.additional, str) else None
    return {
        name: _read(package, found, item)
        if (found := members[name].pointer if name in members else other)
        else item
        for name, item in full.items()
    }


@_SETTINGS
@given(data=st.data())
def test_law_4_a_model_accepts_what_the_schema_accepts(package: Package, data: Any) -> None:
    pointer, name = data.draw(st.sampled_from(types(package)))
    value = data.draw(values(package.contract, pointer) | spoiled(package.contract, pointer))
    kind = type_of(package, pointer, name)
    assert admits(package, kind, value) == package.validator(pointer).is_valid(value)


def admits(package: Package, kind: Any, value: Json) -> bool:
    try:
        package.runtime.decode(kind, json.dumps(value).encode())
    except ValidationError:
        return False
    return True


# --- the text


def test_no_text_of_the_document_becomes_code(hard: Package) -> None:
    tree = ast.parse(hard.source)
    defined = {each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef)}
    expected = {each.name for each in hard.models.definitions if not isinstance(each, Alias)}
    assert defined == expected
    calls = {ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    assert calls <= {"Exactly", "Field", "TypeAliasType", "reading"}


def test_a_description_becomes_the_docstring_character_for_character(hard: Package) -> None:
    tree = ast.parse(hard.source)
    texts = {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)}
    assert '""" + x \\.' in texts


def test_the_same_contract_gives_the_same_text(vendored: Package) -> None:
    assert models_source(print_models(vendored.contract)) == vendored.source


def test_a_line_is_ascii_or_visible(package: Package) -> None:
    assert all(line.isprintable() for line in package.source.split("\n"))


def test_an_alias_follows_what_it_names(package: Package) -> None:
    seen: set[str] = set()
    names = set(package.models.names)
    for each in package.models.definitions:
        if isinstance(each, Alias):
            used = set(re.findall(r"\w+", each.annotation)) & names
            assert used <= seen or each.recursive
        seen.add(each.name)


def test_every_model_reads_itself(package: Package) -> None:
    for each in package.models.definitions:
        if isinstance(each, ModelClass):
            effective = getattr(package.module, each.name).effective
            assert effective.__annotations__["return"] == (each.reading or "Self")


def test_every_schema_in_use_has_a_type(hard: Package) -> None:
    expressions = {
        pointer: (each.text, set(each.names)) for pointer, each in hard.models.expressions.items()
    }
    path = "#/paths/~1things~1{id}"
    assert expressions[f"{path}/parameters/0/schema"] == ("Annotated[Integer, Field(ge=1)]", set())
    assert expressions[f"{path}/parameters/1/schema"] == ("Integer | None", set())
    body = f"{path}/post/requestBody/content/application~1json/schema"
    assert expressions[body] == ("list[Awkward]", {"Awkward"})


def test_a_default_that_its_schema_refuses_is_not_read(hard: Package) -> None:
    (note,) = [each for each in hard.models.notes if each.keyword == "default"]
    assert (note.pointer, note.standing) == (
        "#/components/schemas/Refused/properties/bad",
        "ignored",
    )
    assert hard.module.Refused().effective().good == 1


def test_an_alias_that_contains_itself_through_a_list_is_a_type(hard: Package) -> None:
    assert "#/components/schemas/Json" not in hard.models.exact
    assert 'TypeAliasType("Json_", "str | list[Json_ | None] | None")' in hard.source
    read = TypeAdapter(hard.module.Json_).validate_python
    assert read([["a", None], []]) == [["a", None], []]
    with pytest.raises(ValidationError):
        read([["a", 1]])


def test_aliases_that_contain_each_other_hold_models_and_their_readings(hard: Package) -> None:
    data: Json = [{"a": [None], "b": {"grows": {"c": {}}}}]
    tree = TypeAdapter(hard.module.Hedge).validate_python(data)
    assert isinstance(tree[0]["b"].grows["c"], hard.module.Limb)
    assert tree[0]["b"].effective().grows["c"].leaves == 3


def test_an_alias_that_is_itself_is_checked_by_its_schema(tmp_path: Path) -> None:
    loop = {"anyOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "string"}]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Loop", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Loop": loop}},
    }
    path = tmp_path / "loop.json"
    path.write_text(json.dumps(document))
    assert "#/components/schemas/Loop" in print_models(build(load(path, []))).exact


def test_mypy_knows_presence_and_defaults(
    hard: Package, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copy(ROOT / "tests/models/usage.py.txt", hard.folder / "usage.py")
    assert mypy(tmp_path_factory, hard.folder, "models.py", "usage.py") == []


def test_pyright_knows_the_models(hard: Package) -> None:
    assert pyright(hard.folder, "models.py") == []


def test_a_class_requires_what_the_schema_requires(vendored: Package) -> None:
    model = next(each for each in vendored.models.definitions if isinstance(each, ModelClass))
    kind = getattr(vendored.module, model.name)
    required = {field.identifier for field in model.fields if not field.optional}
    assert {name for name, each in kind.model_fields.items() if each.is_required()} == required


def of_schemas(folder: Path, schemas: Json) -> Models:
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {},
        "components": {"schemas": schemas},
    }
    (folder / "small.json").write_text(json.dumps(document))
    return print_models(build(load(folder / "small.json", [])))


def test_a_schema_may_be_nested_as_deep_as_a_document_may(tmp_path: Path) -> None:
    schema: Json = {"type": "string"}
    for _ in range(190):
        schema = {"type": "array", "items": schema}
    models = of_schemas(tmp_path, {"A": schema})
    compile(models_source(models), "models.py", "exec")
    assert [each.count("items") for each in models.exact] == [101]


@pytest.mark.parametrize(
    "schemas", [{}, {"A": {}}, {"A": {"type": "null"}}, {"A": {"enum": ["x"]}}]
)
def test_a_module_imports_only_what_it_uses(tmp_path: Path, schemas: Json) -> None:
    source = models_source(of_schemas(tmp_path, schemas))
    tree = ast.parse(source)
    imported = {
        alias.name
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom) and each.module != "__future__"
        for alias in each.names
    }
    assert imported <= {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
