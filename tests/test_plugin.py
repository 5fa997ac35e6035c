"""The pytest plugin: silent without its options, and with them one test a rule, operation and member."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

# Loaded before pytester takes its snapshot: extension modules cannot be loaded twice in a process.
import tallystick_contracts.deep
import tallystick_contracts.sandbox
import tallystick_contracts.suite.session  # noqa: F401

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


def run(
    pytester: pytest.Pytester, *arguments: str, faults: tuple[str, ...] = ()
) -> pytest.RunResult:
    pytester.makeconftest(f"FAULTS = {faults!r}\n{CONFTEST}")
    pytester.path.joinpath("openapi.yaml").write_text(
        SPEC.replace("\npaths:", f"{BOOK.rstrip()}\npaths:")
    )
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


def test_a_correct_server_passes_and_what_was_not_judged_is_skipped(
    pytester: pytest.Pytester,
) -> None:
    outcomes = run(pytester, *OPTIONS, "-rs").parseoutcomes()
    assert outcomes["passed"] > 20
    assert "failed" not in outcomes
    assert outcomes["skipped"] > 0


def test_a_fault_fails_the_tests_of_its_rule_with_the_finding(pytester: pytest.Pytester) -> None:
    result = run(pytester, *OPTIONS, faults=("null_refused",))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*null_is_accepted_where_admitted*POST /rooms/{room_id}/books*/pages*",
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
        "@pytest.mark.tallystick_law('null')\n"
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
    assert {line.split("::")[1].split("[")[0] for line in listed} >= {
        "test_presence",
        "test_null",
        "test_answers",
        "test_credentials",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tallystick-url=http://127.0.0.1:1",), "*--tallystick-url needs --tallystick-spec*"),
        (("--tallystick-spec=missing.yaml",), "*missing.yaml*"),
        ((*OPTIONS, "--tallystick-given=nonsense"), "*not of the form NAME=VALUE*"),
    ],
)
def test_a_bad_option_is_one_clear_line(
    pytester: pytest.Pytester, arguments: tuple[str, ...], message: str
) -> None:
    result = run(pytester, *arguments)
    assert result.ret != pytest.ExitCode.OK
    shown = result.stdout.str() + result.stderr.str()
    assert Path(message.strip("*")).name.split("*")[0] in shown
    assert "Traceback" not in shown


def test_a_host_that_was_not_allowed_gets_no_request(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_contract=TEST)
    pytester.path.joinpath("openapi.yaml").write_text(
        SPEC.replace("\npaths:", f"{BOOK.rstrip()}\npaths:")
    )
    result = pytester.runpytest_inprocess(
        *_plugin(), *OPTIONS, "--tallystick-url=http://server.example", "-x"
    )
    assert "--allow-host server.example" in result.stdout.str() + result.stderr.str()
