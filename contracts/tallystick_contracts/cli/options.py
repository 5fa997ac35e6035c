"""Options that several verbs share, and how their values are read.

Nothing but click is imported before a value is read: help and completion need no more.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tallystick.cli import PathType, the_overlays, the_reach, the_spec
from tallystick.errors import UsageError
from tallystick_contracts.cli.completing import rules_so

if TYPE_CHECKING:
    from tallystick.contract import Contract
    from tallystick.document import Json
    from tallystick_contracts.rules.choice import Choice

F = TypeVar("F", bound=Callable[..., Any])

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class Duration(click.ParamType[float]):
    """A time span such as ``60s``, ``2m`` or ``90``, in seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds, from text."""
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip())
        if match is None:
            self.fail(f"{value!r} is no time span such as 60s or 2m", param, ctx)
        return float(match[1]) * _UNITS[match[2]]


class Rate(click.ParamType[float]):
    """Requests in a second: ``20/s``, ``90/m``, or a number."""

    name = "rate"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Requests in a second, from text."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:/\s*([smh]))?", str(value).strip())
        if match is None or not float(match[1]):
            self.fail(f"{value!r} is no rate such as 20/s or 90/m", param, ctx)
        return float(match[1]) / _UNITS[match[2] or "s"]


class Folder(click.ParamType[Path | None]):
    """A folder, or ``none``."""

    name = "folder"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | None:
        """A path; None for ``none``."""
        return None if value == "none" else Path(value)


class Given(click.ParamType["tuple[str, Json]"]):
    """``NAME=VALUE``: a value of a path parameter which exists on the server."""

    name = "name=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Json]:
        """The name and the value; a value that reads as a JSON number is one."""
        name, equals, text = str(value).partition("=")
        if not equals or not name or not text:
            self.fail(f"{value!r} is not of the form NAME=VALUE", param, ctx)
        return name, json.loads(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text


fail_under = click.option(
    "--fail-under",
    "least",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 when less was observed (or caught, in a self-check).",
)


def suite_options(command: F) -> F:
    """The options of every verb that runs the suite."""
    for option in (
        click.option("--report", type=PathType, help="The folder to write the report to."),
        click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same run."),
        click.option("--budget", type=Duration(), default="60s", show_default=True, help="Time."),
        click.option("--given", type=Given(), multiple=True, help="An id that exists: NAME=VALUE."),
        click.option("--checks", multiple=True, help="A module of own checks and values."),
        click.option(
            "--without",
            multiple=True,
            metavar="PATTERN",
            shell_complete=rules_so,
            help="Not these rules: 'null_*'.",
        ),
        click.option(
            "--rules",
            multiple=True,
            metavar="PATTERN",
            shell_complete=rules_so,
            help="Only these rules: 'null_*'.",
        ),
        fail_under,
        click.option("--verbose", "-v", is_flag=True, help="List what was never seen."),
        click.option(
            "--workers", type=click.IntRange(1, 64), help="Cases at once; else by latency."
        ),
        click.option(
            "--database",
            type=Folder(),
            default=".tallystick",
            show_default=True,
            help="Where found faults are kept, to be tried first next time; none keeps nothing.",
        ),
        click.option(
            "--key",
            envvar="TALLYSTICK_KEY",
            help="The key; else TALLYSTICK_KEY, else the environment variable of the scheme.",
        ),
    ):
        command = option(command)
    return command


def contract_of(spec: Path | None, overlays: Sequence[Path], root: Path | None = None) -> Contract:
    """The contract that a command line means."""
    from tallystick.config import configuration
    from tallystick.contract import build
    from tallystick.document import load
    from tallystick.lint import understood

    settings = configuration(Path.cwd())
    return build(
        understood(
            load(
                the_spec(settings, spec),
                the_overlays(settings, spec, overlays),
                the_reach(settings, root),
            )
        )
    )


def load_own(checks: Sequence[str]) -> None:
    """Load the own checks that the command line names, and those of ``[tool.tallystick]``."""
    from tallystick.config import configuration
    from tallystick_contracts.registry import load_checks

    settings = configuration(Path.cwd())
    load_checks(checks, Path.cwd())
    load_checks(settings.checks, settings.file.parent if settings.file else Path.cwd())


def chosen(rules: Sequence[str], without: Sequence[str]) -> Choice:
    """The rules that the command line names, without those that it or the project switches off.

    Raises:
        UsageError: a pattern is the name of no rule; own checks are loaded before.
    """
    from tallystick.config import configuration
    from tallystick_contracts.rules.choice import choice

    return choice(rules, without, configuration(Path.cwd()).without_rules)


def key_of(contract: Contract, key: str | None) -> str | None:
    """The key: as given, else from the environment variable that a security scheme names."""
    names = [scheme.env for scheme in contract.security.values() if scheme.env]
    return key or next((os.environ[name] for name in names if os.environ.get(name)), None)


def grouped(
    contract: Contract, given: Sequence[tuple[str, Json]]
) -> Mapping[str, tuple[Json, ...]]:
    """All values of each path parameter.

    Raises:
        UsageError: no path of the contract has such a parameter.
    """
    known = {p.name for o in contract.operations for p in o.parameters if p.location == "path"}
    for name, _ in given:
        if name not in known:
            names = ", ".join(sorted(known)) or "none"
            raise UsageError(f"--given: no path has a parameter {name!r}", hint=f"known: {names}")
    return {name: tuple(v for n, v in given if n == name) for name, _ in given}
