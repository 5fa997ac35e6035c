"""The pytest plugin: silent without its options, and with them one test a rule, operation and member."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

# Loaded before pytester takes its snapshot: extension modules cannot be loaded twice in a process.
import tallystick_contracts.deep
import tallystick_contracts.sandbox
import tallystick_contracts.suite.session  # noqa: F401
from tallystick_contracts.plugin import LAWS
from tallystick_contracts.registry import CHECKS
from tallystick_contracts.rules.catalogue import catalogue
from tallystick_contracts.suite.scheduling import scope_of
from tallystick_contracts.verdicts import Law

pytest_plugins = ["pytester"]

SPEC = """
openapi: 3.1.0
info: {title: Shelves, version: "1"}
security: [{Key: []}]
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
paths:
  /rooms/{room_id}/books:
    parameters: [{name: room_id, in: path, required: true, schema: {type: string}}]
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [name]
              properties:
                name: {type: string}
                pages: {anyOf: [{type: integer}, {type: "null"}]}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        4XX: {description: no}
  /rooms/{room_id}/books/{name}:
    parameters:
      - {name: room_id, in: path, required: true, schema: {type: string}}
      - {name: name, in: path, required: true, schema: {type: string}}
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        4XX: {description: no}
"""
BOOK = """
  schemas:
    Book:
      type: object
      required: [name]
      properties:
        name: {type: string}
        pages: {anyOf: [{type: integer}, {type: "null"}]}
"""
KEY = "a-secret-key"
CONFTEST = f"""
import pytest
from tallystick_contracts.sandbox import sandbox

@pytest.fixture(scope="session")
def tallystick_app(tallystick_contract):
    return sandbox(tallystick_contract, key="{KEY}", faults=FAULTS)
"""
TEST = "def test_contract(tallystick_trial):\n    tallystick_trial.check()\n"
OPTIONS = ("--tallystick-spec=openapi.yaml", f"--tallystick-key={KEY}")


def _plugin() -> tuple[str, ...]:
    """The plugin is an entry point where the project is installed; else it is named."""
    installed = importlib.metadata.entry_points(group="pytest11")
    known = any(each.value == "tallystick_contracts.plugin" for each in installed)
    return () if known else ("-p", "tallystick_contracts.plugin")


def _spec() -> str:
    return SPEC.replace("\npaths:", f"{BOOK.rstrip()}\npaths:")


LOGGED = f"""
import pytest
from tallystick_contracts.sandbox import sandbox

@pytest.fixture(scope="session")
def tallystick_app(tallystick_contract):
    inner = sandbox(tallystick_contract, key="{KEY}", faults=FAULTS)

    async def app(scope, receive, send):
        if scope["type"] == "http":
            with open("LOG", "a") as log:
                log.write(scope["method"] + " " + scope["path"] + chr(10))
        await inner(scope, receive, send)

    return app
"""


def run(
    pytester: pytest.Pytester, *arguments: str, faults: tuple[str, ...] = ()
) -> pytest.RunResult:
    pytester.makeconftest(f"FAULTS = {faults!r}\n{CONFTEST}")
    pytester.path.joinpath("openapi.yaml").write_text(_spec())
    if not list(pytester.path.glob("test_*.py")):
        pytester.makepyfile(test_contract=TEST)
    return pytester.runpytest_inprocess(*_plugin(), *arguments)


def test_without_an_option_the_plugin_does_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_plain="def test_plain():\n    pass\n")
    run(pytester).assert_outcomes(passed=1)


def test_without_an_option_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, tallystick_contracts.plugin\n"
        "heavy = {'schemathesis', 'pydantic', 'httpx2', 'rich', 'tallystick.contract'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_trial_without_a_contract_is_skipped_with_the_reason(pytester: pytest.Pytester) -> None:
    result = run(pytester, "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*no contract: say --tallystick-spec*"])


def test_a_correct_server_passes(
    pytester: pytest.Pytester,
) -> None:
    outcomes = run(pytester, *OPTIONS, "-rs").parseoutcomes()
    assert outcomes["passed"] > 20
    assert "failed" not in outcomes


def test_a_fault_fails_the_tests_of_its_rule_with_the_finding(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, faults=("null_refused",))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*null_is_accepted_where_admitted-POST /rooms/{room_id}/books*",
            "expected: *",
            "observed: *",
            "clause:   #/paths/*",
            "curl -X POST *X-Key: ${API_KEY}*",
            "answer:   400*",
        ]
    )
    assert KEY not in result.stdout.str().split("\n", 5)[-1]


def test_words_select_rules_and_only_those_are_sent(pytester: pytest.Pytester) -> None:
    outcomes = run(
        pytester, *OPTIONS, "-k", "null_is_accepted", faults=("null_refused",)
    ).parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes.get("passed", 0) == 0
    assert outcomes["deselected"] > 20


def test_each_rule_and_operation_is_a_test_with_an_id_that_stays(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "--collect-only", "-q")
    listed = [line.partition("[")[2].rstrip("]") for line in result.outlines if "::" in line]
    assert len(set(listed)) == len(listed) > 30
    assert "null_is_accepted_where_admitted-POST /rooms/{room_id}/books" in listed
    assert "bodies_fit_their_schema-GET /rooms/{room_id}/books/{name}" in listed


def test_collecting_sends_nothing_and_needs_no_server(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "--tallystick-url=http://127.0.0.1:9", "--collect-only", "-q")
    assert result.ret == 0
    assert any("test_laws.py::test_laws[" in line for line in result.outlines)


def test_a_law_is_a_mark(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "--strict-markers", "-m", "tallystick_null", "--co", "-q")
    listed = [line for line in result.outlines if "::" in line]
    assert listed
    assert all("null" in line for line in listed)


def test_the_laws_of_the_marks_are_the_laws() -> None:
    assert list(Law) == list(LAWS)


def test_options_select_rules_and_operations(pytester: pytest.Pytester) -> None:
    options = ("--tallystick-rules=null_*", "--tallystick-operations=POST *")
    result = run(pytester, *OPTIONS, *options, "--co", "-q")
    listed = [line.partition("[")[2] for line in result.outlines if "::" in line]
    assert listed
    assert all(each.startswith("null_") and "-POST /" in each for each in listed)


def test_a_pattern_that_selects_nothing_is_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "--tallystick-rules=nul_*")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        "ERROR: --tallystick-rules: nothing is named 'nul_*'"
    ]


@pytest.mark.parametrize("place", ["option", "ini", "project"])
def test_rules_are_switched_off_and_that_is_told(pytester: pytest.Pytester, place: str) -> None:
    texts = {
        "option": "",
        "ini": "[tool.pytest.ini_options]\ntallystick_without = ['null_*']\n",
        "project": "[tool.tallystick]\nwithout-rules = ['null_*']\n",
    }
    pytester.makepyprojecttoml(texts[place])
    option = ["--tallystick-without=null_*"] * (place == "option")
    result = run(pytester, *OPTIONS, *option, "-k", "null", "-rA")
    assert "null_is_" not in result.stdout.str()
    count = sum(name.startswith("null_") for name in catalogue())
    off = [line for line in result.outlines if line.startswith(f"switched off: {count} of ")]
    assert [line.rpartition(" ")[2] for line in off] == ["(null_*)"]


def test_a_rule_that_there_is_not_cannot_be_switched_off(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "--tallystick-without=nul_*")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        "ERROR: --tallystick-without: no rule is named 'nul_*'; docs/rules lists them"
    ]


def test_each_test_sends_what_it_needs_and_no_more(pytester: pytest.Pytester) -> None:
    one = _sent(pytester, "-k", "null_is_accepted")
    many = _sent(pytester, "-k", "null")
    every = _sent(pytester)
    assert 0 < len(one) < len(many) < len(every)


def _sent(pytester: pytest.Pytester, *arguments: str, faults: tuple[str, ...] = ()) -> list[str]:
    log = pytester.path / "sent.log"
    log.unlink(missing_ok=True)
    pytester.makeconftest(f"FAULTS = {faults!r}\n{LOGGED.replace('LOG', str(log))}")
    pytester.path.joinpath("openapi.yaml").write_text(_spec())
    pytester.makepyfile(test_contract=TEST)
    pytester.runpytest_inprocess(*_plugin(), *OPTIONS, *arguments, "-p", "no:cacheprovider")
    return log.read_text().splitlines()


def test_two_workers_send_nothing_twice_and_give_the_same_verdicts(
    pytester: pytest.Pytester,
) -> None:
    faults = ("null_refused", "required_left_out")
    alone = sorted(_sent(pytester, "--junitxml=out.xml", faults=faults)), _verdicts(pytester)
    workers = ("-n", "2", "--junitxml=out.xml")
    assert (sorted(_sent(pytester, *workers, faults=faults)), _verdicts(pytester)) == alone
    assert {"passed", "failed"} <= set(alone[1].values())


def _verdicts(pytester: pytest.Pytester) -> dict[str, str]:
    suite = ElementTree.parse(pytester.path / "out.xml").getroot()[0]
    kinds = {"failure": "failed", "skipped": "skipped", "error": "error"}
    return {
        str(case.get("name")): next(
            (kinds[each.tag] for each in case if each.tag in kinds), "passed"
        )
        for case in suite
    }


def test_all_that_is_about_the_same_things_goes_to_one_worker() -> None:
    books = scope_of("t.py::test_laws[null_is_refused-POST /rooms/{room_id}/books]")
    assert books == scope_of("t.py::test_laws[reads_repeat-GET /rooms/{room_id}/books/{name}]")
    assert books != scope_of("t.py::test_laws[reads_repeat-GET /halls/{name}]")
    assert scope_of("t.py::test_own[a]") == "t.py::test_own[a]"


def test_the_first_failure_ends_the_run_with_x(pytester: pytest.Pytester) -> None:
    outcomes = run(pytester, *OPTIONS, "-x", faults=("null_refused",)).parseoutcomes()
    assert outcomes["failed"] == 1


def test_what_is_left_on_the_server_is_listed_at_the_end(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, "-k", "null_is_accepted")
    result.stdout.fnmatch_lines(
        [
            "left on the server: *",
            "*of POST /rooms/{room_id}/books: the contract has no delete",
        ]
    )


def test_a_server_that_does_not_answer_ends_the_run_with_one_line(
    pytester: pytest.Pytester,
) -> None:
    result = run_url(pytester, "http://127.0.0.1:9")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    shown = result.stdout.str()
    assert "http://127.0.0.1:9 does not answer: the server cannot be reached" in shown
    assert ".py:" not in shown


def run_url(pytester: pytest.Pytester, url: str, *arguments: str) -> pytest.RunResult:
    pytester.path.joinpath("openapi.yaml").write_text(_spec())
    pytester.makepyfile(test_contract=TEST)
    return pytester.runpytest_inprocess(
        *_plugin(), *OPTIONS, f"--tallystick-url={url}", "test_contract.py", *arguments
    )


def test_a_url_alone_runs_the_suite(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("openapi.yaml").write_text(_spec())
    url = "--tallystick-url=http://127.0.0.1:9"
    result = pytester.runpytest_inprocess(*_plugin(), *OPTIONS, url, "--co", "-q")
    listed = [line for line in result.outlines if "::" in line]
    assert sum("::test_laws[" in line for line in listed) > 30
    assert sum("::test_a_deep_search" in line for line in listed) == 1


def test_the_ini_file_and_the_project_say_what_the_command_line_does_not(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyprojecttoml(
        "[tool.pytest.ini_options]\ntallystick_rules = ['null_*']\n"
        "[tool.tallystick]\nspec = 'openapi.yaml'\n"
    )
    result = run(pytester, "--co", "-q", "--tallystick-operations=POST *")
    listed = [line.partition("[")[2] for line in result.outlines if "::" in line]
    assert listed
    assert all(each.startswith("null_") for each in listed)


FACTORIES = """
from contextlib import asynccontextmanager
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount
from tallystick_contracts.sandbox import sandbox

ran = []

def made(contract):
    @asynccontextmanager
    async def lifespan(app):
        ran.append("up")
        yield
        ran.append("down")

    return Starlette(routes=[Mount("/", sandbox(contract, key="KEY"))], lifespan=lifespan)

@pytest.fixture(scope="session")
def tallystick_app(tallystick_contract):
    DEF
        return made(tallystick_contract)
    yield factory
    print("ran", ran)
"""


@pytest.mark.parametrize("definition", ["def factory():", "async def factory():"])
def test_a_factory_makes_the_application_and_its_lifespan_is_run(
    pytester: pytest.Pytester, definition: str
) -> None:
    run(pytester, "--version")
    pytester.makeconftest(FACTORIES.replace("KEY", KEY).replace("DEF", definition))
    result = pytester.runpytest_inprocess(*_plugin(), *OPTIONS, "-s", "-k", "null_is_accepted")
    result.assert_outcomes(passed=1, deselected=len(_ids(pytester)) - 1)
    assert "ran ['up', 'down']" in result.stdout.str()


def _ids(pytester: pytest.Pytester) -> list[str]:
    result = pytester.runpytest_inprocess(*_plugin(), *OPTIONS, "--co", "-q")
    return [line for line in result.outlines if "::" in line]


def test_a_factory_that_fails_is_told_in_one_line(pytester: pytest.Pytester) -> None:
    run(pytester, "--version")
    broken = "def factory():\n        raise OSError('no database')\n"
    pytester.makeconftest(FACTORIES.replace("KEY", KEY).replace("DEF", broken))
    result = pytester.runpytest_inprocess(*_plugin(), *OPTIONS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the factory of the application raised OSError: no database" in result.stdout.str()


def test_a_startup_that_fails_is_told_in_one_line(pytester: pytest.Pytester) -> None:
    run(pytester, "--version")
    text = FACTORIES.replace("KEY", KEY).replace("DEF", "def factory():")
    pytester.makeconftest(text.replace('ran.append("up")', 'raise OSError("no disk")'))
    result = pytester.runpytest_inprocess(*_plugin(), *OPTIONS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the application did not start: OSError: no disk" in result.stdout.str()


EXPIRING = """
import pytest
from tallystick_contracts.sandbox import sandbox

@pytest.fixture(scope="session")
def tallystick_headers():
    count = 0
    def fields():
        nonlocal count
        count += 1
        return {"X-Key": f"token-number-{count // 5:04d}"}
    return fields

@pytest.fixture(scope="session")
def tallystick_app(tallystick_contract):
    inner = sandbox(tallystick_contract, key="KEY")
    last = [0]

    async def app(scope, receive, send):
        if scope["type"] == "http":
            fields = dict(scope["headers"])
            token = fields.get(b"x-key", b"").decode("latin-1")
            number = token.removeprefix("token-number-")
            fresh = number.isdigit() and len(number) == 4 and int(number) >= last[0]
            if fresh:
                last[0] = int(number)
                fields[b"x-key"] = b"KEY"
            scope = {**scope, "headers": list(fields.items())}
        await inner(scope, receive, send)

    return app
"""


def test_credentials_that_expire_are_asked_for_again_and_never_shown(
    pytester: pytest.Pytester,
) -> None:
    run(pytester, "--version")
    pytester.makeconftest(EXPIRING.replace("KEY", KEY))
    result = pytester.runpytest_inprocess(*_plugin(), OPTIONS[0])
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] > 20
    assert "failed" not in outcomes
    assert "token-number" not in result.stdout.str()


HOOKS = """
import schemathesis

@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers["X-From-The-Hook"] = "yes"
"""
SEEN = """
import pytest
from tallystick_contracts.sandbox import sandbox

@pytest.fixture(scope="session")
def tallystick_app(tallystick_contract):
    inner = sandbox(tallystick_contract, key="KEY")

    async def app(scope, receive, send):
        if scope["type"] == "http" and (b"x-from-the-hook", b"yes") in scope["headers"]:
            open("hooked", "w").close()
        await inner(scope, receive, send)

    return app
"""
DEEP = """
from tallystick_contracts.deep import deep

def test_deep(tallystick_contract, tallystick_target):
    deep(tallystick_contract, tallystick_target, budget=30, examples=1)
"""


@pytest.mark.parametrize("place", ["module", "conftest"])
def test_hooks_of_schemathesis_are_honoured(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    pytester.makepyfile(test_deep=DEEP, own_hooks=HOOKS)
    pytester.path.joinpath("openapi.yaml").write_text(_spec())
    conftest = SEEN.replace("KEY", KEY)
    pytester.makeconftest(conftest + (HOOKS if place == "conftest" else ""))
    if place == "module":
        monkeypatch.setenv("SCHEMATHESIS_HOOKS", "own_hooks")
    pytester.runpytest_subprocess(*_plugin(), *OPTIONS).assert_outcomes(passed=1)
    assert (pytester.path / "hooked").exists()


def test_an_interrupted_run_cleans_up_and_tells_what_is_left(pytester: pytest.Pytester) -> None:
    run(pytester, "--version")
    pytester.makepyfile(
        test_contract=TEST + "def test_z():\n    raise KeyboardInterrupt\n",
    )
    result = pytester.runpytest_subprocess(*_plugin(), *OPTIONS, "-k", "null_is_accepted or test_z")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*left on the server: *"])


def test_the_last_failures_run_again(pytester: pytest.Pytester) -> None:
    first = run(pytester, *OPTIONS, faults=("null_refused",)).parseoutcomes()
    again = run(pytester, *OPTIONS, "--lf", faults=("null_refused",)).parseoutcomes()
    assert again["failed"] == first["failed"] > 0
    assert "passed" not in again


def test_junit_tells_each_test(pytester: pytest.Pytester) -> None:
    run(pytester, *OPTIONS, "--junitxml=out.xml", faults=("null_refused",))
    suite = ElementTree.parse(pytester.path / "out.xml").getroot()[0]
    failed = [case for case in suite if case.find("failure") is not None]
    assert len(failed) == int(suite.get("failures", 0)) > 0
    message = failed[0].find("failure")
    assert message is not None
    assert "expected:" in (message.text or "")
    assert KEY.encode() not in (pytester.path / "out.xml").read_bytes()


def test_a_marker_chooses_laws(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_null="import pytest\n"
        "@pytest.mark.tallystick(laws=['null'], operations='POST *')\n"
        "def test_null(tallystick_trial):\n    tallystick_trial.check()\n"
    )
    result = run(pytester, *OPTIONS, "--collect-only", "-q")
    listed = [line for line in result.outlines if "::" in line]
    assert listed
    assert all("null" in line for line in listed)


def test_the_suite_is_a_package_that_runs_anywhere(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_plain="")
    result = run(
        pytester,
        *OPTIONS,
        "--pyargs",
        "tallystick_contracts.suite",
        "-k",
        "test_laws",
        "--co",
        "-q",
    )
    listed = [line for line in result.outlines if "test_laws.py::test_" in line]
    assert len(listed) > 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tallystick-url=http://127.0.0.1:1",), "*--tallystick-url needs --tallystick-spec*"),
        (("--tallystick-spec=missing.yaml",), "*missing.yaml*"),
        ((*OPTIONS, "--tallystick-given=nonsense"), "*not of the form NAME=VALUE*"),
        ((*OPTIONS, "--tallystick-seed=x"), "*'x' is no number*"),
        ((*OPTIONS, "--tallystick-url=ftp://127.0.0.1"), "*must begin with http*"),
        ((*OPTIONS, "--tallystick-checks=nowhere"), "*'nowhere' cannot be imported*"),
    ],
)
def test_a_bad_option_is_one_clear_line(
    pytester: pytest.Pytester, arguments: tuple[str, ...], message: str
) -> None:
    result = run(pytester, *arguments)
    assert result.ret != pytest.ExitCode.OK
    shown = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert Path(message.strip("*")).name.split("*")[0] in shown
    assert "Traceback" not in shown
    assert ".py:" not in shown
    assert len([line for line in result.errlines if line]) == 1


def test_a_host_that_was_not_allowed_gets_no_request(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_contract=TEST)
    pytester.path.joinpath("openapi.yaml").write_text(
        SPEC.replace("\npaths:", f"{BOOK.rstrip()}\npaths:")
    )
    result = pytester.runpytest_inprocess(
        *_plugin(), *OPTIONS, "--tallystick-url=http://server.example", "-x"
    )
    assert "--allow-host server.example" in result.stdout.str() + result.stderr.str()


SERVICE = f"""
from pathlib import Path
from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.sandbox import sandbox

async def create_app(database):
    return sandbox(build(load(Path("openapi.yaml"), [])), key="Bearer {KEY}")
"""
AUTH = f"""
def current_token():
    return "{KEY}"
"""


def test_the_conftest_of_the_page_works_as_it_stands(pytester: pytest.Pytester) -> None:
    page = Path(__file__).parent.parent / "docs" / "pytest.md"
    examples = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    mark, conftest = examples[2], examples[1]
    pytester.path.joinpath("openapi.yaml").write_text(_spec().replace("X-Key", "Authorization"))
    pytester.mkpydir("myservice")
    pytester.path.joinpath("myservice/__init__.py").write_text(SERVICE)
    pytester.path.joinpath("myservice/auth.py").write_text(AUTH)
    pytester.makeconftest(conftest)
    pytester.makepyfile(test_contract=f"import pytest\n{mark}")
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess(*_plugin(), OPTIONS[0])
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] > 1
    assert "failed" not in outcomes
    assert KEY not in result.stdout.str()


CHECKED = """
from tallystick_contracts import Call, check

@check("It is never well.", operations="GET *")
def it_is_never_well(call: Call) -> str | None:
    call.send()
    return "It is not."
"""


@pytest.mark.parametrize("by", ["option", "project"])
def test_own_checks_are_tests_too(pytester: pytest.Pytester, by: str) -> None:
    pytester.makepyfile(**{f"checks_{by}": CHECKED})
    pytester.makepyprojecttoml(
        f"[tool.tallystick]\nchecks = ['checks_{by}']\n" if by == "project" else ""
    )
    option = [f"--tallystick-checks=checks_{by}"] if by == "option" else []
    try:
        result = run(pytester, *OPTIONS, *option, "-k", "it_is_never_well")
    finally:
        CHECKS.clear()
    result.assert_outcomes(failed=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(
        [
            "*it_is_never_well-GET /rooms/{room_id}/books/{name}*",
            "expected: It is never well.",
            "observed: It is not.",
        ]
    )
