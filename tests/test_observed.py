"""What a contract allows, what an exchange shows of it, and what is listed as never seen."""

from __future__ import annotations

import cProfile
import json
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import Line
from tallystick.contract import Contract, build
from tallystick.document import Json, load, parse
from tallystick.document.lift import lift
from tallystick_contracts.exchange import Answer, Request
from tallystick_contracts.observed import Kind, Observed, Sight, Tally, allowed
from tallystick_contracts.report import Mask, never_lines, seen_line
from tallystick_contracts.report import unseen as by_kind
from tallystick_contracts.report.as_json import report_json
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Result

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "spec"
JSON_FIELDS = (("Content-Type", "application/json"),)


def contract(body: str = "{}", answer: str = "{}", more: str = "", schemas: str = "{}") -> Contract:
    """One operation ``POST /a`` with this body and this answer."""
    text = f"""
    openapi: 3.1.0
    info: {{title: T, version: '1'}}
    paths:
      /a:
        post:
          {indent(dedent(more), " " * 10).strip() or "summary: s"}
          requestBody: {{required: true, content: {{application/json: {{schema: {body}}}}}}}
          responses:
            '200': {{description: ok, content: {{application/json: {{schema: {answer}}}}}}}
    components:
      schemas: {schemas}
    """
    return build(lift(parse(dedent(text), "t.yaml")))


def sights(made: Contract, way: str = "request") -> set[tuple[Kind, str, str]]:
    return {(s.kind, s.place, s.what) for s in allowed(made).sights if s.way == way}


def unseen(tally: Tally, way: str = "request") -> set[tuple[Kind, str, str]]:
    never = (each.sight for each in tally.observation().never)
    return {(s.kind, s.place, s.what) for s in never if s.way == way}


def asked(
    body: Json, status: int = 200, answer: Json = None, target: str = "/a"
) -> tuple[Request, Answer]:
    request = Request("POST", target, JSON_FIELDS, json.dumps(body).encode())
    return request, Answer(status, JSON_FIELDS, json.dumps(answer).encode())


def test_every_choice_that_a_schema_leaves_is_a_sight() -> None:
    made = contract(
        """{type: object, required: [n], properties: {
            n: {type: [integer, 'null']}, e: {enum: [x, y]}, b: {type: boolean},
            l: {type: array, items: {type: string}}, m: {type: object, additionalProperties: {type: 'string'}},
            u: {anyOf: [{type: string}, {type: integer}]}, f: {type: array, minItems: 1, items: {}}}}"""
    )
    assert sights(made) == {
        (Kind.NULL, "/n", "null"),
        (Kind.NULL, "/n", "not null"),
        *((Kind.MEMBER, f"/{name}", what) for name in "eblmuf" for what in ("present", "absent")),
        (Kind.VALUE, "/e", '"x"'),
        (Kind.VALUE, "/e", '"y"'),
        (Kind.VALUE, "/b", "true"),
        (Kind.VALUE, "/b", "false"),
        (Kind.ARRAY, "/l", "empty"),
        (Kind.ARRAY, "/l", "not empty"),
        (Kind.ENTRY, "/m/*", "present"),
        (Kind.BRANCH, "/u", "0"),
        (Kind.BRANCH, "/u", "1"),
    }


def test_a_schema_that_says_nothing_leaves_no_choice_to_watch() -> None:
    assert sights(contract("{}")) == set()


def test_what_only_one_direction_has_is_no_sight_of_the_other() -> None:
    schema = (
        "{properties: {id: {type: string, readOnly: true}, key: {type: string, writeOnly: true}}}"
    )
    made = contract(schema, schema)
    assert {place for _, place, _ in sights(made)} == {"/key"}
    assert {place for kind, place, _ in sights(made, "answer") if kind is Kind.MEMBER} == {"/id"}


def test_statuses_header_fields_media_types_and_parameters_are_sights() -> None:
    text = """
    openapi: 3.1.0
    info: {title: T, version: '1'}
    paths:
      /a:
        get:
          parameters:
            - {name: q, in: query, schema: {enum: [x, y]}}
            - {name: h, in: header, required: true, schema: {type: string}}
          responses:
            '200':
              description: ok
              headers: {ETag: {schema: {type: string}}}
              content: {application/json: {schema: {}}, text/plain: {}}
            '404': {description: gone}
    """
    made = build(lift(parse(dedent(text), "t.yaml")))
    assert sights(made) == {
        (Kind.PARAMETER, "query q", what) for what in ("present", "absent", "x", "y")
    }
    assert sights(made, "answer") == {
        (Kind.STATUS, "", "200"),
        (Kind.STATUS, "", "404"),
        (Kind.HEADER, "header ETag", "present"),
        (Kind.MEDIA_TYPE, "", "application/json"),
        (Kind.MEDIA_TYPE, "", "text/plain"),
    }
    tally = Tally(made)
    fields = (("etag", "1"), ("content-type", "text/plain; charset=utf-8"))
    tally.see(Request("GET", "/a?q=x"), Answer(200, fields, b"t"))
    assert unseen(tally) == {
        (Kind.PARAMETER, "query q", "absent"),
        (Kind.PARAMETER, "query q", "y"),
    }
    assert unseen(tally, "answer") == {
        (Kind.STATUS, "", "404"),
        (Kind.MEDIA_TYPE, "", "application/json"),
    }


def test_a_schema_that_contains_itself_is_watched_once() -> None:
    made = contract(
        "{$ref: '#/components/schemas/Tree'}",
        schemas="{Tree: {properties: {next: {$ref: '#/components/schemas/Tree'}}}}",
    )
    tally = Tally(made)
    tally.see(*asked({"next": {"next": {}}}))
    assert unseen(tally) == set()


def test_a_branch_of_the_same_type_is_told_by_its_schema() -> None:
    one, two = "{required: [a], properties: {a: {type: integer}}}", "{required: [b]}"
    tally = Tally(contract(f"{{oneOf: [{one}, {two}]}}"))
    tally.see(*asked({"a": 1}))
    assert unseen(tally) == {(Kind.BRANCH, "", "1")}


def test_what_is_sent_counts_as_seen_only_where_it_is_accepted() -> None:
    tally = Tally(contract("{properties: {a: {type: [integer, 'null']}}}"))
    tally.see(*asked({"a": None}, status=400))
    reasons = {(u.sight.kind, u.sight.what): u.reason for u in tally.observation().never}
    assert reasons[Kind.NULL, "null"] == "sent, and never accepted"
    assert reasons[Kind.MEMBER, "absent"] == "no request of this operation was accepted"
    tally.see(*asked({"a": 1}))
    reasons = {(u.sight.kind, u.sight.what): u.reason for u in tally.observation().never}
    assert reasons[Kind.NULL, "null"] == "sent, and never accepted"
    assert reasons[Kind.MEMBER, "absent"] == "never sent"
    assert (Kind.NULL, "not null") not in reasons


def test_what_stands_within_something_unseen_is_counted_there() -> None:
    inner = "{type: [object, 'null'], properties: {c: {type: boolean}}}"
    tally = Tally(contract("{}", f"{{properties: {{a: {inner}}}}}"))
    tally.see(*asked({}, answer={"a": None}))
    never = tally.observation().never
    assert {u.under for u in never if u.sight.place == "/a/c"} == {"/a"}
    (section,) = [s for s in by_kind(tally.observation()) if s.title == "answer: null"]
    (row,) = section.rows
    assert (row.what, row.more) == ("answer 200 /a not null", 4)


def test_an_operation_that_was_never_asked_is_not_reached() -> None:
    observation = Tally(contract("{properties: {a: {type: boolean}}}")).observation()
    assert observation.seen == 0
    assert {each.reason.partition(":")[0] for each in observation.never} == {"not reached"}
    assert list(never_lines(observation)) == [
        "POST /a",
        "  the operation: not reached: no request of this operation was sent (and 4 within it)",
    ]


def test_a_contract_without_a_choice_is_seen_whole() -> None:
    text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
    observation = Tally(build(lift(parse(text, "t.yaml")))).observation()
    assert observation.percent == 100.0
    assert seen_line(observation) == "observed 100.0 % of what the contract allows"


def test_a_document_with_too_many_sights_is_watched_by_its_schemas() -> None:
    made = build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))
    every, shared = allowed(made).sights, allowed(made, limit=100).sights
    assert len(shared) < len(every)
    assert {(s.way, s.pointer, s.what) for s in shared if s.status == "200"} == {
        (s.way, s.pointer, s.what) for s in every if s.status == "200"
    }


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False)
    | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ANY = contract(
    """{properties: {a: {$ref: '#/components/schemas/A'}, b: {enum: [1, true, 'x', null]},
        c: {type: array, items: {$ref: '#/components/schemas/A'}}}}""",
    "{anyOf: [{type: integer}, {$ref: '#/components/schemas/A'}, {type: 'null'}]}",
    schemas="""{A: {additionalProperties: {type: [boolean, 'null']},
        allOf: [{properties: {x: {enum: [a, b]}}}, {properties: {b: {type: [number, 'null']}}}]}}""",
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(VALUES, VALUES, st.sampled_from([200, 400])), max_size=4))
def test_whatever_is_exchanged_only_adds_to_what_was_seen(
    exchanges: list[tuple[Json, Json, int]],
) -> None:
    tally = Tally(ANY)
    before = len(tally.observation().never)
    for body, answer, status in exchanges:
        tally.see(*asked(body, status, answer))
        observation = tally.observation()
        assert len(observation.never) <= before
        assert observation.seen + len(observation.never) == observation.total
        before = len(observation.never)
        tally.see(*asked(body, status, answer))
        assert tally.observation() == observation


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
def test_a_body_that_is_no_json_shows_nothing_and_stops_nothing(body: bytes) -> None:
    tally = Tally(contract("{properties: {a: {type: integer}}}"))
    tally.see(Request("POST", "/a", JSON_FIELDS, body), Answer(500, JSON_FIELDS, body))
    tally.see(Request("POST", "/b", JSON_FIELDS, body), Answer(0, failure="gone"))
    assert (Kind.MEMBER, "/a", "absent") in unseen(tally)


@pytest.fixture(scope="module")
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


class Counted(Tally):
    """Notes how often it looked on."""

    looks = 0

    def see(self, request: Request, answer: Answer) -> None:
        self.looks += 1
        super().see(request, answer)


@pytest.fixture(scope="module")
def watched(vendored: Contract) -> tuple[Result, Counted, int]:
    """A whole run, what looked on, and how many requests were sent."""
    plan(vendored)
    tally = Counted(vendored)
    target = in_process(vendored, sandbox(vendored, key="sesame-7"), key="sesame-7")
    result = run(vendored, replace(target, exchange=Observed(target.exchange, tally)))
    sent = target.meter.requests
    target.close()
    return result, tally, sent


def test_every_choice_of_the_requests_is_seen_in_a_run(
    watched: tuple[Result, Counted, int],
) -> None:
    result, tally, _ = watched
    observation = tally.observation()
    assert [each.sight for each in observation.never if each.sight.way == "request"] == []
    null = (Kind.NULL, "/current_deployment", "not null")
    assert null in unseen(tally, "answer"), "the sandbox never deploys anything"
    told = json.loads(report_json(replace(result, observed=observation), (), Mask({})))
    assert len(told["observed"]["never"]) == len(observation.never)
    assert told["observed"]["shares"][0]["kind"] == "status"


def test_each_exchange_is_looked_at_once(watched: tuple[Result, Counted, int]) -> None:
    _, tally, sent = watched
    assert 0 < sent == tally.looks


def test_looking_on_costs_little() -> None:
    """Calls are counted, not seconds: forty times the items, no more than that of the work."""

    def calls(items: int) -> int:
        tally = Tally(contract("{type: array, items: {properties: {a: {type: integer}}}}"))
        body = json.dumps([{"a": 1}] * items).encode()
        profile = cProfile.Profile()
        profile.runcall(
            tally.see, Request("POST", "/a", JSON_FIELDS, body), Answer(200, JSON_FIELDS, body)
        )
        return sum(each.callcount for each in profile.getstats())

    assert 100 < calls(400) < 45 * calls(10)


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(ROOT)
    return Line(capsys)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document and a module with a server that keeps it."""
    spec = tmp_path / "t.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
        "        '200': {description: ok, content: {application/json: {schema:"
        " {type: [boolean, 'null']}}}}\n"
    )
    (tmp_path / "tiny_server.py").write_text(
        "async def app(scope, receive, send):\n"
        "    status = 404 if scope['path'] != '/a' else 200 if scope['method'] == 'GET' else 405\n"
        "    await send({'type': 'http.response.start', 'status': status,"
        " 'headers': [(b'content-type', b'application/json'), (b'allow', b'GET')]})\n"
        "    await send({'type': 'http.response.body', 'body': b'true'})\n"
    )
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    return spec


def test_fail_under_is_one_line_and_verbose_lists_what_was_never_seen(
    line: Line, tiny: Path
) -> None:
    words = ("test", "tiny_server:app", "--spec", tiny, "--budget", "0.9s")
    assert line(*words, "--verbose") == 0
    assert "observed 60.0 % of what the contract allows (3 of 5)" in line.out
    assert "answer 200 null: no answer showed it, and only the server can produce it" in line.out
    assert line(*words, "--fail-under", "60") == 0
    assert "never seen: --verbose lists it" in line.out
    assert line(*words, "--fail-under", "61") == 1
    assert line.refused() == (
        "observed 60.0 % of what the contract allows, under --fail-under 61\n"
    )


def test_a_sight_is_told_with_its_clause() -> None:
    found = allowed(contract("{properties: {a: {type: integer}}}")).sights
    assert found[1] == Sight(
        Kind.MEMBER,
        "request",
        "POST /a",
        "#/paths/~1a/post/requestBody/content/application~1json/schema/properties/a",
        "/a",
        "present",
    )
