"""The pytest plugin: the laws as tests, against a URL or an application in this process.

Without a ``--tallystick-...`` option it adds options and fixtures and does nothing else; what it
needs is imported when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tallystick.contract import Contract

    from .suite.session import Session, Trial
    from .target import Target

TRIAL = "tallystick_trial"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; none has an effect on a test that asks for no fixture of this plugin."""
    group = parser.getgroup("tallystick", "contract tests of an HTTP API (tallystick)")
    add = group.addoption
    add("--tallystick-spec", metavar="FILE", help="The OpenAPI document.")
    add("--tallystick-overlay", metavar="FILE", action="append", default=[], help="An overlay.")
    add("--tallystick-url", metavar="URL", help="The base URL of the server.")
    add("--tallystick-key", metavar="KEY", help="The key; else the variable that the scheme names.")
    add(
        "--tallystick-header", metavar="'NAME: VALUE'", action="append", default=[], help="A field."
    )
    add("--tallystick-given", metavar="NAME=VALUE", action="append", default=[], help="A known id.")
    add("--tallystick-seed", metavar="N", type=int, default=1, help="Same seed, same run.")
    add("--tallystick-budget", metavar="SECONDS", type=float, default=60.0, help="Time of the run.")
    add("--tallystick-allow-host", metavar="HOST", action="append", default=[], help="A host.")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; say clearly that a URL without a document can test nothing."""
    config.addinivalue_line("markers", "tallystick_law(*laws): the laws of a tallystick_trial")
    if config.getoption("--tallystick-url") and not config.getoption("--tallystick-spec"):
        raise pytest.UsageError("--tallystick-url needs --tallystick-spec: what the server claims")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each rule and operation, and for each member of its body."""
    if TRIAL not in metafunc.fixturenames:
        return
    if not metafunc.config.getoption("--tallystick-spec"):
        reason = "no contract: say --tallystick-spec and --tallystick-url"
        metafunc.parametrize(
            TRIAL, [pytest.param(None, marks=pytest.mark.skip(reason))], indirect=True
        )
        return
    from .suite.session import trials

    marker = metafunc.definition.get_closest_marker("tallystick_law")
    found = trials(_session(metafunc.config), marker.args if marker else ())
    metafunc.parametrize(TRIAL, found, ids=[each.label for each in found], indirect=True)


@pytest.fixture(scope="session")
def tallystick_app() -> Any:
    """An ASGI application to test in this process; override it. None: the server at the URL."""
    return None


@pytest.fixture(scope="session")
def tallystick_contract(pytestconfig: pytest.Config) -> Contract:
    """The contract of ``--tallystick-spec`` with its overlays."""
    if not pytestconfig.getoption("--tallystick-spec"):
        pytest.skip("no contract: say --tallystick-spec")
    return _session(pytestconfig).contract


@pytest.fixture(scope="session")
def tallystick_target(
    pytestconfig: pytest.Config, tallystick_contract: Contract, tallystick_app: Any
) -> Iterator[Target]:
    """The server under test: ``tallystick_app``, else ``--tallystick-url``; may be overridden."""
    from .suite.session import target_of

    target = target_of(pytestconfig, tallystick_contract, tallystick_app)
    yield target
    target.close()


@pytest.fixture
def tallystick_trial(request: pytest.FixtureRequest, tallystick_target: Target) -> Trial:
    """A rule on a subject: ``tallystick_trial.check()`` passes, fails or skips."""
    session = _session(request.config)
    items = [each for each in request.session.items if isinstance(each, pytest.Function)]
    asked: list[Any] = [
        each.callspec.params.get(TRIAL) for each in items if hasattr(each, "callspec")
    ]
    session.run(tallystick_target, [each for each in asked if each is not None])
    trial: Trial = request.param
    return trial


_KEY = pytest.StashKey["Session"]()


def _session(config: pytest.Config) -> Session:
    """What is known of the contract, read once for each run of pytest."""
    from .suite.session import open_session

    if _KEY not in config.stash:
        config.stash[_KEY] = open_session(config)
    return config.stash[_KEY]
