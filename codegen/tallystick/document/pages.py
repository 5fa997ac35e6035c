"""A published page: the OpenAPI fragments in its fenced blocks, or a whole document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tallystick.document.load import check_openapi
from tallystick.document.pointer import get, has, join
from tallystick.document.read import decode, parse, read_bytes
from tallystick.document.record import Document
from tallystick.errors import DocumentError, Location

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
# Not str.splitlines(): that also splits where a text only holds a rarer separator.
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_WHOLE = frozenset({".yaml", ".yml", ".json"})
_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_INFO = re.compile(
    rf"(?:ya?ml|json)\s+(?P<method>{'|'.join(METHODS)})\s+(?P<path>/\S*)(?:\s.*)?", re.IGNORECASE
)
_HEADING = re.compile(r"#{1,6}\s+(?P<title>\S.*?)\s*#*")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: the file's name without its folder, by which pages are ordered.
        sha256: of the file's bytes, in hex.
        title: the first heading, else the first line that is not blank.
        fragments: OpenAPI documents that locate their nodes in the page itself; a page without
            any is a source of samples only.
    """

    name: str
    sha256: str
    title: str
    fragments: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A fenced block: its info string, the line of its opening fence, and its content."""

    info: str
    line: int
    content: list[str]
    is_closed: bool


def read_pages(paths: list[Path]) -> list[Page]:
    """The pages among ``paths``, a folder standing for the files in it, in the order of names.

    Raises:
        DocumentError: a file cannot be read, two pages have one name, a folder holds none, or
            ``read_page`` refuses one.
    """
    files = [file for path in paths for file in _files(path)]
    by_name: dict[str, Path] = {}
    for file in files:
        if file.name in by_name and by_name[file.name].resolve() != file.resolve():
            what = f"two pages have the name {file.name!r}; the other is {by_name[file.name]}"
            raise DocumentError(what, where=str(file), hint="rename one")
        by_name.setdefault(file.name, file)
    return [read_page(by_name[name]) for name in sorted(by_name)]


def read_page(path: Path) -> Page:
    """The page in one file: a whole document if its name ends in yaml, yml or json.

    Raises:
        DocumentError: the file cannot be read, a fence is never closed, or what stands in it is
            not OpenAPI or lacks the operation that the fence names.
    """
    content = read_bytes(path)
    text, sha256 = decode(content, str(path)), hashlib.sha256(content).hexdigest()
    if path.suffix.lower() in _WHOLE:
        document = check_openapi(parse(text, str(path)))
        title = get(document.data, "#/info/title") if has(document.data, "#/info/title") else ""
        return Page(path.name, sha256, str(title), (document,))
    lines = _LINE_BREAK.split(text)
    fragments = tuple(
        _fragment(block, matched.group("method").lower(), matched.group("path"), str(path))
        for block in _blocks(lines)
        if (matched := _INFO.fullmatch(block.info))
    )
    return Page(path.name, sha256, _title(lines), fragments)


def operations(document: Document) -> list[str]:
    """``METHOD /path`` of each operation of ``document``, in its order."""
    paths = document.data.get("paths")
    return [
        f"{method.upper()} {path}"
        for path, item in (paths.items() if isinstance(paths, dict) else ())
        if isinstance(item, dict)
        for method in item
        if method in METHODS
    ]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        files = [file for file in path.iterdir() if not file.name.startswith(".")]
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", where=str(path)) from None
    found = sorted(file for file in files if not file.is_dir())
    if not found:
        raise DocumentError("no pages in this folder", where=str(path))
    return found


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """Fenced code blocks (CommonMark 0.31, section 4.5); one never closed ends with the page."""
    opening: re.Match[str] | None = None
    start = 0
    content: list[str] = []
    for number, line in enumerate(lines, 1):
        matched = _FENCE.fullmatch(line.rstrip())
        if opening is None:
            if matched and not ("`" in matched["fence"] and "`" in matched["info"]):
                opening, start, content = matched, number, []
        elif matched and _closes(matched, opening):
            yield _Block(opening["info"].strip(), start, content, True)
            opening = None
        else:
            content.append(_dedented(line, len(opening["indent"])))
    if opening is not None:
        yield _Block(opening["info"].strip(), start, content, False)


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    return not fence["info"].strip() and fence["fence"].startswith(opening["fence"])


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _fragment(block: _Block, method: str, path: str, name: str) -> Document:
    where = Location(name, block.line)
    if not block.is_closed:
        hint = "the page is truncated: fetch it again"
        raise DocumentError("this fence is never closed", where=where, hint=hint)
    if not any(line.strip() for line in block.content):
        raise DocumentError("this fence is empty", where=where, hint="fetch the page again")
    # Blank lines in front: the reader then counts lines as the page does.
    document = check_openapi(parse("\n" * block.line + "\n".join(block.content) + "\n", name))
    if not has(document.data, join("#/paths", path, method)):
        what = f"the fence says {method.upper()} {path}, the fragment has no such operation"
        raise DocumentError(what, where=where, hint="correct the one or the other")
    return document


def _title(lines: list[str]) -> str:
    headings = (_HEADING.fullmatch(line) for line in lines)
    first = next((matched.group("title") for matched in headings if matched), None)
    return first or next((line.strip() for line in lines if line.strip()), "")
