"""What users of an old client see of a server of the new contract, operation by operation.

The rules of the old contract are tried through the client that was generated from it, against the
sandbox of the new contract: what is sent is what such users send, and what they see is a value, a
refusal, an answer that their client cannot read, or a promise of old that is no longer kept.
"""

from .records import Trouble, Use, Uses
from .using import uses

__all__ = ["Trouble", "Use", "Uses", "uses"]
