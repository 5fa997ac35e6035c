"""Whom each kind of change breaks: written down by hand, not taken from what is tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tallystick.evolve import READERS, Direction, Reader, Severity

_Row: TypeAlias = tuple[Severity, Severity, Severity]
_B: Severity = "breaking"
_R: Severity = "risky"
_C: Severity = "compatible"

# For each direction: typed client, hand-written client, server.
_NARROWED = {"request": (_B, _B, _C), "response": (_C, _C, _B), "both": (_B, _B, _B)}
_WIDENED = {"request": (_C, _C, _B), "response": (_B, _B, _C), "both": (_B, _B, _B)}
_TOLERATED = {"request": (_C, _C, _B), "response": (_B, _R, _C), "both": (_B, _R, _B)}
_CHANGED = dict.fromkeys(("request", "response", "both"), (_B, _B, _B))
_MEANS = dict.fromkeys(("request", "response", "both"), (_R, _R, _R))

_NOBODY = dict.fromkeys(("request", "response", "both"), (_C, _C, _C))


def _rows(typed: Severity, by_hand: Severity, server: Severity) -> Mapping[str, _Row]:
    """What is the same in every direction in which it is found."""
    return dict.fromkeys(("request", "response", "both"), (typed, by_hand, server))


_ROWS: Mapping[str, Mapping[str, _Row]] = {
    "null-admitted": _WIDENED,
    "null-refused": _NARROWED,
    "type-added": _WIDENED,
    "type-removed": _NARROWED,
    "type-changed": _CHANGED,
    "integer-to-number": _WIDENED,
    "number-to-integer": _NARROWED,
    "enum-value-added": _TOLERATED,
    "enum-value-removed": _NARROWED,
    "enum-value-recased": _CHANGED,
    "enum-opened": _TOLERATED,
    "enum-closed": _NARROWED,
    "bound-narrowed": _NARROWED,
    "bound-widened": _TOLERATED,
    "pattern-changed": _CHANGED,
    "pattern-added": _NARROWED,
    "pattern-removed": _TOLERATED,
    "format-changed": _CHANGED,
    "format-added": _NARROWED,
    "format-removed": _TOLERATED,
    "items-unique": _NARROWED,
    "items-may-repeat": _TOLERATED,
    # Only a member that nobody described shows it: it is no more than a risk.
    "member-added": {"request": (_R, _R, _R), "response": (_C, _C, _R), "both": (_R, _R, _R)},
    "member-admitted": _TOLERATED,
    "required-member-admitted": _CHANGED,
    # What is sent is accepted and ignored.
    "member-removed": {"request": (_R, _R, _R), "response": (_R, _R, _C), "both": (_R, _R, _R)},
    "required-member-removed": {
        "request": (_R, _R, _B),
        "response": (_B, _B, _C),
        "both": (_B, _B, _B),
    },
    "member-refused": _NARROWED,
    "required-member-refused": _CHANGED,
    "member-required": _NARROWED,
    "member-optional": _WIDENED,
    # A hand-written client finds no optional member where it looks, which it had to expect.
    "member-moved": {"request": (_B, _B, _B), "response": (_B, _R, _B), "both": (_B, _B, _B)},
    "object-opened": _TOLERATED,
    "object-closed": _NARROWED,
    "branch-added": _WIDENED,
    "branch-removed": _NARROWED,
    "member-became-read-only": _MEANS,
    "member-became-writable": _MEANS,
    "member-became-write-only": _MEANS,
    "member-became-readable": _MEANS,
    "member-deprecated": _NOBODY,
    "member-undeprecated": _NOBODY,
    "default-changed": _MEANS,
    "default-added": _MEANS,
    "default-removed": _MEANS,
    "default-documented": _NOBODY,
    "null-meaning-changed": _MEANS,
    # --- operations, and what the API calls
    "operation-added": _WIDENED,
    "operation-removed": _NARROWED,
    "deprecated-operation-removed": _NARROWED,
    "operation-moved": _CHANGED,
    "operation-deprecated": _NOBODY,
    "operation-undeprecated": _NOBODY,
    "operation-id-changed": _rows(_R, _C, _C),
    "poll-changed": _MEANS,
    "outcome-changed": _MEANS,
    "reserved-values-changed": _MEANS,
    "webhook-added": _rows(_C, _C, _R),
    "webhook-removed": _rows(_R, _R, _B),
    # --- parameters
    "required-parameter-added": _NARROWED,
    "optional-parameter-added": _rows(_C, _C, _R),  # an old server does not look at it
    "parameter-removed": _rows(_R, _R, _C),
    "parameter-required": _NARROWED,
    "parameter-optional": _WIDENED,
    "parameter-moved": _CHANGED,
    "parameter-style-changed": _CHANGED,
    "parameter-escaping-changed": _MEANS,
    "parameter-media-type-changed": _CHANGED,
    "parameter-deprecated": _NOBODY,
    "parameter-undeprecated": _NOBODY,
    # --- bodies
    "required-body-added": _NARROWED,
    "optional-body-added": _WIDENED,
    "body-removed": _NARROWED,
    "body-required": _NARROWED,
    "body-optional": _WIDENED,
    "body-media-type-added": _WIDENED,
    "body-media-type-removed": _NARROWED,
    "body-schema-added": _NARROWED,
    "body-schema-removed": _WIDENED,
    "encoding-changed": _CHANGED,
    "stream-changed": _CHANGED,
    # --- answers: who never saw one cannot be broken by its going
    "success-status-added": _TOLERATED,
    "success-status-removed": _NARROWED,
    "redirect-status-added": _rows(_R, _R, _C),
    "redirect-status-removed": _NARROWED,
    "error-status-added": _rows(_R, _C, _C),
    "error-status-removed": _NARROWED,
    "answer-media-type-added": _rows(_R, _R, _C),
    "answer-media-type-removed": _rows(_C, _B, _B),
    "answer-media-type-replaced": _CHANGED,
    "answer-body-added": _rows(_C, _C, _B),
    "answer-body-removed": _CHANGED,
    "required-header-added": _NARROWED,
    "optional-header-added": _NOBODY,
    "header-required": _NARROWED,
    "header-optional": _rows(_C, _B, _C),
    "required-header-removed": _rows(_C, _B, _C),
    "optional-header-removed": _rows(_C, _R, _C),
    # --- credentials
    "security-added": _NARROWED,
    "security-removed": _WIDENED,
    "security-alternative-added": _WIDENED,
    "security-alternative-removed": _NARROWED,
    "security-changed": _CHANGED,
    "security-scheme-changed": _CHANGED,
    "security-flow-changed": _MEANS,
    "scope-added": _NARROWED,
    "scope-removed": _WIDENED,
    "credential-variable-changed": _rows(_R, _C, _C),
    # --- servers
    "server-added": _NOBODY,
    "server-removed": _NARROWED,
    "server-changed": _CHANGED,
    "default-server-changed": _rows(_R, _C, _C),
    "server-variable-default-changed": _MEANS,
    "server-variable-value-added": _NOBODY,
    "server-variable-value-removed": _NARROWED,
}


def expected(kind: str, direction: Direction) -> dict[Reader, Severity]:
    """Whom a change of this kind breaks."""
    return dict(zip(READERS, _ROWS[kind][direction], strict=True))


def expected_of_values(
    kind: str, direction: Direction, *, gone: bool, came: bool
) -> dict[Reader, Severity]:
    """The same of a kind whose name does not say whether values went, came, or both."""
    if kind not in ("pattern-changed", "schema-changed"):
        return expected(kind, direction)
    rows = _CHANGED if gone and came else _NARROWED if gone else _WIDENED
    return dict(zip(READERS, rows[direction], strict=True))
