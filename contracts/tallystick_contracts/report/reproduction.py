"""A finding as shell lines that replay it: a name that is fresh each time, ids of earlier answers."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from ..findings import Recipe, Variable
from ..findings.recipe import MADE_UP, Source
from ..mask import Mask
from .curl import curl_line


def shell_lines(recipe: Recipe, origin: str, mask: Mask) -> tuple[str, ...]:
    """Lines for a POSIX shell: one that makes each fresh name, one for each step.

    What was sent at the same time is sent in the background, and waited for.
    """
    lines: list[str] = []
    values: dict[str, str] = {}
    for variable in recipe.variables:
        part = _part(variable)
        if part and variable.source is Source.FRESH:
            more = f"-{len(values) + 1}" if values else ""
            lines.append(f'{variable.name.upper()}="ts$(date +%s)-$${more}"')
            values[part] = variable.name.upper()
    for index, step in enumerate(recipe.steps):
        line = curl_line(step.request, origin, replace(mask, names=values))
        line += " &" if index in recipe.block else ""
        taken = next((v for v in recipe.variables if _taken(v, index)), None)
        if taken is not None:
            line, values = _keeping(line, taken, values)
        lines.append(line)
        if recipe.block and index == recipe.block[-1]:
            lines.append("wait")
    return tuple(lines)


def _part(variable: Variable) -> str:
    """The part of a name that is made anew; empty where none can be told from other text."""
    found = MADE_UP.search(str(variable.value))
    return found.group() if found else ""


def _taken(variable: Variable, index: int) -> bool:
    told = len(str(variable.value)) >= 4
    return variable.source is Source.ANSWER and variable.step == index and told


def _keeping(
    line: str, variable: Variable, values: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The line with the answered id in a shell variable."""
    path = "".join(f"[{each!r}]" for each in variable.path)
    reader = shlex.quote(f"import json, sys; print(json.load(sys.stdin){path})")
    name = variable.name.upper()
    known = {**values, str(variable.value): name}
    return f"{name}=$({line} -s | python3 -c {reader})", known
