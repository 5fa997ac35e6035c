"""Own checks and values: rules like all others, from the command line and from the project."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts import Call, check, values
from tallystick_contracts.exchange import Message, Receive, Send
from tallystick_contracts.probes.ground import Ground
from tallystick_contracts.registry import CHECKS, VALUES, load_checks
from tallystick_contracts.report import Mask, finding_text
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Law, Result, Standing, Verdict

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
KEY = "sesame-open-7"


@cache
def shelves() -> Contract:
    return build(load(HERE / "safety_shelves.yaml", []))


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    path = list(sys.path)
    yield
    CHECKS.clear()
    VALUES.clear()
    sys.path[:] = path


def tried(name: str, echo: bool = False) -> Result:
    inner = sandbox(shelves(), key=KEY)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        async def echoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [each for each in scope["headers"] if each[0] == b"x-request-id"]
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        await inner(scope, receive, echoing if echo else send)

    target = in_process(shelves(), app, key=KEY)
    try:
        cases = [each for each in plan(shelves()) if each.rule.name == name]
        return run(shelves(), target, cases=cases)
    finally:
        target.close()


def of(result: Result, name: str) -> list[Verdict]:
    return [each for each in result.verdicts if each.rule == name]


def loaded(folder: Path, number: int) -> None:
    """An example of the page, as a module of checks."""
    text = (DOCS / "own-checks.md").read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[number]
    (folder / f"example_{number}.py").write_text(example, encoding="utf-8")
    load_checks([f"example_{number}"], folder)


def test_the_check_of_the_page_holds_where_the_promise_does_and_is_broken_elsewhere(
    tmp_path: Path,
) -> None:
    loaded(tmp_path, 0)
    held = of(tried("request_ids_come_back", echo=True), "request_ids_come_back")
    assert {each.standing for each in held} == {Standing.HELD}
    assert {each.subject.operation.split()[0] for each in held} == {"GET"}
    broken = of(tried("request_ids_come_back"), "request_ids_come_back")
    assert {each.standing for each in broken} == {Standing.BROKEN}
    text = finding_text(broken[0], "in process", Mask({KEY: "API_KEY"}))
    assert "expected: A request id comes back." in text
    assert "observed: The X-Request-Id that was sent is not in the answer." in text
    assert "X-Request-Id: abc" in text
    assert KEY not in text


def test_the_values_of_the_page_come_first_where_they_fit(tmp_path: Path) -> None:
    loaded(tmp_path, 1)
    assert set(VALUES) == {"isbn", "#/components/schemas/Book/properties/shelf"}
    assert next(iter(VALUES["isbn"](random.Random(1)))) == "978-3-16-148410-0"


def test_what_a_check_creates_is_removed_and_its_items_are_new() -> None:
    seen: list[object] = []

    @check("Nothing is shared.", operations=["GET /shelves/*", "POST /shelves"])
    def nothing_is_shared(call: Call) -> str | None:
        assert call.send().accepted
        seen.append(call.body if call.operation.method == "POST" else dict(call.path))
        return None

    result = tried("nothing_is_shared")
    assert {each.standing for each in of(result, "nothing_is_shared")} == {Standing.HELD}
    assert len({str(each) for each in seen}) == len(seen) == 3
    assert result.residue == ()
    assert result.removed > 0


def test_a_failed_assertion_is_a_finding_and_a_skip_has_its_reason() -> None:
    @check("It asserts.", operations="POST /shelves", law="reads")
    def it_asserts(call: Call) -> str | None:
        assert call.send().status == 418, "It is no teapot."
        return None

    @check("It skips.", operations="POST /shelves")
    def it_skips(call: Call) -> str | None:
        call.skip("there is no reason")
        return None

    @check("It does nothing.", operations="POST /shelves")
    def it_does_nothing(call: Call) -> str | None:
        return None

    (found,) = of(tried("it_asserts"), "it_asserts")
    assert found.law is Law.READS
    assert found.finding is not None
    assert found.finding.observation.startswith("It is no teapot.")
    (skipped,) = of(tried("it_skips"), "it_skips")
    assert (skipped.standing, skipped.reason) == (Standing.NOT_REACHED, "there is no reason")
    (idle,) = of(tried("it_does_nothing"), "it_does_nothing")
    assert (idle.standing, idle.reason) == (Standing.NOT_REACHED, "the check sent nothing")


def test_a_check_that_is_wrong_itself_is_told_as_such() -> None:
    @check("It fails.", operations="POST /shelves")
    def it_fails(call: Call) -> str | None:
        return str(call.body["nothing"])  # type: ignore[index,call-overload]

    with pytest.raises(UsageError, match="the check 'it_fails' raised KeyError"):
        tried("it_fails")


def test_a_law_that_is_none_and_a_name_that_is_taken_are_refused() -> None:
    with pytest.raises(UsageError, match="no law 'gravity'"):
        check("It falls.", law="gravity")

    @check("It is taken.")
    def reads_repeat(call: Call) -> str | None:
        return None

    with pytest.raises(UsageError, match="'reads_repeat' has the name of a rule"):
        plan(shelves())


def test_a_module_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    (tmp_path / "torn_checks.py").write_text("1 / 0\n")
    with pytest.raises(UsageError, match="'torn_checks' cannot be imported: division by zero"):
        load_checks(["torn_checks"], tmp_path)


def test_own_values_are_sent() -> None:
    pointer = "#/components/schemas/Thing/properties/size"

    @values(pointer)
    def sizes(source: random.Random) -> list[object]:
        return ["no number", 4711]

    base = Ground(shelves(), 99)
    assert base.samples.examples(pointer) == (4711,)
    create = next(each for each in shelves().operations if each.key == "POST /shelves")
    body = base.full(create)
    assert isinstance(body, dict)
    assert body["size"] == 4711
