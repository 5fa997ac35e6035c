"""An update: the members passed are changed, and nothing else (the reading of PATCH).

Null follows the convention of its property (``x-tallystick-null``): ``unchanged`` leaves the
member, ``cleared`` empties it, ``refused`` never comes here. Where none is declared, null is a
value: it is stored where the answer can show it, and changes nothing where it cannot.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ..mirror import Pair
from .complete import Ground, Shapes, Table
from .sample import Samples


def merged(
    contract: Contract,
    shapes: Shapes,
    samples: Samples,
    stored: Table,
    given: Table,
    request: str,
    response: str,
    ground: Ground,
) -> dict[str, Json]:
    """``stored``, of the schema ``response``, after an update with ``given``, of ``request``.

    Objects are merged member by member; an array takes the place of the old one, its items
    completed; an object over null, or over nothing, is completed with its defaults.
    """
    result = dict(stored)
    core = contract.core(response)
    for pair in shapes.paired(request, core).values():
        value = given.get(pair.request.name, MISSING)
        if value is MISSING:
            continue
        here = replace(ground, identity=f"{ground.identity}/{pair.response.name}", known={})
        if value is None:
            _null(contract, samples, pair, result, here)
            continue
        old = result.get(pair.response.name)
        if pair.inner:
            if not (isinstance(old, dict) and old.get(pair.inner.name) == value):
                result[pair.response.name] = shapes.value(
                    {"id": value}, None, pair.response.pointer, here
                )
        elif (
            isinstance(value, dict)
            and isinstance(old, dict)
            and contract.core(pair.response.pointer).properties
        ):
            result[pair.response.name] = merged(
                contract,
                shapes,
                samples,
                old,
                value,
                pair.request.pointer,
                pair.response.pointer,
                here,
            )
        else:
            result[pair.response.name] = shapes.value(
                value, pair.request.pointer, pair.response.pointer, here
            )
    return result


def _null(
    contract: Contract, samples: Samples, pair: Pair, result: dict[str, Json], ground: Ground
) -> None:
    """A null applied to one member of ``result``."""
    nullable = contract.schema(pair.response.pointer).nullable
    if pair.request.null == "unchanged" or (pair.request.null is None and not nullable):
        return
    if nullable:
        result[pair.response.name] = None
        return
    empty = samples.absent(pair.response, ground.identity)
    if empty is MISSING:
        result.pop(pair.response.name, None)
    else:
        result[pair.response.name] = empty
