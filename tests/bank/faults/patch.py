"""Faults of a server that updates something else than what was asked for."""

from __future__ import annotations

import asyncio
import copy

from bank import shapes
from bank.fault import family
from bank.server import Refusal

fault = family("PATCH")


@fault("The given promotion settings replace all of them.", "merge_promotion")
def group_replaced(server, correct, now, change):
    return server.promotion("model", change)


@fault("The given autoscaling settings replace all of them.", "patched")
def autoscaling_replaced(server, correct, item, now, body):
    made = correct(item, now, body)
    if body.get("autoscaling_settings"):
        made["autoscaling_settings"] = server.autoscaling(body["autoscaling_settings"])
    return made


@fault("dict.update is shallow: rolling_deploy_config is replaced as a whole.", "merge_rolling")
def shallow_merge(server, correct, now, change):
    return server.rolling(change)


@fault("`if value:` drops zero and false in an update.", "merge")
def falsy_dropped(server, correct, now, change):
    return correct(now, {name: value for name, value in change.items() if value})


@fault("Zero is dropped in an update of max_unavailable_percent.", "merge_rolling")
def zero_unavailable_dropped(server, correct, now, change):
    if change.get("max_unavailable_percent") == 0:
        change = {**change, "max_unavailable_percent": None}
    return correct(now, change)


@fault("False is dropped: a boolean cannot be switched off again.", "merge")
def cannot_switch_off(server, correct, now, change):
    return correct(now, {name: value for name, value in change.items() if value is not False})


@fault("Of several settings in one update only the first is changed.", "merge")
def only_first_member(server, correct, now, change):
    kept = {name: value for name, value in change.items() if value is not None}
    return correct(now, dict(list(kept.items())[:1]))


@fault("Where both groups are given promotion settings are ignored (elif).", "patched")
def second_group_ignored(server, correct, item, now, body):
    if body.get("autoscaling_settings") is not None:
        body = {"autoscaling_settings": body["autoscaling_settings"]}
    return correct(item, now, body)


@fault("Copy and paste: scale_down_delay is written into autoscaling_window.", "merge")
def wrong_field(server, correct, now, change):
    if change.get("scale_down_delay") is not None:
        change = {**change, "autoscaling_window": change["scale_down_delay"]}
        del change["scale_down_delay"]
    return correct(now, change)


@fault("min_replica and max_replica are swapped in an update.", "merge")
def min_and_max_swapped(server, correct, now, change):
    swap = {"min_replica": "max_replica", "max_replica": "min_replica"}
    return correct(now, {swap.get(name, name): value for name, value in change.items()})


@fault("min and max are swapped only when both are given.", "merge")
def swapped_when_both(server, correct, now, change):
    low, high = change.get("min_replica"), change.get("max_replica")
    if low is not None and high is not None:
        change = {**change, "min_replica": high, "max_replica": low}
    return correct(now, change)


@fault("Every update says UNCHANGED.", "outcome")
def always_unchanged(server, correct, changed):
    return correct(False)


@fault("Every update says ACCEPTED.", "outcome")
def always_accepted(server, correct, changed):
    return correct(True)


@fault("Only autoscaling settings count for UNCHANGED.", "differs")
def promotion_does_not_count(server, correct, before, after):
    return before["autoscaling_settings"] != after["autoscaling_settings"]


@fault("A change below rolling_deploy_config is answered UNCHANGED.", "differs")
def nested_change_does_not_count(server, correct, before, after):
    def flat(settings):
        promotion = {**settings["promotion_settings"]}
        if (
            promotion["rolling_deploy_config"]
            and before["promotion_settings"]["rolling_deploy_config"]
        ):
            promotion["rolling_deploy_config"] = None
        return [settings["autoscaling_settings"], promotion]

    return flat(before) != flat(after)


@fault("A body that spells out the present values says ACCEPTED unless it is empty.", "update")
async def unchanged_only_for_empty(server, correct, path, call):
    server.notes["empty"] = call.body.strip() in (b"{}", b"")
    return await correct(path, call)


@fault("", "outcome")
def unchanged_only_for_empty(server, correct, changed):  # noqa: F811
    return correct(not server.notes["empty"])


@fault("The third update of an environment is lost.", "store")
async def third_update_lost(server, correct, item, settings):
    if len(item.applied) == 3:
        item.applied.append(item.applied[-1])
        return
    await correct(item, settings)


@fault("Every update after the first is merged into the settings of the create.", "patched")
def merged_into_creation(server, correct, item, now, body):
    return correct(item, copy.deepcopy(item.applied[0][1]), body)


@fault("target_in_flight_tokens is accepted and never applied.", "merge")
def one_setting_never_applied(server, correct, now, change):
    return correct(now, {**change, "target_in_flight_tokens": None})


@fault("replica_overhead_percent is accepted and never applied in an update.", "merge_rolling")
def nested_setting_never_applied(server, correct, now, change):
    return correct(now, {**change, "replica_overhead_percent": None})


@fault("An update takes 60 ms; another one in that time starts from the old state.", "patched")
def pending_update_lost(server, correct, item, now, body):
    return correct(item, server.visible(item), body)


@fault("", "store")
async def pending_update_lost(server, correct, item, settings):  # noqa: F811
    server.delay = 0.06
    await correct(item, settings)


@fault("An update changes every environment of the model.", "store")
async def all_of_the_model(server, correct, item, settings):
    for each in server.below(item.kind, item.parent):
        await correct(each, copy.deepcopy(settings))


@fault("An update changes the environment of the same name of every model.", "store")
async def same_name_of_all_models(server, correct, item, settings):
    for each in [one for one in server.items.values() if one.name == item.name]:
        if each.kind == item.kind:
            await correct(each, copy.deepcopy(settings))


@fault("An update changes production instead.", "store")
async def production_instead(server, correct, item, settings):
    await correct(server.find(item.kind, item.parent, "production"), settings)


@fault("Autoscaling settings are written before promotion settings are validated.", "accept")
def half_of_a_refused_update(server, correct, shape, call):
    try:
        return correct(shape, call)
    except Refusal:
        item = server.notes.get("item") if shape is shapes.UPDATE else None
        if item is not None:
            _write_valid_part(server, item, call)
        raise


@fault("", "find")
def half_of_a_refused_update(server, correct, kind, parent, name):  # noqa: F811
    server.notes["item"] = correct(kind, parent, name)
    return server.notes["item"]


def _write_valid_part(server, item, call):
    body = server.parse(call.body)
    group = body.get("autoscaling_settings") if isinstance(body, dict) else None
    if group and not server.object_problems(shapes.AUTOSCALING, group, ""):
        settings = server.patched(
            item, copy.deepcopy(item.settings), {"autoscaling_settings": group}
        )
        item.settings = settings
        item.applied.append((0.0, settings))


@fault("Of a refused update the settings before the bad one are written.", "accept")
def settings_before_the_bad_one(server, correct, shape, call):
    try:
        return correct(shape, call)
    except Refusal:
        item = server.notes.get("item") if shape is shapes.UPDATE else None
        body = server.parse(call.body) if item is not None else None
        group = body.get("autoscaling_settings") if isinstance(body, dict) else None
        for name, value in (group if isinstance(group, dict) else {}).items():
            if not isinstance(value, int) or isinstance(value, bool):
                break
            if name in shapes.AUTOSCALING.members:
                item.settings["autoscaling_settings"][name] = value
        raise


@fault("", "find")
def settings_before_the_bad_one(server, correct, kind, parent, name):  # noqa: F811
    server.notes["item"] = correct(kind, parent, name)
    return server.notes["item"]


@fault("An update to the value of the create is lost.", "merge")
def back_to_the_first_value(server, correct, now, change):
    created = {**shapes.AUTOSCALING_DEFAULTS, **shapes.PROMOTION_DEFAULTS}
    return correct(now, {k: v for k, v in change.items() if k not in created or created[k] != v})


@fault("An update changes created_at.", "store")
async def created_at_touched(server, correct, item, settings):
    item.created_at = server.now()
    await correct(item, settings)


@fault("max_replica above 10 is stored as 10 without a word.", "merge")
def clipped(server, correct, now, change):
    if (change.get("max_replica") or 0) > 10:
        change = {**change, "max_replica": 10}
    return correct(now, change)


@fault("Numbers above 2^31 - 1 are clipped.", "integer")
def clipped_to_32_bits(server, correct, value):
    return max(-(2**31), min(2**31 - 1, correct(value)))


@fault("Numbers pass through a float: above 2^53 they are rounded.", "integer")
def rounded_above_2_53(server, correct, value):
    return int(float(value)) if abs(value) < 1e300 else value


@fault("A negative number is stored without its sign.", "integer")
def sign_lost(server, correct, value):
    return abs(correct(value))


@fault("The list is cached: it shows settings as of its first call for the model.", "list")
async def list_cache_not_invalidated(server, correct, path, call):
    answer = await correct(path, call)
    names = tuple(each.name for each in server.below("model", path[0]))
    return server.notes.setdefault(("list", path[0], names), answer)


@fault("The cache of reads is not emptied by an update.", "show_read")
def read_cache_not_invalidated(server, correct, item):
    return server.notes.setdefault(("read", id(item)), correct(item))


@fault("An update is visible in one read and gone in the next.", "show_read")
def second_read_is_old(server, correct, item):
    reads = server.notes.setdefault(id(item.applied[-1]), [])
    reads.append(item)
    shown = correct(item)
    return shown if len(reads) == 1 else {**shown, **copy.deepcopy(item.applied[0][1])}


@fault("A change of concurrency_target puts autoscaling_window back.", "merge")
def neighbour_reset(server, correct, now, change):
    made = correct(now, change)
    if change.get("concurrency_target") is not None and "autoscaling_window" not in change:
        made["autoscaling_window"] = 60
    return made


@fault("An empty group in an update resets the group.", "patched")
def empty_group_resets(server, correct, item, now, body):
    made = correct(item, now, body)
    if body.get("autoscaling_settings") == {}:
        made["autoscaling_settings"] = dict(shapes.AUTOSCALING_DEFAULTS)
    return made


@fault("An empty body resets everything.", "patched")
def empty_body_resets(server, correct, item, now, body):
    return correct(item, now, body) if body else copy.deepcopy(item.applied[0][1])


@fault("An empty update is refused.", "accept")
def empty_update_refused(server, correct, shape, call):
    body = correct(shape, call)
    if shape is shapes.UPDATE and not body:
        raise Refusal(400, "nothing to change")
    return body


@fault("A rolling_deploy_config is ignored where there was none.", "merge_promotion")
def config_not_created(server, correct, now, change):
    if now["rolling_deploy_config"] is None:
        change = {**change, "rolling_deploy_config": None}
    return correct(now, change)


@fault("An update of another promotion setting resets rolling_deploy_config.", "merge_promotion")
def config_lost_with_sibling(server, correct, now, change):
    made = correct(now, change)
    if change.get("rolling_deploy_config") is None and change.get("rolling_deploy") is not None:
        made["rolling_deploy_config"] = None
    return made


@fault("DEACTIVATE is stored as SCALE_TO_ZERO in an update.", "merge")
def one_enum_value_lost(server, correct, now, change):
    if change.get("promotion_cleanup_strategy") == "DEACTIVATE":
        change = {**change, "promotion_cleanup_strategy": "SCALE_TO_ZERO"}
    return correct(now, change)


@fault("The same boolean twice toggles it.", "merge")
def toggles(server, correct, now, change):
    made = correct(now, change)
    if change.get("ramp_up_while_promoting") is True and now["ramp_up_while_promoting"] is True:
        made["ramp_up_while_promoting"] = False
    return made


@fault("An update is visible only after the poll budget.", "store")
async def visible_too_late(server, correct, item, settings):
    server.delay = 1000.0
    await correct(item, settings)


@fault("Two updates at once: each starts from the same state, the last write wins.", "store")
async def lost_update(server, correct, item, settings):
    await asyncio.sleep(0)
    await correct(item, settings)


@fault("A second setting of the same group in one update is written to the first one.", "merge")
def second_value_into_first(server, correct, now, change):
    given = [(name, value) for name, value in change.items() if type(value) is int]
    made = correct(now, change)
    if len(given) > 1:
        made[given[0][0]] = given[1][1]
    return made


@fault("Three or more settings at once: the last is dropped.", "merge")
def third_member_dropped(server, correct, now, change):
    given = [name for name, value in change.items() if value is not None]
    return correct(now, {k: v for k, v in change.items() if k not in given[2:]})


@fault("Updates work on the first model only.", "store")
async def second_model_not_updated(server, correct, item, settings):
    if item.parent == "abcd1234":
        await correct(item, settings)


@fault("Updates of production are accepted and not applied.", "store")
async def production_not_updated(server, correct, item, settings):
    if item.name != "production":
        await correct(item, settings)


@fault("Only environments created with promotion settings can have them updated.", "patched")
def promotion_update_needs_creation(server, correct, item, now, body):
    created = item.applied[0][1]["promotion_settings"]
    if created == shapes.PROMOTION_DEFAULTS:
        body = {name: value for name, value in body.items() if name != "promotion_settings"}
    return correct(item, now, body)


@fault("An update with both groups says UNCHANGED when only the second one changes.", "differs")
def outcome_of_first_group(server, correct, before, after):
    if before["autoscaling_settings"] == after["autoscaling_settings"]:
        return (
            before["promotion_settings"]["rolling_deploy"]
            != after["promotion_settings"]["rolling_deploy"]
        )
    return True


@fault("A max_replica below min_replica in an update lowers min_replica too.", "merge")
def min_dragged_along(server, correct, now, change):
    made = correct(now, change)
    if change.get("max_replica") is not None and made["max_replica"] < made["min_replica"]:
        made["min_replica"] = made["max_replica"]
    return made
