"""The pytest plugin: each rule on each operation as a test, against a URL or an application.

Without a ``--tallystick-...`` option it adds options and fixtures and does nothing else; what it
needs is imported when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tallystick.contract import Contract

    from .suite.session import Session
    from .suite.trials import Trial
    from .target import Target

TRIAL = "tallystick_trial"
LAWS = [
    "presence",
    "null",
    "defaults",
    "closedness",
    "types",
    "answers",
    "updates",
    "reads",
    "refusals",
    "credentials",
    "routing",
]
"""The laws, which cannot be imported before they are needed; a test compares them."""

_SESSION = pytest.StashKey["Session"]()
_FAILED = pytest.StashKey[str]()
_LEFT = pytest.StashKey[list[str]]()
_OFF = pytest.StashKey[list[str]]()

_TEXTS = {
    "spec": ("FILE", "The OpenAPI document; else that of [tool.tallystick]."),
    "url": ("URL", "The base URL of the server."),
    "app": ("MODULE:NAME", "An ASGI application, or a factory of one, in place of a URL."),
    "seed": ("N", "Same seed, same run (1)."),
    "budget": ("SECONDS", "Time for all that is sent; without it there is no limit."),
}
_LISTS = {
    "overlay": ("FILE", "An overlay."),
    "header": ("'NAME: VALUE'", "A field that is sent with every request."),
    "given": ("NAME=VALUE", "An id that exists."),
    "allow-host": ("HOST", "A host beside this machine that may be tested."),
    "rules": ("PATTERN", "Only rules of such a name: 'null_*'."),
    "without": ("PATTERN", "Not the rules of such a name."),
    "operations": ("PATTERN", "Only such operations: 'POST /v1/*'."),
    "checks": ("MODULE", "A module of own checks and values."),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, each also as an ini option; none has an effect without a test that asks."""
    group = parser.getgroup("tallystick", "contract tests of an HTTP API (tallystick)")
    for name, (metavar, text) in _TEXTS.items():
        group.addoption(f"--tallystick-{name}", metavar=metavar, help=text)
        parser.addini(f"tallystick_{name}", text)
    for name, (metavar, text) in _LISTS.items():
        group.addoption(
            f"--tallystick-{name}", metavar=metavar, action="append", default=[], help=text
        )
        parser.addini(f"tallystick_{name.replace('-', '_')}", text, type="linelist")
    text = "The key; else the variable that the scheme names."
    group.addoption("--tallystick-key", metavar="KEY", help=text)
    text = "Send GET, HEAD, OPTIONS and QUERY only."
    group.addoption("--tallystick-read-only", action="store_true", help=text)
    parser.addini("tallystick_read_only", text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; a bad option of the command line is told before anything is done."""
    line = "tallystick(laws=[], rules=[], operations=[]): which trials a test is made for"
    config.addinivalue_line("markers", line)
    for law in LAWS:
        config.addinivalue_line("markers", f"tallystick_{law}: a trial of the law {law!r}")
    url, spec = config.getoption("--tallystick-url"), config.getoption("--tallystick-spec")
    if not (url or spec):
        return
    _session(config)
    if url and config.args_source is not pytest.Config.ArgsSource.ARGS:
        suite = str(Path(__file__).parent / "suite")
        config.args = [*(each for each in config.args if each != suite), suite]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each rule and operation."""
    if TRIAL not in metafunc.fixturenames:
        return
    try:
        found = _trials(metafunc)
    except pytest.UsageError as error:
        # From here it would be told with our frames.
        metafunc.config.stash[_FAILED] = str(error)
        found = []
    metafunc.parametrize(TRIAL, found, indirect=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell in one line why there is nothing to try."""
    if _FAILED in session.config.stash:
        raise pytest.UsageError(session.config.stash[_FAILED])


def _trials(metafunc: pytest.Metafunc) -> list[Any]:
    session = _session(metafunc.config)
    if session is None:
        reason = "no contract: say --tallystick-spec and --tallystick-url"
        return [pytest.param(None, marks=pytest.mark.skip(reason), id="no contract")]
    from .suite.trials import selected

    wanted = [dict(each.kwargs) for each in metafunc.definition.iter_markers("tallystick")]
    return [
        pytest.param(each, id=each.label, marks=getattr(pytest.mark, f"tallystick_{each.law}"))
        for each in selected(session, wanted)
    ]


@pytest.fixture(scope="session")
def tallystick_app(pytestconfig: pytest.Config) -> Any:
    """An ASGI application to test in this process, or a function without arguments that makes one.

    Override it; the function may be asynchronous. The lifespan of the application is run. None:
    the server at the URL.
    """
    session = _session(pytestconfig)
    if session is None or not session.options.app:
        return None
    from .suite.session import app_of

    return app_of(session.options)


@pytest.fixture(scope="session")
def tallystick_headers() -> Any:
    """Header fields of every request: a mapping, or a function that gives the ones that hold now.

    Override it; the function is called before each request, and what it gives is never shown.
    """
    return None


@pytest.fixture(scope="session")
def tallystick_contract(pytestconfig: pytest.Config) -> Contract:
    """The contract of the document with its overlays."""
    session = _session(pytestconfig)
    if session is None:
        pytest.skip("no contract: say --tallystick-spec")
    return session.contract


@pytest.fixture(scope="session")
def tallystick_target(
    pytestconfig: pytest.Config,
    tallystick_contract: Contract,
    tallystick_app: Any,
    tallystick_headers: Any,
) -> Iterator[Target]:
    """The server under test: ``tallystick_app``, else the URL; what was created is removed."""
    from .suite.session import cleaned, target_of

    session = _session(pytestconfig)
    assert session is not None
    target = target_of(session, tallystick_app, tallystick_headers)
    try:
        yield target
    finally:
        left = pytestconfig.stash.setdefault(_LEFT, [])
        left.extend(cleaned(session, target))
        told: Any = getattr(pytestconfig, "workeroutput", {})
        told["tallystick"] = left
        target.close()


@pytest.fixture
def tallystick_trial(request: pytest.FixtureRequest, tallystick_target: Target) -> Trial:
    """A rule on an operation: ``tallystick_trial.check()`` passes, fails or skips."""
    trial: Trial = request.param
    trial.session.use(tallystick_target)
    return trial


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """List what was switched off, and what was created on the server and is still there."""
    none: list[str] = []
    left = [*config.stash.get(_OFF, none), *config.stash.setdefault(_LEFT, [])]
    if left:
        terminalreporter.section("tallystick", sep="-")
        for line in left:
            terminalreporter.line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker of pytest-xdist has left on the server."""
    told: dict[str, list[str]] = getattr(node, "workeroutput", None) or {}
    node.config.stash.setdefault(_LEFT, []).extend(told.get("tallystick", ()))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n`` alone, give all trials of the same things to one worker: none is sent twice."""
    if _SESSION not in config.stash or config.getoption("dist") != "load":
        return None
    from .suite.scheduling import Scheduling

    return Scheduling(config, log)


def _session(config: pytest.Config) -> Session | None:
    """What is known of the contract, read once for each run of pytest; None if none is named."""
    from .suite.session import open_session, options_of

    if _SESSION not in config.stash:
        options = options_of(config)
        if not options.spec:
            if options.url:
                raise pytest.UsageError(
                    "--tallystick-url needs --tallystick-spec: what the server claims"
                )
            return None
        config.stash[_SESSION] = session = open_session(options)
        config.stash[_OFF] = list(session.off())
    return config.stash[_SESSION]
