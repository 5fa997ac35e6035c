"""A document as a git revision has it: ``REV:path``, with its overlays and the files it refers to.

Nothing is checked out: the bytes of single files are asked of git, which is run without a shell.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tallystick.document.limits import MAX_BYTES
from tallystick.document.load import assembled, load
from tallystick.document.read import parse, read
from tallystick.document.record import Document
from tallystick.document.sources import Reach, Tree
from tallystick.errors import DocumentError

_PATIENCE = 60.0
"""Seconds that git may take for one answer."""


def load_at(text: str, overlays: Sequence[str | Path] = (), reach: Reach | None = None) -> Document:
    """The document that ``text`` names: a file, or ``REV:path`` of the working folder's repository.

    The path counts from the top of the repository, or from the working folder if it starts with
    ``./``, as in git; an empty revision is the index. What is a file is never taken as a revision.

    Args:
        text: as typed.
        overlays: files; those of the repository are read as the revision has them, and one that
            it does not have is not applied.
        reach: what references may reach; the files of its folder are read of the revision.

    Raises:
        DocumentError: as for ``load``; no git, no repository, no such revision, no such file in it.
    """
    if os.path.lexists(text) or ":" not in text:
        return load(text, overlays, reach)
    name, _, path = text.partition(":")
    top = Path(_top(text)).resolve()
    revision = _Revision(text, name, top, _object(text, name))
    here = Path.cwd() if path.startswith(("./", "../")) else top
    main = Path(os.path.normpath(here.resolve() / path))
    document = parse(revision.read(main), text)
    applied = [found for each in overlays if (found := revision.overlay(Path(each))) is not None]
    tree = Tree(main, revision.read, revision.shown)
    return assembled(document, applied, replace(reach or Reach(), tree=tree))


def text_at(text: str, path: Path) -> str | None:
    """The text of the file at ``path`` in the same edition; None if that has no such file.

    Args:
        text: what names a document, as for ``load_at``: of the disk, or of a revision.
        path: where the file stands, or would stand.

    Raises:
        DocumentError: no git, no repository, no such revision.
    """
    if os.path.lexists(text) or ":" not in text:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    top = Path(_top(text)).resolve()
    inside = Path(os.path.relpath(path, top)).as_posix()
    blob = f"{_object(text, text.partition(':')[0])}:{inside}"
    content = _git(text, "cat-file", "blob", blob, cwd=top)
    return None if content is None else content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Revision:
    text: str
    """What the reader typed, for messages."""
    name: str
    top: Path
    """The top folder of the repository."""
    commit: str
    """Its id; empty for the index."""

    def read(self, path: Path) -> bytes:
        """The bytes of the file that would stand at ``path``; a DocumentError if there is none."""
        if not path.is_relative_to(self.top):
            raise self._error(f"{path} is outside of the repository {self.top}")
        inside = path.relative_to(self.top).as_posix()
        blob = f"{self.commit}:{inside}"
        kind = _git(self.text, "cat-file", "-t", blob, cwd=self.top)
        if kind is None or kind.strip() != b"blob":
            has = "is a folder" if kind and kind.strip() == b"tree" else "is no file"
            raise self._error(f"{inside} {has} in {self._told}")
        size = _git(self.text, "cat-file", "-s", blob, cwd=self.top)
        if size is None or int(size) > MAX_BYTES:
            raise self._error(f"{inside} is larger than {MAX_BYTES // 1024 // 1024} MiB")
        content = _git(self.text, "cat-file", "blob", blob, cwd=self.top)
        if content is None:
            raise self._error(f"{inside} cannot be read in {self._told}")
        return content

    def shown(self, path: Path) -> str:
        """``REV:path`` of a file."""
        return f"{self.name}:{path.relative_to(self.top).as_posix()}"

    def overlay(self, path: Path) -> Document | None:
        """The overlay as the revision has it; that of the disk, if it is not the repository's."""
        real = Path(os.path.normpath(Path.cwd().resolve() / path))
        if not real.is_relative_to(self.top):
            return read(path)
        inside = real.relative_to(self.top).as_posix()
        if _git(self.text, "cat-file", "-e", f"{self.commit}:{inside}", cwd=self.top) is None:
            return None
        return parse(self.read(real), self.shown(real))

    @property
    def _told(self) -> str:
        return f"the revision {self.name!r}" if self.name else "the index"

    def _error(self, what: str) -> DocumentError:
        hint = "the path counts from the top of the repository; ./ makes it count from here"
        return DocumentError(what, where=self.text, hint=hint)


def _top(text: str) -> str:
    found = _git(text, "rev-parse", "--show-toplevel")
    if found is None:
        hint = "run it in the repository, or name a file"
        raise DocumentError("no such file, and no git repository here", where=text, hint=hint)
    return os.fsdecode(found).rstrip("\r\n")


def _object(text: str, name: str) -> str:
    """The id of the commit that a revision names; empty for the index."""
    if not name:
        return ""
    wanted = f"{name}^{{commit}}"
    found = _git(text, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if found is None:
        hint = "`git log` shows those that there are; a shallow clone has few"
        what = f"no such file, and no such git revision: {name!r}"
        raise DocumentError(what, where=text, hint=hint)
    return found.decode("ascii").strip()


def _git(text: str, *arguments: str, cwd: Path | None = None) -> bytes | None:
    """What git prints; None if it says no."""
    # No prompt and no fetch: whoever compares two documents has both.
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        hint = "install git, or name a file"
        what = "no such file, and a git revision needs git, which is not installed"
        raise DocumentError(what, where=text, hint=hint) from None
    except ValueError:  # a zero byte
        raise DocumentError("is no file and no git revision", where=text) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DocumentError(f"git cannot be run: {error}", where=text) from None
    return done.stdout if done.returncode == 0 else None
