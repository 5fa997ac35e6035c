"""Answers as data: whether an operation declares one, whatever the values of its schemas are."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import Operation, Response
from tallystick.document import Json

from .media import covering


def covering_answer(operation: Operation, status: int) -> Response | None:
    """The declaration of a status: its code, its range, or ``default``.

    ``default`` says nothing of a success where successes are declared: documents mean errors by it.
    """
    found = operation.response(status)
    silent = 200 <= status < 300 and operation.success is not None
    return None if found is not None and found.status == "default" and silent else found


def refusal(operation: Operation, answer: Mapping[str, Json]) -> str | None:
    """Why an operation does not declare an answer (``status``, ``headers``, ``body``): a pointer into it."""
    status = answer.get("status")
    declared = covering_answer(operation, status) if isinstance(status, int) else None
    if declared is None:
        return "/status"
    headers = answer.get("headers")
    held = headers if isinstance(headers, dict) else {}
    names = {name.lower(): str(value) for name, value in held.items()}
    if any(each.required and each.name.lower() not in names for each in declared.headers):
        return "/headers"
    if "body" not in answer:
        return "" if declared.content and operation.method != "HEAD" else None
    if not declared.content:
        return "/body"
    given = names.get("content-type", "")
    return None if covering(given, declared.content) is not None else "/headers/Content-Type"
