"""Maps: every entry is checked and kept, whatever its name, and an update loses none by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import MISSING

from tallystick.contract import Operation, is_merge_patch
from tallystick.document import Json

from ..probes.bodies import addressed
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.maps import entries, keys, maps, values
from ..probes.members import Member
from ..probes.places import Path, at, includes, same
from ..probes.places import shown as place_of
from ..probes.states import ABSENT, INTEGRAL_FLOAT, LARGE
from ..probes.trials import Trial, resource_of, sent, updated
from ..verdicts import Law, Standing
from . import claims
from .acceptance import refused
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
    spot,
)


def _wrong(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        for entry in entries(ground, shape):
            for state in ground.states.of(entry):
                if not state.valid and state.name not in (ABSENT, INTEGRAL_FLOAT, LARGE):
                    yield spot(shape.operation, entry, state)


@rule(
    Law.TYPES,
    "Every value of a map is checked by the schema of its values.",
    _wrong,
    apart=True,
)
def values_of_maps_are_checked(lab: Lab, spot: Spot) -> Judgement:
    """A map is sent with one entry, whose value is of another type, beyond a bound, null where null
    is not admitted, or lacks something. Finds: ``additionalProperties`` that only the document has.
    """
    member, state = spot.stated
    around = place_of(member.path[:-1])
    promise = f"The schema of the values of {around} does not admit {said(state.value)}."
    judged = refused(lab, spot, promise)
    return _behind(lab, spot, promise) if judged.standing is Standing.HELD else judged


def _behind(lab: Lab, spot: Spot, promise: str) -> Judgement:
    """The same value behind a good one."""
    member, state = spot.stated
    shape = lab.ground.shape(spot.operation)
    around = next((m for m in shape.members if m.path == member.path[:-1]), None) if shape else None
    if shape is None or around is None:
        return held()
    good = values(lab.ground, around.pointer)[:1]
    names = keys(lab.ground, around.pointer)[:2]
    if not good or len(names) < 2 or state.value is MISSING:
        return held()
    entry: Json = {names[0]: good[0], names[1]: state.value}
    body = lab.ground.with_member(spot.operation, lab.base(spot.operation), around.path, entry)
    if lab.ground.oracle.fits(shape.pointer, body):
        return held()
    trial = _sent(lab, spot.operation, body)
    if not trial.answer.accepted:
        return held()
    return broken(
        promise,
        f"Behind another entry it was accepted: {answered(trial.answer)}.",
        trial.asked,
        claims.refused(),
    )


def _shown_maps(ground: Ground, *roles: str) -> Iterator[Spot]:
    for shape in ground.bodied:
        if ground.role(shape.operation) not in roles:
            continue
        for member in maps(ground, shape):
            if shape.mirror(member.path) is not None and "*" not in member.path:
                pointer = ground.contract.core(member.pointer).pointer
                yield Spot(shape.operation, pointer, member.place, "", member)


@rule(
    Law.READS,
    "Every entry of a map can be read back, whatever its name is.",
    lambda ground: _shown_maps(ground, "create", "update", "replace"),
    apart=True,
)
def entries_of_maps_are_kept(lab: Lab, spot: Spot) -> Judgement:
    """A map is sent with names that differ in their case only, that hold a dot, a slash, a blank, a
    letter beyond ASCII, or are a number, and with values that are empty, zero, false or null; the
    read shows each as it was sent. Finds: names in lower case; a value that is left out because it
    is null or empty; a dot that makes an object.
    """
    shape, member = lab.ground.shape(spot.operation), spot.member
    if shape is None or member is None:
        return not_applicable("there is no map")
    reason = "no map of this kind fits the body"
    for entry in _candidates(lab, spot.operation, member):
        body = lab.ground.with_member(spot.operation, lab.base(spot.operation), member.path, entry)
        if not lab.ground.oracle.fits(shape.pointer, body):
            continue
        trial = _sent(lab, spot.operation, body)
        if not trial.answer.accepted:
            reason = answered(trial.answer)
            continue
        if trial.after is MISSING or trial.live is None:
            return not_applicable("no read shows what was sent")
        lost = _lost(lab, spot.operation, shape, member, entry, trial.live)
        if lost is None:
            return held()
        alone = _alone(lab, spot.operation, shape, member, {lost: entry[lost]})
        return _told(shape, member, alone or trial, lost, entry[lost])
    return not_reached(f"no map was accepted: {reason}")


def _candidates(lab: Lab, operation: Operation, member: Member) -> Iterator[dict[str, Json]]:
    """Maps, the most telling first: all names and values, the plain ones, a single one."""
    names = keys(lab.ground, member.pointer)
    every = values(lab.ground, member.pointer)
    if lab.ground.role(operation) == "update":  # null may take an entry away
        every = [each for each in every if each is not None]
    if not every:
        return
    most = lab.ground.samples.keywords(member.pointer).get("maxProperties")
    size = most if isinstance(most, int) else max(len(names), len(every))
    wide = [*names, *(f"more{n}" for n in range(len(every)))]
    yield {name: every[n % len(every)] for n, name in enumerate(wide[:size])}
    yield dict.fromkeys(names[:size], every[0])
    yield {f"key{n}": value for n, value in enumerate(every[:size])}
    yield {names[0]: every[0]} if names else {}


def _sent(lab: Lab, operation: Operation, body: Json) -> Trial:
    """On a new item, so that nothing is there but what is sent."""
    updates = lab.ground.role(operation) in ("update", "replace")
    live = lab.fresh(resource_of(lab, operation)) if updates else None
    return sent(lab, operation, body, live, wait=True)


def _lost(
    lab: Lab,
    operation: Operation,
    shape: Shape,
    member: Member,
    wanted: Mapping[str, Json],
    live: Live,
) -> str | None:
    """The first entry that a read does not show, after as long as updates take."""
    mirror = shape.mirror(member.path)
    place: Path = mirror.response if mirror else ()

    def missing(shown: Json | MISSING) -> str | None:
        there = at(shown, place)
        held = there if isinstance(there, dict) else {}
        return next((n for n, v in wanted.items() if not _shows(held.get(n, MISSING), v)), None)

    if missing(live.shown) is not None:
        lab.read_until(live, operation, lambda shown: missing(shown) is None)
    return missing(live.shown)


def _shows(there: Json | MISSING, value: Json) -> bool:
    return includes(there, value) if isinstance(value, dict | list) else same(there, value)


def _alone(
    lab: Lab, operation: Operation, shape: Shape, member: Member, wanted: Mapping[str, Json]
) -> Trial | None:
    """The same with the one entry that is lost; None if it is not lost alone."""
    whole: Json = dict(wanted)
    body = lab.ground.with_member(operation, lab.base(operation), member.path, whole)
    trial = _sent(lab, operation, body)
    if not trial.answer.accepted or trial.live is None:
        return None
    lost = _lost(lab, operation, shape, member, wanted, trial.live)
    return None if lost is None else trial


def _told(shape: Shape, member: Member, trial: Trial, name: str, value: Json) -> Judgement:
    mirror, live = shape.mirror(member.path), trial.live
    place = (*(mirror.response if mirror else ()), name)
    read = (live.last,) if live and live.last else ()
    there = at(live.shown, place) if live else MISSING
    return broken(
        f"{place_of((*member.path, name))} was sent as {said(value)}, and reads so afterwards.",
        f"It reads {said(there)}." if there is not MISSING else "It is not there.",
        (*trial.asked, *read),
        *([] if isinstance(value, dict | list) else [claims.reads(place, value)]),
    )


@rule(
    Law.UPDATES,
    "An update of a map merges into it or takes its place, and always does the same.",
    lambda ground: _shown_maps(ground, "update"),
    apart=True,
)
def updates_of_maps_are_whole(lab: Lab, spot: Spot) -> Judgement:
    """A map is given two entries; an update changes one and adds another, a third adds one more.
    Either all of them are there then, or those of the last update only, and the same each time; a
    merge patch merges (RFC 7396). Finds: an update that loses an entry that it does not name.
    """
    shape, member = lab.ground.shape(spot.operation), spot.member
    mirror = shape.mirror(member.path) if shape and member else None
    if shape is None or member is None or mirror is None:
        return not_applicable("there is no map")
    parts = _parts(lab.ground, member)
    if not parts:
        return not_reached("no value was found for the map")
    live = lab.fresh(resource_of(lab, spot.operation))
    merged: dict[str, Json] = {}
    merges: bool | None = True if _is_merge_patch(spot.operation) else None
    for part in parts:
        body = lab.ground.with_member(spot.operation, lab.base(spot.operation), member.path, part)
        if not lab.ground.oracle.fits(shape.pointer, body):
            return not_applicable("the map does not admit such names")
        trial = updated(lab, spot.operation, addressed(lab, spot.operation, body, live), live)
        if not trial.answer.accepted:
            return not_reached(answered(trial.answer))
        lost = _lost(lab, spot.operation, shape, member, part, live)
        if lost is not None:
            return _told(shape, member, trial, lost, part[lost])
        live.steps = trial.asked
        before, merged = merged, {**merged, **part}
        there = at(live.shown, mirror.response)
        shown = there if isinstance(there, dict) else {}
        kept = [n for n in before if n not in part and n in shown]
        gone = [n for n in before if n not in part and n not in shown]
        wrong = kept if merges is False else gone if merges else kept and gone
        if wrong:
            return _otherwise(spot, (*mirror.response, wrong[0]), live, merged, merges=merges)
        merges = bool(kept) if kept or gone else merges
    if _is_merge_patch(spot.operation):
        return _taken_away(lab, spot.operation, shape, member, live)
    return held()


def _parts(ground: Ground, member: Member) -> list[dict[str, Json]]:
    """Three updates of a map: two entries, one of them changed and a new one, another new one."""
    several = [each for each in values(ground, member.pointer) if each is not None]
    if not several:
        return []
    one, other = several[0], several[1] if len(several) > 1 else several[0]
    return [{"a1": one, "b1": one}, {"b1": other, "c1": one}, {"d1": one}]


def _otherwise(
    spot: Spot, place: Path, live: Live, merged: Mapping[str, Json], *, merges: bool | None
) -> Judgement:
    """An entry that is there, or is not, unlike those of the updates before."""
    name, there = place[-1], at(live.shown, place) is not MISSING
    value = merged[name]
    return broken(
        f"An update of {spot.place} {'takes its place' if merges is False else 'merges into it'}, "
        "with every entry, as the ones before.",
        f"{spot.place}/{name} is {'still' if there else 'not'} there.",
        (*live.steps, *((live.last,) if live.last else ())),
        claims.reads_none_of(place, [value]) if there else claims.reads(place, value),
    )


def _taken_away(
    lab: Lab, operation: Operation, shape: Shape, member: Member, live: Live
) -> Judgement:
    """Whether null in a merge patch takes an entry of a map away."""
    mirror = shape.mirror(member.path)
    body = lab.ground.with_member(operation, lab.base(operation), member.path, {"d1": None})
    if mirror is None or not lab.ground.oracle.fits(shape.pointer, body):
        return held()
    trial = updated(lab, operation, body, live)
    place = (*mirror.response, "d1")
    before = at(trial.before, place)
    if not trial.answer.accepted or before is MISSING or before is None:
        return held()
    lab.read_until(live, operation, lambda shown: at(shown, place) is MISSING)
    there = at(live.shown, place)
    if there is MISSING:
        return held()
    return broken(
        f"Null in a merge patch takes {place_of((*member.path, 'd1'))} away (RFC 7396, 1).",
        f"It reads {said(there)}.",
        (*trial.asked, *((live.last,) if live.last else ())),
        claims.reads_none_of(place, [before]),
    )


def _is_merge_patch(operation: Operation) -> bool:
    media = operation.body.json if operation.body else None
    return media is not None and is_merge_patch(media.media_type)
