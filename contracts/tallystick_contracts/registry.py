"""What a project adds to the suite: own checks, and own values for formats and schemas.

A module that uses ``@check`` or ``@values`` is named by ``--checks`` or in ``[tool.tallystick]``.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tallystick.document import Json
from tallystick.errors import UsageError

from .verdicts import Law

if TYPE_CHECKING:
    from .rules.own import Call

Judge: TypeAlias = "Callable[[Call], str | None]"
"""What an own check does: None where the promise holds, else what the server did, a sentence."""
Source: TypeAlias = Callable[[random.Random], Iterable[Json]]
"""What an own generator does: values, the most telling first; the same for the same source."""

J = TypeVar("J", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Check:
    """An own check."""

    name: str
    promise: str
    operations: tuple[str, ...]
    law: Law
    judge: Judge


CHECKS: dict[str, Check] = {}
"""The own checks, by name."""
VALUES: dict[str, Source] = {}
"""The own generators, by format or pointer."""


def check(
    promise: str, *, operations: str | Sequence[str] = "*", law: Law | str = Law.ANSWERS
) -> Callable[[J], J]:
    """Make a function an own check; its name is that of the rule.

    Args:
        promise: what must hold, in one sentence.
        operations: where it is tried, as ``GET /v1/*``; ``*`` stands for any text.
        law: under which law it is told.

    Raises:
        UsageError: there is no such law, or two checks of one name.
    """
    if law not in list(Law):
        raise UsageError(f"there is no law {law!r}", hint=f"known: {', '.join(Law)}")
    wanted = (operations,) if isinstance(operations, str) else tuple(operations)

    def registered(judge: J) -> J:
        name = getattr(judge, "__name__", "check")
        known = CHECKS.get(name)
        if known is not None and known.judge.__module__ != judge.__module__:
            raise UsageError(f"two checks are named {name!r}")
        CHECKS[name] = Check(name, promise, wanted, Law(law), judge)  # type: ignore[arg-type]
        return judge

    return registered


def values(of: str) -> Callable[[J], J]:
    """Make a function the source of values for a format, or for the schema at a JSON Pointer.

    What it gives goes before the examples of the document; what does not fit the schema is left
    out.

    Args:
        of: the name of a format, or a pointer that begins with ``#/``.
    """

    def registered(source: J) -> J:
        VALUES[of] = source  # type: ignore[assignment]
        return source

    return registered


def own_values(key: str, source: random.Random) -> Iterable[Json]:
    """The values that the project gives for a format or pointer."""
    return VALUES[key](source) if key in VALUES else ()


def load_checks(modules: Iterable[str], folder: Path) -> None:
    """Import the modules of own checks, found from ``folder``.

    Raises:
        UsageError: one cannot be imported.
    """
    for name in modules:
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        try:
            importlib.import_module(name)
        except UsageError:
            raise
        except Exception as error:
            raise UsageError(f"the checks {name!r} cannot be imported: {error}") from error
