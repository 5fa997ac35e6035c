"""Tests of the writer: a directory is the old tree or the new one, and foreign files survive."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tallystick.errors import OutputError
from tallystick.output import check, difference_text, write
from tallystick.output import exchange as exchange_module
from tallystick.output import journal as journal_module
from tallystick.output import writing as writing_module
from tallystick.output.exchange import recover_exchange, stage_beside
from tallystick.output.journal import recover_in_place
from tallystick.output.lock import locked
from tallystick.output.paths import LOCK, MANIFEST, STAGE

OLD = {"a.txt": "one\n", "gone.txt": "x\n", "p/b.py": "b = 1\n", "p/q/c.py": "c\n", "swap": "f\n"}
NEW = {"a.txt": "two\n", "new.txt": "n\n", "p/b.py": "b = 1\n", "r/s/d.py": "d\n", "swap/in": "g\n"}
FOREIGN = {"mine.md": "mine\n", "p/own.py": "own\n", "user/deep/file": "u\n"}
CALLS = ["mkdir", "rmdir", "unlink", "rename", "replace", "link", "write", "fsync", "open", "chmod"]
SNAPSHOT = dict[str, bytes]


def lay(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def snapshot(root: Path) -> SNAPSHOT:
    """All files below ``root`` except the writer's own records."""
    found: SNAPSHOT = {}
    for place in sorted(root.rglob("*")):
        path = place.relative_to(root).as_posix()
        if place.is_file() and path.split("/")[0] not in {MANIFEST, LOCK, STAGE}:
            found[path] = place.read_bytes()
    return found


def inodes(root: Path) -> dict[str, tuple[int, int]]:
    places = (root, *root.rglob("*"))
    return {str(p): (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in places}


def as_bytes(*trees: dict[str, str]) -> SNAPSHOT:
    return {path: text.encode() for tree in trees for path, text in tree.items()}


def leftovers(root: Path) -> list[str]:
    beside = [p.name for p in root.parent.iterdir() if "tallystick" in p.name]
    return beside + [name for name in (STAGE, LOCK) if (root / name).exists()]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing guards against a power cut, which no test here makes: only the order is tested."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(params=["exchange", "in place"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test that asks for this runs once with each way of replacing a directory."""
    if request.param == "in place":
        monkeypatch.setattr(exchange_module, "_is_fit", lambda root: False)
    elif exchange_module._renameat2() is None:
        pytest.skip("this system cannot swap two folders in one step")
    return str(request.param)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A directory with an old tree and foreign files."""
    root = tmp_path / "out"
    write(OLD, root)
    lay(root, FOREIGN)
    return root


# What a write does


def test_a_missing_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    root = tmp_path / "x" / "y" / "out"
    written = write(OLD, root)
    assert snapshot(root) == as_bytes(OLD)
    assert (written.written, written.deleted, written.unchanged) == (tuple(sorted(OLD)), (), 0)
    assert written.directory == root
    assert leftovers(root) == []


def test_a_second_write_replaces_what_the_first_wrote(shared: Path, way: str) -> None:
    (shared / "link").symlink_to("nowhere")
    before = {path: (shared / path).stat() for path in FOREIGN}
    written = write(NEW, shared)
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)
    assert os.readlink(shared / "link") == "nowhere"
    assert written.deleted == ("gone.txt", "p/q/c.py", "swap")
    assert written.unchanged == 1
    assert not (shared / "p" / "q").exists()
    assert leftovers(shared) == []
    for path, status in before.items():
        after = (shared / path).stat()
        assert (after.st_ino, after.st_mtime_ns) == (status.st_ino, status.st_mtime_ns)


def test_the_way_back_from_a_folder_to_a_file_works_too(tmp_path: Path, way: str) -> None:
    write(NEW, tmp_path / "out")
    write(OLD, tmp_path / "out")
    assert snapshot(tmp_path / "out") == as_bytes(OLD)


def test_the_permissions_of_a_replaced_file_stay(shared: Path, way: str) -> None:
    (shared / "a.txt").chmod(0o750)
    write(NEW, shared)
    assert (shared / "a.txt").stat().st_mode & 0o777 == 0o750


def test_an_equal_tree_writes_nothing_and_touches_no_time(shared: Path, way: str) -> None:
    before, parent = inodes(shared), shared.parent.stat().st_mtime_ns
    written = write(OLD, shared)
    assert (written.written, written.deleted, written.unchanged) == ((), (), len(OLD))
    assert inodes(shared) == before
    assert shared.parent.stat().st_mtime_ns == parent


def test_the_manifest_does_not_depend_on_order(tmp_path: Path) -> None:
    write(OLD, tmp_path / "one")
    write(dict(reversed(OLD.items())), tmp_path / "two")
    assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()


def test_text_is_written_without_translating_line_ends(tmp_path: Path) -> None:
    write({"f": "a\r\nb\n\u00e9"}, tmp_path / "out")
    assert (tmp_path / "out" / "f").read_bytes() == b"a\r\nb\n\xc3\xa9"


def test_the_working_directory_keeps_its_inode(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shared / "p")
    inode = shared.stat().st_ino
    write(NEW, Path(".."))
    assert shared.stat().st_ino == inode
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)


def test_a_repository_root_keeps_its_inode(shared: Path) -> None:
    (shared / ".git").mkdir()
    inode = shared.stat().st_ino
    write(NEW, shared)
    assert shared.stat().st_ino == inode
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)


PARTS = st.sampled_from(["a", "b", "c.py", "d e", "\u00fc"])
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
TREES = st.dictionaries(PATHS, st.text(st.characters(codec="utf-8"), max_size=8), max_size=5)


def is_tree(paths: set[str]) -> bool:
    return not any(one != two and two.startswith(f"{one}/") for one in paths for two in paths)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
@given(old=TREES, new=TREES, foreign=TREES)
def test_a_directory_becomes_the_new_tree_and_the_foreign_files(
    way: str, old: dict[str, str], new: dict[str, str], foreign: dict[str, str]
) -> None:
    assume(is_tree(set(old) | set(foreign)) and is_tree(set(new) | set(foreign)))
    assume(not (set(old) | set(new)) & set(foreign))
    assert unicodedata.is_normalized("NFC", "".join(old))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(os.path.realpath(folder)) / "out"
        write(old, root)
        lay(root, foreign)
        differences = check(new, root)
        write(new, root)
        assert snapshot(root) == as_bytes(new, foreign)
        assert check(new, root) == ()
        assert bool(differences) == (old != new)
        assert leftovers(root) == []
        folders = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_dir()}
        assert all(any(f.startswith(f"{d}/") for f in {**new, **foreign}) for d in folders)


# What a write refuses


def refused(tree: dict[str, str], root: Path, *words: str, force: bool = False) -> None:
    """``write`` raises OutputError with these words in one line and changes nothing."""
    before = inodes(root)
    with pytest.raises(OutputError) as caught:
        write(tree, root, force=force)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    after = inodes(root)
    assert {path: i for path, (i, _) in after.items()} == {p: i for p, (i, _) in before.items()}
    assert leftovers(root) == []


@pytest.mark.parametrize("path", ["a.txt", "gone.txt"])
def test_a_hand_edited_file_is_refused_unless_forced(shared: Path, way: str, path: str) -> None:
    (shared / path).write_text("edited")
    refused(NEW, shared, path, "edited by hand", "force")
    write(NEW, shared, force=True)
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)


def test_a_hand_edit_that_equals_the_plan_is_fine(shared: Path) -> None:
    (shared / "a.txt").write_text(NEW["a.txt"])
    write(NEW, shared)
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)


def test_a_deleted_file_of_ours_is_written_again(shared: Path) -> None:
    (shared / "a.txt").unlink()
    assert write(OLD, shared).written == ("a.txt",)


def test_a_foreign_file_at_a_planned_path_is_refused_unless_equal_or_forced(tmp_path: Path) -> None:
    root = tmp_path / "out"
    lay(root, {"a.txt": "theirs"})
    refused(OLD, root, "a.txt", "not written by this tool")
    write(OLD, root, force=True)
    assert snapshot(root) == as_bytes(OLD)
    other = tmp_path / "other"
    lay(other, {"a.txt": OLD["a.txt"]})
    assert write(OLD, other).unchanged == 1


def test_force_overwrites_nothing_foreign_in_a_repository_root(tmp_path: Path) -> None:
    root = tmp_path / "out"
    lay(root, {"a.txt": "theirs", ".git/HEAD": "ref"})
    refused(OLD, root, "a.txt", force=True)


def test_force_overwrites_nothing_foreign_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "out"
    lay(root, {"a.txt": "theirs"})
    monkeypatch.setenv("HOME", str(root))
    refused(OLD, root, "a.txt", force=True)


def test_a_foreign_folder_or_file_in_the_way_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "out"
    lay(root, {"a.txt/inner": "x"})
    refused(OLD, root, "a.txt", "in the way", force=True)
    other = tmp_path / "other"
    lay(other, {"p": "x"})
    refused(OLD, other, "is not a folder", force=True)


def test_a_fifo_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "a.txt")
    refused(OLD, tmp_path / "out", "not a regular file", force=True)


@pytest.mark.parametrize("path", ["a.txt", "p"])
@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_written_through_a_symbolic_link(
    shared: Path, tmp_path: Path, path: str, force: bool
) -> None:
    outside = tmp_path / "outside"
    shutil.move(shared / path, outside)
    (shared / path).symlink_to(outside)
    before = inodes(outside)
    refused({**NEW, "p/b.py": "other"}, shared, "symbolic link", force=force)
    assert inodes(outside) == before


def test_a_stage_that_is_a_symbolic_link_is_refused(shared: Path, tmp_path: Path) -> None:
    lay(tmp_path / "outside", FOREIGN)
    for stage in (shared / STAGE, stage_beside(shared)):
        stage.symlink_to(tmp_path / "outside")
        with pytest.raises(OutputError, match="symbolic link"):
            write(NEW, shared)
        stage.unlink()
    assert snapshot(tmp_path / "outside") == as_bytes(FOREIGN)


BAD_PATHS = ["", "/a", "a//b", "a/", "../a", "a/../b", "./a", ".", "C:/a", "a\\b", "a\0b", "a\nb"]
BAD_PATHS += [
    "con",
    "a/NUL.txt",
    "lpt1.x",
    "a.",
    "a ",
    "a?",
    MANIFEST,
    STAGE,
    f"{STAGE}/x",
    "a\u202eb",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_leaves_the_folder_or_is_not_portable_is_refused(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(OutputError, match="planned path"):
        write({path: "x"}, tmp_path / "out")
    with pytest.raises(OutputError, match="planned path"):
        check({path: "x"}, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


COLLISIONS = [
    ("a", "A"),
    ("p/x", "P/y"),
    ("\u00e9", "e\u0301"),
    ("a", "a/b"),
    ("stra\u00dfe", "strasse"),
]


@pytest.mark.parametrize("pair", COLLISIONS)
def test_two_paths_that_are_one_somewhere_are_refused(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    with pytest.raises(OutputError):
        write(dict.fromkeys(pair, "x"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_lone_surrogate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="surrogate"):
        write({"a": "\ud800"}, tmp_path / "out")


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 1, "files": {"../x": ""}}', "<<<<<<<"])
def test_a_damaged_manifest_is_refused_unless_forced(shared: Path, text: str) -> None:
    (shared / MANIFEST).write_text(text)
    refused(NEW, shared, MANIFEST)
    with pytest.raises(OutputError, match="manifest"):
        check(NEW, shared)
    write(OLD, shared, force=True)
    assert check(OLD, shared) == ()


@pytest.mark.parametrize("below", ["", "x/y"])
def test_a_parent_that_is_a_file_is_told_in_one_line(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is not a folder"):
        write(OLD, tmp_path / "file" / below)
    assert snapshot(tmp_path) == {"file": b"x"}


# Failures and kills at every file system call


class Injected:
    """Counts file system calls and does ``act`` at the chosen one."""

    def __init__(self, at: int, act: Callable[[str], None]) -> None:
        self.at, self.act, self.count = at, act, 0

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == self.at:
                self.act(name)
            return call(*args, **kwargs)

        return counted

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in (*CALLS, "utime"):
            patch.setattr(os, name, self.wrap(name, getattr(os, name)))
        swap = exchange_module.exchange
        patch.setattr(exchange_module, "exchange", self.wrap("exchange", swap))


def in_child(work: Callable[[], object]) -> int:
    """Run ``work`` in a forked child; its wait status."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Run ``work`` in a child that is killed before its file system call number ``step``."""

    def doomed() -> None:
        kill = Injected(step, lambda name: os.kill(os.getpid(), signal.SIGKILL))
        kill.install(pytest.MonkeyPatch())
        work()

    status = in_child(doomed)
    assert status in {0, signal.SIGKILL}
    return status != 0


def fresh(folder: Path, old: dict[str, str] | None) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if old is not None:
        write(old, folder / "out")
        lay(folder / "out", FOREIGN)
    return folder / "out"


def each_kill(
    folder: Path, old: dict[str, str] | None, every: int = 1
) -> Iterator[tuple[int, Path]]:
    for step in range(every, 1000, every):
        root = fresh(folder, old)
        if not killed_at(step, lambda: write(NEW, root)):  # noqa: B023
            assert step > 30, "the kill never happened"
            return
        yield step, root


def recover(root: Path) -> None:
    recover_exchange(root)
    if root.exists():
        recover_in_place(root, force=False)


def test_a_killed_run_leaves_the_old_tree_or_the_new(tmp_path: Path, way: str) -> None:
    outcomes: list[bool] = []
    for _, root in each_kill(tmp_path / "w", OLD):
        if way == "in place":
            recover(root)
        assert snapshot(root) in (as_bytes(OLD, FOREIGN), as_bytes(NEW, FOREIGN))
        outcomes.append(snapshot(root) == as_bytes(NEW, FOREIGN))
        assert bool(check(NEW, root)) != outcomes[-1]
        write(NEW, root)
        assert snapshot(root) == as_bytes(NEW, FOREIGN)
        assert leftovers(root) == []
    assert outcomes == sorted(outcomes)  # one commit point: old before, new after
    assert set(outcomes) == {False, True}


def test_a_killed_first_run_leaves_nothing_or_the_whole_tree(tmp_path: Path) -> None:
    for _, root in each_kill(tmp_path / "w", None):
        assert not root.exists() or snapshot(root) == as_bytes(NEW)
        write(NEW, root)
        assert snapshot(root) == as_bytes(NEW)
        assert leftovers(root) == []


def test_a_killed_recovery_is_recovered_too(tmp_path: Path, way: str) -> None:
    for _, root in each_kill(tmp_path / "w", OLD, every=7):
        for again in range(3, 60, 8):
            killed_at(again, lambda: recover(root))  # noqa: B023
        recover(root)
        assert snapshot(root) in (as_bytes(OLD, FOREIGN), as_bytes(NEW, FOREIGN))
        write(NEW, root)
        assert snapshot(root) == as_bytes(NEW, FOREIGN)
        assert leftovers(root) == []


def test_a_kill_while_rolling_back_still_ends_with_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_module, "_is_fit", lambda root: False)

    def broken(journal: object) -> None:
        raise OSError(errno.EIO, "injected")

    monkeypatch.setattr(journal_module, "_sync", broken)
    for step in range(1, 200):
        root = fresh(tmp_path / "w", OLD)
        killed = killed_at_or_fails(step, root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(journal_module, "_sync", lambda journal: None)
            recover(root)
        assert snapshot(root) in (as_bytes(OLD, FOREIGN), as_bytes(NEW, FOREIGN))
        if not killed:
            assert snapshot(root) == as_bytes(OLD, FOREIGN)
            assert step > 40
            return


def killed_at_or_fails(step: int, root: Path) -> bool:
    def work() -> None:
        kill = Injected(step, lambda name: os.kill(os.getpid(), signal.SIGKILL))
        kill.install(pytest.MonkeyPatch())
        write(NEW, root)

    return in_child(work) == signal.SIGKILL


def refusal(root: Path) -> str | None:
    try:
        write(NEW, root)
    except OutputError as error:
        return str(error)
    return None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_an_error_of_the_system_keeps_the_old_tree(tmp_path: Path, way: str, number: int) -> None:
    def fail(name: str) -> None:
        raise OSError(number, os.strerror(number))

    for step in range(1, 1000):
        root = fresh(tmp_path / "w", OLD)
        fault = Injected(step, fail)
        with pytest.MonkeyPatch.context() as patch:
            fault.install(patch)
            message = refusal(root)
        assert snapshot(root) == as_bytes(NEW if message is None else OLD, FOREIGN), step
        assert message is None or (os.strerror(number) in message and "\n" not in message)
        write(NEW, root)
        assert snapshot(root) == as_bytes(NEW, FOREIGN)
        assert leftovers(root) == []
        if fault.count < step:
            assert step > 30
            return


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_read_only_folder_is_told_and_left_alone(shared: Path, way: str, number: int) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OSError(number, os.strerror(number))

    original = os.open

    def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(number, os.strerror(number))
        return original(path, flags, *args, **kwargs)

    before = inodes(shared)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("mkdir", "rmdir", "unlink", "rename", "replace", "link", "write"):
            patch.setattr(os, name, refuse)
        patch.setattr(os, "open", opened)
        with pytest.raises(OutputError, match=os.strerror(number)):
            write(NEW, shared)
        assert check(NEW, shared)
    assert inodes(shared) == before


def test_a_full_disk_keeps_the_old_tree_and_leaves_no_stage(shared: Path, way: str) -> None:
    def full(descriptor: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OutputError, match="No space left"):
            write(NEW, shared)
    assert snapshot(shared) == as_bytes(OLD, FOREIGN)
    assert leftovers(shared) == []


def test_a_failed_first_write_leaves_no_folder(tmp_path: Path) -> None:
    def full(descriptor: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OutputError):
            write(NEW, tmp_path / "x" / "y" / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_at_any_call_leaves_old_or_new(tmp_path: Path, way: str) -> None:
    def interrupt(name: str) -> None:
        raise KeyboardInterrupt

    for step in range(1, 1000):
        root = fresh(tmp_path / "w", OLD)
        fault = Injected(step, interrupt)
        with pytest.MonkeyPatch.context() as patch:
            fault.install(patch)
            try:
                write(NEW, root)
            except KeyboardInterrupt:
                pass
            else:
                assert step > 30
                return
        assert snapshot(root) in (as_bytes(OLD, FOREIGN), as_bytes(NEW, FOREIGN))
        write(NEW, root)
        assert snapshot(root) == as_bytes(NEW, FOREIGN)


def test_an_edit_after_an_interrupted_run_is_not_lost(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange_module, "_is_fit", lambda root: False)
        for _, root in each_kill(tmp_path / "w", OLD):
            edited = root / "a.txt"
            edited.write_text("edited since")
            with pytest.raises(OutputError, match=r"edited .*a\.txt"):
                write(NEW, root)
            assert edited.read_text() == "edited since"
            write(NEW, root, force=True)
            assert snapshot(root) == as_bytes(NEW, FOREIGN)


def test_a_journal_that_leads_outside_is_refused(shared: Path) -> None:
    (shared / STAGE).mkdir()
    (shared / STAGE / "forward.json").write_text('{"steps": [["../x", null, null]], "made": []}')
    (shared.parent / "x").write_text("x")
    with pytest.raises(OutputError, match=r"\.\./x"):
        write(NEW, shared)
    assert (shared.parent / "x").exists()


def test_a_file_that_comes_while_the_copy_is_made_survives(shared: Path) -> None:
    swap = exchange_module.exchange

    def late(one: Path, other: Path) -> None:
        (other / "late").write_text("late")
        (other / "p" / "own.py").unlink()
        (other / "p" / "own.py").write_text("saved again")
        swap(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange_module, "exchange", late)
        write(NEW, shared)
    late_files = {"late": "late", "p/own.py": "saved again"}
    assert snapshot(shared) == as_bytes(NEW, FOREIGN, late_files)


def test_all_new_files_and_folders_are_flushed_before_the_commit(
    shared: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    opened: dict[int, str] = {}
    swap, original, replace = exchange_module.exchange, os.open, os.replace

    def opening(path: Any, *args: Any, **kwargs: Any) -> int:
        descriptor = original(path, *args, **kwargs)
        opened[descriptor] = os.path.basename(path)
        return descriptor

    def replacing(source: Path, target: Path) -> None:
        events.append("commit" if target.name == "forward.json" else "replace")
        replace(source, target)

    def swapping(one: Path, other: Path) -> None:
        events.append("commit")
        swap(one, other)

    monkeypatch.setattr(os, "fsync", lambda descriptor: events.append(opened[descriptor]))
    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "replace", replacing)
    monkeypatch.setattr(exchange_module, "exchange", swapping)
    write(NEW, shared)
    before = events[: events.index("commit")]
    if way == "exchange":
        assert {"a.txt", "new.txt", "d.py", "in", MANIFEST, "tree", "p", "s", "swap"} <= set(before)
    else:
        staged = {"3", "4", "5", "6", "7"}  # after the three deletions, the manifest last
        assert {*staged, "new", "old", "part", STAGE} <= set(before)


# Two runs at once


def test_a_second_run_waits_and_then_writes(shared: Path) -> None:
    lock = writing_module.lock_file(shared)
    ended: list[Path] = []
    with locked(lock, 0):
        other = threading.Thread(target=lambda: ended.append(write(NEW, shared).directory))
        other.start()
        time.sleep(0.1)
        assert ended == []
    other.join()
    assert snapshot(shared) == as_bytes(NEW, FOREIGN)


def test_a_second_run_that_waited_long_enough_says_so(shared: Path) -> None:
    with (
        locked(writing_module.lock_file(shared), 0),
        pytest.raises(OutputError, match="another run is writing"),
    ):
        write(NEW, shared, wait=0.05)
    assert snapshot(shared) == as_bytes(OLD, FOREIGN)


def test_the_lock_of_a_dead_run_stops_nobody(shared: Path) -> None:
    writing_module.lock_file(shared).touch()
    write(NEW, shared, wait=0)
    assert leftovers(shared) == []


def _write_often(root: Path, trees: list[dict[str, str]]) -> None:
    for tree in trees * 15:
        write(tree, root, wait=60)


def test_two_processes_never_mix_their_trees(shared: Path) -> None:
    start = multiprocessing.get_context("fork")
    runs = [start.Process(target=_write_often, args=(shared, t)) for t in ([OLD, NEW], [NEW, OLD])]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]
    assert snapshot(shared) in (as_bytes(OLD, FOREIGN), as_bytes(NEW, FOREIGN))
    assert leftovers(shared) == []


# Checking


def test_check_tells_what_is_missing_differs_and_is_stale(shared: Path) -> None:
    (shared / "new.txt").unlink(missing_ok=True)
    before = inodes(shared.parent)
    found = {d.path: d for d in check(NEW, shared)}
    assert inodes(shared.parent) == before
    kinds = {path: d.kind for path, d in found.items() if path != MANIFEST}
    assert kinds == {
        "a.txt": "differs", "gone.txt": "stale", "new.txt": "missing", "p/q/c.py": "stale",
        "r/s/d.py": "missing", "swap": "stale", "swap/in": "missing",
    }  # fmt: skip
    assert found["a.txt"].diff == "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n"
    assert found["new.txt"].diff == "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+n\n"


def test_check_of_a_missing_directory_finds_every_file_missing(tmp_path: Path) -> None:
    found = check(OLD, tmp_path / "out")
    assert {d.path for d in found if d.kind == "missing"} == {*OLD, MANIFEST}
    assert list(tmp_path.iterdir()) == []


def test_a_missing_last_line_end_is_shown(tmp_path: Path) -> None:
    write({"f": "a\nb"}, tmp_path / "out")
    (difference,) = (d for d in check({"f": "a\nb\n"}, tmp_path / "out") if d.path == "f")
    assert "-b\n\\ No newline at end of file\n+b\n" in difference.diff


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\0b"])
def test_bytes_that_are_not_text_are_told_by_digest(shared: Path, data: bytes) -> None:
    (shared / "a.txt").write_bytes(data)
    (difference,) = check(OLD, shared)
    assert difference.diff.startswith("Binary files a/a.txt (sha256 ")


def test_long_differences_are_whole_and_safe_to_print(tmp_path: Path) -> None:
    write({"f": "".join(f"{n}\n" for n in range(3000))}, tmp_path / "out")
    text = difference_text(check({"f": "\x1b[31m\tx\u202e\n"}, tmp_path / "out"))
    assert text.startswith("differs: f\n--- a/f\n+++ b/f\n")
    assert text.count("\n-") >= 3000
    assert "+\\x1b[31m\tx\\u202e\n" in text


def test_no_differences_give_no_text() -> None:
    assert difference_text(()) == ""
