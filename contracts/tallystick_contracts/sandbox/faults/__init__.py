"""The bank of faults, by name; one file a family."""

from __future__ import annotations

from collections.abc import Mapping

from ..fault import Fault

FAULTS: Mapping[str, Fault] = {}
