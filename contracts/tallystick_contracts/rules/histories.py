"""Histories: after any sequence of requests every item is what the contract says."""

from __future__ import annotations

from ..probes.histories import Author
from ..probes.lab import Lab
from ..probes.play import Act, Play, shrunk
from ..probes.trials import resource_of
from ..verdicts import Law
from .rule import Judgement, Spot, at_resources, held, not_applicable, not_reached, rule
from .surprises import told

STEPS = 32
"""Requests of one history, beside those that make the items and the reads that look at them."""
SHORT = 10
"""The same where nothing can be updated."""


_CREATED = at_resources("create", "item")


@rule(Law.READS, "After any history every item is what the contract says.", _CREATED, apart=True)
def every_history_ends_as_promised(lab: Lab, spot: Spot) -> Judgement:
    """Four items live at the same time, two of them under different parents with one name. They
    are changed, changed back, sent the same again, sent null, refused, created twice, deleted, in
    an order in which each move follows each other one. After every step all are read and compared
    with the state computed from the contract; the sequence that shows a difference is shrunk.
    Finds: an update that is lost after a refused one; a body that was seen before and is ignored.
    """
    resource = resource_of(lab, spot.operation)
    if resource.retrieve is None:
        return not_applicable("no read shows the items")
    play, acts = Play(lab, resource, wide=True), list[Act]()
    for act in Author(lab, resource, play).acts(STEPS if resource.update else SHORT):
        acts.append(act)
        found = play.do(act)
        if found is not None:
            return told(lab, resource, shrunk(lab, resource, acts, found, wide=True))
    if not play.items:
        return not_reached("no create is accepted")
    if play.blind:
        return not_reached("no read shows an item, which is judged with the answers")
    return held()
