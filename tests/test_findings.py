"""Findings: one for each cause, the worst first, replayed before they are told, in every format."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import fromstring

import jsonschema_rs
import pytest
from click.testing import CliRunner
from click.testing import Result as Ran

from tallystick.contract import Contract, build
from tallystick.document import Json, load, parse
from tallystick.errors import UsageError
from tallystick_contracts.cli.judge import told
from tallystick_contracts.cli.replay import replay as verb
from tallystick_contracts.exchange import Answer, Request
from tallystick_contracts.findings import (
    Again,
    Cause,
    Severity,
    causes,
    confirmed,
    replay,
    revealed,
    severity_of,
)
from tallystick_contracts.findings.recipe import Recipe, Source, Variable, anew, recipe_of
from tallystick_contracts.findings.severity import OF_RULE
from tallystick_contracts.findings.stored import finding_json, read_finding, stored
from tallystick_contracts.mask import Mask
from tallystick_contracts.report import write_report
from tallystick_contracts.report.as_json import schema
from tallystick_contracts.report.pytest_file import pytest_file
from tallystick_contracts.report.reproduction import shell_lines
from tallystick_contracts.report.write import report_files
from tallystick_contracts.rules import RULES
from tallystick_contracts.rules.answers import PASSIVE
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import Server, sandbox
from tallystick_contracts.target import Target, in_process
from tallystick_contracts.verdicts import (
    Claim,
    Finding,
    Kind,
    Law,
    Result,
    Standing,
    Step,
    Subject,
    Verdict,
)

SPEC = Path(__file__).parents[1] / "spec"
KEY = "Right-Key-of-the-Sandbox-1"
MASK = Mask({KEY: "BASETEN_API_KEY"})


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def target_with(*faults: str) -> Target:
    document = vendored()
    return in_process(
        document, sandbox(document, key=KEY, faults=faults), key=KEY, poll_budget=0.15
    )


@cache
def found(fault: str, *rules: str, member: str = "") -> tuple[Result, tuple[Cause, ...]]:
    """A run of a few rules on a faulty sandbox, with its findings sent again."""
    target = target_with(fault)
    cases = [
        case
        for case in plan(vendored())
        if case.rule.name in rules and case.spot.place.startswith(member)
    ]
    result = run(vendored(), target, cases=cases)
    both = told(result, vendored(), target)
    target.close()
    return both


ZERO = ("zero_as_absent", "falsy_is_not_absent", "updates_take_effect")


def zero() -> tuple[Result, tuple[Cause, ...]]:
    return found(*ZERO, member="/promotion_settings/ramp_up")


# --- grouping ----------------------------------------------------------------------------------


def broken(
    rule: str = "updates_take_effect",
    operation: str = "PATCH /v1/things/{id}",
    pointer: str = "#/components/schemas/Thing/properties/size",
    member: str = "/size",
    state: str = "zero",
    observation: str = "It reads 1.",
    law: Law = Law.UPDATES,
    claims: tuple[Claim, ...] = (),
) -> Verdict:
    steps = (Step(Request("GET", "/v1/things/1"), Answer(200, (), b'{"size": 1}')),)
    finding = Finding("expected", observation, steps, claims)
    return Verdict(
        rule, law, Subject(operation, pointer, member, state), Standing.BROKEN, "", finding
    )


def held(verdict: Verdict, pointer: str) -> Verdict:
    subject = replace(verdict.subject, pointer=pointer, member=pointer)
    return replace(verdict, subject=subject, standing=Standing.HELD, finding=None)


def result_of(*verdicts: Verdict) -> Result:
    return Result("Things", "d", "http://127.0.0.1:1", 1, verdicts, 1, 1.0)


def test_all_states_of_a_member_are_one_finding() -> None:
    run_of = result_of(broken(), broken(state="false"), held(broken(), "#/other"))
    (cause,) = causes(run_of)
    assert [each.subject.state for each in (cause.shown, *cause.others)] == ["zero", "false"]


def test_two_members_are_two_findings_where_a_third_one_holds() -> None:
    run_of = result_of(
        broken(),
        broken(pointer="#/other", member="/other", observation="It is not there."),
        held(broken(), "#/third"),
    )
    assert len(causes(run_of)) == 2


def test_a_rule_that_is_broken_wherever_it_was_tried_is_one_finding() -> None:
    run_of = result_of(broken(), broken(pointer="#/other", member="/other"))
    (cause,) = causes(run_of)
    assert len(cause.others) == 1


def test_another_rule_at_the_same_member_is_listed_under_the_finding() -> None:
    other = broken("falsy_is_not_absent", law=Law.DEFAULTS)
    (cause,) = causes(result_of(broken(), broken(state="false"), other))
    assert cause.rule == "updates_take_effect"
    assert [each.rule for each in cause.also] == ["falsy_is_not_absent"]


def test_a_malformed_answer_explains_what_other_rules_saw_in_it() -> None:
    at_size = (Claim(Kind.FITS, 0, ("size",), {"type": "string"}),)
    malformed = broken(
        "bodies_fit_their_schema", law=Law.ANSWERS, claims=at_size, operation="GET /x"
    )
    reads = broken(claims=(Claim(Kind.EQUALS, 0, ("size",), 0),))
    elsewhere = broken(
        "path_ids_are_echoed",
        operation="POST /v1/other",
        pointer="#/elsewhere",
        member="/id",
        claims=(Claim(Kind.EQUALS, 0, ("id",), 0),),
    )
    first, second = causes(result_of(malformed, reads, elsewhere))
    assert {first.rule, second.rule} == {"bodies_fit_their_schema", "path_ids_are_echoed"}


def test_findings_stand_in_the_order_of_their_severity() -> None:
    run_of = result_of(
        broken(
            "a_405_says_which_methods_there_are",
            law=Law.ROUTING,
            operation="GET /a",
            pointer="#/a",
            member="",
        ),
        broken(
            "wrong_types_are_refused", law=Law.TYPES, operation="GET /b", pointer="#/b", member="/b"
        ),
        broken(
            "wrong_credentials_are_refused",
            law=Law.CREDENTIALS,
            operation="GET /c",
            pointer="#/c",
            member="",
        ),
    )
    assert [each.severity for each in causes(run_of)] == [
        Severity.CRITICAL,
        Severity.MEDIUM,
        Severity.LOW,
    ]


def test_a_rule_that_the_table_names_exists() -> None:
    known = {rule.name for rule in RULES} | set(PASSIVE) | {"credentials_never_come_back"}
    of_schemathesis = {
        "not_a_server_error",
        "negative_data_rejection",
        "missing_required_header",
        "unsupported_method",
        "use_after_free",
    }
    assert set(OF_RULE) <= known | of_schemathesis
    assert severity_of("updates_take_effect (client)", Law.UPDATES).why


def test_the_id_does_not_depend_on_values() -> None:
    one, other = causes(result_of(broken())), causes(result_of(broken(observation="It reads 7.")))
    assert one[0].id == other[0].id
    assert re.fullmatch(r"[0-9a-f]{10}", one[0].id)
    assert causes(result_of(broken(state="null")))[0].id != one[0].id


def test_the_clause_is_told_with_its_place_in_the_file() -> None:
    _, (cause,) = zero()
    lines = Path(cause.clause.file).read_text().splitlines()
    assert "ramp_up_duration_seconds" in lines[cause.clause.line - 1] + lines[cause.clause.line - 2]
    assert cause.clause.column > 1


# --- sent again --------------------------------------------------------------------------------


def test_a_finding_is_sent_again_before_it_is_told() -> None:
    _, (cause,) = zero()
    assert cause.again is Again.SHOWS
    assert cause.repeats == (1, 1)
    assert (cause.finding.seen, cause.finding.tries) == (2, 2)


def test_what_does_not_repeat_is_called_so() -> None:
    result, (cause,) = zero()
    mended = target_with()
    (again,) = confirmed([cause], vendored(), mended)
    mended.close()
    assert again.again is Again.GONE
    assert again.repeats == (0, 3)
    text = "\n".join(report_files(result, [again], MASK).values())
    assert "not repeated" in text


def test_no_time_left_is_told_as_the_reason() -> None:
    _, (cause,) = zero()
    target = target_with()
    (again,) = confirmed([cause], vendored(), target, seconds=0)
    target.close()
    assert again.again is Again.UNTRIED
    assert "no time left" in again.why_untried


FAULTS: list[tuple[str, str]] = [
    ("key_begins", "wrong_credentials_are_refused"),
    ("duplicate_overwrites", "duplicate_creates_are_refused"),
    ("both_creates_win", "one_of_concurrent_creates_wins"),
    ("update_lost_in_race", "concurrent_updates_both_take_effect"),
    ("list_repeats", "lists_show_what_was_created"),
    ("name_lowered", "accepted_names_can_be_addressed"),
    ("allow_left_out", "a_405_says_which_methods_there_are"),
    ("media_type_not_checked", "unreadable_bodies_are_refused"),
    ("parents_share", "other_parents_do_not_show_it"),
    ("null_member_dropped", "operations_succeed"),
]


@pytest.mark.parametrize(("fault", "rule"), FAULTS)
def test_a_finding_shows_with_the_fault_and_not_without_it_again_and_again(
    fault: str, rule: str
) -> None:
    _, told_ = found(fault, rule)
    assert told_, "nothing was found"
    for cause in told_:
        recipe = recipe_of(cause.shown, vendored())
        for faults, expected in (((fault,), Again.SHOWS), ((), Again.GONE)):
            target = target_with(*faults)
            got = [replay(recipe, target.exchange, secrets=[KEY], patience=0.1) for _ in "12"]
            target.close()
            assert [each.again for each in got] == [expected, expected], got[0].reason


def test_every_rule_says_its_expectation_as_data() -> None:
    """Each finding of the bank has claims: without, a replay would need the document."""
    for fault, rule in FAULTS:
        assert all(
            each.shown.finding and each.shown.finding.claims for each in found(fault, rule)[1]
        )


THINGS = parse(
    b"""
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {'200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
components:
  schemas:
    Thing:
      type: object
      properties: {id: {type: integer, readOnly: true}, size: {type: integer}}
""",
    "things.yaml",
)


class Numbering:
    """A server that numbers what it makes, and may forget the size of it."""

    def __init__(self, first: int, forgetful: bool) -> None:
        self.last, self.forgetful = first, forgetful
        self.things: dict[str, dict[str, Json]] = {}

    def send(self, request: Request) -> Answer:
        if request.method == "POST":
            self.last += 1
            body = json.loads(request.body or b"{}")
            size = 1 if self.forgetful else body.get("size")
            self.things[f"/things/{self.last}"] = {"id": self.last, "size": size}
            return Answer(201, (), json.dumps({"id": self.last}).encode())
        found_ = self.things.get(request.target)
        return Answer(200, (), json.dumps(found_).encode()) if found_ else Answer(404)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        pass


class Fixed:
    """A server that always says the same."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def send(self, request: Request) -> Answer:
        return self.answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        pass


def numbered() -> Cause:
    server = Numbering(1000, forgetful=True)
    requests = (
        Request("POST", "/things", (("Content-Type", "application/json"),), b'{"size":0}'),
        Request("GET", "/things/1001"),
    )
    steps = tuple(Step(each, server.send(each)) for each in requests)
    finding = Finding("expected", "observed", steps, (Claim(Kind.EQUALS, -1, ("size",), 0),))
    subject = Subject("POST /things", "#/components/schemas/Thing/properties/size", "/size", "zero")
    verdict = Verdict("falsy_is_not_absent", Law.DEFAULTS, subject, Standing.BROKEN, "", finding)
    (cause,) = causes(result_of(verdict), build(THINGS))
    return cause


def test_an_id_that_the_server_chooses_is_carried_over_from_its_answer() -> None:
    recipe = numbered().recipe
    assert [(each.source, each.value) for each in recipe.variables] == [(Source.ANSWER, 1001)]
    shows = replay(recipe, Numbering(55_000, forgetful=True), patience=0)
    gone = replay(recipe, Numbering(55_000, forgetful=False), patience=0)
    assert (shows.again, gone.again) == (Again.SHOWS, Again.GONE), shows.reason
    assert shows.sent[1].request.target == "/things/55001"


def test_the_test_and_the_shell_lines_carry_it_over_too() -> None:
    cause = numbered()
    text = report_files(result_of(cause.shown), [cause], Mask())[f"findings/test_{cause.id}.py"]
    assert "id1 = read(answer1, 'id')" in text.replace('"', "'")
    assert "'/things/' + quote(str(id1)" in text.replace('"', "'")
    compile(text, "test", "exec")
    first, second = shell_lines(cause.recipe, "http://127.0.0.1:1", Mask())
    assert first.startswith("ID1=$(curl")
    assert "/things/${ID1}" in second


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_shell_lines_replay_again_and_again() -> None:
    _, (cause,) = zero()
    shell = shutil.which("sh") or "sh"
    with Server(sandbox(vendored(), key=KEY, faults=("zero_as_absent",))) as server:
        script = "\n".join(shell_lines(cause.recipe, server.url, MASK))
        for _ in "12":
            done = subprocess.run(
                [shell, "-ec", script],
                env={**os.environ, "BASETEN_API_KEY": KEY},
                capture_output=True,
                check=True,
                text=True,
            )
            read = json.loads(done.stdout[done.stdout.rindex('{"name"') :])
            assert read["promotion_settings"]["ramp_up_duration_seconds"] != 0


def test_a_name_that_ends_otherwise_is_no_wrong_spelling_of_a_name() -> None:
    """``ts1-44`` cut short begins ``ts1-4x-nothing`` too, and no line assigns a variable for that."""
    made = Step(
        Request("POST", "/v1/models/abcd1234/environments", (), b'{"name":"ts1-abcdef44"}'),
        Answer(200, (), b'{"name":"ts1-abcdef44"}'),
    )
    read = Step(
        Request("GET", "/v1/models/abcd1234/environments/ts1-abcdef42-nothing", ()),
        Answer(200, (), b"{}"),
    )
    name = Variable("id1", Source.FRESH, "ts1-abcdef44", 0, ("name",))
    lines = shell_lines(Recipe((made, read), (), 0, (name,)), "http://127.0.0.1:1", MASK)
    assert "CUT_SHORT" not in "".join(lines)
    assert "${ID1}" in "".join(lines)


def test_a_generated_test_imports_what_its_helpers_use() -> None:
    verdict = broken(claims=(Claim(Kind.FITS, value={"type": "array"}),))
    (cause,) = causes(result_of(verdict))
    text = pytest_file(cause, "http://127.0.0.1:1", MASK)
    assert "jsonschema_rs.Draft202012Validator(" in text
    assert "import jsonschema_rs\n" in text


def test_a_fresh_value_is_like_the_one_before() -> None:
    for value in ("ts1-44", "MixedCasets1-3", 17, "7f3a9c20-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "Abc-12"):
        new = anew(Variable("id1", Source.FRESH, value, 0, ("name",)), 987_654_321)
        assert type(new) is type(value)
        assert new != value
    assert anew(Variable("id1", Source.FRESH, "MixedCasets1-3", 0, ("n",)), 5) == "MixedCasets5-3"


@pytest.mark.parametrize(
    ("name", "status", "fresh"),
    [
        ("ts1-44", 400, True),  # a name of ours: nothing depends on it
        ("Drawn 7", 200, True),  # it is taken now
        ("Drawn 7", 400, False),  # it may be why
    ],
)
def test_a_name_that_was_drawn_and_refused_is_sent_again_as_it_was(
    name: str, status: int, fresh: bool
) -> None:
    body = json.dumps({"name": name}).encode()
    request = Request("POST", "/v1/models/abcd1234/environments", (), body)
    step = Step(request, Answer(status, (), b"{}"))
    verdict = Verdict(
        "positive_data_acceptance",
        Law.ANSWERS,
        Subject("POST /v1/models/{model_id}/environments", ""),
        Standing.BROKEN,
        finding=Finding("It is taken.", "It is not.", (step,)),
    )
    assert bool(recipe_of(verdict, vendored()).variables) is fresh


def test_a_step_that_only_leads_there_and_fails_makes_it_untried() -> None:
    _, (cause,) = zero()
    target = in_process(vendored(), sandbox(vendored(), key="another"), key=KEY)
    outcome = replay(cause.recipe, target.exchange)
    target.close()
    assert outcome.again is Again.UNTRIED
    assert "401" in outcome.reason


@pytest.mark.parametrize(("status", "again"), [(404, Again.UNTRIED), (400, Again.GONE)])
def test_a_body_that_cannot_be_asked_for_is_not_called_mended(status: int, again: Again) -> None:
    step = Step(Request("GET", "/things/1"), Answer(200, body=b'{"size": "1"}'))
    claim = Claim(Kind.FITS, 0, ("size",), {"type": "integer"})
    now = Fixed(Answer(status, body=b"{}"))
    assert replay(Recipe((step,), (claim,)), now, patience=0).again is again


def test_without_time_nothing_more_is_sent() -> None:
    _, (cause,) = zero()
    target = target_with()
    outcome = replay(cause.recipe, target.exchange, seconds=0)
    target.close()
    assert outcome.again is Again.UNTRIED
    assert "no time" in outcome.reason
    assert outcome.sent == ()


def test_a_finding_without_claims_is_not_called_mended() -> None:
    target = target_with()
    outcome = replay(Recipe((), ()), target.exchange)
    target.close()
    assert outcome.again is Again.UNTRIED


# --- the file of a finding, and the verb -------------------------------------------------------


def test_a_finding_survives_its_file() -> None:
    _, (cause,) = zero()
    data = json.loads(json.dumps(finding_json(cause, MASK)))
    assert KEY not in json.dumps(data)
    again = stored(data)
    assert again.secrets == ("BASETEN_API_KEY",)
    recipe = revealed(again.recipe, MASK.revealed())
    assert [each.request for each in recipe.steps] == [each.request for each in cause.recipe.steps]
    assert recipe.claims == cause.recipe.claims
    assert recipe.variables == cause.recipe.variables


def reported(folder: Path, *which: str) -> Cause:
    result, found_ = found(*which) if which else zero()
    write_report(result, folder, MASK, found_)
    return found_[0]


def ran(*arguments: str, key: str | None = KEY) -> Ran:
    env = {"BASETEN_API_KEY": key or ""}
    return CliRunner().invoke(verb, arguments, env=env)


def test_replay_says_per_step_what_was_expected_and_got(tmp_path: Path) -> None:
    cause = reported(tmp_path)
    file = str(tmp_path / "findings" / f"{cause.id}.json")
    with Server(sandbox(vendored(), key=KEY, faults=("zero_as_absent",))) as server:
        shows = [ran(file, server.url) for _ in "12"]
    with Server(sandbox(vendored(), key=KEY)) as server:
        mended = ran(file, server.url)
        by_id = ran(cause.id, server.url, "--report", str(tmp_path))
        by_hash = ran(f"{tmp_path / 'report.json'}#{cause.id[:6]}", server.url)
    assert [each.exit_code for each in shows] == [1, 1], shows[0].output
    assert "the fault still shows" in shows[0].output
    assert re.search(
        r"✗ expected /promotion_settings/ramp_up_duration_seconds is 0; got .* is", shows[0].output
    )
    assert [mended.exit_code, by_id.exit_code, by_hash.exit_code] == [0, 0, 0], mended.output
    assert KEY not in shows[0].output


def test_replay_that_cannot_be_tried_ends_with_2(tmp_path: Path) -> None:
    cause = reported(tmp_path)
    file = str(tmp_path / "findings" / f"{cause.id}.json")
    with Server(sandbox(vendored(), key="another-key-than-that")) as server:
        refused = ran(file, server.url)
        with_key = ran(file, server.url, "--key", "another-key-than-that", key=None)
        with_header = ran(
            file, server.url, "--header", "Authorization: Api-Key another-key-than-that", key=None
        )
    assert refused.exit_code == 2
    assert "401" in refused.output
    assert [with_key.exit_code, with_header.exit_code] == [0, 0], with_header.output


def test_replay_asks_for_a_secret_that_is_not_there_and_guards_hosts(tmp_path: Path) -> None:
    cause = reported(tmp_path)
    file = str(tmp_path / "findings" / f"{cause.id}.json")
    missing = ran(file, "http://127.0.0.1:1", key=None)
    assert isinstance(missing.exception, UsageError)
    assert "BASETEN_API_KEY" in str(missing.exception)
    elsewhere = ran(file, "http://example.com")
    assert isinstance(elsewhere.exception, UsageError)
    assert "--allow-host example.com" in str(elsewhere.exception)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"findings": []}', '{"steps": 1, "id": "a"}', "\0"]
)
def test_a_file_that_holds_no_finding_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(UsageError):
        read_finding(str(path))


def test_a_finding_of_a_rule_without_claims_asks_the_rule_again(tmp_path: Path) -> None:
    result, (cause,) = zero()
    finding = replace(cause.finding, claims=())
    bare = replace(
        cause, shown=replace(cause.shown, finding=finding), recipe=replace(cause.recipe, claims=())
    )
    write_report(result, tmp_path, MASK, [bare])
    file = str(tmp_path / "findings" / f"{cause.id}.json")
    spec = ["--spec", str(SPEC / "openapi.yaml"), "--overlay", str(SPEC / "overlay.yaml")]
    with Server(sandbox(vendored(), key=KEY, faults=("zero_as_absent",))) as server:
        assert ran(file, server.url, *spec).exit_code == 1
    with Server(sandbox(vendored(), key=KEY)) as server:
        assert ran(file, server.url, *spec).exit_code == 0


# --- the test of a finding ---------------------------------------------------------------------


def passes(folder: Path, url: str) -> bool:
    env = {**os.environ, "TALLYSTICK_URL": url, "BASETEN_API_KEY": KEY}
    env.pop("PYTHONPATH", None)
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # it needs no plugin
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(folder / "findings"),
    ]
    done = subprocess.run(
        command, check=False, env=env, capture_output=True, text=True, cwd=folder, timeout=600
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode == 0


@pytest.mark.parametrize(
    ("fault", "rule"), [FAULTS[0], FAULTS[2], FAULTS[4], FAULTS[6], FAULTS[7], FAULTS[8]]
)
def test_the_test_of_a_finding_fails_with_the_fault_and_passes_without(
    tmp_path: Path, fault: str, rule: str
) -> None:
    reported(tmp_path, fault, rule)
    for path in (tmp_path / "findings").glob("test_*.py"):
        text = path.read_text()
        assert "tallystick_contracts" not in text
        assert KEY not in text
    with Server(sandbox(vendored(), key=KEY, faults=(fault,))) as server:
        assert not passes(tmp_path, server.url)
    with Server(sandbox(vendored(), key=KEY)) as server:
        assert passes(tmp_path, server.url)


# --- formats -----------------------------------------------------------------------------------


def closed(node: Json) -> Json:
    """A schema in which every object takes only what it declares."""
    if isinstance(node, dict):
        made = {key: closed(each) for key, each in node.items()}
        if "properties" in made and "required" in made:
            made.setdefault("additionalProperties", False)
        return made
    return [closed(each) for each in node] if isinstance(node, list) else node


def complaints(schema_: Json, data: Json) -> list[str]:
    assert isinstance(schema_, dict)
    validator = jsonschema_rs.Draft202012Validator(schema_)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(data)]


def test_the_json_is_what_its_schema_says_and_nothing_more() -> None:
    for which in (zero(), found(*FAULTS[2]), found(*FAULTS[6])):
        data = json.loads(report_files(which[0], which[1], MASK)["report.json"])
        assert data["findings"]
        assert complaints(closed(dict(schema())), data) == []


def test_the_file_of_a_finding_is_the_finding_of_the_schema() -> None:
    result, (cause,) = zero()
    data = json.loads(report_files(result, [cause], MASK)[f"findings/{cause.id}.json"])
    one = {**schema(), "$ref": "#/$defs/finding"}
    for name in ("required", "properties", "type"):
        one.pop(name)
    assert complaints(one, data) == []


SARIF: dict[str, Json] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "items": {
                                            "required": ["id", "helpUri", "shortDescription"],
                                            "properties": {
                                                "helpUri": {"type": "string", "format": "uri"}
                                            },
                                        },
                                        "uniqueItems": True,
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "items": {
                            "required": [
                                "message",
                                "ruleId",
                                "level",
                                "locations",
                                "partialFingerprints",
                            ],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                                "rank": {"type": "number", "minimum": 0, "maximum": 100},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                                "locations": {
                                    "minItems": 1,
                                    "items": {
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation", "region"],
                                                "properties": {
                                                    "region": {
                                                        "required": ["startLine", "startColumn"],
                                                        "properties": {
                                                            "startLine": {
                                                                "type": "integer",
                                                                "minimum": 1,
                                                            },
                                                            "startColumn": {
                                                                "type": "integer",
                                                                "minimum": 1,
                                                            },
                                                        },
                                                    },
                                                    "artifactLocation": {
                                                        "required": ["uri"],
                                                        "properties": {
                                                            "uri": {"format": "uri-reference"}
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        }
                    },
                },
            },
        },
    },
}
"""The parts of the SARIF 2.1.0 schema that a finding uses (3.27, 3.28, 3.49)."""


def test_sarif_points_to_the_clause_in_the_document() -> None:
    result, (cause,) = zero()
    log = json.loads(report_files(result, [cause], MASK)["report.sarif"])
    assert complaints(SARIF, log) == []
    (told_,) = log["runs"][0]["results"]
    region = told_["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (cause.clause.line, cause.clause.column)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert rules[told_["ruleIndex"]]["id"] == told_["ruleId"] == cause.rule
    assert told_["level"] == "error"
    assert list(told_["partialFingerprints"].values()) == [cause.id]


def test_har_has_every_step_of_every_finding() -> None:
    result, found_ = zero()
    log = json.loads(report_files(result, found_, MASK)["report.har"])["log"]
    assert log["version"] == "1.2"
    assert [each["id"] for each in log["pages"]] == [each.id for each in found_]
    assert len(log["entries"]) == sum(len(each.recipe.steps) for each in found_)
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString"} <= set(
            entry["request"]
        )
        assert {"status", "statusText", "content", "redirectURL"} <= set(entry["response"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry["startedDateTime"])


def test_junit_fails_a_test_for_the_rule_and_operation_with_the_finding() -> None:
    result, (cause,) = zero()
    root = fromstring(report_files(result, [cause], MASK)["junit.xml"])
    failed = [each for each in root.iter("testcase") if each.find("failure") is not None]
    rules = {
        (each.get("name") or "", (each.get("classname") or "").partition(".")[2]) for each in failed
    }
    assert rules == {(each.rule, each.subject.operation) for each in cause.verdicts}
    assert cause.id in (failed[0].findtext("failure") or "")
    assert root.get("failures") == str(len(failed))


def test_no_format_shows_a_wrong_key_made_of_the_right_one() -> None:
    result, found_ = found(*FAULTS[0])
    text = "\n".join(report_files(result, found_, MASK).values())
    for derived in (KEY, KEY[:-1], KEY[::-1], KEY.swapcase()):
        assert derived not in text
    assert "BASETEN_API_KEY" in text
