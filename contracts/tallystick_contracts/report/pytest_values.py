"""Requests and values as Python source: names as variables, secrets as constants."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pprint import pformat
from urllib.parse import unquote

from tallystick.document import Json

from ..findings import Variable
from ..findings.recipe import MADE_UP
from ..mask import Mask
from ..probes.requests import plain

_WIDTH = 84
_SPELLED = (
    ("_URLENCODED", "quote({}, safe='')"),
    ("_FORMENCODED", "quote_plus({})"),
    ("_JSON", "json.dumps({})[1:-1]"),
    ("_BASE64", "base64.b64encode({}.encode()).decode()"),
    ("_CUT_SHORT", "{}[:-1]"),
    ("_OTHER_CASE", "{}.swapcase()"),
    ("_REVERSED", "{}[::-1]"),
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fresh_value(variable: Variable) -> str:
    """An expression for a value like that of the variable which nothing has had."""
    value = variable.value
    if isinstance(value, int):
        low = 10 ** (len(str(abs(value))) - 1)
        return f"random.randrange({low}, {low * 10})"
    text = str(value)
    own = MADE_UP.search(text)
    if own:
        before, after = text[: own.start()], text[own.end() :]
        parts = [repr(before)] if before else []
        parts.append("f'ts{random.randrange(10**8)}-1'")
        return " + ".join([*parts, *([repr(after)] if after else [])])
    return "str(uuid.uuid4())" if _UUID.fullmatch(text) else f"like({text!r})"


def written_text(value: Json, known: Sequence[Variable], mask: Mask) -> str:
    """A JSON value as a Python expression."""
    return Written(known, mask).value(value)


@dataclass(frozen=True, slots=True)
class Written:
    """Writes what a step sends.

    Args:
        known: the variables that have a value by then.
        mask: the secrets.
    """

    known: Sequence[Variable]
    mask: Mask

    def text(self, text: str) -> str:
        """A text as an expression: a literal, or an f-string with the secrets in it."""
        pieces = self.mask.pieces(text)
        if not any(variable for _, variable in pieces):
            return repr(text)
        parts: list[str] = []
        for literal, variable in pieces:
            parts += [repr(literal)] if literal else []
            parts += [self._secret(variable)] if variable else []
        return " + ".join(parts)

    def _secret(self, variable: str) -> str:
        if variable in self.mask.secrets.values():
            return variable
        for suffix, form in _SPELLED:
            if variable.endswith(suffix):
                return form.format(variable.removesuffix(suffix))
        return variable

    def target(self, target: str) -> str:
        """Path and query, with names as they are this time."""
        path, question, query = target.partition("?")
        parts: list[str] = []
        literal = ""
        for number, segment in enumerate(path.split("/")):
            slash = "/" if number else ""
            name = self._name_of(unquote(segment))
            if name is None:
                literal += slash + segment
            else:
                parts.append(repr(literal + slash))
                literal = ""
                parts.append(f"quote(str({name}), safe='')")
        if literal or question:
            parts.append(self.text(literal + question + query))
        return " + ".join(parts) or repr(target)

    def _name_of(self, text: str) -> str | None:
        return next((v.name for v in self.known if plain(v.value) == text), None)

    def headers(self, headers: tuple[tuple[str, str], ...]) -> str:
        """Header fields, in a dict where no name comes twice."""
        names = [name.lower() for name, _ in headers]
        if len(set(names)) == len(names):
            return "{" + ", ".join(f"{n!r}: {self.text(v)}" for n, v in headers) + "}"
        return "[" + ", ".join(f"({n!r}, {self.text(v)})" for n, v in headers) + "]"

    def body(self, body: bytes) -> str:
        """A body: the JSON value where those bytes are what it is written as, else the bytes."""
        try:
            data: Json = json.loads(body)
            same = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() == body
        except (ValueError, RecursionError):
            same, data = False, None
        if same and self.mask.body(body) == body:
            return f"json.dumps({self.value(data)})"
        return self._bytes(body)

    def _bytes(self, body: bytes) -> str:
        """The bytes as they are, with the names and secrets of this time put in."""
        shown = self.mask.body(body)
        text = repr(shown)
        for name in sorted(self.mask.revealed(), key=len, reverse=True):
            if f"${name}".encode() in shown:
                text += f".replace({f'${name}'.encode()!r}, {self._secret(name)}.encode())"
                shown = shown.replace(f"${name}".encode(), b"")
        for variable in self.known:
            old = plain(variable.value)
            if isinstance(variable.value, str) and len(old) >= 4 and old.encode() in shown:
                text += f".replace({old.encode()!r}, {variable.name}.encode())"
        return text

    def value(self, value: Json) -> str:
        """A JSON value, laid out; texts that are names are variables."""
        marked = self._marked(value)
        text = pformat(marked, width=_WIDTH, sort_dicts=False)
        for variable in self.known:
            text = text.replace(repr(f"\0{variable.name}\0"), variable.name)
        return text

    def _marked(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {key: self._marked(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._marked(each) for each in value]
        for variable in self.known:
            exact = isinstance(value, bool) == isinstance(variable.value, bool)
            if exact and value == variable.value and not isinstance(value, float):
                return f"\0{variable.name}\0"
        return value
