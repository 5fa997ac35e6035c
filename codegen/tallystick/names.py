"""Document names made into Python identifiers: valid, distinct, and frozen in ``names.lock``."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import TypeAlias

from pydantic import BaseModel

from tallystick.errors import UsageError

# Names which a pydantic model owns: a field of that name would shadow its machinery.
_MODEL_SURFACE = frozenset(name for name in dir(BaseModel) if not name.startswith("__"))
_KEYWORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
_OURS = frozenset({"effective", "defaults", "self", "cls"})
# A field of such a name would hide the type from the annotations of the fields after it.
_TYPES = frozenset({"bool", "dict", "list", "str"})

# What the emitted modules import or define beside the classes of the document.
_MODULE_NAMES = frozenset(
    {
        "Annotated",
        "Any",
        "BaseModel",
        "Boolean",
        "ClassVar",
        "ConfigDict",
        "Date",
        "DateTime",
        "ExactModel",
        "Exactly",
        "Field",
        "Final",
        "Integer",
        "Binary",
        "Integral",
        "Json",
        "Literal",
        "MISSING",
        "Mapping",
        "Model",
        "Never",
        "Number",
        "Protocol",
        "Reading",
        "Self",
        "Sequence",
        "TYPE_CHECKING",
        "Time",
        "TypeAlias",
        "TypeAliasType",
        "UUID",
        "Union",
        "annotations",
        "date",
        "datetime",
        "models",
        "runtime",
        "time",
        "uuid",
    }
)

OWN_NAMES = frozenset(
    {
        "ASGIApp", "Annotated", "Answer", "Any", "Api", "Application", "AsyncApi", "AsyncIterator",
        "AsyncIterable", "AsyncStream", "AsyncUpload", "Chunks", "Data", "Event", "Items", "Iterable", "Iterator", "Stream",
        "AsyncWebhooks", "Upload", "Webhooks",
        "AsyncBaseTransport", "AsyncClient", "AsyncDriver", "AsyncSession", "Authenticate",
        "BaseTransport", "Body", "Client", "Compared", "Deep", "DEFAULT_TIMEOUT", "Driver", "Exactly", "Field",
        "Kind",
        "Literal", "MAX_BODY", "MISSING", "OPERATIONS", "Operation", "Parameter", "Poll",
        "Protocol", "Raw", "Retries", "SCHEMES", "SHAPE", "Scheme", "Secret", "Self", "Session",
        "Shape", "Timeout", "TypeAdapter", "secrets",
    }
)  # fmt: skip
"""What ``api.py``, ``client.py`` and ``operations.py`` call their own or import."""

_PLAIN = re.compile(r"([A-Za-z]+ )?[A-Za-z][A-Za-z0-9._-]*")
"""What two spellings of the same words can be: in others the signs tell them apart."""

ALIASES, SHAPES = "aliases", "shapes"
"""Scopes of the lock that hold no names: which are kept, and what each node was like."""
PACKAGE, VERSION = "package", "version"
"""A scope that holds no names either, and its key: the version of the generated package."""
RELEASE = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}", re.ASCII)
"""A final release of one to four numbers (PEP 440)."""
MEMBERS = "members "
"""Before the key of an object: a scope of the lock that holds what its members were like."""
PARAMETERS = "parameters "
"""The same before the key of an operation, for its parameters."""

RESERVED_FIELDS = _KEYWORDS | _MODEL_SURFACE | _OURS | _TYPES
RESERVED_ARGUMENTS = _KEYWORDS | frozenset(
    {"as_stream", "body", "content_type", "headers", "self", "timeout", "wait"}
)
RESERVED_CREDENTIALS = RESERVED_ARGUMENTS | frozenset(
    {
        *("allow_insecure", "base_url", "drift", "driver", "keys", "made", "max_body", "retries"),
        "transport",
    }
)
"""What the constructor of a client takes or calls its own."""
RESERVED_CLASSES = _KEYWORDS | frozenset(dir(builtins)) | _MODULE_NAMES
RESERVED_RESOURCES = RESERVED_CLASSES | OWN_NAMES
RESERVED_METHODS = _KEYWORDS | frozenset({"self", "close", "aclose"})


@lru_cache(maxsize=10_000)
def snake(name: str) -> str:
    """``name`` as an ASCII snake_case identifier, without regard to reserved words."""
    words = _words(name)
    text = "_".join(word.lower() for word in words) or "value"
    return f"value_{text}" if text[0].isdigit() else text


@lru_cache(maxsize=10_000)
def pascal(name: str) -> str:
    """``name`` as an ASCII PascalCase identifier, without regard to reserved words.

    A name which is such an identifier already stays as it is.
    """
    if re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        return name
    text = "".join(word[:1].upper() + word[1:] for word in _words(name)) or "Value"
    return f"Value{text}" if text[0].isdigit() else text


def _words(name: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", folded)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return tuple(re.findall(r"[A-Za-z0-9]+", spaced))


Note: TypeAlias = tuple[str, str, str]
"""Something else than a name in the lock: its scope, its key, its text."""


class Names:
    """The one allocator: each document node gets one identifier in its scope, once.

    Args:
        frozen: what an earlier run wrote to ``names.lock``: scope, then node, to identifier.
            A frozen name is given back as long as it is valid, and no other node gets it, so
            an unrelated edit of the document renames nothing.
    """

    def __init__(self, frozen: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._frozen = {scope: dict(names) for scope, names in (frozen or {}).items()}
        self._owners = {
            scope: {name.casefold(): node for node, name in names.items()}
            for scope, names in self._frozen.items()
        }
        self._given: dict[str, dict[str, str]] = {}
        self._taken: dict[str, set[str]] = {}
        self._later: list[Callable[[], Iterable[Note]]] = []

    def give(self, key: str, wanted: str, scope: str, reserved: frozenset[str]) -> str:
        """The identifier of the node ``key``: its frozen name, else ``wanted`` made distinct."""
        given = self._given.setdefault(scope, {})
        if key in given:
            return given[key]
        frozen = self._frozen.get(scope, {})
        taken = self._taken.setdefault(scope, set())
        name = frozen.get(key)
        if name is None or name.casefold() in taken or not _usable(name, reserved):
            name = _distinct(wanted, lambda each: self._is_taken(each, key, scope), reserved)
        given[key] = name
        taken.add(name.casefold())
        return name

    def is_free(self, key: str, name: str, scope: str, reserved: frozenset[str]) -> bool:
        """Whether ``key`` can have ``name``: no other node has it or had it frozen."""
        return not self._is_taken(name, key, scope) and _usable(name, reserved)

    def _is_taken(self, name: str, key: str, scope: str) -> bool:
        """Whether another node than ``key`` has ``name``, or had it frozen."""
        folded = name.casefold()
        owner = self._owners.get(scope, {}).get(folded, key)
        return owner != key or folded in self._taken.get(scope, ())

    def take(self, key: str, name: str, scope: str) -> None:
        """Give ``key`` a name that is free."""
        self._given.setdefault(scope, {})[key] = name
        self._taken.setdefault(scope, set()).add(name.casefold())

    def frozen(self, scope: str) -> Mapping[str, str]:
        """The names of a scope that an earlier run froze, by node."""
        return self._frozen.get(scope, {})

    def frozen_scopes(self) -> Iterable[str]:
        """The scopes in which an earlier run froze names."""
        return self._frozen

    def given(self, scope: str) -> Mapping[str, str]:
        """The names of a scope so far, by node."""
        return self._given.get(scope, {})

    def respell(self, scope: str, keys: Collection[str]) -> dict[str, str]:
        """Let each new key of the same words as one that is gone have the name of that one.

        Args:
            keys: all keys of the scope now.

        Returns:
            The new keys, by those that are gone.
        """
        names = self._frozen.get(scope, {})
        gone = [key for key in names if key not in keys]
        words: dict[str, list[str]] = {}
        for key in (*gone, *(each for each in keys if each not in names)) if gone else ():
            if _PLAIN.fullmatch(key):
                words.setdefault(snake(key), []).append(key)
        pairs = [each for each in words.values() if len(each) == 2]
        found = {old: new for old, new in pairs if old in names and new not in names}
        for old, new in found.items():
            name = names[new] = names.pop(old)
            self._owners[scope][name.casefold()] = new
        return found

    def is_unused(self, name: str, scope: str, reserved: frozenset[str]) -> bool:
        """Whether no node has ``name``, which may be used."""
        return name.casefold() not in self._taken.get(scope, ()) and _usable(name, reserved)

    def note(self, scope: str, key: str, text: str) -> None:
        """Write something else than a name into the lock: in a scope that holds none."""
        self._given.setdefault(scope, {})[key] = text

    def note_later(self, notes: Callable[[], Iterable[Note]]) -> None:
        """Have something noted only when the lock is written: few who read a contract write one."""
        self._later.append(notes)

    def lock(self) -> str:
        """The text of ``names.lock``: every name given, sorted, one a line."""
        while self._later:
            for note in self._later.pop()():
                self.note(*note)
        return _lock_text(self._given)


def read_lock(text: str, file: str) -> dict[str, dict[str, str]]:
    """The names that ``names.lock`` holds: scope, then node, to identifier.

    Raises:
        UsageError: the text is not such a mapping.
    """
    try:
        data = json.loads(text)
        scopes = {str(scope): dict(names) for scope, names in data.items()}
    except (ValueError, AttributeError, TypeError):
        scopes = None
    if scopes is None or not all(
        isinstance(name, str) and (_holds_no_names(scope) or _usable(name, frozenset()))
        for scope, names in scopes.items()
        for name in names.values()
    ):
        raise UsageError(
            "not a lock of names",
            where=file,
            hint="restore it from version control, or delete it to name everything afresh",
        )
    version = scopes.get(PACKAGE, {}).get(VERSION)
    if version is not None and not RELEASE.fullmatch(version):
        raise UsageError(
            f"{version!r} is no version of a package",
            where=file,
            hint='write numbers and dots, such as "1.4.0"',
        )
    return scopes


def with_version(lock: str, version: str) -> str:
    """The text of a ``names.lock`` that freezes the version of the package, too."""
    scopes: dict[str, dict[str, str]] = {**json.loads(lock), PACKAGE: {VERSION: version}}
    return _lock_text(scopes)


def _lock_text(scopes: Mapping[str, Mapping[str, str]]) -> str:
    return json.dumps(scopes, indent=2, sort_keys=True) + "\n"


def _holds_no_names(scope: str) -> bool:
    return scope in (ALIASES, PACKAGE, SHAPES) or scope.startswith((MEMBERS, PARAMETERS))


def _usable(name: str, reserved: frozenset[str]) -> bool:
    return name.isascii() and name.isidentifier() and name not in reserved and name not in _KEYWORDS


def _distinct(wanted: str, is_taken: Callable[[str], bool], reserved: frozenset[str]) -> str:
    candidate, number = wanted, 2
    if candidate in reserved:
        candidate = f"{wanted}_"
    while is_taken(candidate) or candidate in reserved:
        candidate, number = f"{wanted}_{number}", number + 1
    return candidate
