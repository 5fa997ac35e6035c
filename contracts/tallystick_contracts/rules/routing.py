"""Routing: what does not exist is not found, and a path holds exactly the methods that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..exchange import Request
from ..probes.bodies import key_of
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.places import at, put, same
from ..probes.requests import filled, plain
from ..probes.trials import resource_of
from ..verdicts import Claim, Kind, Law, Step
from . import claims
from .control import needs_acceptance
from .rule import (
    Judgement,
    Spot,
    answered,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)


def _segments(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        for parameter in operation.parameters:
            if parameter.location == "path":
                pointer = join(operation.pointer, "responses")
                yield Spot(operation, pointer, f"/{parameter.name}", "unknown id")


@rule(Law.ROUTING, "A path that names what does not exist is not found.", _segments, apart=True)
def unknown_ids_are_not_found(lab: Lab, spot: Spot) -> Judgement:
    """Each id in each path is replaced by one that nothing has. Finds: a read that makes
    something up; an update that creates.
    """
    operation, name = spot.operation, spot.place[1:]
    parameter = next(each for each in operation.parameters if each.name == name)
    if not _identifies(lab, operation, name):
        return not_applicable(f"nothing says that {{{name}}} names something that must exist")
    deletes, resource = lab.ground.role(operation) == "delete", lab.ground.resource(operation)
    live = lab.fresh(resource) if deletes and resource and resource.create else None
    path = lab.path(operation, live)
    path[name] = _unknown(lab, parameter.schema, path[name])
    if path[name] is None:
        return not_applicable(f"every value of {{{name}}} is declared")
    body = _body(lab, operation)
    step = lab.send(operation, lab.request(operation, path, body))
    if not step.answer.accepted:
        if not step.answer.refused:
            return not_reached(answered(step.answer))
        needs_acceptance(lab, operation)
        return held()
    if deletes and live is not None and name != _last(operation):
        return _deleted_elsewhere(lab, spot, live, path[name], step)
    if deletes or (name == _last(operation) and _makes(lab, operation)):
        return not_applicable("a delete of nothing, or a replacement that creates, may succeed")
    return broken(
        f"There is no {{{name}}} {said(path[name])}.",
        f"{operation.key} says that there is: {answered(step.answer)}.",
        (step,),
        claims.refused(),
    )


def _deleted_elsewhere(lab: Lab, spot: Spot, live: Live, unknown: Json, step: Step) -> Judgement:
    """A delete of what is not there may succeed, but not delete what is elsewhere."""
    read = lab.read(live)
    if read is None or not read.answer.refused:
        return not_applicable("a delete of nothing may succeed")
    return broken(
        f"There is no {spot.place[1:]} {said(unknown)}, so nothing below it is deleted.",
        f"{said(live.id)}, which is elsewhere, is gone: {answered(read.answer)}.",
        (*live.steps, step, read),
        claims.accepted(),
    )


def _identifies(lab: Lab, operation: Operation, name: str) -> bool:
    """Whether a path parameter names an item of a resource, or a parent of one."""
    resource = lab.ground.resource(operation) or lab.ground.acts_on(operation)
    return resource is not None and name in (*resource.parents, resource.parameter)


def _makes(lab: Lab, operation: Operation) -> bool:
    """Whether a replacement may create what it names: unless 404 is declared, and 201 is not."""
    declared = {each.status for each in operation.responses}
    return lab.ground.role(operation) == "replace" and not (
        "404" in declared and "201" not in declared
    )


def _last(operation: Operation) -> str:
    return operation.path.rpartition("/")[2].strip("{}")


def _unknown(lab: Lab, schema: str, known: Json) -> Json:
    candidates: list[Json] = [f"{lab.name()}-nothing"]
    if isinstance(known, int):
        candidates = [2**31 - 7, known + 7_654_321]
    candidates.append(lab.fresh_value(schema, None))
    return next(
        (e for e in candidates if e is not None and lab.ground.oracle.fits(schema, e)), None
    )


def _body(lab: Lab, operation: Operation) -> Json | MISSING:
    if lab.ground.shape(operation) is None:
        return MISSING
    return lab.named(operation, lab.base(operation))


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _unused(ground: Ground) -> Iterator[Spot]:
    """For each path the methods that it does not declare."""
    paths = dict.fromkeys(operation.path for operation in ground.contract.operations)
    for path in paths:
        used = _methods_of(ground, path)
        operation = ground.contract.find("GET" if "GET" in used else used[0], path)
        for method in _METHODS:
            if method not in used and operation is not None:
                pointer = operation.pointer.rpartition("/")[0]
                yield Spot(operation, pointer, "", f"method {method}")


def _one_unused(ground: Ground) -> Iterator[Spot]:
    """For each path the first method that it does not declare."""
    seen: set[str] = set()
    for each in _unused(ground):
        if each.operation.path not in seen:
            seen.add(each.operation.path)
            yield each


def _methods_of(ground: Ground, path: str) -> list[str]:
    return [each.method for each in ground.contract.operations if each.path == path]


@rule(Law.ROUTING, "A method that a path does not declare is refused, best with 405.", _unused)
def undeclared_methods_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """Each path is called by the methods that it does not declare, without a body and with one
    that another method takes. Finds: PUT that is taken for PATCH; 404 where something is.
    """
    operation, method = spot.operation, spot.state.rpartition(" ")[2]
    live = _item(lab, operation)
    declared = lab.request(operation, lab.path(operation, live))
    fields = tuple(each for each in declared.headers if each[0] != "Content-Type")
    step = lab.send(None, Request(method, declared.target, fields))
    step = _with_body(lab, operation, method, step, live) if step.answer.refused else step
    if step.answer.accepted:
        return broken(
            f"{operation.path} has no {method}.",
            f"It was accepted: {answered(step.answer)}.",
            (*(live.steps if live else ()), step),
            claims.refused(),
        )
    # 501 is as good (RFC 9110, 15.6.2), and so is 404: "not willing to disclose" (15.5.5).
    if step.answer.failure or (step.answer.status >= 500 and step.answer.status != 501):
        return broken(
            f"{operation.path} has no {method}, so it is refused (405).",
            f"{answered(step.answer)}.",
            (step,),
            claims.refused(),
        )
    needs_acceptance(lab, operation)
    return held()


def _item(lab: Lab, operation: Operation) -> Live | None:
    """A new item, where an operation is on one that can be made."""
    resource = lab.ground.resource(operation)
    made = resource is not None and resource.item == operation.path and resource.create
    return lab.fresh(resource) if resource is not None and made else None


def _with_body(
    lab: Lab, operation: Operation, method: str, refused: Step, live: Live | None
) -> Step:
    """The same method with a body that another method of the path would take."""
    others = [o for o in lab.ground.contract.operations if o.path == operation.path]
    other = next((o for o in others if lab.ground.shape(o) is not None), None)
    if other is None or method not in ("POST", "PUT", "PATCH"):
        return refused
    body = lab.ground.full(other) if lab.ground.role(other) != "create" else _body(lab, other)
    request = lab.request(other, lab.path(other, live), body)
    return lab.send(None, replace(request, method=method))


@rule(
    Law.ROUTING, "A 405 names the methods that there are (RFC 9110, 15.5.6: it must).", _one_unused
)
def a_405_says_which_methods_there_are(lab: Lab, spot: Spot) -> Judgement:
    """The Allow header of a 405 is compared with the methods of the path. Finds: a 405 without
    Allow.
    """
    operation, method = spot.operation, spot.state.rpartition(" ")[2]
    declared = lab.request(operation, lab.path(operation))
    step = lab.send(None, Request(method, declared.target, declared.headers))
    if step.answer.status != 405:
        return not_applicable(f"the answer was {step.answer.status}")
    allowed = {each.strip().upper() for each in (step.answer.header("allow") or "").split(",")}
    missing = [m for m in _methods_of(lab.ground, operation.path) if m not in allowed]
    if not missing:
        return held()
    return broken(
        f"A 405 for {operation.path} has an Allow header with its methods.",
        f"{', '.join(missing)} is not in it: {step.answer.header('allow')!r}.",
        (step,),
        Claim(Kind.ALLOW, value=list(_methods_of(lab.ground, operation.path))),
    )


_OTHER_PATHS = ("one segment more", "another case", "one segment before")


def _other_paths(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.method == "GET" or not ground.contract.find("GET", operation.path):
            for state in _OTHER_PATHS:
                if _other_template(ground, operation, state) is not None:
                    yield Spot(operation, operation.pointer.rpartition("/")[0], "", state)


def _other_template(ground: Ground, operation: Operation, state: str) -> str | None:
    """A path near that of the operation which the document does not declare."""
    if state == "one segment more":
        other = operation.path.rstrip("/") + "/tallystick-nothing"
    elif state == "one segment before":
        other = "/tallystick-nothing" + operation.path
    else:
        parts = re.split(r"(\{[^}]*\})", operation.path)
        other = "".join(part if part.startswith("{") else part.swapcase() for part in parts)
    declared = {re.sub(r"\{[^}]*\}", "{}", each.path) for each in ground.contract.operations}
    deep = state == "one segment more" and any(
        path.startswith(re.sub(r"\{[^}]*\}", "{}", operation.path) + "/{") for path in declared
    )
    deep = deep or (state == "one segment before" and any(p.startswith("/{") for p in declared))
    return None if re.sub(r"\{[^}]*\}", "{}", other) in declared or deep else other


@rule(Law.ROUTING, "A path that is not declared is not served.", _other_paths)
def undeclared_paths_are_not_served(lab: Lab, spot: Spot) -> Judgement:
    """Each operation is called with one segment more, one before, and its literal segments in
    another letter case. Finds: a route that matches the beginning of a path.
    """
    operation = spot.operation
    template = _other_template(lab.ground, operation, spot.state)
    path = lab.path(operation)
    request = lab.request(operation, path, _body(lab, operation))
    target = filled(operation, path, template)
    step = lab.send(None, replace(request, target=target))
    if step.answer.accepted:
        return broken(
            f"The document declares no path {template}.",
            f"{operation.method} there was accepted: {answered(step.answer)}.",
            (step,),
            claims.refused(),
        )
    return held() if step.answer.refused else not_reached(answered(step.answer))


# --- names -------------------------------------------------------------------------------------


_AWKWARD = {
    "mixed case": "MixedCase",
    "unicode": "Zoë-東京",
    "space": "two words",
    "percent": "100%25",
    "slash": "a/b",
    "question mark": "what?",
    "dots": "..x..",
    "plus": "one+two",
    "semicolon": "one;two",
    "ampersand": "one&two=3",
    "hash": "one#two",
    "colon": "one:two",
    "comma and star": "one,two*",
    "beyond the basic plane": "\U0001f980-",
    "ending": ".json",
    "blank at the end": " ",
    "quotes": 'it\'s "quoted" \\',
    "number with zeros": "00123",
}
"""What a name holds that a careless server loses on the way through a path."""

ZEROS, ZEROS_BEFORE = "number with zeros", "00"
_LAST = ("ending", "blank at the end")
"""What stands at the end of a name, the rest at its beginning."""


def _addressed(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        key = ground.key(shape.operation)
        resource = ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, name in _AWKWARD.items():
                if ground.oracle.fits(key.pointer, name):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


@rule(
    Law.ROUTING,
    "A name that was accepted can be used in a path, percent-encoded.",
    _addressed,
    apart=True,
)
def accepted_names_can_be_addressed(lab: Lab, spot: Spot) -> Judgement:
    """Names with blanks, percent signs, slashes, plus signs, quotes, characters beyond ASCII
    are created; those that are taken are read by their percent-encoded path. Finds: a path that
    is decoded twice, or before it is split.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    parts = (_AWKWARD[spot.state], lab.name())
    name = "".join(reversed(parts) if spot.state in _LAST else parts)
    if spot.state == ZEROS:
        name = ZEROS_BEFORE + str(lab.ground.samples.source(name).randrange(10**5, 10**6))
    made = lab.create(
        resource, body=put(lab.base(operation), (key_of(lab, operation),), name), named=False
    )
    if not made.answer.accepted:
        return not_applicable(f"such a name is refused: {answered(made.answer)}")
    live = made.live
    read = live.last if live else None
    if live is None or read is None:
        return not_applicable("there is no read")
    if read.answer.accepted and live.shown is MISSING:
        return not_reached("the read shows no item, which is judged with the answers")
    if read.answer.accepted and spot.state == "plus":
        # A plus in a path is a plus (RFC 3986, 3.3); only in a form is it a blank.
        plain_plus = replace(read.request, target=read.request.target.replace("%2B", "+"))
        read = lab.send(lab.ground.read_of(operation), plain_plus, live.steps)
    if read.answer.accepted and same(at(live.shown, (resource.key or "",)), live.id):
        return held()
    return broken(
        f"{said(name)} was created, so {plain(live.id)!r}, percent-encoded, names it in a path.",
        f"The read: {answered(read.answer)}.",
        (made.step, read),
        claims.accepted(),
        claims.reads((resource.key or "",), live.id),
    )
