"""The bank of faults, by name; one file a family. Each is one switch away from correct."""

from __future__ import annotations

from collections.abc import Mapping

from ..fault import Fault
from . import alike, defaults, keys, nulls, patches, paths, replies, requests, states, together

_FAMILIES = (nulls, defaults, patches, requests, replies, keys, states, paths, together, alike)

FAULTS: Mapping[str, Fault] = {fault.name: fault for family in _FAMILIES for fault in family.FAULTS}
