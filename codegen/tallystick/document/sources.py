"""Where the other documents stand that a document refers to: files of one folder, never hosts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tallystick.document.limits import MAX_FILES
from tallystick.document.pointer import Json
from tallystick.document.read import parse, read_bytes
from tallystick.document.record import Document
from tallystick.errors import DocumentError, Location

_METASCHEMAS = "https://json-schema.org/draft/"
_METASCHEMA = re.compile(r"https://json-schema\.org/draft/2020-12/(?:schema|meta/([a-z-]+))")
_HOST = "other hosts are never read: save it beside the document and refer to the file"
_SUFFIXES = (".json", ".yaml", ".yml")
_INSIDE = "refer to files below that folder, by relative names"


@dataclass(frozen=True, slots=True)
class Tree:
    """Files that are kept elsewhere than on the disk, each at the place where it would stand."""

    main: Path
    """The main document."""
    read: Callable[[Path], bytes]
    """The bytes of a file; a DocumentError or OSError if there is none."""
    shown: Callable[[Path], str]
    """The name of a file in messages."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the references of a document may reach.

    Attributes:
        folder: the folder whose files they may name; no file at all if not given.
        known: by the URI of a document that stands elsewhere, the file with a copy of it; by the
            start of many URIs, which ends in ``/``, the folder with copies of them.
        tree: where the files are; the disk if not given. ``known`` is of the disk always.
    """

    folder: Path | None = None
    known: Mapping[str, Path] = field(default_factory=dict[str, Path])
    tree: Tree | None = None


@dataclass(slots=True)
class Sources:
    """What may be read beside the document at ``main``, whose path is as given."""

    main: Path
    reach: Reach
    count: int = 0

    @property
    def folder(self) -> Path:
        """The folder that references may reach."""
        return self.reach.folder or self.main.parent

    @property
    def uri(self) -> str:
        """The URI that references in the main document are relative to."""
        return (self.main.parent.resolve() / self.main.name).as_uri()

    def read(self, uri: str, reference: str) -> tuple[Document, str]:
        """The document at ``uri``, and its name as a path relative to the main one's folder.

        Args:
            uri: without fragment.
            reference: as it stands in the document, for messages.

        Raises:
            DocumentError: it is not to be read, cannot be read, or is no document; without a
                place if the reference is at fault.
        """
        if uri.startswith(_METASCHEMAS):
            return _metaschema(uri, reference)
        path, folder, tree = self._path(uri, reference)
        self.count += 1
        if self.count > MAX_FILES:
            raise DocumentError(f"more than {MAX_FILES} files", hint="bundle the document first")
        try:
            if tree is None:
                inside = path.resolve(strict=True).relative_to(folder.resolve())
                content, name = read_bytes(path.resolve()), str(folder / inside)
            else:
                plain = Path(os.path.normpath(path))
                inside = plain.relative_to(folder.resolve())
                content, name = tree.read(plain), tree.shown(plain)
        except ValueError:
            raise _outside(reference) from None
        except OSError as error:
            raise _unreadable(reference, error.strerror or "no such file") from None
        except DocumentError as error:
            raise _unreadable(reference, error.what) from None
        except RuntimeError:  # a loop of symbolic links
            raise _unreadable(reference, "a loop of symbolic links") from None
        return parse(content, name), inside.as_posix()

    def _path(self, uri: str, reference: str) -> tuple[Path, Path, Tree | None]:
        """The file at ``uri``, the folder that it must be in, and where both are."""
        for start, place in self.reach.known.items():
            if uri == start:
                return place, place.parent, None
            if start.endswith("/") and uri.startswith(start):
                return place / _plain_path(uri[len(start) :], reference), place, None
        parts = urlsplit(uri)
        if parts.scheme != "file" or parts.netloc or urlsplit(reference).scheme:
            raise DocumentError(f"the reference {shown(reference)} leaves the document", hint=_HOST)
        if self.reach.folder is None:
            what = f"the reference {shown(reference)} leaves the document"
            raise DocumentError(what, hint="--ref-root DIR says whose files it may name")
        if reference.startswith(("/", "\\")) or parts.query:
            raise _outside(reference)
        file = Path("/") / _plain_path(parts.path.lstrip("/"), reference)
        return file, self.folder, self.reach.tree


def shown(reference: Json) -> str:
    """``reference`` for a message: quoted, and cut if it is long."""
    text = repr(reference)
    return text if len(text) <= 120 else text[:119] + "…"


def _plain_path(path: str, reference: str) -> str:
    """``path`` decoded; a name that is one only to some file systems is refused."""
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise _unreadable(reference, "its name is not percent-encoded UTF-8") from None
    if "\\" in decoded or "\0" in decoded or decoded.startswith("/"):
        raise _outside(reference)
    if not decoded.lower().endswith(_SUFFIXES):
        raise _unreadable(reference, f"its name does not end in {', '.join(_SUFFIXES)}")
    return decoded


def _outside(reference: str) -> DocumentError:
    what = f"the reference {shown(reference)} leaves the folder whose files it may name"
    return DocumentError(what, hint=_INSIDE)


def _unreadable(reference: str, reason: str) -> DocumentError:
    what = f"the reference {shown(reference)} names a file that cannot be read: {reason}"
    return DocumentError(what, hint=_INSIDE)


def _metaschema(uri: str, reference: str) -> tuple[Document, str]:
    """A metaschema of JSON Schema 2020-12, which everybody knows by its URI."""
    name = _METASCHEMA.fullmatch(uri)
    vocabulary = name.group(1) if name is not None else None
    folder = files("jsonschema_specifications") / "schemas" / "draft202012"
    file = folder / (f"vocabularies/{vocabulary}" if vocabulary else "metaschema.json")
    if name is None or not file.is_file():
        what = f"the reference {shown(reference)} names no metaschema that is known"
        raise DocumentError(what, hint=_HOST)
    data = parse(file.read_bytes(), uri).data
    return Document(uri, data, lambda _: Location(uri, 1), data), uri.partition("://")[2]
