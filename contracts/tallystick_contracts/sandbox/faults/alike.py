"""Faults of what is only alike: ids, names, items, bodies that a careless server takes for one another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ...verdicts import Law
from ..fault import Fault
from ..items import planned
from ..records import Call, Effect, Item, Reply
from ..refusal import Refusal
from ..world import Behaviour, Store, World
from .edits import Install, updates
from .places import WRITES, Applies, has_role, mirrored, readable, spots
from .places import planned as plans_in
from .storing import Blind

Get = Callable[[Store, str, tuple[str, ...], str], Item | None]


def _looking(get: Get, *roles: str) -> Install:
    """Items are looked up as ``get`` does."""

    def install(correct: Behaviour) -> Behaviour:
        def perform(world: World, store: Store, call: Call) -> Effect:
            if roles and planned(call).role not in roles:
                return correct.perform(world, store, call)

            def found(collection: str, parents: tuple[str, ...], key: str) -> Item | None:
                return get(store, collection, parents, key)

            return correct.perform(world, Blind(store, found), call)

        return replace(correct, perform=perform)

    return install


def _any_case(store: Store, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
    there = store.items(collection, parents)
    return next((each for each in there if each.key.lower() == key.lower()), None)


def _by_beginning(store: Store, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
    found = store.get(collection, parents, key)
    there = store.items(collection, parents)
    return found or next((each for each in there if key and each.key.startswith(key)), None)


def _trimmed(store: Store, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
    return store.get(collection, parents, key.strip())


def _newest(most: int) -> Get:
    def get(store: Store, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
        found = store.get(collection, parents, key)
        kept = [each.key for each in store.items(collection, parents)][-most:]
        return found if key in kept else None

    return get


class _Everywhere(Blind):
    """A store in which the items of every parent are in every list."""

    def __init__(self, store: Store, kept: dict[str, set[tuple[str, ...]]]) -> None:
        super().__init__(store, store.get)
        self._all, self._kept = store, kept

    def items(self, collection: str, parents: tuple[str, ...]) -> tuple[Item, ...]:
        """Those of every parent that was asked for."""
        every = self._kept.setdefault(collection, set())
        every.add(parents)
        return tuple(each for one in sorted(every) for each in self._all.items(collection, one))


def _of_all_parents(correct: Behaviour) -> Behaviour:
    kept: dict[str, set[tuple[str, ...]]] = {}

    def perform(world: World, store: Store, call: Call) -> Effect:
        plan = planned(call)
        if plan.role == "list":
            return correct.perform(world, _Everywhere(store, kept), call)
        effect = correct.perform(world, store, call)
        for item in effect.changes:
            kept.setdefault(item.collection, set()).add(item.parents)
        return effect

    return replace(correct, perform=perform)


def _stale_list(correct: Behaviour) -> Behaviour:
    """A list remembers each item as it was listed first."""
    seen: dict[tuple[str, ...], Item] = {}

    class First(Blind):
        def items(self, collection: str, parents: tuple[str, ...]) -> tuple[Item, ...]:
            """As they were when they were listed first."""
            there = self._store.items(collection, parents)
            return tuple(seen.setdefault((collection, *parents, each.key), each) for each in there)

    def perform(world: World, store: Store, call: Call) -> Effect:
        if planned(call).role != "list":
            return correct.perform(world, store, call)
        return correct.perform(world, First(store, store.get), call)

    return replace(correct, perform=perform)


def _burnt(correct: Behaviour) -> Behaviour:
    """The name of a create that is refused is taken from then on."""
    taken: set[str] = set()

    def read(world: World, call: Call) -> Call:
        try:
            return correct.read(world, call)
        except Refusal as refusal:
            plan = planned(call)
            key = plan.resource.key if plan.resource else None
            if plan.role == "create" and refusal.status == 400 and key:
                taken.add(str(_members(call.body).get(key)))
            raise

    def perform(world: World, store: Store, call: Call) -> Effect:
        plan = planned(call)
        key = plan.resource.key if plan.resource else None
        value = call.value if isinstance(call.value, dict) else {}
        if plan.role == "create" and key and str(value.get(key)) in taken:
            raise Refusal(409, "something of this name exists")
        return correct.perform(world, store, call)

    return replace(correct, read=read, perform=perform)


def _members(body: bytes) -> dict[str, Json]:
    try:
        value: Json = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _rounded(
    world: World, call: Call, before: dict[str, Json], after: dict[str, Json]
) -> dict[str, Json]:
    """Integers pass through a double."""
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, {} if call.value is MISSING else call.value, after):
            value = spot.holder[spot.name]
            if isinstance(value, int) and not isinstance(value, bool):
                spot.holder[spot.name] = int(float(value))
    return after


def _strict_media(correct: Behaviour) -> Behaviour:
    """A media type with a parameter is not known."""

    def accept(world: World, call: Call) -> None:
        if ";" in call.headers.get("content-type", ""):
            raise Refusal(415, "the content type is not one of the operation's")
        correct.accept(world, call)

    return replace(correct, accept=accept)


def _marked(correct: Behaviour) -> Behaviour:
    """Every JSON answer begins with a byte order mark."""

    def answer(world: World, call: Call, reply: Reply) -> Reply:
        reply = correct.answer(world, call, reply)
        if reply.value is MISSING:
            return reply
        raw = b"\xef\xbb\xbf" + json.dumps(reply.value).encode()
        return replace(reply, value=MISSING, raw=raw)

    return replace(correct, answer=answer)


def _mixed_up(correct: Behaviour) -> Behaviour:
    """The body of an update is kept where the next request finds it, until it is carried out."""
    latest: dict[str, Call] = {}

    async def transact(world: World, store: Store, call: Call) -> Reply:
        plan = planned(call)
        if plan.role != "update":
            return await correct.transact(world, store, call)
        latest["call"] = call
        await asyncio.sleep(0.03)
        return await correct.transact(world, store, replace(call, value=latest["call"].value))

    return replace(correct, transact=transact)


def _named(contract: Contract) -> bool:
    return any(
        plan.body and plan.resource and contract.core(plan.body).property(plan.resource.key or "")
        for plan in plans_in(contract, ("create",))
    )


def _parented_list(contract: Contract) -> bool:
    found = plans_in(contract, ("list",))
    return any(each.resource and each.resource.parents and each.resource.create for each in found)


def _both(*applies: Applies) -> Applies:
    return lambda contract: all(each(contract) for each in applies)


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "alike", sentence, frozenset(laws), install, applies)


_FOUND = _both(_named, has_role("retrieve"))

FAULTS = (
    _fault(
        "names_any_case",
        "Names are looked up without their letter case.",
        _looking(_any_case),
        _FOUND,
        Law.ROUTING,
    ),
    _fault(
        "names_by_beginning",
        "The beginning of a name finds it.",
        _looking(_by_beginning, "retrieve"),
        _FOUND,
        Law.ROUTING,
    ),
    _fault(
        "names_trimmed",
        "Names are trimmed when they are looked up.",
        _looking(_trimmed, "retrieve"),
        _FOUND,
        Law.ROUTING,
    ),
    _fault(
        "newest_kept",
        "Only the ten newest items are kept.",
        _looking(_newest(10), "retrieve", "update"),
        _FOUND,
        Law.READS,
    ),
    _fault(
        "list_of_all",
        "A list holds the items of every parent.",
        _of_all_parents,
        _parented_list,
        Law.READS,
    ),
    _fault(
        "list_stale",
        "A list shows each item as it was listed first.",
        _stale_list,
        _both(has_role("list"), readable("update")),
        Law.READS,
    ),
    _fault(
        "refused_name_taken", "The name of a refused create is taken.", _burnt, _named, Law.REFUSALS
    ),
    _fault(
        "integers_rounded",
        "Integers of an update pass through a double.",
        updates(_rounded),
        readable("update"),
        Law.UPDATES,
    ),
    _fault(
        "charset_refused",
        "A media type with a charset is refused.",
        _strict_media,
        has_role(*WRITES),
        Law.TYPES,
    ),
    _fault(
        "answers_marked",
        "Every JSON answer begins with a byte order mark.",
        _marked,
        has_role("create", "retrieve", "list"),
        Law.ANSWERS,
    ),
    _fault(
        "bodies_mixed_up",
        "Of two updates at one time both have the later body.",
        _mixed_up,
        readable("update"),
        Law.UPDATES,
    ),
)
