"""The error that says most: the one inside an ``anyOf`` or ``oneOf`` that the author meant."""

from __future__ import annotations

from jsonschema_rs import ValidationError, ValidationErrorKind

_WRONG_TYPE = 2
_WRONG_VALUE = 1


def relevant(error: ValidationError) -> list[ValidationError]:
    """``error``, or where a union refuses: the errors of the branch that fits best.

    A branch whose errors lie deeper in the value fits better than one that refuses the value
    itself; null fits worst. Where no branch fits better than the others, ``error`` is the answer.
    """
    kind = error.kind
    if not isinstance(kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        return [error]
    here = len(error.instance_path)
    branches = [
        [leaf for each in branch for leaf in relevant(each)]
        for branch in kind.context
        if branch and not _is_null(branch)
    ]
    fitting = [branch for branch in branches if not _misfit(branch, here)]
    if fitting:
        best = max(map(_fit, fitting))
        return _agreed([branch for branch in fitting if _fit(branch) == best]) or [error]
    near = [branch for branch in branches if _misfit(branch, here) == _WRONG_VALUE] or branches
    return _agreed(near) or [error]


def _agreed(branches: list[list[ValidationError]]) -> list[ValidationError] | None:
    """The errors of ``branches`` if all say the same."""
    said = {tuple(each.message for each in branch) for branch in branches}
    return branches[0] if len(said) == 1 else None


def _is_null(branch: list[ValidationError]) -> bool:
    kind = branch[0].kind
    return isinstance(kind, ValidationErrorKind.Type) and kind.types == ["null"]


def _fit(branch: list[ValidationError]) -> tuple[int, int]:
    """How well the branch fits: by the depth of its errors, then by their number."""
    return max(len(error.instance_path) for error in branch), -len(branch)


def _misfit(branch: list[ValidationError], here: int) -> int:
    """How far the branch is from being meant: by its refusals of the value itself."""
    own = [_refusal(error) for error in branch if len(error.instance_path) == here]
    return max(own, default=0)


def _refusal(error: ValidationError) -> int:
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.Type):
        return _WRONG_TYPE
    if isinstance(kind, ValidationErrorKind.Required):
        return _WRONG_VALUE if kind.property == "$ref" else 0
    told = isinstance(kind, ValidationErrorKind.Constant | ValidationErrorKind.Enum)
    return _WRONG_VALUE if told else 0
