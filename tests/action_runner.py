"""A runner of composite actions, as far as action.yml needs one: it runs the `run` of every step.

What is asked of it is what GitHub documents: `if`, `env`, `working-directory`, the files behind
GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, and the commands that a step prints.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_COMMAND = re.compile(r"::(?P<name>[^:\s]+)(?: [^:]*)?::(?P<value>.*)")


@dataclass(slots=True)
class Step:
    """A step that was run, or was to use another action."""

    name: str
    outcome: str = "success"
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    log: str = ""
    commands: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Those which the runner obeyed."""
    uses: str = ""
    given: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Done:
    """An action that has run."""

    steps: dict[str, Step]
    outputs: dict[str, str]
    summary: str

    @property
    def failed(self) -> set[str]:
        """The names of the steps that failed."""
        return {each.name for each in self.steps.values() if each.outcome == "failure"}

    @property
    def names(self) -> list[str]:
        """The names of the steps that were run."""
        return list(self.steps)


class Runner:
    """Runs the action at ``action`` in ``workspace``."""

    def __init__(
        self, action: Path, workspace: Path, temp: Path, environment: Mapping[str, str]
    ) -> None:
        self._action: dict[str, Any] = yaml.safe_load(action.read_text(encoding="utf-8"))
        self._workspace, self._temp = workspace, temp
        self._environment = dict(environment) | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(action.parent),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temp),
        }
        temp.mkdir()

    def __call__(self, inputs: Mapping[str, str], base_ref: str = "") -> Done:
        """Run every step, in order."""
        known: dict[str, dict[str, str]] = self._action["inputs"]
        assert set(inputs) <= set(known)
        values = {"github.base_ref": base_ref}
        for name, each in known.items():
            values[f"inputs.{name}"] = inputs.get(name, filled(each["default"], values))
        steps: dict[str, Step] = {}
        summary = self._temp / "summary.md"
        summary.write_text("")
        for number, step in enumerate(self._action["runs"]["steps"]):
            if not holds(step.get("if", ""), values):
                continue
            done = self._one(step, values, number, summary)
            steps[done.name] = done
            if "id" in step:
                place = f"steps.{step['id']}"
                values[f"{place}.outcome"] = done.outcome
                values |= {f"{place}.outputs.{key}": text for key, text in done.outputs.items()}
        outputs = {
            name: filled(each["value"], values) for name, each in self._action["outputs"].items()
        }
        return Done(steps, outputs, summary.read_text(encoding="utf-8"))

    def _one(
        self, step: dict[str, Any], values: Mapping[str, str], number: int, summary: Path
    ) -> Step:
        done = Step(step["name"])
        if "uses" in step:
            done.uses = step["uses"]
            done.given = {key: filled(str(text), values) for key, text in step["with"].items()}
            return done
        assert step["shell"] == "bash"
        output = self._temp / f"output-{number}"
        output.write_text("")
        env = {key: filled(text, values) for key, text in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            check=False,
            cwd=self._workspace / filled(step.get("working-directory", "."), values),
            env=self._environment | env | files,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        done.outcome = "failure" if ran.returncode else "success"
        done.outputs = outputs(output.read_text(encoding="utf-8"))
        done.log, done.commands = obeyed(ran.stdout)
        return done


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its expressions replaced: names alone, and nothing where there is no such value."""
    return _EXPRESSION.sub(lambda found: values.get(found[1], ""), text)


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Whether an ``if`` holds: terms joined by ``&&``; without a status function, ``success()``."""
    found = _EXPRESSION.fullmatch(condition)
    terms = (found[1] if found else condition).split(" && ") if condition else []
    return all(_term(each, values) for each in terms)


def _term(term: str, values: Mapping[str, str]) -> bool:
    if term == "!cancelled()":
        return True
    left, sign, right = term.partition(" != " if " != " in term else " == ")
    assert sign, term
    assert right[0] == right[-1] == "'"
    return (values.get(left, "") == right[1:-1]) is (sign == " == ")


def outputs(text: str) -> dict[str, str]:
    """What a file of outputs says: ``name=value``, or ``name<<END``, lines, ``END``."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if "<<" in line and "=" not in line.partition("<<")[0]:
            name, _, end = line.partition("<<")
            held = []
            for each in lines:
                if each == end:
                    break
                held.append(each)
            else:
                raise AssertionError(f"{name} has no end")
            found[name] = "\n".join(held)
        elif line:
            name, sign, value = line.partition("=")
            assert sign, line
            found[name] = value
    return found


def obeyed(log: str) -> tuple[str, list[tuple[str, str]]]:
    """A log as the runner shows it, masked, and the commands that it obeyed."""
    commands: list[tuple[str, str]] = []
    stopped = ""
    for line in log.splitlines():
        found = _COMMAND.fullmatch(line)
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif found:
            commands.append((found["name"], found["value"]))
            stopped = found["value"] if found["name"] == "stop-commands" else ""
    assert not stopped, "commands were stopped and not resumed"
    for name, value in commands:
        if name == "add-mask":
            log = log.replace(value.replace("%25", "%"), "***")
    return log, [each for each in commands if each[0] != "stop-commands"]
