"""What can go wrong, as values with fields: the text is computed.

TallystickError
├── DocumentError     the document, an overlay or a page is bad input
├── OutputError       the output folder cannot be written
└── UsageError        the command was called wrongly, or its configuration is bad
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a text file; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class TallystickError(Exception):
    """Bad input or a bad environment, told to the reader in one line.

    Args:
        what: what is wrong, in one sentence without a closing full stop.
        where: the file position, when there is one.
        pointer: the JSON Pointer (RFC 6901, with a leading ``#``) of the node, when there is one.
        hint: what the reader can do.
    """

    def __init__(
        self,
        what: str,
        *,
        where: Location | str | None = None,
        pointer: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.pointer = pointer
        self.hint = hint

    def __str__(self) -> str:
        parts = [str(part) for part in (self.where, self.pointer, self.what) if part]
        text = ": ".join(parts)
        return printable(f"{text}; {self.hint}" if self.hint else text)

    def __reduce__(self) -> tuple[object, ...]:
        fields = {"where": self.where, "pointer": self.pointer, "hint": self.hint}
        return (_rebuild, (type(self), self.what, fields))


class DocumentError(TallystickError):
    """The document, an overlay or a page cannot be used."""


class OutputError(TallystickError):
    """The output folder cannot be read or written."""


class UsageError(TallystickError):
    """The command line or the configuration asks for something impossible."""


def _rebuild(
    kind: type[TallystickError], what: str, fields: dict[str, str | None]
) -> TallystickError:
    return kind(what, **fields)


def printable(text: str) -> str:
    """``text`` with control, bidirectional and other invisible characters as escapes.

    Error text quotes documents, and a document may hold terminal sequences.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in text
    )
