"""Credentials: which are asked for, how they travel, what they must grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tallystick.contract import Contract, Operation, SecurityScheme
from tallystick.document import Json, canonical, has, join

from ..records import Witness
from .alignment import Alignment, Pair
from .collecting import Collection, Draft
from .requests import Asked
from .texts import unspoken
from .witnessing import REQUEST, Side, sides, spot_of, with_requests
from .words import WHO, coded, listed, named, shown

Needed = frozenset[str]


@dataclass(frozen=True, slots=True)
class Schemes:
    """The security schemes of two contracts beside each other."""

    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """The new name by the old one, where only the name is another."""

    def needed(self, operation: Operation, *, old: bool) -> dict[Needed, tuple[str, ...]]:
        """The alternatives of an operation, by the new names of the schemes; with those it has."""
        alternatives = operation.security or ((),)
        names: Mapping[str, str] = self.renamed if old else {}
        return {frozenset(names.get(n, n) for n in each): each for each in alternatives}


def compare_schemes(held: Collection, alignment: Alignment) -> Schemes:
    """How each credential travels, whoever asks for it."""
    old, new = held.old.contract.security, held.new.contract.security
    renamed = _renamed(old, new)
    for name, was in old.items():
        now = new.get(renamed.get(name, name))
        if now is None:
            continue
        users = [pair for pair in alignment.pairs if _uses(pair, name, now.name)]
        if name in renamed:
            said = f"the credential {coded(name)} is called {coded(now.name)}"
            held.note(_scheme("security-scheme-renamed", was, now, said))
        for draft in _changes(was, now):
            for pair in users:
                held.add(
                    _proven(held, replace(draft, operation=pair.new), pair, (name,), (now.name,))
                )
    return Schemes(renamed)


def _renamed(
    old: Mapping[str, SecurityScheme], new: Mapping[str, SecurityScheme]
) -> dict[str, str]:
    free = [each for name, each in new.items() if name not in old]
    found: dict[str, str] = {}
    for name, was in old.items():
        same = [each for each in free if _travels(each) == _travels(was)]
        if name not in new and len(same) == 1:
            found[name] = same[0].name
            free.remove(same[0])
    return found


def _uses(pair: Pair, was: str, now: str) -> bool:
    return any(was in each for each in pair.old.security) and any(
        now in each for each in pair.new.security
    )


def _travels(scheme: SecurityScheme) -> tuple[str | None, ...]:
    """All that tells one credential from another on the wire."""
    parameter, named_by = scheme.parameter, (scheme.scheme or "").lower()
    if scheme.location == "header" and parameter is not None:
        parameter = parameter.lower()
    return scheme.kind, scheme.location, parameter, named_by, scheme.prefix


def _changes(was: SecurityScheme, now: SecurityScheme) -> list[Draft]:
    found: list[Draft] = []
    if _travels(was) != _travels(now):
        said = (
            f"the credential {coded(now.name)} of {WHO} is {_told(now)} now, and was {_told(was)}"
        )
        draft = _scheme("security-scheme-changed", was, now, said)
        found.append(replace(draft, before=_told(was), after=_told(now)))
    before, after = unspoken(dict(was.tokens)), unspoken(dict(now.tokens))
    if was.kind == now.kind and canonical(before) != canonical(after):
        said = f"a token for {coded(now.name)} of {WHO} is got otherwise"
        draft = _scheme("security-flow-changed", was, now, said)
        found.append(replace(draft, before=before, after=after))
    if was.env != now.env:
        said = (
            f"typed clients take {coded(now.name)} of {WHO} from the environment variable"
            f" {_variable(now)} now, and took it from {_variable(was)}"
        )
        found.append(_scheme("credential-variable-changed", was, now, said))
    return found


def _scheme(kind: str, was: SecurityScheme, now: SecurityScheme, said: str) -> Draft:
    where = f"security scheme {now.name}"
    return Draft(kind, "request", was.pointer, now.pointer, said, where=where)


def _variable(scheme: SecurityScheme) -> str:
    return "none" if scheme.env is None else shown(scheme.env)


def _told(scheme: SecurityScheme) -> str:
    """How a credential travels, in words."""
    if scheme.kind == "apiKey":
        written = f", after {coded(scheme.prefix)}" if scheme.prefix else ""
        return f"an apiKey in the {scheme.location} {coded(scheme.parameter or '')}{written}"
    if scheme.kind == "http":
        return f"http {scheme.scheme} ({scheme.prefix.strip() or 'no prefix'})"
    return scheme.kind


def compare_security(held: Collection, pair: Pair, schemes: Schemes) -> None:
    """Which credentials an operation asks for: by what a request that has them may still do."""
    was, now = schemes.needed(pair.old, old=True), schemes.needed(pair.new, old=False)
    lost = [each for each in was if not any(other <= each for other in now)]
    won = [each for each in now if not any(other <= each for other in was)]
    if lost or won:
        _requirements(held, pair, _Moved(was, now, lost, won))
    _scopes(held, pair, schemes)


@dataclass(frozen=True, slots=True)
class _Moved:
    """The alternatives of both contracts, which went and which came."""

    was: dict[Needed, tuple[str, ...]]
    now: dict[Needed, tuple[str, ...]]
    lost: list[Needed]
    won: list[Needed]


def _requirements(held: Collection, pair: Pair, moved: _Moved) -> None:
    was, now = _all(moved.was), _all(moved.now)
    if any(not each for each in moved.lost):
        kind, said = "security-added", f"{now} is asked for by {WHO} now, where no credential was"
    elif any(not each for each in moved.won):
        kind, said = (
            "security-removed",
            f"no credential is asked for by {WHO} any more, where {was} was",
        )
    elif moved.lost and moved.won:
        kind, said = "security-changed", f"{now} is asked for by {WHO} now, where {was} was"
    elif moved.lost:
        kind = "security-alternative-removed"
        said = f"{_all(moved.lost)} is accepted by {WHO} no longer"
    else:
        kind = "security-alternative-added"
        said = f"{_all(moved.won)} is accepted by {WHO} now"
    draft = Draft(
        kind,
        pair.asked,
        _place(held.old.contract, pair.old),
        _place(held.new.contract, pair.new),
        said,
        where=f"{named(pair.new)}, security",
        operation=pair.new,
        before=[list(each) for each in moved.was.values()],
        after=[list(each) for each in moved.now.values()],
    )
    lost = moved.was[moved.lost[0]] if moved.lost else ()
    won = moved.now[moved.won[0]] if moved.won else ()
    held.add(_proven(held, draft, pair, lost, won))


def _proven(
    held: Collection, draft: Draft, pair: Pair, old: tuple[str, ...], new: tuple[str, ...]
) -> Draft:
    """A change with requests that have these credentials."""
    asked: Mapping[Side, Asked] = {"old": Asked(credentials=old), "new": Asked(credentials=new)}
    return with_requests(held, draft, pair.old, pair.new, asked)


def _all(alternatives: Mapping[Needed, object] | list[Needed]) -> str:
    told = [listed([coded(name) for name in sorted(each)], "and") for each in alternatives]
    return listed([each or "no credential" for each in told], "or")


def _place(contract: Contract, operation: Operation) -> str | None:
    """Where the requirements of an operation stand: its own, or those of the document."""
    own = join(operation.pointer, "security")
    if has(contract.document.data, own):
        return own
    return "#/security" if "security" in contract.document.data else None


def _scopes(held: Collection, pair: Pair, schemes: Schemes) -> None:
    """What a token must grant, for the alternatives that both contracts have."""
    was, now = _granted(pair.old, schemes.renamed), _granted(pair.new, {})
    for key, before in was.items():
        after = now.get(key)
        if after is None:
            continue
        for kind, scopes, word in (
            ("scope-added", after - before, "needs {} now"),
            ("scope-removed", before - after, "needs {} no longer"),
        ):
            if scopes:
                names = listed([coded(each) for each in sorted(scopes)], "and")
                what = word.format(f"the scope{'s' if len(scopes) > 1 else ''} {names}")
                draft = Draft(
                    kind,
                    pair.asked,
                    _place(held.old.contract, pair.old),
                    _place(held.new.contract, pair.new),
                    f"{coded(key[1])} of {WHO} {what}",
                    where=f"{named(pair.new)}, security",
                    operation=pair.new,
                    before=list[Json](sorted(before)),
                    after=list[Json](sorted(after)),
                )
                held.add(_granted_by(draft, pair, key[1], {"old": before, "new": after}))


def _granted(
    operation: Operation, renamed: Mapping[str, str]
) -> dict[tuple[Needed, str], frozenset[str]]:
    """The scopes by alternative and scheme."""
    found: dict[tuple[Needed, str], frozenset[str]] = {}
    for each in operation.scopes:
        names = frozenset(renamed.get(name, name) for name in each)
        for name, scopes in each.items():
            found[names, renamed.get(name, name)] = frozenset(scopes)
    return found


def _granted_by(
    draft: Draft, pair: Pair, name: str, granted: Mapping[Side, frozenset[str]]
) -> Draft:
    """A change with a token that one contract takes and the other does not."""
    found: list[Witness] = []
    for side in sides(draft):
        operation = pair.old if side == "old" else pair.new
        value: Json = {
            "method": operation.method,
            "path": operation.path,
            "granted": {name: list[Json](sorted(granted[side]))},
        }
        found.append(Witness(spot_of(draft, REQUEST), value, "/granted", side))
    return replace(draft, witnesses=tuple(found))
