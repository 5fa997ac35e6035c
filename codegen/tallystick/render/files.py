"""Every file of a generated package, in reading order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath

from tallystick.contract import Contract, Operation
from tallystick.errors import printable
from tallystick.jinja import Code, environment
from tallystick.models import MANY, Models, checked_schemas, models_classes, models_files
from tallystick.names import RELEASE
from tallystick.render.entries import parameters
from tallystick.render.formatting import formatted
from tallystick.render.gate import planned_strings, refuse_surprises
from tallystick.render.planning import plan
from tallystick.render.records import FLAVOURS, Key, Plan

_EXACTLY = "runtime/exactly.py"
"""What only a package needs in which schemas validate by themselves."""


@dataclass(frozen=True, slots=True)
class Package:
    """What the files are made from."""

    contract: Contract
    models: Models
    plan: Plan
    ledger: str
    """The text of ``ledger.json``."""
    strings: frozenset[str]
    """What a string constant may say."""
    classes: Mapping[str, frozenset[str]]
    """The classes of each module with models, by its path."""


def render(
    contract: Contract, models: Models, package: str, ledger: str, many: int = MANY
) -> dict[str, str]:
    """The files of a generated package: text by path.

    Args:
        package: the name of the Python package.
        ledger: the text of ``ledger.json``.
        many: how many models one module may hold; with more, each schema has a module.

    Raises:
        RuntimeError: a template of ours made something that was not planned; nothing is given.
    """
    planned = plan(contract, models, package)
    strings = planned_strings(contract, planned)
    made = Package(contract, models, planned, ledger, strings, models_classes(models, many))
    runtime = {f"{package}/runtime/{name}": text for name, text in runtime_files().items()}
    left_out = {"{}/servers.py"} if not planned.servers else set[str]()
    left_out |= {"{}/webhooks.py"} if planned.incoming is None else set[str]()
    kept = {path: text for path, text in FILES.items() if path not in left_out}
    written = {path.format(package): text(made) for path, text in kept.items()}
    written |= {f"{package}/{path}": text for path, text in models_files(models, many).items()}
    files = _checked(made, written) | runtime
    if not models.exact:
        return {path: text for path, text in files.items() if path != f"{package}/{_EXACTLY}"}
    return files | {f"{package}/schemas.json": checked_schemas(contract, models.exact)}


def runtime_files() -> dict[str, str]:
    """The files that every generated package shares, as they stand."""
    folder = resources.files("tallystick").joinpath("runtime")
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(".py")
    }


def _checked(made: Package, files: Mapping[str, str]) -> dict[str, str]:
    """``files`` with every module laid out, then looked at."""
    folder = f"{made.plan.package}/"
    modules = {path.removeprefix(folder): path for path in files if path.endswith(".py")}
    laid_out = formatted({name: files[path] for name, path in modules.items()})
    for name, text in laid_out.items():
        refuse_surprises(text, name, made.plan, made.models, made.strings, made.classes)
    return {**files, **{modules[name]: text for name, text in laid_out.items()}}


def _text(name: str) -> Callable[[Package], str]:
    return lambda made: _template(made, name)


def _template(made: Package, name: str) -> str:
    return (
        environment()
        .get_template(f"{name}.jinja")
        .render(
            plan=made.plan,
            flavours=FLAVOURS,
            source=inline(PurePosixPath(made.plan.source).name),
            title=inline(made.contract.title or made.plan.package),
            server=inline(made.plan.server or ""),
            version=_version(made.contract.release or made.contract.version),
            exact=bool(made.models.exact),
            distribution=Code(made.plan.package.replace("_", "-")),
            keys=[{"argument": each.argument, "env": inline(each.env)} for each in made.plan.keys],
            example=_example(made),
            waits=any(each.poll for each in made.plan.entries),
            streams=_streams(made),
            shape=_shape(made.plan),
        )
    )


def inline(text: str) -> Code:
    """One line of prose: no line break, no control character, no mark-up of Markdown or HTML."""
    flat = printable(" ".join(text.split()))
    return Code(re.sub(r"[^\w .,:;/()'@+-]", "", flat)[:200])


def _version(text: str) -> Code:
    """The version where Python packaging takes it (PEP 440, final releases)."""
    return Code(text if RELEASE.fullmatch(text) else "0")


def _shape(made: Plan) -> Code:
    if made.shape == "Shape()":
        return Code("`application/problem+json` (RFC 9457)")
    return Code('of one shape, `{"code": ..., "message": ...}`')


def _example(made: Package) -> Mapping[str, Code]:
    """A first call for the README: the first operation, its arguments left open."""
    operations = made.contract.operations
    call = _call(operations[0]) if operations else Code("...")
    keys: list[Key] = [*made.plan.keys[:1]]
    arguments = [] if made.plan.server else [Code('base_url="https://..."')]
    arguments += [Code(f'{key.argument}="..."') for key in keys]
    return {"arguments": Code(", ".join(arguments)), "call": call}


def _streams(made: Package) -> Code | None:
    """A call whose answer comes in pieces, if there is one."""
    for entry in made.plan.entries:
        if "Stream[" in entry.result:
            return _call(entry.operation)
    return None


def _call(operation: Operation) -> Code:
    required = [each for each in parameters(operation) if each.required]
    parts = ["..." for each in required if each.location == "path"]
    parts += ["..."] if operation.body is not None and operation.body.required else []
    parts += [f"{each.identifier}=..." for each in required if each.location != "path"]
    return Code(f"{operation.name}({', '.join(parts)})")


def _document(made: Package) -> str:
    return json.dumps(made.contract.document.vendored, indent=1, allow_nan=False) + "\n"


def _constant(text: str) -> Callable[[Package], str]:
    return lambda _: text


FILES: Mapping[str, Callable[[Package], str]] = {
    "README.md": _text("README.md"),
    "pyproject.toml": _text("pyproject.toml"),
    "names.lock": lambda made: made.contract.names_lock,
    "ledger.json": lambda made: made.ledger,
    "{}/__init__.py": _text("__init__.py"),
    "{}/api.py": _text("api.py"),
    "{}/operations.py": _text("operations.py"),
    "{}/client.py": _text("client.py"),
    "{}/server.py": _text("server.py"),
    "{}/servers.py": _text("servers.py"),
    "{}/webhooks.py": _text("webhooks.py"),
    "{}/openapi.json": _document,
    "{}/py.typed": _constant(""),
}
"""Path, with the package's name for ``{}``, to what writes it; the models and the runtime stand behind these."""
