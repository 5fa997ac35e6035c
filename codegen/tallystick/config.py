"""What ``[tool.tallystick]`` of the nearest ``pyproject.toml`` says; flags win over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from tallystick.errors import UsageError


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a project; paths stand relative to its ``pyproject.toml`` and are resolved."""

    spec: Path | None = None
    """The OpenAPI document."""
    overlays: tuple[Path, ...] = ()
    pages: Path | None = None
    """The folder of pages that ``spec`` is assembled from, if it is."""
    output: Path | None = None
    """The folder of the generated distribution."""
    package: str | None = None
    """The name of the generated package."""
    file: Path | None = None
    """The ``pyproject.toml`` that says so."""


def configuration(start: Path) -> Configuration:
    """The configuration that holds in the folder ``start``: that of the nearest file which has one.

    Raises:
        UsageError: the file is not TOML, or holds an unknown key or a value of a wrong type.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = _table(file) if file.is_file() else None
        if table is not None:
            return _read(table, file)
    return Configuration()


def _table(file: Path) -> Mapping[str, object] | None:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read as TOML: {error}", where=str(file)) from None
    table = data.get("tool", {}).get("tallystick")
    if table is None or isinstance(table, dict):
        return table
    raise UsageError("[tool.tallystick] must be a table", where=str(file))


def _read(table: Mapping[str, object], file: Path) -> Configuration:
    known = {each.name for each in fields(Configuration)} - {"file"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise UsageError(
            f"[tool.tallystick] has no setting {unknown[0]!r}",
            where=str(file),
            hint=f"it has {', '.join(sorted(known))}",
        )
    overlays = table.get("overlays", [])
    if not isinstance(overlays, list) or not all(isinstance(each, str) for each in overlays):
        raise _wrong(file, "overlays", "a list of paths")
    return Configuration(
        spec=_path(table, "spec", file),
        overlays=tuple(file.parent / str(each) for each in overlays),
        pages=_path(table, "pages", file),
        output=_path(table, "output", file),
        package=_text(table, "package", file),
        file=file,
    )


def _path(table: Mapping[str, object], key: str, file: Path) -> Path | None:
    value = _text(table, key, file)
    return None if value is None else file.parent / value


def _text(table: Mapping[str, object], key: str, file: Path) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(file, key, "a string")


def _wrong(file: Path, key: str, expected: str) -> UsageError:
    return UsageError(f"[tool.tallystick] {key} must be {expected}", where=str(file))
