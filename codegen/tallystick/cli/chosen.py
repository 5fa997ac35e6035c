"""What a command line means: its arguments, else what the configuration names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tallystick.errors import UsageError

if TYPE_CHECKING:
    from tallystick.config import Configuration
    from tallystick.document import Reach

T = TypeVar("T")


def the_spec(settings: Configuration, spec: Path | None) -> Path:
    """The document that is meant: the argument, else the configured one."""
    return needed(spec or settings.spec, "no document named", "SPEC, or [tool.tallystick] spec")


def the_overlays(
    settings: Configuration, spec: Path | None, overlays: Sequence[Path]
) -> tuple[Path, ...]:
    """The overlays that are meant: those given, else the configured ones of the configured document."""
    return tuple(overlays) or (() if spec else settings.overlays)


def the_reach(settings: Configuration, root: Path | None) -> Reach:
    """What references may reach: the folder given, else the configured one."""
    return replace(settings.reach, folder=root or settings.reach.folder)


def needed(value: T | None, what: str, how: str) -> T:
    """``value``, which must be there.

    Raises:
        UsageError: it is not.
    """
    if value is None:
        raise UsageError(what, hint=f"give {how}")
    return value
