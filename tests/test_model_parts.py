"""A large package: one module a schema, loaded and built on first use, the same to its users."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.models import MANY, Models, models_classes, models_files, print_models
from tallystick.output import check, write
from tallystick.render import render
from tallystick.render.gate import refuse_surprises
from tallystick.render.planning import plan
from type_checkers import mypy, serious

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "tests/models/parts.yaml"


@dataclass(frozen=True, slots=True)
class Package:
    """One layout of the same document, imported."""

    name: str
    folder: Path
    files: dict[str, str]
    models: ModuleType
    runtime: ModuleType

    def decode(self, kind: str, value: object) -> Any:
        return self.runtime.decode(getattr(self.models, kind), json.dumps(value).encode())


@pytest.fixture(scope="module")
def contract() -> Contract:
    return build(load(DOCUMENT))


@pytest.fixture(scope="module")
def printed(contract: Contract) -> Models:
    return print_models(contract)


def package(contract: Contract, models: Models, folder: Path, name: str, many: int) -> Package:
    files = render(contract, models, name, "{}", many)
    write(files, folder)
    sys.path.insert(0, str(folder))
    try:
        found = importlib.import_module(f"{name}.models")
        return Package(
            name, folder, files, found, importlib.import_module(f"{name}.runtime.presence")
        )
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def parted(
    contract: Contract, printed: Models, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("parted")
    made = package(contract, printed, folder, "models_in_parts", 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield made


@pytest.fixture(scope="module")
def whole(contract: Contract, printed: Models, tmp_path_factory: pytest.TempPathFactory) -> Package:
    return package(contract, printed, tmp_path_factory.mktemp("whole"), "models_in_one", MANY)


TREES: list[dict[str, Any]] = [
    {"name": "a"},
    {"name": "a", "class": 1, "class_": "unknown", "x": None},
    {"name": "a", "class_": 1},
    {"name": "a", "at": "2020-01-01T00:00:00Z", "below": [{"name": "b", "class": 2, "class_": 0}]},
    {"name": "a", "leaf": {"tree": {"name": "b", "class_": [], "class": 3}, "color": "red"}},
    {"name": "a", "leaf": {"tree": {"name": "b", "class_": 5}}},
    {"name": "a", "leaf": None, "leaves": [{"tree": {"name": "c"}}, {"tree": {"name": "d"}}]},
    {"name": "a", "any": ["x", ["y", []]], "label": "green", "shape": {"edge": 4, "z": 1}},
    {"name": "a", "owner": "me"},
    {"name": "a", "owner": {"name": "b", "friend": {"friend": {"home": {"name": "c"}}}}},
    {"name": "a", "owner": {"groves": {"x": [{"tree": {"name": "b", "class": 1}}]}}},
    {"name": "a", "pet": {"name": "b", "tricks": ["sit"]}},
    {"name": "a", "pet": {"name": "b", "lives": 9}},
    {"name": "a", "pet": {"name": "b", "friend": {"name": "c", "tricks": []}}},
    {"name": "a", "pets": [{"name": "b", "tricks": []}, {"name": "b", "lives": 9}, {"name": ""}]},
    {"name": "a", "herd": [{"name": "b", "tricks": ["sit"]}, {"name": "c", "tricks": []}]},
    {"name": "a", "flock": [{"name": "b", "tricks": ["sit"]}, {"name": "c", "lives": 1}]},
    {
        "name": "a",
        "keepers": [{"name": "b"}, {"friend": {}}],
        "metadata": {"metadata": {"name": ""}},
    },
    {"name": "a", "keeper": {"x": 1}},
    {"name": "a", "keeper": {"name": "x"}},
]
REFUSED: list[tuple[str, object]] = [
    ("Tree", {}),
    ("Tree", {"name": 1}),
    ("Tree", {"name": "a", "class": 0}),
    ("Tree", {"name": "a", "below": [{"name": "b"}, {"class": "x"}]}),
    ("Tree", {"name": "a", "below": [{"name": "b", "below": [{"name": True}]}]}),
    ("Tree", {"name": "a", "leaf": {"tree": {"name": None}, "more": 1}}),
    ("Tree", {"name": "a", "leaves": [{"tree": {"name": "c"}}, {"tree": 1}, {}]}),
    ("Tree", {"name": "a", "at": "yesterday", "label": 1.5}),
    ("Tree", {"name": "a", "owner": 1}),
    ("Tree", {"name": "a", "pet": {"lives": 1}}),
    ("Tree", {"name": "a", "keepers": [{"name": 1}]}),
    ("Tree", {"name": "a", "flock": [{"name": 1}], "metadata": {"type": {}, "metadata": {}}}),
    ("Tree", {"name": "a", "shape": {"edge": "x"}}),
    ("Leaves", [{"tree": {"name": "a", "below": [{}]}}]),
    ("Marked", {"tree": {"name": "a"}}),
    ("Marked", {"tree": {"name": "a"}, "of": {"of": {}}}),
]


def told(value: object) -> object:
    """A value with the names of its classes, to compare the branches that were taken."""
    if hasattr(value, "model_fields_set"):
        held = {**vars(value), **(getattr(value, "__pydantic_extra__", None) or {})}
        members = {name: told(each) for name, each in held.items()}
        return type(value).__name__, members, sorted(value.model_fields_set)
    if isinstance(value, dict):
        return {name: told(each) for name, each in value.items()}
    return [told(each) for each in value] if isinstance(value, list) else value


def untitled(schema: object) -> object:
    """A JSON Schema without titles: pydantic gives a border the title of its member."""
    if isinstance(schema, dict):
        return {name: untitled(each) for name, each in schema.items() if name != "title"}
    return [untitled(each) for each in schema] if isinstance(schema, list) else schema


# --- what is loaded


def loaded(parted: Package, statement: str) -> set[str]:
    told = f"import sys; print(*[m for m in sys.modules if m.startswith('{parted.name}')])"
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{told}"],
        cwd=parted.folder,
        capture_output=True,
        check=True,
        text=True,
    )
    prefix = f"{parted.name}.models."
    return {each.removeprefix(prefix) for each in done.stdout.split() if each.startswith(prefix)}


@pytest.mark.parametrize("module", ["", ".models", ".operations", ".client", ".api", ".server"])
def test_no_model_is_loaded_before_it_is_used(parted: Package, module: str) -> None:
    assert loaded(parted, f"import {parted.name}{module}") == set()


def test_one_model_is_loaded_without_those_that_its_annotations_name(parted: Package) -> None:
    assert loaded(parted, f"from {parted.name}.models import Leaf") == {"_leaf"}


def test_its_first_value_loads_those_alone(parted: Package) -> None:
    use = f"from {parted.name}.models import Leaf\ntry: Leaf.model_validate({{}})\nexcept ValueError: pass"
    assert loaded(parted, use) == {"_leaf", "_tree", "_color"}


def test_an_alias_brings_what_it_names(parted: Package) -> None:
    assert loaded(parted, f"from {parted.name}.models import Grove") == {
        "_grove",
        "_leaves",
        "_leaf",
    }


# --- the same to its users


@pytest.mark.parametrize("value", TREES, ids=range(len(TREES)))
def test_both_layouts_read_the_same_and_send_it_back(
    parted: Package, whole: Package, value: dict[str, Any]
) -> None:
    found, wanted = parted.decode("Tree", value), whole.decode("Tree", value)
    assert told(found) == told(wanted)
    assert told(found.effective()) == told(wanted.effective())
    assert json.loads(parted.runtime.encode(found)) == value
    assert found.model_dump() == wanted.model_dump()
    assert found.model_dump(mode="json") == wanted.model_dump(mode="json")
    assert found.model_dump_json() == wanted.model_dump_json()


@pytest.mark.parametrize("value", TREES, ids=range(len(TREES)))
def test_members_in_python_have_either_name(
    parted: Package, whole: Package, value: dict[str, Any]
) -> None:
    found = parted.models.Tree.model_validate(value)
    assert told(found) == told(whole.models.Tree.model_validate(value))


@pytest.mark.parametrize(("kind", "value"), REFUSED, ids=range(len(REFUSED)))
def test_both_layouts_refuse_at_the_same_places(
    parted: Package, whole: Package, kind: str, value: object
) -> None:
    with pytest.raises(ValidationError) as found:
        parted.decode(kind, value)
    with pytest.raises(ValidationError) as wanted:
        whole.decode(kind, value)
    places = [(each["loc"], each["type"], each["msg"]) for each in wanted.value.errors()]
    assert [(each["loc"], each["type"], each["msg"]) for each in found.value.errors()] == places


@pytest.mark.parametrize("strict", [True, False])
def test_strictness_goes_behind_a_border(parted: Package, whole: Package, strict: bool) -> None:
    value = {"name": "a", "shape": {"edge": "4"}, "owner": {"home": {"name": "b", "class": "2"}}}

    def read(package: Package) -> object:
        try:
            return told(package.models.Tree.model_validate(value, strict=strict))
        except ValidationError as error:
            return [(each["loc"], each["type"]) for each in error.errors()]

    assert read(parted) == read(whole)


def test_a_type_made_of_models_chooses_the_branch_that_declares_most(
    parted: Package, whole: Package
) -> None:
    for package in (parted, whole):
        models = package.models
        for adapter in (TypeAdapter(models.Pet), TypeAdapter(models.Cat | models.Dog)):
            found = adapter.validate_python({"name": "a", "tricks": []})
            assert type(found).__name__ == "Dog"
            assert type(adapter.validate_python({"name": "a"})).__name__ == "Cat"


DRIFTED: list[dict[str, Any]] = [
    {"name": "a", "leaf": {"tree": {"name": "b"}, "more": 1, "color": "blue"}},
    {"name": "a", "leaves": [{"tree": {"name": "b", "leaf": {"tree": {"name": "c"}, "x": 0}}}]},
    {"name": "a", "owner": {"home": {"name": "b", "label": "blue", "class_": 1}}},
    {"name": "a", "pet": {"name": 1}, "below": [{"name": "b", "pets": [{"lives": 1}]}]},
]


@pytest.mark.parametrize("value", DRIFTED, ids=range(len(DRIFTED)))
def test_a_lenient_client_keeps_what_has_drifted_behind_a_border(
    parted: Package, whole: Package, value: dict[str, Any]
) -> None:
    def read(package: Package) -> object:
        module = importlib.import_module(f"{package.name}.runtime.drift")
        lenient = importlib.import_module(f"{package.name}.runtime.lenient").lenient_class
        trail = module.Trail()
        found = lenient(package.models.Tree).read(value, trail)
        assert json.loads(package.runtime.encode(found)) == value
        return told(found), [(each.what, each.pointer) for each in trail.found]

    assert read(parted) == read(whole)


def test_the_json_schema_is_the_same(parted: Package, whole: Package) -> None:
    for kind in ("Tree", "Leaf", "Animal", "Dog"):
        found = getattr(parted.models, kind).model_json_schema()
        wanted = getattr(whole.models, kind).model_json_schema()
        assert untitled(found) == untitled(wanted)


def test_a_model_can_be_pickled_copied_and_changed(parted: Package) -> None:
    tree = parted.decode("Tree", TREES[4])
    assert pickle.loads(pickle.dumps(tree)) == tree == copy.deepcopy(tree)
    tree.leaf = parted.models.Leaf(tree=tree, color="green")
    assert type(tree.leaf.tree) is parted.models.Tree
    with pytest.raises(ValidationError):
        tree.leaf = {"tree": 1}


def test_a_class_of_your_own_has_the_members_of_its_base(parted: Package) -> None:
    class Oak(parted.models.Tree):  # type: ignore[name-defined, misc]
        age: int

    oak = Oak(name="a", age=100, leaf={"tree": {"name": "b"}})
    assert type(oak.leaf) is parted.models.Leaf


def test_a_model_made_without_validation_knows_its_names(parted: Package) -> None:
    made = parted.models.Dog.model_construct(name="a")
    assert json.loads(parted.runtime.encode(made)) == {"name": "a"}


# --- the files


def test_a_small_package_has_one_module(printed: Models) -> None:
    assert list(models_files(printed)) == ["models.py"]
    assert len(models_files(printed, len(printed.definitions) - 1)) > 1


def test_every_name_is_in_one_part(parted: Package, printed: Models) -> None:
    assert set(dir(parted.models)) == set(printed.names)
    for name in printed.names:
        assert getattr(parted.models, name) is getattr(parted.models, name)
    with pytest.raises(AttributeError):
        _ = parted.models.Nothing


def test_another_schema_moves_none(printed: Models, tmp_path: Path) -> None:
    more = "    Another: {type: object, properties: {t: {$ref: '#/components/schemas/Tree'}}}\n"
    file = tmp_path / "parts.yaml"
    text = DOCUMENT.read_text().replace("    Tree:\n", f"{more}    Tree:\n")
    file.write_text(text)
    before = models_files(printed, 0)
    after = models_files(print_models(build(load(file))), 0)
    assert after.keys() - before.keys() == {"models/_another.py"}
    same = {path for path, text in before.items() if after[path] == text}
    assert before.keys() - same == {"models/__init__.py"}


def test_crossing_the_threshold_leaves_no_file_behind(
    contract: Contract, printed: Models, tmp_path: Path
) -> None:
    for many in (MANY, 0, MANY):
        files = render(contract, printed, "crossing", "{}", many)
        write(files, tmp_path)
        assert check(files, tmp_path) == ()
        assert (tmp_path / "crossing/models.py").is_file() == (many == MANY)
        assert (tmp_path / "crossing/models").is_dir() == (many == 0)


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("models/_leaf.py", "class Other: ..."),
        ("models/_leaf.py", "import os"),
        ("models/_nobody.py", "class Other: ..."),
        ("models/__init__.py", "x = 'a string of nobody'"),
        ("models/__init__.py", "class Other: ..."),
    ],
)
def test_the_gate_looks_at_every_part(
    contract: Contract, printed: Models, module: str, more: str
) -> None:
    files = models_files(printed, 0)
    text = f"{files.get(module, '')}\n{more}\n"
    planned = plan(contract, printed, "gate")
    with pytest.raises(RuntimeError, match="internal error"):
        refuse_surprises(text, module, planned, printed, frozenset(), models_classes(printed, 0))


def test_checkers_and_ruff_have_nothing_to_say(
    parted: Package, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert serious(mypy(tmp_path_factory, parted.folder, "-p", parted.name)) == []
    target = str(parted.folder / parted.name)
    commands = [
        ["ruff", "check", "--isolated", "--line-length", "100", target],
        ["ruff", "format", "--check", "--quiet", "--isolated", "--line-length", "100", target],
    ]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=parted.folder,
            capture_output=True,
            check=False,
            text=True,
        )
        assert (done.returncode, done.stdout.replace("All checks passed!\n", "")) == (0, "")
