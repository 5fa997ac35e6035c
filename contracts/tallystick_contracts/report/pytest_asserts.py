"""Claims as Python conditions, and the few functions that they call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.document import Json

from ..probes.places import ITEM
from ..verdicts import Claim, Kind

HELPERS: Mapping[str, str] = {
    "MISSING": 'MISSING = "nothing stands there"',
    "read": '''def read(answer, *path):
    """What stands at a path of the JSON body; MISSING where nothing does."""
    try:
        value = answer.json()
    except ValueError:
        return MISSING
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value''',
    "every": '''def every(answer, *path):
    """All that stands at a path in which ``*`` means each item of an array."""
    found = [answer.json()]
    for name in path:
        if name == "*":
            found = [item for each in found if isinstance(each, list) for item in each]
        else:
            found = [each.get(name, MISSING) if isinstance(each, dict) else MISSING for each in found]
    return found''',
    "equal": '''def equal(one, other):
    """Whether two values are equal as JSON: 1 is 1.0, but not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)''',
    "listed": '''def listed(answer, name, value):
    """The items of the answer's list which have this value."""
    body = answer.json()
    if isinstance(body, dict):
        body = next((each for each in body.values() if isinstance(each, list)), [])
    return [each for each in body if each.get(name) == value]''',
    "fits": '''def fits(value, schema):
    """Whether a value fits a JSON Schema."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)''',
    "like": '''def like(text):
    """A text of the same length and the same kinds of characters."""
    kinds = ["0123456789", "abcdef", "ABCDEF"]
    kind_of = {each: kind for kind in kinds for each in kind}
    return "".join(random.choice(kind_of[each]) if each in kind_of else each for each in text)''',
}
"""By name, in the order in which a file has them."""


def needs(text: str) -> list[str]:
    """Which functions a test calls."""
    names = [name for name in HELPERS if f"{name}(" in text]
    if "read" in names or "every" in names or "MISSING" in text:
        names.insert(0, "MISSING")
    return [name for name in HELPERS if name in names]


def condition(claim: Claim, value: str, secrets: Sequence[str]) -> str:
    """What holds on a server that keeps the contract.

    Args:
        claim: its kind, step and path.
        value: its value as an expression.
        secrets: the constants that hold the secrets.
    """
    answer = f"answer{claim.step + 1}"
    read = _read(answer, claim.path)
    earlier = _read(f"answer{claim.of + 1}", claim.of_path)
    member = repr(claim.path[0]) if claim.path else "''"
    shown = repr(claim.of_path[0]) if claim.of_path else "''"
    value = " ".join(value.split("\n")) if "\n" in value else value
    match claim.kind:
        case Kind.STATUS:
            return _status(answer, claim.value)
        case Kind.EQUALS if ITEM in claim.path:
            return f"all(w is None or equal(g, w) for g, w in zip({_every(claim)}, {value}, strict=True))"
        case Kind.EQUALS:
            return f"equal({read}, {value})"
        case Kind.ONE_OF:
            return f"any(equal({read}, each) for each in [MISSING, *{value}])"
        case Kind.NONE_OF:
            return f"not any(equal({read}, each) for each in {value})"
        case Kind.SAME:
            return f"equal({read}, {earlier})"
        case Kind.FITS if claim.value is True:
            return f"{read} is not MISSING"
        case Kind.FITS:
            return f"all(each is MISSING or fits(each, {value}) for each in {_every(claim)})"
        case Kind.LENGTH:
            return f"len({read}) == {value}"
        case Kind.LISTED:
            return f"len(listed({answer}, {member}, {value})) == 1"
        case Kind.UNLISTED:
            return f"not listed({answer}, {member}, {value})"
        case Kind.CHANGED:
            return f"not equal({read}, {earlier})"
        case Kind.LISTED_SAME:
            first = f"listed({answer}, {member}, {value})[0].get({shown}, MISSING)"
            return f"equal({first}, {earlier})"
        case Kind.MEDIA_TYPE:
            return f"{answer}.headers.get('content-type', '').split(';')[0].strip() in {value}"
        case Kind.ALLOW:
            return f"all(each in {answer}.headers.get('allow', '') for each in {value})"
        case Kind.ACCEPTED:
            return "True"
        case Kind.SECRECY:
            held = f"{answer}.text + str({answer}.headers)"
            return " and ".join(f"{each} not in {held}" for each in secrets) or "True"


def _read(answer: str, path: Sequence[str]) -> str:
    return f"read({', '.join([answer, *(repr(each) for each in path)])})"


def _every(claim: Claim) -> str:
    return f"every({', '.join([f'answer{claim.step + 1}', *(repr(each) for each in claim.path)])})"


def _status(answer: str, value: Json) -> str:
    patterns = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    if patterns == ["2XX"]:
        return f"{answer}.is_success"
    if patterns == ["4XX"]:
        return f"{answer}.is_client_error"
    if patterns == ["1XX", "2XX", "3XX", "4XX"]:
        return f"{answer}.status_code < 500"
    if "default" in patterns:
        return "True"
    codes = [each for each in patterns if each.isdigit()]
    ranges = [
        f"{answer}.status_code // 100 == {each[0]}" for each in patterns if not each.isdigit()
    ]
    exact = [f"{answer}.status_code in ({', '.join(codes)},)"] if codes else []
    return "(" + " or ".join([*exact, *ranges]) + ")"
