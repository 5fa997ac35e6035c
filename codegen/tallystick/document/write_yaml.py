"""Plain data to YAML text that every YAML reader, 1.1 or 1.2, reads back as the same data."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import yaml

from tallystick.document.from_yaml import scalar
from tallystick.document.pointer import Json
from tallystick.errors import DocumentError, Location

_WIDTH = 100
# One line of words with single spaces: what folding cannot change.
_PROSE = re.compile(r"[!-~]+(?: [!-~]+)+")
_NOWHERE = Location("", 1)


def to_yaml(data: Json) -> str:
    """``data`` as one YAML document in block style, members in their order, without aliases.

    Text of several lines is a literal block, a long line a folded one; a string that any
    version of YAML would read as something else is quoted.
    """
    dump = cast(Any, yaml.dump)
    text: str = dump(
        data,
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_WIDTH,
    )
    return text


class _Writer(yaml.SafeDumper):
    """The safe dumper with block styles for long text, and sequences indented below their key."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_text(self, data: str) -> yaml.ScalarNode:
        return self._scalar("tag:yaml.org,2002:str", data, _style(data))

    def represent_number(self, data: float) -> yaml.ScalarNode:
        # YAML 1.1 reads an exponent only behind a point.
        text = repr(data)
        if "e" in text and "." not in text:
            text = text.replace("e", ".0e", 1)
        return self._scalar("tag:yaml.org,2002:float", text, None)

    def _scalar(self, tag: str, text: str, style: str | None) -> yaml.ScalarNode:
        represent = cast("Callable[..., yaml.ScalarNode]", cast(Any, self).represent_scalar)
        return represent(tag, text, style=style)


_Writer.add_representer(str, _Writer.represent_text)
_Writer.add_representer(float, _Writer.represent_number)


def _style(text: str) -> str | None:
    """The style asked for; the dumper quotes where the text does not allow it."""
    if not text.replace("\n", "").isprintable():
        return '"'
    if "\n" in text:
        return "|" if _fits_literal(text) else '"'
    if len(text) > _WIDTH - 20 and _PROSE.fullmatch(text):
        return ">"
    return "'" if _is_ambiguous(text) else None


def _fits_literal(text: str) -> bool:
    """Lines that a literal block keeps as they are: no blank at an end, none at the beginning."""
    lines = text.split("\n")
    plain = all(line == line.rstrip() for line in lines)
    return plain and bool(lines[0]) and not lines[0].startswith(" ")


def _is_ambiguous(text: str) -> bool:
    """Whether YAML 1.2 reads plain ``text`` as no string; the dumper itself minds YAML 1.1."""
    try:
        return not isinstance(scalar(text, _NOWHERE), str)
    except DocumentError:
        return True
