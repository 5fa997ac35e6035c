"""What a run may do to a server: which hosts it reaches, which methods it sends, what it leaves."""

from .guarded import SAFE, Guarded
from .hosts import addresses, permitted
from .ledger import Ledger, Leftover, Made
from .stopping import Stop

__all__ = [
    "SAFE",
    "Guarded",
    "Ledger",
    "Leftover",
    "Made",
    "Stop",
    "addresses",
    "permitted",
]
