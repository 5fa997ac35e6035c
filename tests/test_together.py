"""Several folders and files replaced together: at every failure, all of it or none."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import OutputError
from tallystick.output import Together, finish_together, preview, write, write_together
from tallystick.output.paths import STAGE

CALLS = ["mkdir", "rmdir", "unlink", "rename", "replace", "link", "write", "open"]
OLD = {"a.py": "one\n", "gone.py": "x\n", "p/b.py": "b\n"}
NEW = {"a.py": "two\n", "p/b.py": "b\n", "q/c.py": "c\n"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing guards against a power cut, which no test here makes."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def laid(root: Path) -> Together:
    """A project of one tree and three files, and what is to come of it."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "spec").mkdir(parents=True)
    write(OLD, root / "made")
    (root / "made" / "own.txt").write_text("mine")
    (root / "spec" / "api.yaml").write_text("old")
    (root / "spec" / "gone.md").write_text("old")
    return Together(
        root,
        {root / "made": NEW},
        {
            root / "spec" / "api.yaml": b"new",
            root / "spec" / "gone.md": None,
            root / "spec" / "past" / "1.yaml": b"old",
        },
    )


def files(root: Path) -> dict[str, bytes]:
    found = (place for place in sorted(root.rglob("*")) if place.is_file())
    return {
        place.relative_to(root).as_posix(): place.read_bytes()
        for place in found
        # What a run could not remove any more, the next one does.
        if not place.name.endswith("tallystick-lock") and STAGE not in place.parts
    }


def ways(root: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The project before and after."""
    wanted = laid(root)
    before = files(root)
    write_together(wanted)
    return before, files(root)


def at(step: int, act: Callable[[], None], patch: pytest.MonkeyPatch) -> list[str]:
    """Do ``act`` at file system call number ``step``; the calls so far."""
    seen: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            seen.append(name)
            if len(seen) == step:
                act()
            return call(*args, **kwargs)

        return wrapped

    for name in CALLS:
        patch.setattr(os, name, counted(name, getattr(os, name)))
    return seen


def test_all_is_replaced_and_what_is_of_others_stays(tmp_path: Path) -> None:
    wanted = laid(tmp_path)
    told = write_together(wanted)
    assert sorted(told.written) == ["made/a.py", "made/q/c.py", "spec/api.yaml", "spec/past/1.yaml"]
    assert told.deleted == ("made/gone.py", "spec/gone.md")
    assert (tmp_path / "made" / "own.txt").read_text() == "mine"
    assert (tmp_path / "spec" / "api.yaml").read_bytes() == b"new"
    assert not (tmp_path / STAGE).exists()
    assert write_together(wanted).written == ()


def test_a_tree_that_was_written_together_is_one_that_write_knows(tmp_path: Path) -> None:
    write_together(laid(tmp_path))
    assert write(NEW, tmp_path / "made").written == ()
    assert write(OLD, tmp_path / "made").deleted == ("q/c.py",)


def test_a_preview_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    wanted = laid(tmp_path)
    before = files(tmp_path)
    shown = preview(wanted)
    assert files(tmp_path) == before
    assert shown == write_together(wanted)


@pytest.mark.parametrize(("number", "pace"), [(errno.ENOSPC, 2), (errno.EROFS, 9)])
def test_an_error_at_any_call_leaves_all_as_it_was(tmp_path: Path, number: int, pace: int) -> None:
    before, after = ways(tmp_path / "w")

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    for step in range(1, 500, pace):
        wanted = laid(tmp_path / "w")
        with pytest.MonkeyPatch.context() as patch:
            calls, error = at(step, fail, patch), None
            try:
                write_together(wanted)
            except OutputError as refused:
                error = str(refused)
            if error is not None:
                assert "\n" not in error
                assert files(tmp_path / "w") == before, step
            else:
                assert files(tmp_path / "w") in (before, after)
        write_together(wanted)
        assert files(tmp_path / "w") == after
        if len(calls) < step:
            assert step > 30
            return


def test_ctrl_c_at_any_call_leaves_all_old_or_all_new(tmp_path: Path) -> None:
    before, after = ways(tmp_path / "w")

    def interrupt() -> None:
        raise KeyboardInterrupt

    for step in range(1, 500, 2):
        wanted = laid(tmp_path / "w")
        with pytest.MonkeyPatch.context() as patch:
            at(step, interrupt, patch)
            try:
                write_together(wanted)
            except KeyboardInterrupt:
                assert files(tmp_path / "w") in (before, after), step
            else:
                assert step > 30
                return


def test_a_killed_run_is_ended_by_the_next(tmp_path: Path) -> None:
    before, after = ways(tmp_path / "w")
    for step in range(1, 500, 6):
        wanted = laid(tmp_path / "w")
        child = os.fork()
        if child == 0:
            at(step, lambda: os.kill(os.getpid(), signal.SIGKILL), pytest.MonkeyPatch())
            write_together(wanted)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            assert step > 30
            return
        finish_together(tmp_path / "w")
        assert files(tmp_path / "w") in (before, after), step
        write_together(wanted)
        assert files(tmp_path / "w") == after, step


def test_what_is_not_below_the_root_is_refused(tmp_path: Path) -> None:
    wanted = laid(tmp_path / "w")
    with pytest.raises(OutputError, match="is not below"):
        write_together(Together(wanted.root, {}, {tmp_path / "x.yaml": b""}))


def test_what_is_wanted_twice_is_refused(tmp_path: Path) -> None:
    wanted = laid(tmp_path)
    files = {**wanted.files, tmp_path / "made" / "a.py": b""}
    with pytest.raises(OutputError, match="twice"):
        write_together(Together(wanted.root, wanted.trees, files))


def test_a_hand_edited_file_of_ours_stops_all_of_it(tmp_path: Path) -> None:
    wanted = laid(tmp_path)
    (tmp_path / "made" / "a.py").write_text("edited")
    before = files(tmp_path)
    with pytest.raises(OutputError, match="edited by hand"):
        write_together(wanted)
    assert files(tmp_path) == before


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    wanted = laid(tmp_path / "w")
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "w" / "spec" / "api.yaml").unlink()
    (tmp_path / "w" / "spec" / "api.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="symbolic link"):
        write_together(wanted)
    assert (tmp_path / "elsewhere").read_text() == "theirs"
