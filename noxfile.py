"""What is checked before a change lands: `nox` runs all of it, `nox -s tests` one part."""

import os
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["checks"]

PYTHONS = ["3.11", "3.12", "3.13"]
DEVELOPMENT = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev")


def install(session: nox.Session) -> None:
    """Install the project as its developers do, with every version pinned."""
    session.install("-c", "constraints.txt", "-e", ".[contracts]", *DEVELOPMENT)


def run_style(session: nox.Session) -> None:
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("lint-imports")


def run_types(session: nox.Session) -> None:
    session.run("mypy", "--num-workers", "2")
    session.run("pyright")


def run_tests(session: nox.Session) -> None:
    """Three at once on two processors: some of the tests wait most of the time."""
    session.run("pytest", "-n", "3", "--dist", "worksteal", *session.posargs)


@nox.session
def checks(session: nox.Session) -> None:
    """Style, types and tests, one after the other in one environment: what CI runs."""
    install(session)
    for each in (run_style, run_types, run_tests):
        each(session)


@nox.session
def style(session: nox.Session) -> None:
    """Formatting, lints, and the floors: who may import whom."""
    install(session)
    run_style(session)


@nox.session
def types(session: nox.Session) -> None:
    """mypy and pyright, both strict, over our code and the code that we emit."""
    install(session)
    run_types(session)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, on the Python that runs nox."""
    install(session)
    run_tests(session)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation site, in ``build/site``; a warning is an error."""
    install(session)
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "build/site")


@nox.session
def faults(session: nox.Session) -> None:
    """Both banks of faults and the harmless variations; ``-- --peer 1`` through Schemathesis too."""
    install(session)
    every = {"TALLYSTICK_BANK": "every"}
    banks = ("tests/test_bank.py", "tests/test_bank_orders.py")
    session.run("pytest", "-n", "auto", "-q", *banks, env=every)
    session.run(
        "python", "benchmarks/faults.py", "--seeds", *map(str, range(1, 11)), *session.posargs
    )


@nox.session
def soundness(session: nox.Session) -> None:
    """Comparisons against values: every pair of editions of TALLYSTICK_CORPUS, thousands each."""
    install(session)
    wide = {"TALLYSTICK_SOUND": "every", "TALLYSTICK_EDITS": "2000", "TALLYSTICK_ALIKE": "25"}
    tests = ("tests/test_diff_sound.py", "tests/test_edits_anywhere.py", "tests/test_alike.py")
    session.run("pytest", "-n", "2", *tests, *session.posargs, env=wide)


@nox.session
def hostile(session: nox.Session) -> None:
    """Every hostile text at every position, and the corpus that TALLYSTICK_CORPUS names."""
    install(session)
    every = {"TALLYSTICK_HOSTILE": "every"}
    session.run("pytest", "-n", "2", "tests/test_hostile.py", *session.posargs, env=every)


@nox.session
def corpus(session: nox.Session) -> None:
    """Real documents through the generator and the checkers: those of TALLYSTICK_CORPUS."""
    install(session)
    folder = f"{os.environ.get('TALLYSTICK_CORPUS', '')}/documents"
    session.run("python", "benchmarks/corpus.py", folder, *session.posargs)


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """All tests on every Python that is promised."""
    install(session)
    run_tests(session)


@nox.session
def coverage(session: nox.Session) -> None:
    """How much of the code the tests run."""
    install(session)
    session.run(
        "pytest",
        "-n",
        "2",
        "--dist",
        "worksteal",
        "--cov=tallystick",
        "--cov=tallystick_contracts",
        "--cov-report=term",
    )


@nox.session
def build(session: nox.Session) -> None:
    """The wheel, installed alone, runs with no source tree."""
    session.install("build")
    target = session.create_tmp()
    session.run("python", "-m", "build", "--wheel", "--outdir", target)
    session.install(*(str(wheel) for wheel in Path(target).glob("*.whl")))
    with session.chdir(target):
        session.run("tallystick", "--version")


@nox.session
def hooks(session: nox.Session) -> None:
    """The hooks of pre-commit, installed by it as it does for a reader, on this repository."""
    session.install("-c", "constraints.txt", "pre-commit")
    session.run("pre-commit", "try-repo", ".", "--all-files", "--verbose", external=True)


@nox.session
def jsonschema(session: nox.Session) -> None:
    """Models against the JSON Schema Test Suite, by keyword; TALLYSTICK_CORPUS says where it is."""
    install(session)
    session.run("pytest", "-s", "tests/test_jsonschema_suite.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """What generating costs beside the peers, which stand in an environment of their own."""
    install(session)
    peers = Path(session.create_tmp(), "peers")
    session.run("python", "-m", "venv", str(peers), silent=True)
    session.run(
        str(peers / "bin/pip"), "install", "-q", "-r", "benchmarks/peers.txt", external=True
    )
    folder = f"{os.environ.get('TALLYSTICK_CORPUS', '')}/documents"
    session.run("python", "benchmarks/peers.py", str(peers), "spec", "openapi.yaml")
    session.run("python", "benchmarks/peers.py", str(peers), folder, *session.posargs)
