"""What has been seen so far: fed with exchanges, asked at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import parse_qsl, unquote

from tallystick.contract import Contract, is_json
from tallystick.document import Json

from ..exchange import Answer, Paths, Request
from .nodes import Mark, Place
from .places import Allowed, Asked, Watched, allowed
from .reasons import Reasons
from .records import Kind, Observation, Share, Unseen, Way


class Tally:
    """Counts what the exchanges with a server show of a contract.

    An exchange that was seen before costs a look into a set. Nothing here is undone by threads
    that look on at the same time: a mark is only ever set.

    Args:
        contract: what the server claims to keep.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._paths = Paths(contract)
        self._known: set[tuple[object, ...]] = set()
        self._asked: set[str] = set()
        self._taken: set[str] = set()

    @cached_property
    def _allowed(self) -> Allowed:
        return allowed(self._contract)

    @cached_property
    def _sent(self) -> bytearray:
        return bytearray(len(self._allowed.sights))

    @cached_property
    def _seen(self) -> bytearray:
        return bytearray(len(self._allowed.sights))

    def see(self, request: Request, answer: Answer) -> None:
        """Note what one exchange shows; one that belongs to no operation shows nothing."""
        path, _, query = request.target.partition("?")
        operation = self._paths.find(request.method, path)
        if operation is None:
            return
        watched = self._allowed.operations[operation.pointer]
        self._asked.add(operation.key)
        accepted = answer.accepted
        if accepted:
            self._taken.add(operation.key)
        self._request(watched, request, path, query, accepted)
        if not answer.failure:
            self._answer(watched, answer)

    def observation(self) -> Observation:
        """What was seen, and each thing that was not with the reason."""
        sights = self._allowed.sights
        totals: Counter[tuple[Kind, Way]] = Counter((sight.kind, sight.way) for sight in sights)
        seen = Counter(
            (sight.kind, sight.way) for sight, flag in zip(sights, self._seen, strict=True) if flag
        )
        shares = (Share(*key, seen[key], count) for key, count in totals.items())
        return Observation(tuple(shares), tuple(self._never()))

    def _never(self) -> Iterator[Unseen]:
        sent = self._sent
        why = Reasons(
            [each for each, flag in zip(self._allowed.sights, self._seen, strict=True) if not flag],
            self._asked,
            self._taken,
        )
        for number, sight in enumerate(self._allowed.sights):
            if not self._seen[number]:
                yield why.of(sight, sent=bool(sent[number]))

    # --- one exchange ----------------------------------------------------------------------

    def _request(
        self, watched: Watched, request: Request, path: str, query: str, accepted: bool
    ) -> None:
        fields = {name.lower(): value for name, value in request.headers}
        sent = _essence(fields.get("content-type", ""))
        key = (watched.operation.pointer, accepted, request.target, sent, hash(request.body))
        asked = [each for each in watched.parameters if each.parameter.location == "header"]
        more = tuple(fields.get(each.parameter.name.lower()) for each in asked)
        if (*key, more) in self._known:
            return
        self._known.add((*key, more))
        flags = self._seen if accepted else self._sent
        mark = flags_of(flags)
        for each in watched.parameters:
            _parameter(each, _given(each, query, fields, path, watched.operation.path), mark)
        body = request.body or b""
        for number in [watched.clothed] if body else [watched.bare]:
            if number is not None:
                mark(number)
        if body and sent in watched.media:
            mark(watched.media[sent])
        if body and watched.body is not None and is_json(sent):
            _json(watched.body, body, mark)

    def _answer(self, watched: Watched, answer: Answer) -> None:
        declared = watched.operation.response(answer.status)
        if declared is None:
            return
        sent = _essence(answer.header("content-type") or "")
        may = watched.answers[declared.status]
        mark = flags_of(self._seen)
        for name, _ in answer.headers if may.headers else ():
            if name.lower() in may.headers:
                mark(may.headers[name.lower()])
        key = (watched.operation.pointer, answer.status, sent, hash(answer.body))
        if key in self._known:
            return
        self._known.add(key)
        mark(may.status)
        found = may.media.get(sent)
        if found is not None and answer.body:
            mark(found)
        if may.body is not None and is_json(sent):
            _json(may.body, answer.body, mark)


def flags_of(flags: bytearray) -> Mark:
    def mark(number: int) -> None:
        flags[number] = 1

    return mark


def _json(place: Place, body: bytes, mark: Mark) -> None:
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        return
    place.see(value, mark)


def _parameter(asked: Asked, values: list[str], mark: Mark) -> None:
    number = asked.present if values else asked.absent
    if number is not None:
        mark(number)
    for text in values if asked.values else ():
        for part in (text, *text.split(",")):
            if part in asked.values:
                mark(asked.values[part])


def _given(asked: Asked, query: str, fields: dict[str, str], path: str, template: str) -> list[str]:
    """The texts that a request has for a parameter."""
    parameter = asked.parameter
    if parameter.location == "header":
        text = fields.get(parameter.name.lower())
        return [] if text is None else [text]
    if parameter.location == "cookie":
        pairs = (each.strip().partition("=") for each in fields.get("cookie", "").split(";"))
        return [value for name, _, value in pairs if name == parameter.name]
    if parameter.location == "path":
        return _segment(path, template, parameter.name) if asked.values else []
    if parameter.location == "querystring":
        return [query] if query else []
    deep = parameter.name + "["
    told = parse_qsl(query, keep_blank_values=True)
    return [v for n, v in told if n == parameter.name or n.startswith(deep)]


def _segment(path: str, template: str, name: str) -> list[str]:
    pairs = zip(template.split("/"), path.split("/"), strict=False)
    return [unquote(there) for here, there in pairs if here == "{" + name + "}"]


def _essence(media_type: str) -> str:
    return media_type.split(";")[0].strip().lower()
