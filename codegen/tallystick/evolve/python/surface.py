"""The public names of a generated package as a tree, placed where people reach them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import griffe

_ROOT = "api"
_OWN = frozenset({"effective", "defaults"})
"""What every model has."""


@dataclass(slots=True)
class Surface:
    """What can be reached from outside, and which of it is there for an old name's sake."""

    root: griffe.Module = field(default_factory=lambda: griffe.Module(_ROOT))
    instead: dict[str, str] = field(default_factory=dict[str, str])
    """By the path of what was renamed, its path now."""
    defaults: dict[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    """By the path of a class that is read with defaults: what its members are when absent."""
    closed: set[str] = field(default_factory=set[str])
    """The paths of classes that take no members which nobody described."""

    def objects(self) -> dict[str, griffe.Object]:
        """Everything in it by path, what is above before what is below."""
        return dict(_below(self.root))


def surface(files: Mapping[str, str]) -> Surface:
    """The names that the modules of one package make public.

    The blocking client stands for both, and the client for the protocols of the server half, which
    have the same methods. Private names and ``runtime`` are left out.

    Args:
        files: text by path below the folder of the package; modules that need not be looked at
            may be left out, the client may not.
    """
    made = Surface()
    client = _visited("client", files["client.py"].partition("\nclass AsyncClient")[0])
    _Client(made, client).place()
    _place_models(made, files)
    for name in ("server", "servers", "webhooks"):
        if f"{name}.py" in files:
            _place_module(made, _visited(name, files[f"{name}.py"]))
    return made


def path_of(each: griffe.Object) -> str:
    """Where people reach it."""
    return each.path.removeprefix(f"{_ROOT}.")


def _visited(name: str, text: str) -> griffe.Module:
    return griffe.visit(name, Path(f"{name}.py"), text)


def _below(parent: griffe.Object) -> Iterator[tuple[str, griffe.Object]]:
    for each in parent.members.values():
        if isinstance(each, griffe.Object):
            yield path_of(each), each
            yield from _below(each)


def _put(parent: griffe.Object, name: str, each: griffe.Object) -> griffe.Object:
    """A copy of an object with all below it, as a member of ``parent``."""
    twin = copy.copy(each)
    twin.name = name
    twin.members = {}
    parent.set_member(name, twin)
    for below in each.members.values():
        if isinstance(below, griffe.Object):
            _put(twin, below.name, below)
    return twin


def _public(parent: griffe.Object) -> Iterator[griffe.Object]:
    for name, each in parent.members.items():
        if isinstance(each, griffe.Object) and not name.startswith("_"):
            yield each


class _Client:
    """The resources, which are classes of their own, put where the client has them."""

    def __init__(self, made: Surface, module: griffe.Module) -> None:
        self._made = made
        self._module = module
        self._places: dict[str, str] = {}
        self._moved: list[tuple[griffe.Class, str, str]] = []

    def place(self) -> None:
        """Place the constructor, then every resource, then the former names of these."""
        client = self._module.members["Client"]
        _put(self._made.root, "Client", client.members["__init__"])  # type: ignore[arg-type]
        self._resource(self._made.root, "client", "Client")
        for parent, name, kind in self._moved:
            self._move(parent, name, self._places[kind])

    def _resource(self, parent: griffe.Object, name: str, kind: str) -> None:
        made = griffe.Class(name)
        parent.set_member(name, made)
        self._places[kind] = path_of(made)
        for each in _public(self._module.members[kind]):  # type: ignore[arg-type]
            if isinstance(each, griffe.Function):
                _put(made, each.name, each)
            elif isinstance(each, griffe.Attribute) and "property" in each.labels:
                self._moved.append((made, each.name, str(each.annotation)))
            elif isinstance(each, griffe.Attribute):
                self._attribute(made, each)

    def _move(self, parent: griffe.Class, name: str, now: str) -> None:
        """Put what has moved, where it was, too."""
        twin = _put(parent, name, self._made.root.get_member(now))
        instead = self._made.instead
        below = {old: new for old, new in instead.items() if old.startswith(f"{now}.")}
        instead[path_of(twin)] = now
        instead.update({f"{path_of(twin)}{old[len(now) :]}": new for old, new in below.items()})

    def _attribute(self, parent: griffe.Class, each: griffe.Attribute) -> None:
        called, _, rest = str(each.value).partition("(")
        if called == "_former":
            now = rest.removesuffix(")")
            twin = _put(parent, each.name, parent.members[now])  # type: ignore[arg-type]
            self._made.instead[path_of(twin)] = f"{path_of(parent)}.{now}"
        elif called in self._module.members:
            self._resource(parent, each.name, called)


def keywords_of(method: griffe.Function) -> dict[str, str]:
    """The keywords that a method takes for an old name's sake: by each, the one now."""
    found: dict[str, str] = {}
    for each in method.decorators:
        node = ast.parse(str(each.value), mode="eval").body
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_renamed":
            found |= {str(one.arg): str(ast.literal_eval(one.value)) for one in node.keywords}
    return found


def _place_module(made: Surface, module: griffe.Module) -> None:
    """Functions and classes as they stand."""
    placed = griffe.Module(module.name)
    made.root.set_member(module.name, placed)
    for each in _public(module):
        if isinstance(each, griffe.Function):
            _put(placed, each.name, each)
        elif isinstance(each, griffe.Class) and not each.name.startswith("Async"):
            kept = griffe.Class(each.name)
            placed.set_member(each.name, kept)
            for method in _public(each):
                _put(kept, method.name, method)


def _place_models(made: Surface, files: Mapping[str, str]) -> None:
    placed = griffe.Module("models")
    made.root.set_member("models", placed)
    former: dict[str, str] = {}
    for path, text in files.items():
        if path == "models/__init__.py":
            former |= _table(text.partition("\n_FORMER = ")[2])
        elif path == "models.py" or path.startswith("models/"):
            module = _visited("models", text)
            given = module.members.get("__getattr__")
            told = str(given.value) if isinstance(given, griffe.Attribute) else ""
            former |= _table(told.partition(", ")[2].removesuffix(")"))
            _place_definitions(made, placed, module, former)
    for path in made.defaults:
        _place_read(made, made.root.get_member(path))
    for old, now in former.items():
        target = placed.members.get(now)
        twin = target if isinstance(target, griffe.Object) else griffe.Attribute(now)
        at, present = path_of(_put(placed, old, twin)), f"models.{now}"
        made.instead[at] = present
        made.closed |= {at} if present in made.closed else set()
        if present in made.defaults:
            made.defaults[at] = made.defaults[present]


def _table(text: str) -> dict[str, str]:
    """The names before and now, as they stand at the start of a text."""
    end = text.find("}")
    found: dict[str, str] = ast.literal_eval(text[: end + 1]) if end > 0 else {}
    return found


def _place_definitions(
    made: Surface, placed: griffe.Module, module: griffe.Module, former: Mapping[str, str]
) -> None:
    for each in _public(module):
        if isinstance(each, griffe.Class):
            _place_model(made, placed, each)
        elif isinstance(each, griffe.Attribute) and each.name not in former:
            _put(placed, each.name, each)


def _place_model(made: Surface, placed: griffe.Module, model: griffe.Class) -> None:
    kept = griffe.Class(model.name)
    placed.set_member(model.name, kept)
    for each in _public(model):
        if isinstance(each, griffe.Attribute) and _is_member(each):
            _put(kept, each.name, each)
    if "extra" in model.keywords:
        made.closed.add(path_of(kept))
    former, defaults = model.members.get("__former__"), model.members.get("defaults")
    if isinstance(former, griffe.Attribute):
        for old, now in _table(str(former.value)).items():
            twin = _put(kept, old, kept.members[now])  # type: ignore[arg-type]
            made.instead[path_of(twin)] = f"{path_of(kept)}.{now}"
    if [str(each) for each in model.bases] == ["Reading"]:
        held = defaults.value if isinstance(defaults, griffe.Attribute) else "{}"
        made.defaults[path_of(kept)] = ast.literal_eval(str(held))


def _place_read(made: Surface, kept: griffe.Class) -> None:
    """The former names of members, in a class that is read with defaults, too."""
    model = path_of(kept).removesuffix("Effective")
    for old, now in tuple(made.instead.items()):
        above, _, name = old.rpartition(".")
        member = now.rpartition(".")[2]
        if above == model and member in kept.members:
            twin = _put(kept, name, kept.members[member])  # type: ignore[arg-type]
            made.instead[path_of(twin)] = f"{path_of(kept)}.{member}"


def _is_member(each: griffe.Attribute) -> bool:
    return each.name not in _OWN and "property" not in each.labels
