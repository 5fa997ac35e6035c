"""Faults of a server that takes an absent member, or one that equals its default, for another."""

from __future__ import annotations

from bank import shapes
from bank.fault import family

fault = family("defaults")


@fault("An absent instance_type_id means the last type of the catalogue.", "chainlet")
def wrong_instance_type_default(server, correct, given):
    return correct({"instance_type_id": "4x16", **given})


@fault("instance_type_id is always its default.", "chainlet")
def instance_type_ignored(server, correct, given):
    return correct({**given, "instance_type_id": "1x2"})


@fault("Every chainlet has the instance type of the first.", "chainlets")
def instance_type_of_first(server, correct, given):
    made = correct(given)
    for each in made[1:]:
        each["instance_type"] = made[0]["instance_type"]
    return made


@fault("The default of instance_type_id is only applied to the first chainlet.", "chainlets")
def default_only_in_first_item(server, correct, given):
    first, rest = (given or [])[:1], (given or [])[1:]
    return correct([*first, *({"instance_type_id": "", **each} for each in rest)])


@fault("`value or default` on create: zero and false become the default.", "filled")
def falsy_becomes_default(server, correct, defaults, given):
    return {name: (given or {}).get(name) or default for name, default in defaults.items()}


@fault("Zero for ramp_up_duration_seconds becomes 600.", "promotion")
def zero_ramp_up_becomes_default(server, correct, kind, given):
    made = correct(kind, given)
    made["ramp_up_duration_seconds"] = made["ramp_up_duration_seconds"] or 600
    return made


@fault("Zero for max_surge_percent becomes 10.", "rolling")
def zero_surge_becomes_default(server, correct, given):
    made = correct(given)
    made["max_surge_percent"] = made["max_surge_percent"] or 10
    return made


@fault("Zero for target_in_flight_tokens is stored as none.", "autoscaling")
def zero_tokens_become_none(server, correct, given):
    made = correct(given)
    made["target_in_flight_tokens"] = made["target_in_flight_tokens"] or None
    return made


@fault("The default of max_surge_percent is 25, as in another edition.", "rolling")
def surge_default_of_other_edition(server, correct, given):
    return correct({"max_surge_percent": 25, **{k: v for k, v in given.items() if v is not None}})


@fault("The default of ramp_up_duration_seconds is 60.", "promotion")
def ramp_up_default_wrong(server, correct, kind, given):
    given = {k: v for k, v in (given or {}).items() if v is not None}
    return correct(kind, {"ramp_up_duration_seconds": 60, **given})


@fault("The default of the clean-up strategy is KEEP.", "promotion")
def strategy_default_wrong(server, correct, kind, given):
    given = {k: v for k, v in (given or {}).items() if v is not None}
    return correct(kind, {"promotion_cleanup_strategy": "KEEP", **given})


@fault("The default of the clean-up strategy is KEEP for chains.", "promotion")
def strategy_default_wrong_for_chains(server, correct, kind, given):
    given = {k: v for k, v in (given or {}).items() if v is not None}
    return correct(
        kind, given if kind == "model" else {"promotion_cleanup_strategy": "KEEP", **given}
    )


@fault("stabilization_time_seconds has the default of its neighbour, 10.", "rolling")
def default_of_neighbour(server, correct, given):
    given = {k: v for k, v in given.items() if v is not None}
    return correct({"stabilization_time_seconds": 10, **given})


@fault("redeploy_on_promotion is true unless it is given.", "promotion")
def boolean_default_wrong(server, correct, kind, given):
    given = {k: v for k, v in (given or {}).items() if v is not None}
    return correct(kind, {"redeploy_on_promotion": True, **given})


@fault("An empty group is not an absent one: {} gives zeros.", "promotion")
def empty_group_gives_zero(server, correct, kind, given):
    made = correct(kind, given)
    return {**made, "ramp_up_duration_seconds": 0} if given == {} else made


@fault("Where one promotion setting is given the others are zero and false.", "promotion")
def partial_group_without_defaults(server, correct, kind, given):
    made = correct(kind, given)
    if given and given.get("ramp_up_duration_seconds") is None:
        made["ramp_up_duration_seconds"] = 0
    return made


@fault("The defaults are one shared object which an update changes.", "build")
def shared_defaults(server, correct, kind, parent, body):
    item = correct(kind, parent, body)
    if body.get("promotion_settings") is None:
        shared = server.notes.setdefault(kind, item.settings["promotion_settings"])
        item.settings["promotion_settings"] = shared
    return item


@fault("", "patched")
def shared_defaults(server, correct, item, now, body):  # noqa: F811
    made = correct(item, now, body)
    if server.notes.get("model") is item.settings["promotion_settings"]:
        server.notes["model"].update(made["promotion_settings"])
    return made


@fault("An update with the default spelled out is taken for absent.", "merge")
def default_spelled_out_dropped(server, correct, now, change):
    known = {**shapes.PROMOTION_DEFAULTS, **shapes.ROLLING_DEFAULTS}
    return correct(now, {k: v for k, v in change.items() if k not in known or known[k] != v})


@fault("An update of promotion settings sets the absent ones to their defaults.", "merge_promotion")
def update_fills_defaults(server, correct, now, change):
    return correct({**shapes.PROMOTION_DEFAULTS}, change)


@fault("An update of the rolling deploy sets an absent max_surge_percent to 10.", "merge_rolling")
def update_fills_surge(server, correct, now, change):
    return correct(now, {"max_surge_percent": 10, **change})


@fault("An update with max_surge_percent null sets it to 10.", "merge_rolling")
def update_null_surge_is_default(server, correct, now, change):
    if "max_surge_percent" in change and change["max_surge_percent"] is None:
        change = {**change, "max_surge_percent": 10}
    return correct(now, change)


@fault("rolling_deploy is true as soon as a rolling_deploy_config is given.", "promotion")
def config_turns_rolling_on(server, correct, kind, given):
    made = correct(kind, given)
    if given and given.get("rolling_deploy_config") and given.get("rolling_deploy") is None:
        made["rolling_deploy"] = True
    return made


@fault("An explicit false for rolling_deploy is overridden when a config is given.", "promotion")
def config_overrides_false(server, correct, kind, given):
    made = correct(kind, given)
    return {**made, "rolling_deploy": made["rolling_deploy_config"] is not None}


@fault("Defaults are filled in only where the whole group is absent.", "filled")
def defaults_only_for_whole_group(server, correct, defaults, given):
    made = correct(defaults, given)
    if given and "ramp_up_duration_seconds" in defaults:
        made["ramp_up_duration_seconds"] = given.get("ramp_up_duration_seconds") or 0
    return made


@fault(
    "A config that an update makes has another default than one that a create makes.",
    "merge_rolling",
)
def made_config_other_default(server, correct, now, change):
    made = now["rolling_deploy_config"] is None
    return correct(now, {"replica_overhead_percent": 10, **change} if made else change)


@fault("rolling_deploy without a config makes one, though null is its default.", "promotion")
def rolling_makes_config(server, correct, kind, given):
    given = given or {}
    if given.get("rolling_deploy") and given.get("rolling_deploy_config") is None:
        given = {**given, "rolling_deploy_config": {}}
    return correct(kind, given)
