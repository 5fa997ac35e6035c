"""Published pages made one OpenAPI document, with a lock that says what it was made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.document.merge import merge
from tallystick.document.pages import Page, operations, read_pages
from tallystick.document.pointer import Json
from tallystick.document.read import parse
from tallystick.document.record import canonical, digest
from tallystick.document.write_yaml import to_yaml
from tallystick.errors import DocumentError

HEADER = "# Assembled from the pages by tallystick. Do not edit.\n"


@dataclass(frozen=True, slots=True)
class Assembled:
    """The two files that are made of pages, as text; equal pages give equal bytes.

    Attributes:
        text: the OpenAPI document in YAML.
        lock: JSON with the digest of the contract, code samples left out, and of each page in
            the order of names its SHA-256, title and operations.
        data: what ``text`` says.
    """

    text: str
    lock: str
    data: dict[str, Json]


def assemble(pages: Sequence[str | Path]) -> Assembled:
    """The document that ``pages`` (files, or folders of files) make together.

    Pages are merged in the order of their names. Those without an OpenAPI fragment stand in the
    lock with no operations: they are sources of samples.

    Raises:
        DocumentError: a page cannot be used, two contradict each other (the message names both
            places, the pointer and both values), a server is local, or no page has a fragment.
    """
    found = read_pages([Path(page) for page in pages])
    fragments = [fragment for page in found for fragment in page.fragments]
    if not fragments:
        raise DocumentError(
            "no page holds an OpenAPI fragment",
            where=", ".join(map(str, pages)) or None,
            hint="a fragment is a fenced block that starts with ```yaml METHOD /path",
        )
    data = merge(fragments)
    text = HEADER + to_yaml(data)
    if canonical(parse(text, "assembled").data) != canonical(data):
        raise AssertionError("the YAML writer changed the data")
    return Assembled(text, _lock(found, data), data)


def _lock(pages: list[Page], data: dict[str, Json]) -> str:
    entries = [
        {
            "page": page.name,
            "sha256": page.sha256,
            "title": page.title,
            "operations": [name for part in page.fragments for name in operations(part)],
        }
        for page in pages
    ]
    lock = {"digest": digest(data), "pages": entries}
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
