"""The one entrance to writing: look, lock, recover, plan, then replace the tree as a whole."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output.disk import is_there
from tallystick.output.exchange import recover_exchange, stage_beside, write_by_exchange
from tallystick.output.journal import recover_in_place, write_in_place
from tallystick.output.lock import locked
from tallystick.output.paths import LOCK, MANIFEST, STAGE
from tallystick.output.plan import Plan, encoded, planned
from tallystick.output.target import parent_of, resolved


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: files written and deleted (relative paths), and how many were left as is.

    The manifest is not counted.
    """

    directory: Path
    written: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int


def write(
    tree: Mapping[str, str], directory: str | Path, *, force: bool = False, wait: float = 10.0
) -> Written:
    """Make ``directory`` hold ``tree`` in place of what an earlier run wrote there.

    The guarantee. A run that fails leaves the old tree byte for byte. A run that is killed leaves
    the old tree or the new one, never a mixture:

    * Usually that holds at every instant, for every reader: the new tree is staged beside the
      directory and takes its name in one system call (see ``exchange``). The directory is then a
      new inode: a program that had it open goes on seeing the old tree.
    * Where this is not possible (``write_by_exchange`` lists when) files are renamed one by one
      under a journal (see ``journal``). Each file is old or new at every instant; the tree is old
      or new once the next ``write`` has ended what the killed one began. Until then it may be
      mixed, and ``check`` says so.

    Files that this function did not write are never changed or deleted. ``.tallystick-manifest.json``
    in the directory says which are ours. When nothing differs, nothing is written and no time
    stamp changes.

    Args:
        tree: POSIX path relative to ``directory`` -> text, written as UTF-8 without translation.
        directory: made if missing. A symbolic link here is followed, one below it is refused.
        force: overwrite and delete hand-edited files of ours, and overwrite foreign files at
            planned paths; foreign files in ``/``, the home folder and a repository's root never.
        wait: seconds to wait for another run on the same directory.

    Raises:
        OutputError: a path is bad, a file of ours was edited, a foreign file or a symbolic link is
            in the way, another run holds the lock, or the system refuses (read-only, full).
    """
    encoded(tree)
    with told(directory):
        root = resolved(directory)
        if (plan := _nothing_to_do(tree, root)) is not None:
            return _summary(plan)
        with parent_of(root), locked(lock_file(root), wait):
            recover_exchange(root)
            recover_in_place(root, force=force)
            plan = planned(tree, root, force=force)
            if plan.changes and not write_by_exchange(plan):
                write_in_place(plan)
            return _summary(plan)


def _nothing_to_do(tree: Mapping[str, str], root: Path) -> Plan | None:
    """The plan when it is empty and nobody was interrupted; a run may be at work or dead."""
    traces = (stage_beside(root), root / STAGE, lock_file(root))
    if any(is_there(trace) for trace in traces):
        return None
    try:
        plan = planned(tree, root, force=False)
    except (OutputError, OSError):
        return None
    return None if plan.changes else plan


def lock_file(root: Path) -> Path:
    """Beside the directory, which may change its inode; inside where the parent is read-only."""
    if os.access(root.parent, os.W_OK | os.X_OK) or not root.exists():
        return root.parent / f".{root.name}.tallystick-lock"
    return root / LOCK


def _summary(plan: Plan) -> Written:
    changes = [change for change in plan.changes if change.path != MANIFEST]
    written = tuple(change.path for change in changes if change.new is not None)
    deleted = tuple(change.path for change in changes if change.new is None)
    return Written(plan.root, written, deleted, plan.unchanged)


@contextmanager
def told(directory: str | Path) -> Generator[None]:
    """Turn every refusal of the system into one line for the reader."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        what = f"cannot write {directory}: {reason}"
        raise OutputError(what, hint="what was there before is unchanged") from error
