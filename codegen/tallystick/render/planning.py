"""A contract and its models made into the plan that the templates lay out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from tallystick.contract import Contract, Operation, Parameter, SecurityScheme
from tallystick.jinja import Code, literal
from tallystick.models import Models
from tallystick.render.bodies import typed
from tallystick.render.comparison import poll
from tallystick.render.entries import (
    JSON,
    Entries,
    constant,
    expression,
    frozen,
    parameters,
    result,
)
from tallystick.render.problem_shape import problem_shape
from tallystick.render.records import Child, Group, Imports, Key, Method, Moved, Plan
from tallystick.render.typing_of import Used, import_lines, renamed, written

Place = tuple[str, ...]


def plan(contract: Contract, models: Models, package: str) -> Plan:
    """Everything that the templates beside ``models.py`` need."""
    entries = Entries(contract, models)
    made = tuple(entries.entry(each) for each in contract.operations)
    groups = _Groups(contract, models)
    found = groups.all()
    keys = tuple(_keys(contract, package))
    return Plan(
        package=Code(package),
        title=contract.title,
        source=models.source,
        digest=contract.digest,
        groups=found,
        entries=made,
        keys=keys,
        server=_server(contract),
        shape=problem_shape(contract),
        guarded=any(each.security and () not in each.security for each in contract.operations),
        api_imports=Imports(import_lines(groups.used)),
        operations_imports=Imports(import_lines(entries.used)),
    )


class _Groups:
    """Makes the resources, and notes the names that their signatures use."""

    def __init__(self, contract: Contract, models: Models) -> None:
        self._contract = contract
        self._models = models
        self.used = Used()
        stems = contract.stems
        self._names = {(): Code("Api"), **{p: Code(f"{stem}Api") for p, stem in stems.items()}}
        self._clients = {p: Code(f"{stem}Resource") for p, stem in stems.items()}
        self._clients[()] = Code("Client")

    def all(self) -> tuple[Group, ...]:
        """The root, then every resource in document order."""
        return tuple(self._group(place) for place in self._names)

    def _group(self, place: Place) -> Group:
        operations = [each for each in self._contract.operations if each.resource == place]
        below = [each for each in self._names if each and each[:-1] == place]
        members = frozenset({*(each.verb for each in operations), *(each[-1] for each in below)})
        decorator = renamed(Code("property"), members, self.used)
        children = tuple(
            Child(Code(each[-1]), self._names[each], self._clients[each], decorator)
            for each in below
        )
        return Group(
            place=place,
            name=self._names[place],
            client=self._clients[place],
            docstring=f"``{'.'.join(place)}``" if place else f"{self._contract.title}".strip(),
            children=children,
            methods=tuple(self._method(each, members) for each in operations),
            moved=tuple(self._moved(place)),
            former=tuple(
                (Code(old), Code(now))
                for old, now in self._contract.former.methods.get(place, {}).items()
            ),
        )

    def _moved(self, place: Place) -> Iterator[Moved]:
        for name, now in self._contract.former.resources.get(place, {}).items():
            yield Moved(Code(name), self._clients[now], f"renamed: use `{'.'.join(now)}`")

    def _method(self, operation: Operation, members: frozenset[str]) -> Method:
        declared = parameters(operation)
        positional = [
            Code(f"{each.identifier}: {self._parameter(each, members)}")
            for each in declared
            if each.location == "path"
        ]
        positional += self._body(operation, members)
        named = [self._named(each, members) for each in declared if each.location != "path"]
        raw = operation.body is not None and typed(operation.body.content) is None
        if raw:
            named.append(self._content_type(operation, members))
        waits = poll(self._contract, operation) is not None
        more = [self._text(Code("wait: bool | float = False"), members)] if waits else []
        pairs = {each.identifier: each.identifier for each in declared}
        return Method(
            name=Code(operation.verb),
            constant=constant(operation),
            docstring=_docstring(operation),
            signature=_signature(positional, named),
            client_signature=_signature(positional, [*named, *more]),
            result=result(self._contract, operation, self._models, members, self.used),
            given=frozen(pairs),
            sends=_sends(operation.body is not None, raw, waits),
        )

    def _parameter(self, parameter: Parameter, members: frozenset[str]) -> Code:
        return written(self._models.expressions[parameter.schema], members, self.used)

    def _named(self, parameter: Parameter, members: frozenset[str]) -> Code:
        annotation = self._parameter(parameter, members)
        if parameter.required:
            return Code(f"{parameter.identifier}: {annotation}")
        self.used.pydantic.add("MISSING")
        return Code(f"{parameter.identifier}: {annotation} | MISSING = MISSING")

    def _body(self, operation: Operation, members: frozenset[str]) -> list[Code]:
        body = operation.body
        if body is None:
            return []
        annotation = renamed(Code("bytes"), members, self.used)
        media = typed(body.content)
        if media is not None:
            found = expression(self._contract, self._models, media) or JSON
            annotation = written(found, members, self.used)
        if body.required:
            return [Code(f"body: {annotation}")]
        self.used.pydantic.add("MISSING")
        return [Code(f"body: {annotation} | MISSING = MISSING")]

    def _content_type(self, operation: Operation, members: frozenset[str]) -> Code:
        declared = operation.body.content if operation.body else ()
        first = declared[0].media_type if declared else "application/octet-stream"
        default = "" if "*" in first else f" = {literal(first)}"
        return Code(f"content_type: {renamed(Code('str'), members, self.used)}{default}")

    def _text(self, argument: Code, members: frozenset[str]) -> Code:
        name, _, rest = argument.partition(": ")
        annotation, _, default = rest.partition(" = ")
        return Code(f"{name}: {renamed(Code(annotation), members, self.used)} = {default}")


def _signature(positional: list[Code], named: list[Code]) -> Code:
    star = ["*", *named] if named else []
    return Code(", ".join(["self", *positional, *star]))


def _sends(body: bool, raw: bool, waits: bool) -> Code:
    parts = [", body"] if body else []
    parts += [", content_type=content_type"] if raw else []
    parts += [", wait=wait"] if waits else []
    return Code("".join(parts))


def _docstring(operation: Operation) -> str:
    summary = " ".join((operation.summary or operation.verb).split())
    lines = [summary, "", f"{operation.method} {operation.path} ({operation.pointer})"]
    errors = [each for each in operation.responses if not each.success and each.status != "default"]
    if errors:
        lines += ["", f"Errors: {', '.join(each.status for each in errors)}."]
    if operation.deprecated:
        lines += ["", "Deprecated."]
    return "\n".join(lines)


def _server(contract: Contract) -> str | None:
    """The first server, if it is a plain https URL: it is shown in the client's signature."""
    for url in contract.servers[:1]:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.hostname and not parts.query
        if plain and "@" not in parts.netloc and "{" not in url and not parts.fragment:
            return url
    return None


def _keys(contract: Contract, package: str) -> Iterator[Key]:
    needed = {name for each in contract.operations for choice in each.security for name in choice}
    for scheme in contract.security.values():
        if scheme.name not in needed or scheme.location is None or scheme.parameter is None:
            continue
        argument = scheme.identifier
        env = scheme.env or re.sub(r"\W", "_", f"{package}_{scheme.identifier}").upper()
        yield Key(scheme, Code(argument), env, _record(scheme, argument, env))


def _record(scheme: SecurityScheme, argument: str, env: str) -> Code:
    values: Mapping[str, str | bool | None] = {
        "name": scheme.name,
        "argument": argument,
        "env": env,
        "location": scheme.location,
        "parameter": scheme.parameter,
        "prefix": scheme.prefix,
        "basic": scheme.kind == "http" and (scheme.scheme or "").lower() == "basic",
    }
    return Code(f"Scheme({', '.join(f'{k}={literal(v)}' for k, v in values.items())})")
