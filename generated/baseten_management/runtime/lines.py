"""JSON texts one after another: a line each, or each after a record separator (RFC 7464); no I/O."""

from __future__ import annotations

from .events import TooLong

_SEPARATOR = b"\x1e"


class LineReader:
    """Takes bytes as they come and gives each text once it is complete; blank ones are none.

    Args:
        longest: the cap of one text in bytes.
        separator: what stands between the texts.
    """

    def __init__(self, longest: int, separator: bytes = b"\n") -> None:
        self._longest = longest
        self._separator = separator
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """The texts that ``chunk`` completes.

        Raises:
            TooLong: one of them is larger than the cap.
        """
        seen = len(self._rest)
        self._rest += chunk
        last = self._rest.rfind(self._separator, seen)
        texts: list[bytes] = []
        if last >= 0:
            texts = bytes(self._rest[:last]).split(self._separator)
            del self._rest[: last + 1]
        if max(map(len, [*texts, self._rest])) > self._longest:
            raise TooLong
        return [text for text in texts if text.strip()]

    def end(self) -> list[bytes]:
        """The last text, where nothing stands behind it."""
        text = bytes(self._rest)
        self._rest.clear()
        return [text] if text.strip() else []


def sequence_reader(longest: int) -> LineReader:
    """A reader of ``application/json-seq``."""
    return LineReader(longest, _SEPARATOR)


def line(text: bytes) -> bytes:
    """A JSON text as a line."""
    return text + b"\n"


def record(text: bytes) -> bytes:
    """A JSON text as a record of ``application/json-seq``."""
    return _SEPARATOR + text + b"\n"
