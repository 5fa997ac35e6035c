"""The way to change a directory in place: stage, commit by a journal, then rename file by file.

The stage lies inside the directory: ``new/N`` and ``old/N`` are the contents of step N. Once
``forward.json`` has its name the change is decided: it is carried through, by this run or by the
next. An error on the way turns it into ``back.json``, and then the old contents are put back.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tallystick.errors import OutputError
from tallystick.output.disk import discard, is_there, mode_of, prune, put, sync_folder
from tallystick.output.manifest import digest
from tallystick.output.paths import MANIFEST, STAGE, ancestors, kind, read, refuse_bad_path
from tallystick.output.plan import Change, Plan

FORWARD, BACK = "forward.json", "back.json"


@dataclass(frozen=True, slots=True)
class _Step:
    """One file: its path, the digests before and after (None: no file), and its stage names."""

    path: str
    before: str | None
    after: str | None
    old: Path
    new: Path


@dataclass(frozen=True, slots=True)
class _Journal:
    root: Path
    steps: tuple[_Step, ...]
    made: frozenset[str]

    @property
    def stage(self) -> Path:
        return self.root / STAGE


def write_in_place(plan: Plan) -> None:
    """Apply ``plan``; on an error, and on a signal that Python sees, the old files are back."""
    stage = plan.root / STAGE
    try:
        journal = _staged(plan)
    except BaseException:
        discard(stage, FORWARD)
        raise
    try:
        _forward(journal)
    except BaseException:
        _undo(journal)
        raise
    # The new files are in place, so nothing may fail any more: the next run clears what is left.
    with suppress(OSError):
        discard(stage, FORWARD)


def _undo(journal: _Journal) -> None:
    try:
        os.rename(journal.stage / FORWARD, journal.stage / BACK)
        _back(journal)
        discard(journal.stage, BACK)
    except OSError as error:
        what = f"{journal.root} could be neither changed nor restored: {error.strerror}"
        raise OutputError(what, hint="remove the cause and write again: that ends it") from error


def recover_in_place(root: Path, *, force: bool) -> None:
    """Carry an interrupted change through, or back, as its journal says; remove dead stages.

    Raises OutputError, unless ``force``, when a file was edited after the interruption.
    """
    stage = root / STAGE
    if stage.is_symlink():
        raise OutputError(f"{stage} is a symbolic link", hint="remove it")
    if is_there(stage / BACK):
        _back(_loaded(root, BACK))
    elif is_there(stage / FORWARD):
        journal = _loaded(root, FORWARD)
        if not force:
            _refuse_late_edits(journal)
        _forward(journal)
    discard(stage, FORWARD, BACK)


def _staged(plan: Plan) -> _Journal:
    stage = plan.root / STAGE
    for folder in (stage, stage / "new", stage / "old"):
        os.mkdir(folder)
    steps = tuple(_stage_one(plan.root, at, change) for at, change in enumerate(plan.changes))
    above = {folder for step in steps if step.after for folder in ancestors(step.path)}
    made = frozenset(name for name in above if kind(plan.root, name) != stat.S_IFDIR)
    rows = [[step.path, step.before, step.after] for step in steps]
    put(stage / "part", json.dumps({"steps": rows, "made": sorted(made)}).encode())
    for folder in (stage / "new", stage / "old", stage, plan.root):
        sync_folder(folder)
    os.replace(stage / "part", stage / FORWARD)
    sync_folder(stage)
    return _Journal(plan.root, steps, made)


def _stage_one(root: Path, at: int, change: Change) -> _Step:
    place = root / change.path
    before = None if change.old is None else digest(change.old)
    after = None if change.new is None else digest(change.new)
    step = _Step(change.path, before, after, *_names(root, at))
    if change.new is not None:
        put(step.new, change.new, mode_of(place) if change.old is not None else None)
    if change.old is not None:
        try:
            os.link(place, step.old, follow_symlinks=False)
        except OSError:  # not every file system has hard links
            put(step.old, change.old, mode_of(place))
    return step


def _names(root: Path, at: int) -> tuple[Path, Path]:
    return root / STAGE / "old" / str(at), root / STAGE / "new" / str(at)


def _loaded(root: Path, name: str) -> _Journal:
    try:
        value = cast("dict[str, list[object]]", json.loads((root / STAGE / name).read_bytes()))
        rows = cast("Sequence[tuple[str, str | None, str | None]]", value["steps"])
        steps = tuple(_Step(*row, *_names(root, at)) for at, row in enumerate(rows))
        made = frozenset(cast("list[str]", value["made"]))
        # A journal may come from a stranger's repository: its paths are checked as planned ones.
        for path in (*(step.path for step in steps if step.path != MANIFEST), *made):
            refuse_bad_path(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{root / STAGE / name} is damaged"
        raise OutputError(what, hint=f"delete {root / STAGE} and write again") from error
    return _Journal(root, steps, made)


def _refuse_late_edits(journal: _Journal) -> None:
    edited: list[str] = []
    for step in journal.steps:
        data = read(journal.root, step.path)
        if data is not None and digest(data) not in {step.before, step.after}:
            edited.append(step.path)
    if edited:
        what = f"{journal.root}: edited since an interrupted run: {', '.join(edited)}"
        raise OutputError(what, hint="move the edits elsewhere, or use force to overwrite them")


def _forward(journal: _Journal) -> None:
    """Take every step that is still to take; a step taken before is recognised and left."""
    root = journal.root
    gone = [step.path for step in journal.steps if step.after is None]
    for path in gone:
        if kind(root, path) == stat.S_IFREG:
            os.unlink(root / path)
    prune(root, {folder for path in gone for folder in ancestors(path)})
    for step in journal.steps:
        if step.after is not None and is_there(step.new):
            kind(root, step.path)  # refuses symbolic links
            os.makedirs((root / step.path).parent, exist_ok=True)
            os.replace(step.new, root / step.path)
    _sync(journal)


def _back(journal: _Journal) -> None:
    """Undo every step that was taken; a step undone before is recognised and left."""
    root = journal.root
    taken = [step for step in journal.steps if step.after is None or not is_there(step.new)]
    for step in taken:
        if step.before is None and kind(root, step.path) == stat.S_IFREG:
            os.unlink(root / step.path)
    prune(root, set(journal.made))
    for step in taken:
        if step.before is not None and is_there(step.old):
            kind(root, step.path)
            os.makedirs((root / step.path).parent, exist_ok=True)
            os.replace(step.old, root / step.path)
    _sync(journal)


def _sync(journal: _Journal) -> None:
    folders = {"", *(folder for step in journal.steps for folder in ancestors(step.path))}
    for folder in folders:
        with suppress(FileNotFoundError, NotADirectoryError):
            sync_folder(journal.root / folder)
