"""The ledger: for each keyword of the document, what the generated package makes of it."""

from tallystick.ledger.allowed import Allowed, judged
from tallystick.ledger.build import ledger
from tallystick.ledger.records import STANDINGS, Entry, Ledger

__all__ = ["STANDINGS", "Allowed", "Entry", "Ledger", "judged", "ledger"]
