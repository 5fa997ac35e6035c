"""What ``[tool.tallystick]`` of the nearest ``pyproject.toml`` says; flags win over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tallystick.document import Reach

from .table import Table, table_of

__all__ = ["Configuration", "configuration"]


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


def configuration(start: Path) -> Configuration:
    """The configuration that holds in the folder ``start``: that of the nearest file which has one.

    Raises:
        UsageError: the file is not TOML, or its table does not fit ``config.schema.json``.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = table_of(file) if file.is_file() else None
        if table is not None:
            return resolved(table, file)
    return Configuration()


def resolved(table: Table, file: Path) -> Configuration:
    """What a table says that stands in ``file``."""

    def path(text: str | None) -> Path | None:
        return None if text is None else file.parent / text

    known = {uri: file.parent / at for uri, at in table.get("ref-files", {}).items()}
    return Configuration(
        spec=path(table.get("spec")),
        overlays=tuple(file.parent / each for each in table.get("overlays", ())),
        pages=path(table.get("pages")),
        history=path(table.get("history")),
        output=path(table.get("output")),
        package=table.get("package"),
        allow=tuple(
            (each["keyword"], each.get("at", "*"), each["reason"])
            for each in table.get("allow", ())
        ),
        reach=Reach(path(table.get("ref-root")), known),
        checks=tuple(table.get("checks", ())),
        without_rules=tuple(table.get("without-rules", ())),
        file=file,
    )
