"""Faults of a server that takes what it must refuse, or refuses what it must take."""

from __future__ import annotations

import json

from bank import shapes
from bank.fault import family
from bank.server import Refusal

fault = family("request validation")


@fault("A number in quotes is accepted: int('5').", "fits_integer")
def number_in_quotes(server, correct, value):
    return correct(value) or (isinstance(value, str) and value.strip().lstrip("-").isdigit())


@fault("true is accepted as an integer.", "fits_integer")
def boolean_as_integer(server, correct, value):
    return isinstance(value, bool) or correct(value)


@fault("1.5 is accepted and truncated.", "fits_integer")
def float_truncated(server, correct, value):
    return correct(value) or (isinstance(value, float) and abs(value) < 1e300)


@fault("1.0 is refused as an integer.", "fits_integer")
def whole_float_refused(server, correct, value):
    return correct(value) and not isinstance(value, float)


@fault("The text 'true' is accepted as a boolean.", "fits_boolean")
def text_as_boolean(server, correct, value):
    return correct(value) or value in ("true", "false")


@fault("", "typed")
def text_as_boolean(server, correct, member, value):  # noqa: F811
    return (
        value == "true"
        if member.kind == "boolean" and isinstance(value, str)
        else correct(member, value)
    )


@fault("0 and 1 are accepted as booleans.", "fits_boolean")
def number_as_boolean(server, correct, value):
    return correct(value) or value in (0, 1)


@fault("", "typed")
def number_as_boolean(server, correct, member, value):  # noqa: F811
    return bool(value) if member.kind == "boolean" and value is not None else correct(member, value)


@fault("A number is accepted as the name: str(5).", "fits_string")
def number_as_text(server, correct, value):
    return correct(value) or (isinstance(value, int) and not isinstance(value, bool))


@fault("", "typed")
def number_as_text(server, correct, member, value):  # noqa: F811
    return str(value) if member.kind == "string" else correct(member, value)


@fault("A boolean is accepted as the name.", "fits_string")
def boolean_as_text(server, correct, value):
    return correct(value) or isinstance(value, bool)


@fault("", "typed")
def boolean_as_text(server, correct, member, value):  # noqa: F811
    return str(value) if member.kind == "string" else correct(member, value)


@fault("Unknown members at the top of an update are ignored.", "strangers")
def unknown_at_top_of_update(server, correct, shape, value, at):
    return [] if shape is shapes.UPDATE else correct(shape, value, at)


@fault("Unknown autoscaling settings are ignored in an update.", "accept")
def unknown_nested_in_update(server, correct, shape, call):
    server.notes["shape"] = shape
    return correct(shape, call)


@fault("", "strangers")
def unknown_nested_in_update(server, correct, shape, value, at):  # noqa: F811
    opened = at == "/autoscaling_settings" and server.notes["shape"] is shapes.UPDATE
    return [] if opened else correct(shape, value, at)


@fault("Unknown autoscaling settings are ignored in a create.", "accept")
def unknown_nested_in_create(server, correct, shape, call):
    server.notes["shape"] = shape
    return correct(shape, call)


@fault("", "strangers")
def unknown_nested_in_create(server, correct, shape, value, at):  # noqa: F811
    opened = at == "/autoscaling_settings" and server.notes["shape"] is shapes.CREATE_MODEL
    return [] if opened else correct(shape, value, at)


@fault("Unknown autoscaling settings of a chainlet are ignored.", "strangers")
def unknown_in_items(server, correct, shape, value, at):
    return [] if at.startswith("/chainlet_settings/") else correct(shape, value, at)


@fault("Unknown members are refused only in the first chainlet.", "strangers")
def unknown_in_second_item(server, correct, shape, value, at):
    return [] if at.startswith("/chainlet_settings/1/") else correct(shape, value, at)


@fault("An unknown member is ignored when its value is null.", "strangers")
def unknown_null_ignored(server, correct, shape, value, at):
    return [name for name in correct(shape, value, at) if value[name] is not None]


@fault("A member that is known in another letter case is accepted.", "strangers")
def known_in_other_case(server, correct, shape, value, at):
    return [name for name in correct(shape, value, at) if name.lower() not in shape.members]


@fault("Unknown members of an open request are refused.", "strangers")
def open_is_closed(server, correct, shape, value, at):
    return [name for name in value if name not in shape.members]


@fault("Unknown promotion settings are refused, though that object is open.", "strangers")
def open_promotion_is_closed(server, correct, shape, value, at):
    closed = shape.closed or shape is shapes.PROMOTION
    return [name for name in value if closed and name not in shape.members]


@fault("A create without a name is accepted.", "missing")
def name_not_required(server, correct, shape, value):
    return [name for name in correct(shape, value) if name != "name"]


@fault("", "name")
def name_not_required(server, correct, body):  # noqa: F811
    return body.get("name", f"environment-{server.requests}")


@fault("A chain without a name is accepted.", "missing")
def chain_name_not_required(server, correct, shape, value):
    return [] if shape is shapes.CREATE_CHAIN else correct(shape, value)


@fault("", "name")
def chain_name_not_required(server, correct, body):  # noqa: F811
    return body.get("name", f"environment-{server.requests}")


@fault("A chainlet without a name is accepted.", "missing")
def chainlet_name_not_required(server, correct, shape, value):
    return [name for name in correct(shape, value) if name != "chainlet_name"]


@fault("", "chainlet")
def chainlet_name_not_required(server, correct, given):  # noqa: F811
    return correct({"chainlet_name": "chainlet", **given})


@fault("Required members are looked for only in the first chainlet.", "list_problems")
def only_first_item_checked(server, correct, kind, value, at):
    return correct(kind, value[:1] if isinstance(value, list) else value, at)


@fault("", "chainlet")
def only_first_item_checked(server, correct, given):  # noqa: F811
    return correct({"chainlet_name": "chainlet", **given})


@fault("", "typed")
def only_first_item_checked(server, correct, member, value):  # noqa: F811
    try:
        return correct(member, value)
    except (TypeError, ValueError, AttributeError):
        return None


@fault("Values of the enum are accepted in any letter case.", "fits_enum")
def enum_any_case(server, correct, values, value):
    return isinstance(value, str) and value.upper() in values


@fault("", "typed")
def enum_any_case(server, correct, member, value):  # noqa: F811
    return value.upper() if isinstance(member.kind, tuple) and value else correct(member, value)


@fault("An unknown clean-up strategy is accepted and means the default.", "fits_enum")
def unknown_enum_is_default(server, correct, values, value):
    return isinstance(value, str)


@fault("", "typed")
def unknown_enum_is_default(server, correct, member, value):  # noqa: F811
    if isinstance(member.kind, tuple) and value is not None and value not in member.kind:
        return None
    return correct(member, value)


@fault("An unknown value of an enum ends in a 500.", "fits_enum")
def unknown_enum_crashes(server, correct, values, value):
    return values.index(value) >= 0


@fault("An unknown rolling_deploy_strategy is accepted.", "fits_enum")
def unknown_strategy_accepted(server, correct, values, value):
    return correct(values, value) or (values == ("REPLICA",) and isinstance(value, str))


@fault("", "rolling")
def unknown_strategy_accepted(server, correct, given):  # noqa: F811
    return {**correct(given), "rolling_deploy_strategy": "REPLICA"}


@fault("The value KEEP is refused.", "fits_enum")
def one_enum_value_refused(server, correct, values, value):
    return correct(values, value) and value != "KEEP"


@fault("An enum value is accepted by its beginning.", "fits_enum")
def enum_by_prefix(server, correct, values, value):
    return isinstance(value, str) and any(value.startswith(each) for each in values)


@fault("", "typed")
def enum_by_prefix(server, correct, member, value):  # noqa: F811
    if isinstance(member.kind, tuple) and value is not None:
        return next(each for each in member.kind if value.startswith(each))
    return correct(member, value)


@fault("An empty body is an empty object.", "parse")
def empty_body_accepted(server, correct, body):
    return correct(body or b"{}")


@fault("An array as the body of an update is accepted.", "parse")
def array_body_accepted(server, correct, body):
    value = correct(body)
    return {} if isinstance(value, list) else value


@fault("A text as the body of an update ends in a 500.", "object_problems")
def text_body_crashes(server, correct, shape, value, at):
    if at == "":
        value.get("name")
    return correct(shape, value, at)


@fault("Any content type is accepted.", "media_type")
def any_content_type(server, correct, call):
    return None


@fault("A content type that only begins with application/json is accepted.", "media_type")
def content_type_by_prefix(server, correct, call):
    if not call.headers.get("content-type", "").startswith("application/json"):
        correct(call)


@fault("text/plain with a JSON body is accepted in an update.", "media_type")
def text_plain_accepted(server, correct, call):
    if call.method != "PATCH" or not call.headers.get("content-type", "").startswith("text/"):
        correct(call)


@fault("Content-Type with a charset parameter is refused.", "media_type")
def charset_refused(server, correct, call):
    if ";" in call.headers.get("content-type", ""):
        raise Refusal(415, "the body must be application/json")
    correct(call)


@fault("Invalid UTF-8 is accepted and replaced.", "text")
def invalid_utf8_accepted(server, correct, body):
    return body.decode("utf-8", "replace")


@fault("The body is read as Latin-1.", "text")
def latin_1(server, correct, body):
    return body.decode("latin-1")


@fault("NaN is accepted as a number.", "constant")
def nan_accepted(server, correct, name):
    return 0


@fault("What stands after the JSON value is ignored.", "parse")
def trailing_garbage(server, correct, body):
    try:
        return json.JSONDecoder().raw_decode(body.decode().lstrip())[0]
    except ValueError:
        return correct(body)


@fault("A body that is not JSON ends in a 500.", "parse")
def bad_json_crashes(server, correct, body):
    return json.loads(body)


@fault("The body of a create is accepted by an update: name is ignored.", "strangers")
def create_body_accepted_by_update(server, correct, shape, value, at):
    return [name for name in correct(shape, value, at) if name != "name"]


@fault("A very large integer ends in a 500.", "integer")
def huge_integer_crashes(server, correct, value):
    return int(correct(value).to_bytes(8, "big", signed=True).hex(), 16) and correct(value)


@fault("A deeply nested body ends in a 500.", "parse")
def deep_nesting_crashes(server, correct, body):
    if body.count(b"[") > 500 or body.count(b"{") > 500:
        raise RecursionError
    return correct(body)


@fault("A lone surrogate ends in a 500.", "parse")
def lone_surrogate_crashes(server, correct, body):
    value = json.loads(body) if b"\\ud" in body.lower() else None
    json.dumps(value, ensure_ascii=False).encode()
    return correct(body)


@fault("A NUL in the name ends in a 500.", "name")
def nul_crashes(server, correct, body):
    if "\0" in body["name"]:
        raise ValueError("embedded null byte")
    return correct(body)


@fault("One chainlet not in an array is accepted.", "list_problems")
def object_for_array(server, correct, kind, value, at):
    return correct(kind, [value] if isinstance(value, dict) else value, at)


@fault("", "typed")
def object_for_array(server, correct, member, value):  # noqa: F811
    is_list = isinstance(member.kind, shapes.ListOf) and isinstance(value, dict)
    return correct(member, [value] if is_list else value)


@fault("An empty array is accepted for an object, as PHP does.", "object_problems")
def array_for_object(server, correct, shape, value, at):
    return correct(shape, {} if value == [] and at else value, at)


@fault("", "typed")
def array_for_object(server, correct, member, value):  # noqa: F811
    return correct(member, {} if value == [] and isinstance(member.kind, shapes.Shape) else value)


@fault("false is accepted for an absent object.", "object_problems")
def false_for_object(server, correct, shape, value, at):
    return [] if value is False and at else correct(shape, value, at)


@fault("", "typed")
def false_for_object(server, correct, member, value):  # noqa: F811
    return (
        None if value is False and isinstance(member.kind, shapes.Shape) else correct(member, value)
    )


@fault("Types below rolling_deploy_config are not checked.", "problems")
def config_not_checked(server, correct, member, value, at):
    return [] if "/rolling_deploy_config/" in at else correct(member, value, at)


@fault("", "integer")
def config_not_checked(server, correct, value):  # noqa: F811
    return correct(value) if isinstance(value, (int, float, str)) and str(value).isdigit() else 0


@fault("Types are checked in a create and not in an update.", "accept")
def update_types_not_checked(server, correct, shape, call):
    server.notes["loose"] = shape is shapes.UPDATE
    return correct(shape, call)


@fault("", "fits")
def update_types_not_checked(server, correct, kind, value, at):  # noqa: F811
    return server.notes["loose"] or correct(kind, value, at)


@fault("", "typed")
def update_types_not_checked(server, correct, member, value):  # noqa: F811
    try:
        return correct(member, value)
    except (TypeError, ValueError):
        return None


@fault("A blank string is accepted as an integer and means nothing.", "fits_integer")
def empty_text_as_integer(server, correct, value):
    return value == "" or correct(value)


@fault("", "integer")
def empty_text_as_integer(server, correct, value):  # noqa: F811
    return 0 if value == "" else correct(value)


@fault("An integer written with an exponent is refused.", "parse")
def exponent_refused(server, correct, body):
    def whole(text):
        if "e" in text.lower():
            raise Refusal(400, "not an integer")
        return float(text)

    json.loads(body, parse_float=whole) if body.strip()[:1] == b"{" and b"\\" not in body else None
    return correct(body)


@fault("A config is not looked at where rolling_deploy is false.", "object_problems")
def config_unchecked_without_rolling(server, correct, shape, value, at):
    found = correct(shape, value, at)
    if not at.endswith("promotion_settings") or not isinstance(value, dict):
        return found
    unread = value.get("rolling_deploy") is False
    text = isinstance(value.get("rolling_deploy_config"), str)
    return (
        [each for each in found if "rolling_deploy_config" not in each]
        if unread and text
        else found
    )
