"""The two documents of a comparison: what the words of a command line name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .chosen import needed
from .paths import shown

if TYPE_CHECKING:
    from tallystick.config import Configuration

_SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class End:
    """One of the two documents."""

    text: str
    """A file, or ``REV:path``, for ``load_at``."""
    overlays: tuple[Path, ...]
    configured: bool
    """Whether it is the configured document, at any revision."""


def ends(
    settings: Configuration,
    words: tuple[str | None, str | None],
    overlays: tuple[Sequence[Path], Sequence[Path]],
) -> tuple[End, End]:
    """The old document and the new one.

    Args:
        settings: its document is meant where a word is left out: the old one is then what the
            last commit has. A word that is neither a file nor ``REV:path`` is a revision of it.
        words: as typed.
        overlays: those given for each; the configured ones apply to the configured document.

    Raises:
        UsageError: no document is configured where one is needed.
    """
    old, new = (_named(settings, *each) for each in zip(words, ("HEAD", None), strict=True))
    return _end(settings, old, overlays[0]), _end(settings, new, overlays[1])


def _end(settings: Configuration, text: str, given: Sequence[Path]) -> End:
    configured = settings.spec is not None and _path(text) == settings.spec.resolve()
    own = settings.overlays if configured else ()
    return End(text, tuple(given) or own, configured)


def _named(settings: Configuration, word: str | None, revision: str | None) -> str:
    if word is not None and (os.path.lexists(word) or ":" in word or word.endswith(_SUFFIXES)):
        return word
    if word is not None and settings.spec is None:
        return word
    spec = needed(settings.spec, "no document named", "OLD and NEW, or [tool.tallystick] spec")
    if word is None and revision is None:
        return shown(spec)
    path = Path(os.path.relpath(spec)).as_posix()
    here = "" if path.startswith("../") or Path(".git").exists() else "./"
    return f"{word or revision}:{here}{path}"


def _path(text: str) -> Path:
    """Where the file stands that ``text`` names, or would stand."""
    if os.path.lexists(text) or ":" not in text:
        return Path(text).resolve()
    path = text.partition(":")[2]
    here = Path.cwd()
    top = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return ((here if path.startswith(("./", "../")) else top) / path).resolve()
