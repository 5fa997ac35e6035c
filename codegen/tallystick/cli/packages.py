"""What of a comparison a generated package shows: both packages made, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.contract import Contract
    from tallystick.evolve import PythonChange


def packages_compared(
    old: Contract, new: Contract, package: str, lock: str | None = None
) -> tuple[tuple[PythonChange, ...], bool]:
    """What changed for those who use the package, and whether both are the same in every byte.

    The new one is made as if after the old one: its names are frozen, and former ones are kept.

    Args:
        old: the contract before.
        new: the contract now.
        package: the name of both.
        lock: the ``names.lock`` of the old one; its names are new if not given.

    Raises:
        TallystickError: of one of the two no package can be made.
    """
    from tallystick.contract import build
    from tallystick.evolve.python.api import python_changes
    from tallystick.generate import generated
    from tallystick.lint import refuse_unfillable, understood
    from tallystick.names import read_lock

    known = None if lock is None else read_lock(lock, "names.lock")
    earlier = build(understood(old.document), known)
    frozen = read_lock(earlier.names_lock, "names.lock")
    later = build(understood(new.document), frozen)
    for each in (earlier, later):
        refuse_unfillable(each)
    before, after = (generated(each, package).files for each in (earlier, later))
    return python_changes(before, after), before == after
