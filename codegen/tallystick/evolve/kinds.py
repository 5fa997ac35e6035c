"""Every kind of change, by name: what it is, and whom it breaks in which direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tallystick.contract import Direction

from .records import Reader, Severity

Effect: TypeAlias = Literal["narrowed", "widened", "changed", "means", "noted"]
"""narrowed: fewer values are valid. widened: more. changed: some went, some came. means: the same
values, read otherwise. noted: nothing that travels."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change."""

    name: str
    effect: Effect
    says: str
    """One sentence for the list of kinds."""
    tolerant: bool = False
    """Whether a hand-written client lives with more values in an answer: it reads what it knows."""
    own: Mapping[Reader, Severity] | None = None
    """Whom it breaks where the effect does not say it right; not where it stands in ``turned``."""
    turned: Direction | None = None
    """The direction in which the effect says it all the same: a callback is a request to clients."""
    undescribed: bool = False
    """Whether only a member that nobody described shows it: that nothing holds is then a risk."""
    searched: bool = False
    """Whether its effect is not read off the schemas: it is what a search finds."""


def severities(kind: Kind, direction: Direction) -> Mapping[Reader, Severity]:
    """Whom a change of this kind breaks, if it stands where values travel in this direction."""
    if kind.own is not None and direction != kind.turned:
        return kind.own
    narrowed = kind.effect in ("narrowed", "changed")
    widened = kind.effect in ("widened", "changed")
    asked, told = direction != "response", direction != "request"
    if kind.effect == "means":
        return dict.fromkeys(("typed client", "hand-written client", "server"), "risky")
    client: Severity = "breaking" if (narrowed and asked) or (widened and told) else "compatible"
    server: Severity = "breaking" if (widened and asked) or (narrowed and told) else "compatible"
    by_hand: Severity = client
    if kind.tolerant and not (narrowed and asked) and client == "breaking":
        by_hand = "risky"
    if kind.undescribed:
        return {
            reader: "risky" if severity == "breaking" else severity
            for reader, severity in _each(client, by_hand, server).items()
        }
    return _each(client, by_hand, server)


def _each(typed: Severity, by_hand: Severity, server: Severity) -> Mapping[Reader, Severity]:
    return {"typed client": typed, "hand-written client": by_hand, "server": server}


_VALUES: tuple[Kind, ...] = (
    # --- values: what stands at one place of a body, a parameter or a header -----------------
    Kind("null-admitted", "widened", "null is a value now"),
    Kind("null-refused", "narrowed", "null is no value any more"),
    Kind("type-added", "widened", "values of one more JSON type are valid"),
    Kind("type-removed", "narrowed", "values of a JSON type are refused now"),
    Kind("type-changed", "changed", "values of one JSON type gave way to those of another"),
    Kind("integer-to-number", "widened", "an integer became any number"),
    Kind("number-to-integer", "narrowed", "any number became an integer"),
    Kind("enum-value-added", "widened", "one more value is listed", tolerant=True),
    Kind("enum-value-removed", "narrowed", "a listed value went"),
    Kind("enum-value-recased", "changed", "a listed value is written in another case"),
    Kind("enum-opened", "changed", "the list of values went, others are valid", tolerant=True),
    Kind("enum-closed", "changed", "only listed values are valid now"),
    Kind("bound-narrowed", "narrowed", "a bound of a number, text, list or object is narrower"),
    Kind("bound-widened", "widened", "such a bound is wider", tolerant=True),
    Kind("pattern-changed", "changed", "a pattern is another", searched=True),
    Kind("pattern-added", "narrowed", "a pattern is asked for"),
    Kind("pattern-removed", "widened", "a pattern is asked for no longer", tolerant=True),
    Kind("format-changed", "changed", "a format is another"),
    Kind("format-added", "narrowed", "a format is asked for"),
    Kind("format-removed", "widened", "a format is asked for no longer", tolerant=True),
    Kind("items-unique", "narrowed", "the items of a list must differ now"),
    Kind("items-may-repeat", "widened", "the items of a list may repeat", tolerant=True),
    Kind(
        "member-added",
        "narrowed",
        "an optional member is described where anything was admitted",
        own=_each("risky", "risky", "risky"),
        turned="response",
        undescribed=True,
    ),
    Kind("member-admitted", "widened", "an optional member of a closed object came", tolerant=True),
    Kind(
        "required-member-admitted", "changed", "a member of a closed object came that must be there"
    ),
    Kind(
        "member-removed",
        "widened",
        "a member that could be left out is described no longer, and is accepted and ignored",
        own=_each("risky", "risky", "risky"),
        turned="response",
        undescribed=True,
    ),
    Kind(
        "required-member-removed",
        "widened",
        "a member that had to be there is described no longer",
        own=_each("risky", "risky", "breaking"),
        turned="response",
    ),
    Kind("member-refused", "narrowed", "a member of a closed object went"),
    Kind("required-member-refused", "changed", "a member went that had to be there"),
    Kind("member-required", "narrowed", "a member must be there"),
    Kind("member-optional", "widened", "a member may be absent"),
    Kind("member-moved", "changed", "a member stands at another level"),
    Kind("member-became-read-only", "means", "what requests say of a member is ignored"),
    Kind("member-became-writable", "means", "requests may say what a member is"),
    Kind("member-became-write-only", "means", "answers do not show a member"),
    Kind("member-became-readable", "means", "answers show a member"),
    Kind("member-deprecated", "noted", "a member is deprecated"),
    Kind("member-undeprecated", "noted", "a member is deprecated no longer"),
    Kind("object-opened", "widened", "members that nobody described are admitted", tolerant=True),
    Kind("object-closed", "narrowed", "members that nobody described are refused"),
    Kind("branch-added", "widened", "one more form of a union is valid", searched=True),
    Kind("branch-removed", "narrowed", "a form of a union is refused now", searched=True),
    Kind(
        "schema-changed",
        "changed",
        "a condition is another that no kind above names",
        searched=True,
    ),
    Kind("default-changed", "means", "absent means another value: who omits it is hit"),
    Kind("default-added", "means", "it is said what absent means"),
    Kind("default-removed", "means", "it is said no longer what absent means"),
    Kind("default-documented", "noted", "it is said, or no longer, that absent means null"),
    Kind("null-meaning-changed", "means", "what null does in an update is another thing"),
)

_WIRE: tuple[Kind, ...] = (
    # --- operations -----------------------------------------------------------------------------
    Kind("operation-added", "widened", "an operation came"),
    Kind("operation-removed", "narrowed", "an operation went"),
    Kind("deprecated-operation-removed", "narrowed", "an operation that was deprecated went"),
    Kind("operation-moved", "changed", "an operation has another method or path"),
    Kind("operation-deprecated", "noted", "an operation is deprecated"),
    Kind("operation-undeprecated", "noted", "an operation is deprecated no longer"),
    Kind(
        "operation-id-changed",
        "noted",
        "an operation has another operationId, from which the names of typed clients are made",
        own=_each("risky", "compatible", "compatible"),
    ),
    Kind("poll-changed", "means", "an effect becomes visible elsewhere or after another time"),
    Kind("outcome-changed", "means", "what became of an update is told otherwise"),
    Kind("reserved-values-changed", "means", "other items exist from the start"),
    Kind(
        "webhook-added",
        "widened",
        "the API calls its clients once more",
        own=_each("compatible", "compatible", "risky"),
    ),
    Kind(
        "webhook-removed",
        "narrowed",
        "the API makes a call to its clients no longer",
        own=_each("risky", "risky", "breaking"),
    ),
    # --- parameters -----------------------------------------------------------------------------
    Kind("required-parameter-added", "narrowed", "a parameter came that must be given"),
    Kind(
        "optional-parameter-added",
        "widened",
        "a parameter came that may be given, and a server that does not know it may ignore it",
        own=_each("compatible", "compatible", "risky"),
        turned="response",
    ),
    Kind(
        "parameter-removed",
        "narrowed",
        "a parameter went, and who gives it may be ignored",
        own=_each("risky", "risky", "compatible"),
        turned="response",
    ),
    Kind("parameter-required", "narrowed", "a parameter must be given now"),
    Kind("parameter-optional", "widened", "a parameter may be left out now"),
    Kind("parameter-moved", "changed", "a parameter stands elsewhere in the request"),
    Kind("parameter-style-changed", "changed", "the same value of a parameter is another text"),
    Kind("parameter-escaping-changed", "means", "other characters of a parameter are escaped"),
    Kind("parameter-media-type-changed", "changed", "a parameter is text of another media type"),
    Kind("parameter-deprecated", "noted", "a parameter is deprecated"),
    Kind("parameter-undeprecated", "noted", "a parameter is deprecated no longer"),
    # --- bodies ---------------------------------------------------------------------------------
    Kind("required-body-added", "narrowed", "a body came that must be sent"),
    Kind("optional-body-added", "widened", "a body came that may be sent"),
    Kind("body-removed", "narrowed", "a request has a body no longer"),
    Kind("body-required", "narrowed", "a body must be sent now"),
    Kind("body-optional", "widened", "a body may be left out now"),
    Kind("body-media-type-added", "widened", "a body may be of one more media type"),
    Kind("body-media-type-removed", "narrowed", "a body may be of a media type no longer"),
    Kind("body-schema-added", "narrowed", "a body that could be anything has a schema"),
    Kind("body-schema-removed", "widened", "a body may be anything"),
    Kind("encoding-changed", "changed", "a member of a form is written otherwise"),
    Kind("stream-changed", "changed", "a body is a stream of items now, or no longer"),
    # --- answers --------------------------------------------------------------------------------
    Kind("success-status-added", "widened", "one more status means success", tolerant=True),
    Kind("success-status-removed", "narrowed", "a status of success went"),
    Kind(
        "redirect-status-added",
        "widened",
        "one more answer is neither success nor error",
        own=_each("risky", "risky", "compatible"),
        turned="request",
    ),
    Kind("redirect-status-removed", "narrowed", "an answer that was no success and no error went"),
    Kind(
        "error-status-added",
        "widened",
        "one more error is described, which a typed client knows only as a status",
        own=_each("risky", "compatible", "compatible"),
        turned="request",
    ),
    Kind("error-status-removed", "narrowed", "an error is described no longer"),
    Kind(
        "answer-media-type-added",
        "widened",
        "an answer may be of one more media type",
        own=_each("risky", "risky", "compatible"),
        turned="request",
    ),
    Kind(
        "answer-media-type-removed",
        "narrowed",
        "an answer may be of a media type no longer, which some ask for",
        own=_each("compatible", "breaking", "breaking"),
        turned="request",
    ),
    Kind("answer-media-type-replaced", "changed", "an answer is of other media types"),
    Kind(
        "answer-body-added",
        "widened",
        "an answer without a body has one",
        own=_each("compatible", "compatible", "breaking"),
        turned="request",
    ),
    Kind("answer-body-removed", "changed", "an answer has a body no longer"),
    Kind("required-header-added", "narrowed", "an answer has a header always that came"),
    Kind("optional-header-added", "noted", "an answer may have a header that came"),
    Kind("header-required", "narrowed", "an answer has a header always now"),
    Kind(
        "header-optional",
        "widened",
        "an answer may lack a header now; typed clients read none",
        own=_each("compatible", "breaking", "compatible"),
        turned="request",
    ),
    Kind(
        "required-header-removed",
        "widened",
        "an answer has a header no longer that it had always; typed clients read none",
        own=_each("compatible", "breaking", "compatible"),
        turned="request",
    ),
    Kind(
        "optional-header-removed",
        "widened",
        "an answer has a header no longer that it could have; typed clients read none",
        own=_each("compatible", "risky", "compatible"),
        turned="request",
    ),
    # --- credentials ----------------------------------------------------------------------------
    Kind("security-added", "narrowed", "a credential is asked for now"),
    Kind("security-removed", "widened", "no credential is asked for any more"),
    Kind("security-alternative-added", "widened", "one more credential is accepted"),
    Kind("security-alternative-removed", "narrowed", "a credential is accepted no longer"),
    Kind("security-changed", "changed", "another credential is asked for"),
    Kind("security-scheme-changed", "changed", "a credential travels otherwise"),
    Kind("security-flow-changed", "means", "a token is got otherwise"),
    Kind("scope-added", "narrowed", "a token needs one more scope"),
    Kind("scope-removed", "widened", "a token needs a scope no longer"),
    Kind(
        "credential-variable-changed",
        "noted",
        "a typed client takes its key from another environment variable",
        own=_each("risky", "compatible", "compatible"),
    ),
    # --- servers --------------------------------------------------------------------------------
    Kind("server-added", "noted", "the API stands at one more URL"),
    Kind("server-removed", "narrowed", "the API stands at a URL no longer"),
    Kind("server-changed", "changed", "the API stands at another URL"),
    Kind(
        "default-server-changed",
        "means",
        "another of the same URLs comes first, which typed clients take",
        own=_each("risky", "compatible", "compatible"),
    ),
    Kind("server-variable-default-changed", "means", "a variable of a URL is something else"),
    Kind("server-variable-value-added", "noted", "a variable of a URL has one more value"),
    Kind("server-variable-value-removed", "narrowed", "a variable of a URL lost a value"),
)

_NOTES: tuple[Kind, ...] = (
    Kind("title-changed", "noted", "the title is another"),
    Kind("version-changed", "noted", "the version is another"),
    Kind("information-changed", "noted", "terms of service, contact or license are others"),
    Kind("description-changed", "noted", "a description or summary is another"),
    Kind("example-changed", "noted", "an example is another"),
    Kind("code-sample-changed", "noted", "a code sample is another"),
    Kind("tags-changed", "noted", "tags are others"),
    Kind("documentation-changed", "noted", "a link to documentation is another"),
    Kind("deprecation-changed", "noted", "a part is deprecated, or no longer"),
    Kind("extension-changed", "noted", "an extension is another, whose meaning is not known here"),
    Kind("link-changed", "noted", "a link between answers and operations is another"),
    Kind("order-changed", "noted", "the same things stand in another order"),
    Kind("path-parameter-renamed", "noted", "a path parameter has another name"),
    Kind("schema-renamed", "noted", "a schema has another name and the same content"),
    Kind("security-scheme-renamed", "noted", "a credential has another name"),
    Kind("server-variable-renamed", "noted", "a variable of a URL has another name"),
    Kind("component-added", "noted", "a component came that nothing uses"),
    Kind("component-removed", "noted", "a component went that nothing used"),
    Kind("given-values-changed", "noted", "other values of a parameter are known to exist"),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*_VALUES, *_WIRE, *_NOTES)}
NOTED = frozenset(kind.name for kind in _NOTES)
"""The kinds that never are changes of the contract: what only ``notes`` hold."""
