"""A finding as a pytest file of its own: it passes once the server keeps the contract."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..findings import Cause, Recipe, Variable, expected
from ..findings.recipe import SETTLE, Source
from ..mask import Mask
from ..verdicts import Claim, Kind, Step
from .pytest_asserts import HELPERS, condition, needs
from .pytest_values import Written, fresh_value, written_text


def pytest_file(cause: Cause, origin: str, mask: Mask) -> str:
    """The text of ``test_<id>.py``: plain pytest and httpx2, nothing of this project.

    It asserts what the contract says, never what the server was seen to do. The URL and the
    secrets come from environment variables.
    """
    if not cause.recipe.claims:
        return _asking_the_rule(cause, origin, mask)
    body = _steps(cause.recipe, mask)
    text = "\n".join(body)
    parts = [
        _docstring(cause, origin, mask),
        _imports(text),
        _constants(origin, text, mask),
        *(HELPERS[name] for name in needs(text)),
        f"def test_{_name(cause, mask)}() -> None:\n"
        "    with httpx2.Client(base_url=URL, timeout=30) as server:\n"
        + "\n".join(f"        {line}" if line else "" for line in body),
    ]
    return "\n\n".join(parts[:3]) + "\n\n\n" + "\n\n\n".join(parts[3:]) + "\n"


def _name(cause: Cause, mask: Mask) -> str:
    return re.sub(r"\W", "_", mask.text(cause.rule)) or "finding"


def _docstring(cause: Cause, origin: str, mask: Mask) -> str:
    finding = cause.finding
    lines = [
        f"{cause.rule}: {cause.operation} (finding {cause.id}, {cause.severity.word})",
        "",
        f"Promise:  {cause.promise}",
        f"Expected: {finding.expectation}",
        f"Clause:   {cause.clause}",
        f"Seen when it was found: {finding.observation}",
        "",
        "It fails as long as the fault is there and passes when it is mended:",
        "",
        f"    TALLYSTICK_URL={_url(origin)} pytest test_{cause.id}.py",
    ]
    clean = [mask.text(line) for line in lines]
    plain = "\n".join("".join(c if c.isprintable() else "?" for c in line) for line in clean)
    return '"""' + plain.replace("\\", "\\\\").replace('"""', "'''").rstrip('"') + '\n"""'


def _url(origin: str) -> str:
    return origin if "://" in origin else "http://127.0.0.1:8000"


def _imports(text: str) -> str:
    """What the test and the helpers that it needs import."""
    code = "\n".join((text, *(HELPERS[name] for name in needs(text))))
    modules = ("base64", "json", "random", "time", "uuid")
    wanted = [name for name in modules if f"{name}." in code]
    lines = [f"import {name}" for name in sorted({*wanted, "os"})]
    if "ThreadPoolExecutor" in code:
        lines.append("from concurrent.futures import ThreadPoolExecutor")
    quoting = [name for name in ("quote", "quote_plus") if re.search(rf"\b{name}\(", code)]
    if quoting:
        lines.append(f"from urllib.parse import {', '.join(quoting)}")
    third = ["import httpx2"]
    if "jsonschema_rs" in code:
        third.append("import jsonschema_rs")
    return "\n".join(lines) + "\n\n" + "\n".join(third)


def _constants(origin: str, text: str, mask: Mask) -> str:
    lines = [f"URL = os.environ.get('TALLYSTICK_URL', {_url(origin)!r})"]
    for variable in dict.fromkeys(mask.secrets.values()):
        if re.search(rf"\b{re.escape(variable)}\b", text):
            lines.append(f"{variable} = os.environ[{variable!r}]")
    return "\n".join(lines)


# --- the steps ---------------------------------------------------------------------------------


def _steps(recipe: Recipe, mask: Mask) -> list[str]:
    known: list[Variable] = []
    lines: list[str] = []
    for variable in recipe.variables:
        if variable.source is Source.FRESH:
            lines.append(f"{variable.name} = {fresh_value(variable)}")
            known.append(variable)
    if lines:
        lines.append("")
    index = 0
    while index < len(recipe.steps):
        if index in recipe.block:
            lines += _together(recipe, known, mask)
            index = recipe.block[-1] + 1
            continue
        lines += _one(recipe, index, known, mask)
        for variable in recipe.variables:
            if variable.source is Source.ANSWER and variable.step == index:
                path = ", ".join(repr(each) for each in variable.path)
                lines.append(f"{variable.name} = read(answer{index + 1}, {path})")
                known.append(variable)
        lines.append("")
        index += 1
    return lines[:-1]


def _one(recipe: Recipe, index: int, known: Sequence[Variable], mask: Mask) -> list[str]:
    step, name = recipe.steps[index], f"answer{index + 1}"
    claims = [
        each for each in recipe.claims if each.step == index and each.kind is not Kind.ACCEPTED
    ]
    call = _call(step, known, mask)
    lines = [f"{name} = {call[0]}", *call[1:]]
    comes = [each for each in claims if each.kind not in (Kind.SAME, Kind.NONE_OF, Kind.UNLISTED)]
    last = index == len(recipe.steps) - 1 and step.request.method == "GET"
    if last and comes and index:
        wait = max(recipe.patience, SETTLE)
        test = " and ".join(_condition(each, recipe, known, mask) for each in comes)
        lines += [
            f"deadline = time.monotonic() + {wait:g}",
            f"while not ({test}) and time.monotonic() < deadline:",
            "    time.sleep(0.2)",
            f"    {name} = {call[0]}",
            *(f"    {line}" for line in call[1:]),
        ]
    if not claims and step.answer.accepted:
        lines.append(f"assert {name}.is_success, {name}.text")
    return [*lines, *(line for each in claims for line in _asserted(each, recipe, known, mask))]


def _asserted(claim: Claim, recipe: Recipe, known: Sequence[Variable], mask: Mask) -> list[str]:
    said = mask.text(expected(claim))
    return [
        f"assert {_condition(claim, recipe, known, mask)}, (",
        f"    {said!r}",
        f"    f'; got {{answer{claim.step + 1}.status_code}} {{answer{claim.step + 1}.text}}'",
        ")",
    ]


def _condition(claim: Claim, recipe: Recipe, known: Sequence[Variable], mask: Mask) -> str:
    value = written_text(claim.value, _variables_of(claim, known), mask)
    return condition(claim, value, list(dict.fromkeys(mask.secrets.values())))


def _variables_of(claim: Claim, known: Sequence[Variable]) -> list[Variable]:
    """Which values of a claim are names: all texts, numbers only where an id is meant."""
    names = claim.kind in (Kind.LISTED, Kind.UNLISTED, Kind.LISTED_SAME)
    return [v for v in known if names or isinstance(v.value, str) or claim.path == v.path]


def _together(recipe: Recipe, known: Sequence[Variable], mask: Mask) -> list[str]:
    lines = ["requests = ["]
    for index in recipe.block:
        call = _call(recipe.steps[index], known, mask)
        lines += [f"    lambda: {call[0]}", *(f"    {line}" for line in call[1:-1])]
        lines.append(f"    {call[-1]}," if len(call) > 1 else "")
    lines += [
        "]",
        "with ThreadPoolExecutor(len(requests)) as threads:",
        "    answers = list(threads.map(lambda send: send(), requests))",
    ]
    for claim in recipe.claims:
        if claim.kind is Kind.ACCEPTED:
            lines += [
                "won = sum(answer.is_success for answer in answers)",
                f"assert won == {claim.value}, f'{{won}} of {{len(answers)}} were accepted'",
            ]
    return [*(line for line in lines if line), ""]


def _call(step: Step, known: Sequence[Variable], mask: Mask) -> list[str]:
    """The call that sends a step, in lines."""
    writing = Written(known, mask)
    request = step.request
    lines = [
        "server.request(",
        f"    {request.method!r},",
        f"    {writing.target(request.target)},",
    ]
    if request.headers:
        lines.append(f"    headers={writing.headers(request.headers)},")
    if request.body is not None:
        content = _laid_out(writing.body(request.body))
        lines += [f"    content={content[0]}", *(f"    {line}" for line in content[1:])]
        lines[-1] += ","
    return [*lines, ")"]


def _laid_out(text: str) -> list[str]:
    return text.split("\n")


def _asking_the_rule(cause: Cause, origin: str, mask: Mask) -> str:
    """For a rule that says no expectation as data: the rule itself is asked again."""
    return (
        _docstring(cause, origin, mask)
        + f"""

import os
import subprocess
import sys
from pathlib import Path

URL = os.environ.get("TALLYSTICK_URL", {_url(origin)!r})
SPEC = os.environ.get("TALLYSTICK_SPEC", "")


def test_{_name(cause, mask)}() -> None:
    finding = str(Path(__file__).with_name({cause.id + ".json"!r}))
    spec = ["--spec", SPEC] if SPEC else []
    command = [sys.executable, "-m", "tallystick", "replay", finding, URL, *spec]
    replayed = subprocess.run(command, check=False, capture_output=True, text=True)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
"""
    )
