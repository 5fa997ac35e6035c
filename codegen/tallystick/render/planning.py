"""A contract and its models made into the plan that the templates lay out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tallystick.contract import Contract, Operation, Parameter, SecurityScheme
from tallystick.jinja import Code, literal
from tallystick.models import Models
from tallystick.render.bodies import BodyForm, body_forms, sent_items
from tallystick.render.comparison import poll
from tallystick.render.entries import (
    JSON,
    Entries,
    constant,
    expression,
    frozen,
    item,
    parameters,
    raw,
    result,
)
from tallystick.render.overloads import SWITCH, Argument, Call, Pieces, ways, whole
from tallystick.render.problem_shape import problem_shape
from tallystick.render.records import (
    ASYNC,
    FLAVOURS,
    GIVEN,
    PROMISED,
    Child,
    Flavour,
    Group,
    Imports,
    Incoming,
    Key,
    Method,
    Moved,
    Overload,
    Plan,
    Side,
)
from tallystick.render.servers import default_server, own_server, server_functions
from tallystick.render.typing_of import Used, import_lines, renamed, union, written

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
        schemes=(*(key.record for key in keys), *_of_transport(contract)),
        server=default_server(contract),
        servers=server_functions(contract),
        elsewhere=any(own_server(each) for each in contract.operations),
        shape=problem_shape(contract),
        guarded=any(each.security and () not in each.security for each in contract.operations),
        api_imports=Imports(import_lines(groups.used)),
        operations_imports=Imports(import_lines(entries.used)),
        incoming=_incoming(contract, models) if contract.incoming else None,
    )


def _incoming(contract: Contract, models: Models) -> Incoming:
    """Webhooks and callbacks: their protocol and their records share one module."""
    groups, entries = _Groups(contract, models), Entries(contract, models)
    members = frozenset(each.verb for each in contract.incoming)
    methods = tuple(groups.method(each, members) for each in contract.incoming)
    made = tuple(entries.entry(each) for each in contract.incoming)
    needed = {name for each in contract.incoming for choice in each.security for name in choice}
    known = [each for name, each in contract.security.items() if name in needed]
    usable = [each for each in known if each.location is not None and each.parameter is not None]
    lines = dict.fromkeys((*import_lines(groups.used), *import_lines(entries.used)))
    return Incoming(
        methods=methods,
        entries=made,
        schemes=tuple(_record(each, Code(each.identifier), "") for each in usable),
        guarded=any(each.security and () not in each.security for each in contract.incoming),
        imports=tuple(lines),
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

    def _title(self) -> str:
        """What the whole is called; a title of blanks only says nothing."""
        return self._contract.title.strip() or "The API."

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
            docstring=f"``{'.'.join(place)}``" if place else self._title(),
            children=children,
            methods=tuple(self.method(each, members) for each in operations),
            moved=tuple(self._moved(place)),
            former=tuple(
                (Code(old), Code(now))
                for old, now in self._contract.former.methods.get(place, {}).items()
            ),
        )

    def _moved(self, place: Place) -> Iterator[Moved]:
        for name, now in self._contract.former.resources.get(place, {}).items():
            yield Moved(Code(name), self._clients[now], f"renamed: use `{'.'.join(now)}`")

    def method(self, operation: Operation, members: frozenset[str]) -> Method:
        """One operation in a class with these members."""
        declared = parameters(operation)
        path = [self._argument(each, members) for each in declared if each.location == "path"]
        named = [self._argument(each, members) for each in declared if each.location != "path"]
        forms = body_forms(self._contract, operation.body.content) if operation.body else ()
        told = len(forms) > 1 or (operation.body is not None and not _typed(forms))
        media = [self._content_type(forms, members)] if told else []
        chosen = [self._text(Code("content_type: str | None = None"), members)]
        waits = poll(self._contract, operation) is not None
        more = [self._text(Code("wait: bool | float = False"), members)] if waits else []
        offered = (*(chosen if len(forms) > 1 else media), *more)
        kept = self._contract.former.arguments.get(operation.name, {})
        known = {str(each.name) for each in (*path, *named)}
        former = {old: now for old, now in kept.items() if now in known}
        promised = Call(tuple(path), self._body(operation, members, None), tuple(named), (*media,))
        chunks = raw(self._contract, self._models, operation)
        results = self._results(operation, members, GIVEN)
        called: dict[str, Overload] = {}
        overloads: dict[str, tuple[Overload, ...]] = {}
        for each in FLAVOURS:
            body = self._body(operation, members, each)
            call = replace(promised, body=body, more=offered)
            pieces = self._pieces(each, members) if chunks else None
            called[each.prefix] = whole(call, results[each.prefix], pieces)
            overloads[each.prefix] = ways(call, results[each.prefix], pieces, former)
        return Method(
            name=Code(operation.verb),
            constant=constant(operation),
            docstring=_docstring(operation),
            signature=promised.signature(),
            called=called,
            overloads=overloads,
            promises=self._results(operation, members, PROMISED),
            chunks=chunks,
            former=Code(", ".join(f"{old}={literal(now)}" for old, now in former.items())),
            given=frozen({each.identifier: each.identifier for each in declared}),
            sends=_sends(operation.body is not None, told),
            waits=Code(", wait=wait" if waits else ""),
        )

    def _pieces(self, flavour: Flavour, members: frozenset[str]) -> Pieces:
        """What a client offers for an answer of bytes."""
        text = renamed(Code("bytes"), members, self.used)
        without, wanted, either = (self._text(each, members) for each in SWITCH)
        return Pieces(without, wanted, either, Code(f"{flavour.prefix}Stream[{text}]"))

    def _results(
        self, operation: Operation, members: frozenset[str], sides: Mapping[str, Side]
    ) -> dict[str, Code]:
        return {
            prefix: result(self._contract, operation, self._models, members, self.used, side)
            for prefix, side in sides.items()
        }

    def _parameter(self, parameter: Parameter, members: frozenset[str]) -> Code:
        return written(self._models.expressions[parameter.schema], members, self.used)

    def _argument(self, parameter: Parameter, members: frozenset[str]) -> Argument:
        required = parameter.required or parameter.location == "path"
        if not required:
            self.used.pydantic.add("MISSING")
        annotation = self._parameter(parameter, members)
        return Argument(Code(parameter.identifier), annotation, required)

    def _body(
        self, operation: Operation, members: frozenset[str], client: Flavour | None
    ) -> tuple[Code, ...]:
        """The argument for the body; a client takes bytes from a file or an iterator as well."""
        body = operation.body
        if body is None:
            return ()
        raw = renamed(Code("bytes"), members, self.used)
        if client is not None:
            raw = Code(f"{client.prefix}Upload")
        parts: list[Code] = []
        for each in body_forms(self._contract, body.content):
            items = None if each.media is None else sent_items(self._contract, each.media)
            if each.media is None:
                parts.append(raw)
            elif items is not None:
                parts += self._given(item(self._models, items, members, self.used), client)
            else:
                found = expression(self._contract, self._models, each.media)
                parts.append(written(found or JSON, members, self.used))
        annotation = union(parts) or raw
        if body.required:
            return (Code(f"body: {annotation}"),)
        self.used.pydantic.add("MISSING")
        return (Code(f"body: {annotation} | MISSING = MISSING"),)

    def _given(self, text: Code, client: Flavour | None) -> Iterator[Code]:
        """What gives items of a type."""
        yield Code(f"Iterable[{text}]")
        if client is ASYNC:
            yield Code(f"AsyncIterable[{text}]")

    def _content_type(self, forms: Sequence[BodyForm], members: frozenset[str]) -> Code:
        declared = [name for each in forms for name in each.media_types]
        first = declared[0] if declared else "application/octet-stream"
        default = "" if "*" in first else f" = {literal(first)}"
        return Code(f"content_type: {renamed(Code('str'), members, self.used)}{default}")

    def _text(self, argument: Code, members: frozenset[str]) -> Code:
        name, _, rest = argument.partition(": ")
        annotation, equals, default = rest.partition(" = ")
        return Code(f"{name}: {renamed(Code(annotation), members, self.used)}{equals}{default}")


def _typed(forms: Sequence[BodyForm]) -> bool:
    return any(each.media is not None for each in forms)


def _sends(body: bool, told: bool) -> Code:
    parts = [", body"] if body else []
    parts += [", content_type=content_type"] if told else []
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


def _keys(contract: Contract, package: str) -> Iterator[Key]:
    needed = {name for each in contract.operations for choice in each.security for name in choice}
    for scheme in contract.security.values():
        if scheme.name not in needed or scheme.location is None or scheme.parameter is None:
            continue
        argument = scheme.identifier
        env = scheme.env or re.sub(r"\W", "_", f"{package}_{scheme.identifier}").upper()
        yield Key(scheme, Code(argument), env, _record(scheme, argument, env))


def _of_transport(contract: Contract) -> Iterator[Code]:
    """The schemes that are a matter of the connection: no argument gives them."""
    for scheme in contract.security.values():
        if scheme.kind == "mutualTLS":
            name = literal(scheme.name)
            yield Code(f'Scheme({name}, argument="", env="", location="transport", parameter="")')


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
