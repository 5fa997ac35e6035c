"""One run of pytest: its options, the contract, and the bench on which its trials are tried."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from tallystick.config import configuration
from tallystick.contract import Contract, build
from tallystick.document import Json, Reach, load
from tallystick.errors import TallystickError, UsageError
from tallystick.lint import understood

from ..exchange import application
from ..probes.cleaning import clean
from ..probes.ground import ground
from ..registry import load_checks
from ..report import Mask, residue_lines
from ..rules import Case
from ..rules.catalogue import with_own
from ..rules.choice import EVERY, Choice, known
from ..run import Bench, plan
from ..target import Target, at_url, in_process, reach


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the plugin: of the command line, else of the ini file, else of the project."""

    spec: Path | None
    overlays: tuple[Path, ...]
    reach: Reach
    url: str
    app: str
    key: str | None
    headers: tuple[str, ...]
    given: tuple[str, ...]
    seed: int
    budget: float | None
    allow_hosts: tuple[str, ...]
    read_only: bool
    rules: tuple[str, ...]
    without: tuple[str, ...]
    """Patterns of rules that are switched off."""
    without_too: tuple[str, ...]
    """Those of ``[tool.tallystick]``."""
    operations: tuple[str, ...]
    checks: tuple[tuple[str, Path], ...]
    """Modules, and from where each is imported."""
    worker: bool = False
    """Whether this process is a worker of pytest-xdist."""


def options_of(config: pytest.Config) -> Options:
    """The options of a run of pytest.

    Raises:
        pytest.UsageError: one has no proper value.
    """
    try:
        settings = configuration(config.rootpath)
    except TallystickError as error:
        raise pytest.UsageError(str(error)) from None
    own, its = _texts(config, "spec")
    overlays = _lists(config, "overlay")
    checks = [(each, config.rootpath) for each in _lists(config, "checks")]
    home = settings.file.parent if settings.file else config.rootpath
    checks += [(each, home) for each in settings.checks]
    return Options(
        spec=(_at(config, own, its) if own else settings.spec),
        overlays=tuple(_at(config, e, True) for e in overlays)
        if own or overlays
        else settings.overlays,
        reach=Reach() if own else settings.reach,
        url=_texts(config, "url")[0],
        app=_texts(config, "app")[0],
        key=config.getoption("--tallystick-key"),
        headers=_lists(config, "header"),
        given=_lists(config, "given"),
        seed=int(_number(config, "seed", int) or 1),
        budget=_number(config, "budget", float),
        allow_hosts=_lists(config, "allow-host"),
        read_only=bool(
            config.getoption("--tallystick-read-only") or config.getini("tallystick_read_only")
        ),
        rules=_lists(config, "rules"),
        without=_lists(config, "without"),
        without_too=settings.without_rules,
        operations=_lists(config, "operations"),
        checks=tuple(dict.fromkeys(checks)),
        worker=hasattr(config, "workerinput"),
    )


def _texts(config: pytest.Config, name: str) -> tuple[str, bool]:
    """The text of an option, and whether it stands in the ini file."""
    told: str | None = config.getoption(f"--tallystick-{name}")
    return (told, False) if told else (config.getini(f"tallystick_{name}") or "", True)


def _lists(config: pytest.Config, name: str) -> tuple[str, ...]:
    told: Any = config.getoption(f"--tallystick-{name}")
    return tuple(told or config.getini(f"tallystick_{name.replace('-', '_')}"))


def _at(config: pytest.Config, path: str, in_file: bool) -> Path:
    """A path of the command line from where it was said, one of the ini file from its folder."""
    here = config.invocation_params.dir / path
    return config.rootpath / path if in_file and not here.exists() else here


def _number(config: pytest.Config, name: str, kind: Callable[[str], float]) -> float | None:
    text, _ = _texts(config, name)
    try:
        return kind(text.removesuffix("s") if kind is float else text) if text else None
    except ValueError:
        raise pytest.UsageError(f"--tallystick-{name}: {text!r} is no number") from None


@dataclass(slots=True)
class Session:
    """The contract, what can be tried, and the verdicts so far."""

    options: Options
    contract: Contract
    plan: Sequence[Case]
    origin: str = ""
    choice: Choice = EVERY
    """Which rules are not switched off."""
    mask: Mask = field(default_factory=Mask)
    target: Target | None = None
    bench: Bench | None = None

    def use(self, target: Target) -> None:
        """Try what is tried from now on at ``target``."""
        if self.target is not target:
            self.target, self.origin, self.mask = target, target.name, Mask(target.secrets)
            self.bench = Bench(self.contract, target, seed=self.options.seed, choice=self.choice)

    def off(self) -> Iterator[str]:
        """One line that tells what is switched off, if something is."""
        off, every, patterns = self.choice.off, with_own(), ", ".join(self.choice.without)
        if off:
            yield f"switched off: {len(off)} of {len(every)} rules ({patterns})"


def open_session(options: Options) -> Session:
    """Read the contract that the options name, and check what can be checked without a server.

    Raises:
        pytest.UsageError: something cannot be used.
    """
    try:
        for module, folder in options.checks:
            load_checks([module], folder)
        document = load(options.spec or Path(), options.overlays, options.reach)
        contract = build(understood(document))
        _given(options.given)
        if options.url:
            at_url(contract, options.url, allow_hosts=options.allow_hosts).close()
        choice = switched_on(options)
        cases = [c for c in plan(contract, seed=options.seed) if choice.admits(c.rule.name)]
        return Session(options, contract, cases, choice=choice)
    except TallystickError as error:
        raise pytest.UsageError(str(error)) from None


def switched_on(options: Options) -> Choice:
    """The rules that count, whether they were asked for or not; own checks are loaded before.

    Raises:
        UsageError: a pattern is the name of no rule.
    """
    known(options.without, "--tallystick-without")
    known(options.without_too, "[tool.tallystick] without-rules")
    return Choice(without=(*options.without, *options.without_too))


def app_of(options: Options) -> object:
    """The application that ``--tallystick-app`` names."""
    try:
        return application(options.app)
    except TallystickError as error:
        stopped(error, options)


def target_of(session: Session, app: Any, headers: Any) -> Target:
    """The server that the options name, or an application in this process.

    Without either the test is skipped; a server that cannot be reached ends the run of pytest with
    one line.

    Args:
        session: the options and the contract.
        app: an application or a factory; None for the URL.
        headers: header fields, or a function that gives them; None for none.
    """
    options, contract = session.options, session.contract
    if app is None and not options.url:
        pytest.skip("no server: say --tallystick-url, or give a fixture tallystick_app")
    fields: Any = headers if headers is None or callable(headers) else lambda: headers
    try:
        common: dict[str, Any] = {
            "key": _key_of(contract, options.key),
            "headers": options.headers,
            "given": _given(options.given),
            "budget": options.budget,
            "read_only": options.read_only,
            "fields": cast("Callable[[], Mapping[str, str]] | None", fields),
        }
        if app is not None:
            return in_process(contract, app, **common)
        target = at_url(contract, options.url, allow_hosts=options.allow_hosts, **common)
        reach(target)
        return target
    except TallystickError as error:
        stopped(error, options)


def stopped(error: TallystickError, options: Options) -> NoReturn:
    """End the run of pytest with one line; a worker, which cannot, fails what it was to try."""
    if options.worker:
        pytest.fail(f"tallystick: {error}", pytrace=False)
    pytest.exit(f"tallystick: {error}", returncode=pytest.ExitCode.USAGE_ERROR)


def cleaned(session: Session, target: Target) -> Iterator[str]:
    """Remove what was created, put back what was changed, and tell in lines what is not as before."""
    changed = session.bench.restored() if session.bench else ()
    left = clean(ground(session.contract, session.options.seed), target)
    yield from residue_lines((*changed, *left), Mask(target.secrets))


def _key_of(contract: Contract, key: str | None) -> str | None:
    names = [scheme.env for scheme in contract.security.values() if scheme.env]
    return key or next((os.environ[name] for name in names if os.environ.get(name)), None)


def _given(lines: Sequence[str]) -> dict[str, tuple[Json, ...]]:
    found: dict[str, tuple[Json, ...]] = {}
    for line in lines:
        name, equals, text = line.partition("=")
        if not equals or not name or not text:
            raise UsageError(f"--tallystick-given {line!r} is not of the form NAME=VALUE")
        value: Json = json.loads(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text
        found[name] = (*found.get(name, ()), value)
    return found
