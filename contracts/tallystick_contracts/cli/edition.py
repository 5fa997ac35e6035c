"""A new edition of the document: what was given, as the files that are to stand in the project."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.cli import assembled_files, shown
from tallystick.document import Document, parse
from tallystick.document.assemble import assemble
from tallystick.document.pages import operations, read_page
from tallystick.document.read import read_bytes
from tallystick.errors import UsageError

_WHOLE = frozenset({".yaml", ".yml", ".json"})
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Edition:
    """A document that is not written yet.

    Attributes:
        document: as read, called by the name of the file that it is to stand in.
        files: what is to stand where; None for a page that goes.
        made_of: how it came about, in words.
    """

    document: Document
    files: Mapping[Path, bytes | None]
    made_of: str


def edition(sources: Sequence[Path], spec: Path, pages: Path | None) -> Edition:
    """The edition that ``sources`` make.

    One file that is a whole document is the new document. Anything else is pages: they join those
    in ``pages``, in the place of the ones of the same name, and of those all of whose operations
    they have.

    Args:
        sources: documents, pages, or folders of pages; none for what stands in ``pages``.
        spec: where the document stands.
        pages: the folder of pages that it is assembled from, if it is.

    Raises:
        UsageError: nothing was given, or a whole document for one that is made of pages.
        DocumentError: a source cannot be used, or two pages contradict each other.
    """
    if not sources and pages is None:
        hint = "tallystick upgrade NEW, a document or pages"
        raise UsageError("nothing new is named, and no pages are configured", hint=hint)
    if len(sources) == 1 and _is_whole(sources[0]):
        return _whole(sources[0], spec, pages)
    return _of_pages(sources, spec, pages)


def _is_whole(source: Path) -> bool:
    return source.suffix.lower() in _WHOLE and not source.is_dir()


def _whole(source: Path, spec: Path, pages: Path | None) -> Edition:
    if pages is not None:
        raise UsageError(
            f"{shown(spec)} is made of the pages in {shown(pages)}, and {shown(source)} is no page",
            hint="give pages, or take `pages` out of [tool.tallystick]",
        )
    content = read_bytes(source)
    document = parse(content, str(spec))
    return Edition(document, {spec: content}, shown(source))


def _of_pages(sources: Sequence[Path], spec: Path, pages: Path | None) -> Edition:
    given = [file for source in sources for file in _files(source)]
    present = _files(pages) if pages is not None else []
    gone = _superseded(present, given)
    kept = [each for each in present if each not in gone]
    made = assemble([*kept, *given])
    files: dict[Path, bytes | None] = {
        path: text.encode() for path, text in assembled_files(made, spec).items()
    }
    if pages is not None:
        files |= dict.fromkeys(gone)
        files |= {pages / each.name: read_bytes(each) for each in given}
    return Edition(parse(made.text, str(spec)), files, _counted(len(kept), len(given)))


def _superseded(present: Sequence[Path], given: Sequence[Path]) -> list[Path]:
    """The present pages whose place the given ones take."""
    names = {each.name for each in given}
    new = {name for each in given for name in _operations(each)}
    return [
        each
        for each in present
        if each.resolve() not in {other.resolve() for other in given}
        and (each.name in names or ((old := _operations(each)) and old <= new))
    ]


def _operations(page: Path) -> frozenset[str]:
    return frozenset(name for part in read_page(page).fragments for name in operations(part))


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    found = sorted(each for each in source.iterdir() if not each.name.startswith("."))
    return [each for each in found if not each.is_dir()]


def _counted(kept: int, given: int) -> str:
    pages = f"{kept + given} page{'' if kept + given == 1 else 's'}"
    return f"{pages}, {given} of them new" if given else pages


def past(folder: Path, sources: Sequence[Path]) -> dict[Path, bytes | None]:
    """The present edition as files of the history: numbered, one more than the last.

    Args:
        folder: the history.
        sources: the document, and what stands beside it; what is not there is left out.
    """
    there = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    numbers = [int(found[0]) for name in there if (found := _NUMBER.match(name))]
    number = max(numbers, default=-1) + 1
    kept: dict[Path, bytes | None] = {}
    for each in sources:
        if each.is_file():
            place = folder / f"{number:03}-{each.name}"
            if place in kept:  # two overlays of one name, in different folders
                place = folder / f"{number:03}-{len(kept)}-{each.name}"
            kept[place] = read_bytes(each)
    return kept
