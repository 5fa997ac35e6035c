"""Two contracts compared: operations beside each other, then everything that each of them has."""

from __future__ import annotations

from tallystick.contract import Contract

from .records import Change, Comparison
from .values.readings import Readings
from .values.walk import Values
from .wire.alignment import aligned
from .wire.answers import compare_answers
from .wire.bodies import compare_bodies
from .wire.collecting import Collection, in_order, merged
from .wire.credentials import compare_schemes, compare_security
from .wire.noted import compare_texts
from .wire.operations import compare_operations
from .wire.parameters import compare_parameters
from .wire.sampled import Sampled
from .wire.servers import compare_servers


def compare(old: Contract, new: Contract, tries: int = 200) -> Comparison:
    """Every change from ``old`` to ``new``, whom it breaks, and an example of each break.

    Args:
        tries: how many values a search for a counter-example draws, for each pair of schemas.
    """
    both = Readings(old), Readings(new)
    return compare_with(Values(*both, tries), *both)


def compare_with(values: Values, one: Readings, other: Readings) -> Comparison:
    """The same, with a comparison of values that is given."""
    held = Collection(Sampled(one), Sampled(other), values)
    old, new = one.contract, other.contract
    alignment = aligned(old, new)
    compare_servers(held, alignment)
    schemes = compare_schemes(held, alignment)
    compare_operations(held, alignment)
    for pair in alignment.pairs:
        compare_security(held, pair, schemes)
        compare_parameters(held, pair)
        compare_bodies(held, pair)
        compare_answers(held, pair)
    compare_texts(held, alignment)
    order = held.order()
    changes = (*merged(held.drafts), *_of_values(held))
    return Comparison(old, new, in_order(changes, order), in_order(merged(held.notes), order))


def _of_values(held: Collection) -> list[Change]:
    """What the schemas say; the default of a parameter was told already."""
    told = {
        (each.schema, "default-changed")
        for contract in (held.old.contract, held.new.contract)
        for operation in (*contract.operations, *contract.incoming)
        for each in operation.parameters
    }
    return [
        each
        for each in held.values.changes()
        if not {(each.old, each.kind), (each.new, each.kind)} & told
    ]
