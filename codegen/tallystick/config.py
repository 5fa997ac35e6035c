"""What ``[tool.tallystick]`` of the nearest ``pyproject.toml`` says; flags win over it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tallystick.document import Reach
from tallystick.errors import UsageError


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a project; paths are resolved against the folder of its file."""

    spec: Path | None = None
    """The OpenAPI document."""
    overlays: tuple[Path, ...] = ()
    pages: Path | None = None
    """The folder of pages that ``spec`` is assembled from, if it is."""
    history: Path | None = None
    """The folder that keeps the editions of ``spec`` before the present one."""
    output: Path | None = None
    """The folder of the generated distribution."""
    package: str | None = None
    """The name of the generated package."""
    allow: tuple[tuple[str, str, str], ...] = ()
    """What ``--strict`` lets pass: keyword, where (both with ``*`` for any text), and why."""
    reach: Reach = field(default_factory=Reach)
    """What the references of the document may reach beside it."""
    checks: tuple[str, ...] = ()
    """Modules of own checks and values, for the contract suite."""
    without_rules: tuple[str, ...] = ()
    """Shell patterns of the rules of the contract suite that are switched off."""
    file: Path | None = None
    """The ``pyproject.toml`` that says so."""


class _Allow(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    keyword: str
    at: str = "*"
    reason: str = Field(min_length=1)


# Built when there is a table to check: it takes pydantic longer than all else that is read here.
class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        alias_generator=lambda name: name.replace("_", "-"),
        defer_build=True,
    )

    spec: str | None = None
    overlays: list[str] = []
    pages: str | None = None
    history: str | None = None
    output: str | None = None
    package: str | None = None
    allow: list[_Allow] = []
    checks: list[str] = []
    without_rules: list[str] = []
    ref_root: str | None = None
    ref_files: dict[str, str] = {}


class _Tool(BaseModel):
    model_config = ConfigDict(defer_build=True)

    tallystick: _Table | None = None


class _Project(BaseModel):
    model_config = ConfigDict(defer_build=True)

    tool: _Tool


def configuration(start: Path) -> Configuration:
    """The configuration that holds in the folder ``start``: that of the nearest file which has one.

    Raises:
        UsageError: the file is not TOML, or holds an unknown setting or a value of a wrong type.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = _table(file) if file.is_file() else None
        if table is not None:
            return _resolved(table, file)
    return Configuration()


def _table(file: Path) -> _Table | None:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read as TOML: {error}", where=str(file)) from None
    tool = data.get("tool", {})
    if isinstance(tool, dict) and "tallystick" not in tool:
        return None
    try:
        return _Project.model_validate(data).tool.tallystick
    except ValidationError as error:
        raise _told(error, file) from None


def _told(error: ValidationError, file: Path) -> UsageError:
    first = error.errors()[0]
    setting = ".".join(str(part) for part in first["loc"])
    table = _Allow if setting.startswith("allow.") else _Table
    known = ", ".join(name.replace("_", "-") for name in table.model_fields)
    if first["type"] == "extra_forbidden":
        return UsageError(f"there is no setting {setting}", where=str(file), hint=f"known: {known}")
    return UsageError(f"{setting}: {first['msg'].lower()}", where=str(file))


def _resolved(table: _Table, file: Path) -> Configuration:
    def path(text: str | None) -> Path | None:
        return None if text is None else file.parent / text

    return Configuration(
        spec=path(table.spec),
        overlays=tuple(file.parent / each for each in table.overlays),
        pages=path(table.pages),
        history=path(table.history),
        output=path(table.output),
        package=table.package,
        allow=tuple((each.keyword, each.at, each.reason) for each in table.allow),
        reach=Reach(
            path(table.ref_root), {uri: file.parent / at for uri, at in table.ref_files.items()}
        ),
        checks=tuple(table.checks),
        without_rules=tuple(table.without_rules),
        file=file,
    )
