"""The one way from data to Python text: templates that take only code which we made ourselves.

A template may put out nothing but ``Code``: text of the document is a plain ``str``, which is
refused, and becomes ``Code`` only through a filter that makes a literal, a docstring or a comment.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Context, Macro

from tallystick.document import Json

WIDTH = 100

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Printable by their category, yet nobody sees them.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


class Code(str):
    """Text that may stand in a Python file: an identifier, an annotation, a literal, a layout."""

    __slots__ = ()


@cache
def environment() -> Environment:
    """The environment of all templates, one for all packages: compiling them takes the longest.

    It raises ``TypeError`` where plain text is put out.
    """
    made = Environment(
        loader=PackageLoader("tallystick", "templates"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=only_code,
    )
    made.context_class = _Context
    filters: dict[str, Any] = made.filters
    filters.clear()
    filters.update(literal=literal, docstring=docstring, comment=comment, join=joined, length=len)
    made.globals.clear()
    return made


class _Context(Context):
    """A macro gives code: each output inside it has been checked already."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        result = super().call(obj, *args, **kwargs)
        return Code(result) if isinstance(obj, Macro) else result


def only_code(value: object) -> Code:
    """``value`` if it is ``Code``.

    Raises:
        TypeError: it is anything else, so it may be text of the document.
    """
    if isinstance(value, Code):
        return value
    raise TypeError(f"a template may put out only Code, not {type(value).__name__}: {value!r:.80}")


def joined(parts: Iterable[object], between: str = "") -> Code:
    """``parts``, all of them ``Code``, with a text of the template between them."""
    return Code(between.join(only_code(part) for part in parts))


def literal(value: Json | tuple[Json, ...]) -> Code:
    """The Python expression whose value is ``value``, character for character the same data.

    Raises:
        ValueError: a number is not finite, so no literal has its value.
        TypeError: the value is not JSON data.
    """
    match value:
        case None | bool():
            return Code(repr(value))
        case int():
            return Code(int.__repr__(value))
        case float():
            if not math.isfinite(value):
                raise ValueError("a number that is not finite has no literal")
            return Code(float.__repr__(value))
        case str():
            return _quoted(value)
        case list():
            return Code(f"[{', '.join(literal(item) for item in value)}]")
        case tuple():
            comma = "," if len(value) == 1 else ""
            return Code(f"({', '.join(literal(item) for item in value)}{comma})")
        case dict():
            members = (f"{_quoted(key)}: {literal(item)}" for key, item in value.items())
            return Code(f"{{{', '.join(members)}}}")
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON data")


def docstring(text: str, indent: int = 4) -> Code:
    """A docstring with ``text``, wrapped to the width of the file.

    Args:
        text: any text; what could end the string or hide in it becomes an escape.
        indent: the column of the opening quotes, which the template has written already.
    """
    margin = " " * indent
    lines = [line for each in _lines(text) for line in _wrapped(_in_docstring(each), indent)]
    if not lines:
        return Code('""""""')
    if len(lines) == 1 and indent + len(lines[0]) + 6 <= WIDTH:
        return Code(f'"""{lines[0]}"""')
    body = "\n".join(f"{margin}{line}" if line else "" for line in lines)
    return Code(f'"""{body.lstrip()}\n{margin}"""')


def comment(text: str, indent: int = 0) -> Code:
    """``text`` as comment lines, wrapped; further lines begin at column ``indent``."""
    lines = [line for each in _lines(text) for line in _wrapped(_visible(each), indent + 2)]
    return Code(f"\n{' ' * indent}".join(f"# {line}".rstrip() for line in lines) or "#")


def _quoted(text: str) -> Code:
    quote = "'" if '"' in text and "'" not in text else '"'
    return Code(quote + _visible(text).replace(quote, f"\\{quote}") + quote)


def _visible(line: str) -> str:
    return line.translate(_ESCAPES)


def _in_docstring(line: str) -> str:
    """Quotes stay as they are where they cannot end the string: alone, inside a line."""
    shown = _visible(line)
    if '"' not in shown:
        return shown
    return re.sub(r'""+|"$', lambda found: '\\"' * len(found[0]), shown)


class _Escapes(dict[int, str]):
    """How each character stands in a file, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _character(chr(code))
        return shown


_ESCAPES = _Escapes()


def _character(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable() and char not in _INVISIBLE:
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _lines(text: str) -> list[str]:
    return [line.expandtabs(4).rstrip() for line in text.strip().splitlines()]


def _wrapped(line: str, indent: int) -> list[str]:
    """``line`` broken at spaces, each part behind the margin; a long word stays whole.

    No other white space is left in it, and escapes hold no space, so a break never falls inside
    one. The lines are those of ``textwrap``, which is twenty times slower.
    """
    text = line.lstrip(" ")
    margin = line[: len(line) - len(text)][:40]
    room = max(WIDTH - indent - 3, 40) - len(margin)
    lines, start = list[str](), 0
    while len(text) - start > room:
        end = text.rfind(" ", start, start + room + 1)
        end = text.find(" ", start) if end < 0 else end
        if end < 0:
            break
        lines.append(margin + text[start:end].rstrip(" "))
        start = end
        while text[start] == " ":
            start += 1
    return [*lines, margin + text[start:]]
