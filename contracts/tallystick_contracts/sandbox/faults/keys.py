"""Faults of credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract, SecurityScheme
from tallystick.document import Json

from ...verdicts import Law
from ..credentials import expected, sent
from ..fault import Fault, Need, needs
from ..items import planned
from ..records import Call, Reply
from ..refusal import Refusal
from ..world import Behaviour, Store, World
from .edits import Install, answers, refusals
from .places import Applies, readable
from .places import planned as plans_in

_LAWS = frozenset({Law.CREDENTIALS})
Alike = Callable[[SecurityScheme, str, str], bool]


def _secured(*roles: str) -> Applies:
    @needs("an operation that asks for a credential")
    def applies(contract: Contract) -> bool:
        every = plans_in(
            contract,
            roles or ("create", "list", "retrieve", "update", "replace", "delete", "other"),
        )
        return any(plan.operation.security and () not in plan.operation.security for plan in every)

    return applies


@needs("a credential with a prefix (x-tallystick-prefix)")
def _prefixed(contract: Contract) -> bool:
    return any(scheme.prefix for scheme in contract.security.values()) and _secured()(contract)


def _open(roles: tuple[str, ...] = ()) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def authenticate(world: World, call: Call) -> None:
            if roles and planned(call).role not in roles:
                correct.authenticate(world, call)

        return replace(correct, authenticate=authenticate)

    return install


def _lax(alike: Alike) -> Install:
    """A credential that is refused is taken where ``alike`` finds it near enough to the right one."""

    def install(correct: Behaviour) -> Behaviour:
        def authenticate(world: World, call: Call) -> None:
            try:
                correct.authenticate(world, call)
            except Refusal:
                if not _near(world, call, alike):
                    raise

        return replace(correct, authenticate=authenticate)

    return install


def _near(world: World, call: Call, alike: Alike) -> bool:
    schemes = world.contract.security
    names = [name for each in planned(call).operation.security for name in each if name in schemes]
    return any(
        alike(schemes[name], said, right)
        for name in names
        for said in sent(call, schemes[name])
        for right in expected(schemes[name], world.key)
    )


def _any_key(scheme: SecurityScheme, said: str, right: str) -> bool:
    return said.lower().startswith(scheme.prefix.lower()) and len(said) > len(scheme.prefix)


def _any_scheme(scheme: SecurityScheme, said: str, right: str) -> bool:
    return said.split(" ")[-1] == right.split(" ")[-1]


def _any_case(scheme: SecurityScheme, said: str, right: str) -> bool:
    return said.lower() == right.lower()


def _beginning(scheme: SecurityScheme, said: str, right: str) -> bool:
    return said.startswith(right) or (len(said) > len(scheme.prefix) and right.startswith(said))


def _in_header(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, headers=(*reply.headers, ("x-request-credential", world.key)))


def _in_error(world: World, call: Call, reply: Reply) -> Reply:
    said = call.headers.get("authorization", "") or world.key
    value: dict[str, Json] = {**reply.value} if isinstance(reply.value, dict) else {}
    value["message"] = f"refused for {said} (known: {world.key})"
    return replace(reply, value=value)


def _in_answer(world: World, call: Call, reply: Reply) -> Reply:
    if reply.value is MISSING or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={**reply.value, "debug": {"key": world.key}})


def _late(correct: Behaviour) -> Behaviour:
    """The credential is looked at when all is done."""

    async def transact(world: World, store: Store, call: Call) -> Reply:
        reply = await correct.transact(world, store, call)
        correct.authenticate(world, call)
        return reply

    def authenticate(world: World, call: Call) -> None:
        return None

    return replace(correct, authenticate=authenticate, transact=transact)


def _fault(name: str, sentence: str, install: Install, applies: Applies) -> Fault:
    return Fault(name, "credentials", sentence, _LAWS, install, applies)


FAULTS = (
    _fault("credential_not_needed", "No credential is needed.", _open(), _secured()),
    _fault(
        "reads_not_protected",
        "Reads need no credential.",
        _open(("retrieve", "list")),
        _secured("retrieve", "list"),
    ),
    _fault(
        "updates_not_protected",
        "Updates need no credential.",
        _open(("update", "replace", "delete")),
        _secured("update", "replace", "delete"),
    ),
    _fault(
        "any_key_accepted", "Any key is accepted, if only there is one.", _lax(_any_key), _secured()
    ),
    _fault(
        "scheme_not_checked",
        "The right key is accepted behind any scheme.",
        _lax(_any_scheme),
        _prefixed,
    ),
    _fault("key_case_ignored", "The key is accepted in another case.", _lax(_any_case), _secured()),
    _fault(
        "key_begins",
        "A key that only begins like the right one is accepted.",
        _lax(_beginning),
        _secured(),
    ),
    _fault("key_in_header", "The key comes back in a header.", answers(_in_header), _secured()),
    _fault(
        "key_in_answer",
        "The key comes back in an answer.",
        answers(_in_answer),
        _secured("create", "retrieve", "update"),
    ),
    _fault(
        "key_in_error",
        "The key comes back in the text of an error.",
        refusals(_in_error),
        _secured(),
    ),
    _fault(
        "credential_checked_late",
        "A request without a credential is refused after it had its effect.",
        _late,
        Need(
            "a create or update that asks for a credential, and a read",
            lambda c: _secured("create", "update")(c) and readable("create", "update")(c),
        ),
    ),
)
