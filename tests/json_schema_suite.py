"""The JSON Schema Test Suite run through the generator: each schema as a model, each instance tried."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from urllib.parse import quote

import jsonschema_rs
from pydantic import ValidationError

from tallystick.contract import Contract, build
from tallystick.document import Json, Reach, copy_of, get, load
from tallystick.errors import DocumentError
from tallystick.ledger import Entry, ledger
from tallystick.models import Models, checked_schemas, closure, models_source, print_models
from tallystick.models.keywords import FORMATS

RUNTIME = Path(__file__).parents[1] / "codegen/tallystick/runtime"


@dataclass(frozen=True, slots=True)
class Case:
    """One schema of the suite with its instances: description, data, whether it is valid."""

    keyword: str
    description: str
    schema: Json
    instances: tuple[tuple[str, Json, bool], ...]


@dataclass(slots=True)
class Row:
    """What came of one keyword file: numbers of instances."""

    equal: int = 0
    declared: int = 0
    undeclared: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    """Schemas that no document may hold, with the reason."""
    lost: int = 0
    """The instances of those."""

    @property
    def total(self) -> int:
        """Every instance."""
        return self.equal + self.declared + len(self.undeclared) + self.lost


@dataclass(frozen=True, slots=True)
class Suite:
    """The models of many schemas: package, contract, ledger."""

    contract: Contract
    models: Models
    module: ModuleType
    decode: Any
    encode: Any
    weaker: tuple[Entry, ...]


def cases(folder: Path) -> Iterator[Case]:
    """The schemas of every required keyword file."""
    for path in sorted(folder.glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            tests = tuple((t["description"], t["data"], t["valid"]) for t in group["tests"])
            yield Case(path.stem, group["description"], group["schema"], tests)


def document(schemas: Mapping[str, Json]) -> dict[str, Json]:
    """An OpenAPI document with ``schemas``, each a resource of its own as in the suite."""
    found = {name: _resource(name, schema) for name, schema in schemas.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Suite", "version": "1"},
        "paths": {},
        "components": {"schemas": found},
    }


def _resource(name: str, schema: Json) -> Json:
    if not isinstance(schema, dict) or "$id" in schema:
        return schema
    return {"$id": f"https://suite.example/{name}", **schema}


def batches(cases: list[Case]) -> list[list[Case]]:
    """``cases`` in groups in which no two claim the same ``$id``."""
    found: list[tuple[set[str], list[Case]]] = []
    for case in cases:
        own = set(_identifiers(case.schema))
        free = next((each for each in found if own.isdisjoint(each[0])), None)
        if free is None:
            found.append((own, [case]))
        else:
            free[0].update(own)
            free[1].append(case)
    return [group for _, group in found]


def _identifiers(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        own = node.get("$id")
        if isinstance(own, str):
            yield own
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _identifiers(each)


def loadable(
    cases: list[Case], folder: Path, reach: Reach
) -> tuple[list[Case], list[tuple[Case, str]]]:
    """The cases whose schema a document may hold, and the others with the reason."""
    good, bad = list[Case](), list[tuple[Case, str]]()
    path = folder / "one.json"
    for case in cases:
        path.write_text(json.dumps(document({"S": case.schema})), encoding="utf-8")
        try:
            build(load(path, (), reach))
        except DocumentError as error:
            bad.append((case, error.what))
        else:
            good.append(case)
    return good, bad


def make(
    schemas: Mapping[str, Json] | Path,
    folder: Path,
    package: str,
    reach: Reach | None = None,
) -> Suite:
    """A package with the models of ``schemas``, or of a document, imported from ``folder``."""
    path = schemas if isinstance(schemas, Path) else folder / f"{package}.json"
    if not isinstance(schemas, Path):
        path.write_text(json.dumps(document(schemas)), encoding="utf-8")
    contract = build(load(path, (), reach))
    models = print_models(contract)
    _write(folder / package, contract, models)
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(f"{package}.models")
        presence = importlib.import_module(f"{package}.runtime.presence")
    finally:
        sys.path.remove(str(folder))
    book = ledger(contract, models)
    return Suite(contract, models, module, presence.decode, presence.encode, book.weaker)


def _write(package: Path, contract: Contract, models: Models) -> None:
    shutil.copytree(RUNTIME, package / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(models_source(models), encoding="utf-8")
    (package / "schemas.json").write_text(checked_schemas(contract, models.exact))


def kind_of(suite: Suite, pointer: str) -> Any:
    """The Python type of a named schema, null included."""
    schema = suite.contract.schema(pointer)
    kind = getattr(suite.module, str(schema.name))
    return kind | None if schema.nullable and isinstance(kind, type) else kind


def accepts(suite: Suite, kind: Any, value: Json) -> bool:
    """Whether the model takes ``value``."""
    try:
        suite.decode(kind, json.dumps(value).encode())
    except ValidationError:
        return False
    return True


def run(folder: Path, scratch: Path) -> dict[str, Row]:
    """Every instance of the suite in ``folder``, counted by keyword file."""
    reach = Reach(known={"http://localhost:1234/": folder.parents[1] / "remotes"})
    found = list(cases(folder))
    good, bad = loadable(found, scratch, reach)
    rows = {case.keyword: Row() for case in found}
    for case, reason in bad:
        rows[case.keyword].lost += len(case.instances)
        rows[case.keyword].refused.append(f"{case.description}: {reason}")
    for number, batch in enumerate(batches(good)):
        schemas = {f"S{i}": case.schema for i, case in enumerate(batch)}
        suite = make(schemas, scratch, f"suite_models_{number}", reach)
        for index, case in enumerate(batch):
            _try(suite, f"#/components/schemas/S{index}", case, rows[case.keyword])
    return rows


def _try(suite: Suite, pointer: str, case: Case, row: Row) -> None:
    kind = kind_of(suite, pointer)
    told = as_told(suite, pointer)
    for description, data, valid in case.instances:
        accepted = accepts(suite, kind, data)
        if accepted == valid:
            row.equal += 1
        elif told is not None and accepted == told.is_valid(data):
            row.declared += 1
        else:
            row.undeclared.append(f"{case.description}: {description}")


def as_told(suite: Suite, pointer: str) -> Any:
    """The validator of what the ledger says of a schema, or None if it says that all is enforced.

    It is the schema without the keywords that are ignored, and with the type that is assumed;
    formats are asserted, which the suite takes for annotations.
    """
    below = set(closure(suite.contract, [pointer]))
    weaker = [
        each
        for each in suite.weaker
        # What no type holds, such as a definition that nothing refers to, explains nothing.
        if each.pointer.rpartition("/")[0] in below and each.reason != "no type holds this schema"
    ]
    nodes = [suite.contract.schema(each).node for each in below]
    if not weaker and not any(isinstance(node, Mapping) and "format" in node for node in nodes):
        return None
    root = cast("dict[str, Any]", copy_of(dict(suite.contract.document.data)))
    for each in sorted(weaker, key=lambda entry: -entry.pointer.count("/")):
        owner, _, keyword = each.pointer.rpartition("/")
        node = cast("dict[str, Json]", get(root, owner))
        if keyword == "type" and each.standing == "approximated":
            null: list[Json] = ["null"] if suite.contract.schema(owner).nullable else []
            node["type"] = ["object", *null]
        else:
            node.pop(keyword, None)
    root["$ref"] = "#" + quote(pointer.removeprefix("#"), safe="/~")
    free = dict.fromkeys(_formats(root) - FORMATS, _anything)
    return jsonschema_rs.validator_for(root, validate_formats=True, formats=free, offline=True)


def _anything(_: str) -> bool:
    return True


def _formats(node: Json) -> set[str]:
    """The formats in a schema."""
    if isinstance(node, dict):
        form = node.get("format")
        own = {form} if isinstance(form, str) else set[str]()
        return own.union(*(_formats(value) for value in node.values()))
    return set[str]().union(*(_formats(each) for each in node)) if isinstance(node, list) else set()


def table(rows: Mapping[str, Row]) -> str:
    """The rows as text, with the sums below."""
    lines = [f"{'keyword':24} {'equal':>6} {'declared':>9} {'undeclared':>11} {'not loaded':>11}"]
    for name, row in rows.items():
        counts = f"{row.equal:6} {row.declared:9} {len(row.undeclared):11} {row.lost:11}"
        lines.append(f"{name:24} {counts}")
    sums = [
        sum(row.equal for row in rows.values()),
        sum(row.declared for row in rows.values()),
        sum(len(row.undeclared) for row in rows.values()),
        sum(row.lost for row in rows.values()),
    ]
    lines.append(f"{'all':24} {sums[0]:6} {sums[1]:9} {sums[2]:11} {sums[3]:11}")
    return "\n".join(lines)
