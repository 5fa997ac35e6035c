"""Faults of a server that reads null in a request other than the contract says."""

from __future__ import annotations

from bank import shapes
from bank.fault import family
from bank.server import Refusal

fault = family("nullable requests")


@fault("Null for a whole group of settings is refused.", "null_fits")
def null_group_refused(server, correct, member, at):
    return correct(member, at) and at not in ("/autoscaling_settings", "/promotion_settings")


@fault("Null for an integer inside a group is refused.", "null_fits")
def null_integer_refused(server, correct, member, at):
    return correct(member, at) and member.kind != "integer"


@fault("Null is refused for the one setting max_replica.", "null_fits")
def null_max_replica_refused(server, correct, member, at):
    return correct(member, at) and not at.endswith("/max_replica")


@fault("Null is refused for the enum.", "null_fits")
def null_enum_refused(server, correct, member, at):
    return correct(member, at) and not at.endswith("promotion_cleanup_strategy")


@fault("Null is refused only below rolling_deploy_config.", "null_fits")
def null_refused_two_levels_down(server, correct, member, at):
    return correct(member, at) and at.count("/") < 3


@fault("Null is refused for the autoscaling settings of a chainlet.", "null_fits")
def null_refused_in_items(server, correct, member, at):
    return correct(member, at) and not (at.startswith("/chainlet") and at.count("/") == 3)


@fault("Null is refused in an update, not in a create.", "accept")
def null_refused_in_update(server, correct, shape, call):
    body = correct(shape, call)
    groups = [group for group in body.values() if isinstance(group, dict)]
    if shape is shapes.UPDATE and any(None in group.values() for group in groups):
        raise Refusal(400, "null is not allowed")
    return body


@fault("Null is accepted as a name and becomes 'None'.", "null_fits")
def null_name_accepted(server, correct, member, at):
    return correct(member, at) or at == "/name"


@fault("", "name")
def null_name_accepted(server, correct, body):  # noqa: F811
    return str(correct(body))


@fault("Null is accepted as the name of a chainlet.", "null_fits")
def null_chainlet_name_accepted(server, correct, member, at):
    return correct(member, at) or at.endswith("/chainlet_name")


@fault("", "chainlet")
def null_chainlet_name_accepted(server, correct, given):  # noqa: F811
    return correct({**given, "chainlet_name": str(given["chainlet_name"])})


@fault("Null is accepted for instance_type_id and means its default.", "null_fits")
def null_instance_type_accepted(server, correct, member, at):
    return correct(member, at) or at.endswith("/instance_type_id")


@fault("", "chainlet")
def null_instance_type_accepted(server, correct, given):  # noqa: F811
    return correct({**given, "instance_type_id": given.get("instance_type_id") or "1x2"})


@fault("Null in an update clears the nullable settings.", "merge")
def null_clears(server, correct, now, change):
    made = correct(now, change)
    nullable = ("autoscaling_window", "scale_down_delay", "target_in_flight_tokens")
    return {**made, **{name: None for name in nullable if name in change and change[name] is None}}


@fault("Null in an update clears only target_in_flight_tokens.", "merge")
def null_clears_one(server, correct, now, change):
    made = correct(now, change)
    if "target_in_flight_tokens" in change:
        made["target_in_flight_tokens"] = change["target_in_flight_tokens"]
    return made


@fault("Null in an update puts the default back.", "merge")
def null_resets_to_default(server, correct, now, change):
    made = correct(now, change)
    for name, value in change.items():
        if value is None and name in shapes.PROMOTION_DEFAULTS:
            made[name] = shapes.PROMOTION_DEFAULTS[name]
    return made


@fault("Null for the whole autoscaling group resets all of it.", "patched")
def null_group_resets(server, correct, item, now, body):
    made = correct(item, now, body)
    if "autoscaling_settings" in body and body["autoscaling_settings"] is None:
        made["autoscaling_settings"] = dict(shapes.AUTOSCALING_DEFAULTS)
    return made


@fault("Null for rolling_deploy_config in an update removes it.", "merge_promotion")
def null_config_removes(server, correct, now, change):
    made = correct(now, change)
    if "rolling_deploy_config" in change and change["rolling_deploy_config"] is None:
        made["rolling_deploy_config"] = None
    return made


@fault("A null below rolling_deploy_config resets that setting.", "merge_rolling")
def null_below_config_resets(server, correct, now, change):
    made = correct(now, change)
    return {
        name: shapes.ROLLING_DEFAULTS[name] if name in change and change[name] is None else value
        for name, value in made.items()
    }


@fault("One null in a group makes the rest of the group be ignored.", "merge")
def null_ends_the_loop(server, correct, now, change):
    kept = {}
    for name, value in change.items():
        if value is None:
            break
        kept[name] = value
    return correct(now, kept)


@fault("promotion_settings null beside autoscaling settings: nothing is changed.", "patched")
def null_sibling_group_stops(server, correct, item, now, body):
    return now if None in body.values() else correct(item, now, body)


@fault("A null for the clean-up strategy ends in a 500.", "typed")
def null_enum_crashes(server, correct, member, value):
    if isinstance(member.kind, tuple) and len(member.kind) == 3:
        value.upper()
    return correct(member, value)


@fault("Null for chainlet_settings ends in a 500.", "build")
def null_list_crashes(server, correct, kind, parent, body):
    if "chainlet_settings" in body:
        len(body["chainlet_settings"])
    return correct(kind, parent, body)


@fault("Null is accepted as an item of chainlet_settings and dropped.", "problems")
def null_item_accepted(server, correct, member, value, at):
    return (
        [] if value is None and at.startswith("/chainlet_settings/") else correct(member, value, at)
    )


@fault("", "chainlets")
def null_item_accepted(server, correct, given):  # noqa: F811
    return correct([each for each in given or [] if each is not None])


@fault("A body of null is an empty update.", "parse")
def null_body_accepted(server, correct, body):
    return correct(body) if correct(body) is not None else {}


@fault("Null on create means zero where absent means the default.", "filled")
def null_is_zero(server, correct, defaults, given):
    made = correct(defaults, given)
    for name, value in (given or {}).items():
        if value is None and isinstance(defaults[name], int):
            made[name] = type(defaults[name])()
    return made


@fault("ramp_up_duration_seconds null is stored null on create; absent is 600.", "promotion")
def null_is_not_absent_on_create(server, correct, kind, given):
    made = correct(kind, given)
    if given and "ramp_up_duration_seconds" in given:
        made["ramp_up_duration_seconds"] = given["ramp_up_duration_seconds"]
    return made


@fault("A null boolean in an update means false.", "merge")
def null_boolean_is_false(server, correct, now, change):
    made = correct(now, change)
    for name, value in change.items():
        if value is None and isinstance(now.get(name), bool):
            made[name] = bool(value)
    return made


@fault("An item created with autoscaling_settings null cannot be updated there.", "build")
def created_null_stays(server, correct, kind, parent, body):
    item = correct(kind, parent, body)
    if "autoscaling_settings" in body and body["autoscaling_settings"] is None:
        server.notes[parent, item.name] = True
    return item


@fault("", "patched")
def created_null_stays(server, correct, item, now, body):  # noqa: F811
    if (item.parent, item.name) in server.notes:
        body = {name: value for name, value in body.items() if name != "autoscaling_settings"}
    return correct(item, now, body)


@fault("Two nulls in one group: the second one clears.", "merge")
def second_null_clears(server, correct, now, change):
    made = correct(now, change)
    nulls = [name for name, value in change.items() if value is None]
    for name in nulls[1:]:
        if name in ("autoscaling_window", "scale_down_delay", "target_in_flight_tokens"):
            made[name] = None
    return made


@fault("A group of settings in which everything is null is refused as empty.", "accept")
def all_null_is_empty(server, correct, shape, call):
    body = correct(shape, call)
    for group in body.values():
        if isinstance(group, dict) and len(group) > 2 and all(v is None for v in group.values()):
            raise Refusal(400, "nothing is set")
    return body


@fault("Null is refused in every chainlet but the first.", "accept")
def null_refused_behind_the_first(server, correct, shape, call):
    body = correct(shape, call)
    for chainlet in (body.get("chainlet_settings") or [])[1:]:
        if None in chainlet.values():
            raise Refusal(400, "null is not allowed")
    return body
