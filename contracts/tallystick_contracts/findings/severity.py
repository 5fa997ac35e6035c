"""How bad a broken rule is, and why: a table by law, with the rules that differ from their law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from ..verdicts import Law


class Severity(IntEnum):
    """The worst is the greatest."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """In lower case, as reports write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Grade:
    """A severity with its reason."""

    severity: Severity
    why: str


_ACCESS = Grade(Severity.CRITICAL, "somebody without the right can read or change things")
_LEAK = Grade(Severity.CRITICAL, "something is shown to those who must not see it")
_LOST = Grade(Severity.CRITICAL, "data that was accepted is lost or altered")
_FAILS = Grade(
    Severity.HIGH, "the operation cannot be used, or fails on input that anybody can send"
)
_MEANS = Grade(Severity.HIGH, "the request means something else than the contract says")
_UNREADABLE = Grade(Severity.HIGH, "a client that believes the contract cannot read the answer")
_REFUSES = Grade(Severity.HIGH, "a client that keeps the contract is refused")
_TAKES = Grade(Severity.MEDIUM, "a mistake of a client goes unnoticed")
_TELLS = Grade(Severity.MEDIUM, "the answer misinforms, the data are as they should be")
_MANNERS = Grade(Severity.LOW, "the answer is right but for its form")

OF_LAW: Mapping[Law, Grade] = {
    Law.PRESENCE: _REFUSES,
    Law.NULL: _MEANS,
    Law.DEFAULTS: _MEANS,
    Law.CLOSEDNESS: _TAKES,
    Law.TYPES: _TAKES,
    Law.ANSWERS: _UNREADABLE,
    Law.UPDATES: _LOST,
    Law.READS: _LOST,
    Law.REFUSALS: _LOST,
    Law.CREDENTIALS: _ACCESS,
    Law.ROUTING: _TELLS,
}
"""What a rule is graded by when it has no row of its own."""

OF_RULE: Mapping[str, Grade] = {
    "credentials_never_come_back": _LEAK,
    "what_is_written_only_is_never_answered": _LEAK,
    "locations_lead_to_what_was_created": _TELLS,
    "entity_tags_are_those_of_the_next_read": _TELLS,
    "totals_count_items": _TELLS,
    "lists_are_sorted_as_asked": _TELLS,
    "other_parents_do_not_show_it": _LEAK,
    "the_same_name_under_two_parents_is_two_items": _LOST,
    "required_members_may_not_be_left_out": _TAKES,
    "required_bodies_may_not_be_left_out": _TAKES,
    "null_is_accepted_where_admitted": _REFUSES,
    "null_is_refused_elsewhere": _TAKES,
    "falsy_is_not_absent": _LOST,
    "explicit_values_beat_defaults": _LOST,
    "open_objects_take_unknown_members": _REFUSES,
    "integral_floats_are_integers": _REFUSES,
    "enum_values_are_accepted": _REFUSES,
    "valid_values_are_accepted": _REFUSES,
    "no_request_makes_the_server_fail": _FAILS,
    "operations_succeed": _FAILS,
    "formats_are_kept": _UNREADABLE,
    "statuses_are_declared": _TELLS,
    "a_change_is_not_called_unchanged": _TELLS,
    "an_empty_update_changes_nothing": _LOST,
    "the_answer_of_a_create_is_the_item": _TELLS,
    "path_ids_are_echoed": _TELLS,
    "lists_show_what_was_created": _TELLS,
    "reserved_names_are_there": _MEANS,
    "deleted_items_are_gone": _LEAK,
    "duplicate_creates_are_refused": _LOST,
    "reserved_names_cannot_be_created": _TAKES,
    "unreadable_bodies_are_refused": _TAKES,
    "accepted_names_can_be_addressed": _LOST,
    "undeclared_methods_are_refused": _MANNERS,
    "a_405_says_which_methods_there_are": _MANNERS,
    "undeclared_paths_are_not_served": _MANNERS,
    "not_a_server_error": _FAILS,
    "negative_data_rejection": _TAKES,
    "missing_required_header": _TAKES,
    "unsupported_method": _MANNERS,
    "bodies_are_read_however_written": _REFUSES,
    "extreme_bodies_are_answered": _FAILS,
    "every_parent_takes_items": _REFUSES,
    "refused_creates_leave_the_name_free": _REFUSES,
    "the_answer_of_an_update_is_the_item": _TELLS,
    "lists_show_the_present_state": _TELLS,
    "lists_show_what_is_reserved": _TELLS,
    "a_list_holds_its_own_items_only": _LEAK,
    "use_after_free": _LEAK,
    "different_names_are_told_apart": _LOST,
}
"""The rules that are worse or milder than their law."""


def severity_of(rule: str, law: Law) -> Grade:
    """How bad it is when ``rule`` is broken."""
    return OF_RULE.get(rule.removesuffix(" (client)"), OF_LAW[law])
