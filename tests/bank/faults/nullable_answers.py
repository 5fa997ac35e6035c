"""Faults of a server that answers null, or leaves it out, where the contract says otherwise."""

from __future__ import annotations

from typing import Any

from bank.fault import family
from bank.server import Item

fault = family("nullable answers")


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


@fault("Every answer is written with exclude_none.", "dump")
def exclude_none_everywhere(server, correct, value):
    return correct(without_nulls(value))


@fault("The list is written with exclude_none, the single read is not.", "show_listed")
def exclude_none_in_list(server, correct, item):
    return without_nulls(correct(item))


@fault("The answer to a create is written with exclude_none.", "show_created")
def exclude_none_in_create(server, correct, item):
    return without_nulls(correct(item))


@fault("Only the autoscaling settings are written with exclude_none.", "show")
def exclude_none_in_autoscaling(server, correct, item):
    shown = correct(item)
    if "autoscaling_settings" in shown:
        shown["autoscaling_settings"] = without_nulls(shown["autoscaling_settings"])
    return shown


@fault("Instance types lose gpu_type when it is null, in chainlets only.", "chainlet")
def chainlet_instance_type_without_gpu(server, correct, given):
    made = correct(given)
    del made["instance_type"]["gpu_type"]
    return made


@fault("No deployment is answered as an empty object.", "show")
def empty_object_for_no_deployment(server, correct, item):
    shown = correct(item)
    shown["current_deployment"] = shown["current_deployment"] or {}
    return shown


@fault("The current deployment of a chain is left out while there is none.", "show")
def chain_without_deployment_member(server, correct, item):
    shown = correct(item)
    if item.kind == "chain" and shown["current_deployment"] is None:
        del shown["current_deployment"]
    return shown


@fault("Null is written as the text 'None'.", "show")
def none_as_text(server, correct, item):
    shown = correct(item)
    shown["current_deployment"] = shown["current_deployment"] or "None"
    return shown


@fault("Memory of a missing GPU is an empty string instead of null.", "instance_type")
def empty_text_for_null_number(server, correct, name):
    return {**correct(name), "gpu_memory_limit_mib": ""}


@fault("The GPU count is null where there is none.", "instance_type")
def null_gpu_count(server, correct, name):
    return {**correct(name), "gpu_count": None}


@fault("max_replica is null in the answer when a create gave null for it.", "autoscaling")
def null_stored_in_max_replica(server, correct, given):
    made = correct(given)
    if given and "max_replica" in given and given["max_replica"] is None:
        made["max_replica"] = None
    return made


@fault("After an update with null for concurrency_target a read answers null.", "merge")
def null_concurrency_after_patch(server, correct, now, change):
    made = correct(now, change)
    if "concurrency_target" in change:
        made["concurrency_target"] = change["concurrency_target"]
    return made


@fault("A rolling deploy setting that was created null is answered null.", "rolling")
def null_in_rolling_config(server, correct, given):
    made = correct(given)
    for name in ("max_unavailable_percent", "stabilization_time_seconds"):
        if name in given:
            made[name] = given[name]
    return made


@fault("The strategy of a rolling deploy is null unless it was given.", "rolling")
def null_strategy_unless_given(server, correct, given):
    return {**correct(given), "rolling_deploy_strategy": given.get("rolling_deploy_strategy")}


@fault("autoscaling_settings is answered null for an item created with null.", "build")
def null_autoscaling_of_created_null(server, correct, kind, parent, body):
    item = correct(kind, parent, body)
    if "autoscaling_settings" in body and body["autoscaling_settings"] is None:
        server.notes[id(item)] = item
    return item


@fault("", "show")
def null_autoscaling_of_created_null(server, correct, item: Item):  # noqa: F811
    shown = correct(item)
    return {**shown, "autoscaling_settings": None} if id(item) in server.notes else shown


@fault("promotion_settings is answered null when none were given to a chain.", "promotion")
def null_promotion_of_chain(server, correct, kind, given):
    return correct(kind, given) if given is not None or kind == "model" else None


@fault("chainlet_settings is null, not an empty array, when none were given.", "chainlets")
def null_for_empty_array(server, correct, given):
    return correct(given) or None


@fault("The member promotion_settings is left out when no promotion setting was given.", "show")
def promotion_left_out(server, correct, item):
    shown = correct(item)
    if item.name != "production" and not shown["promotion_settings"]["rolling_deploy_config"]:
        del shown["promotion_settings"]
    return shown


@fault("created_at is null in reads of an item that was updated.", "show")
def null_created_at_after_patch(server, correct, item):
    shown = correct(item)
    return {**shown, "created_at": None} if len(item.applied) > 1 else shown


@fault("instance_type of the environment is null in the list.", "show_listed")
def null_instance_type_in_list(server, correct, item):
    return {**correct(item), "instance_type": None}


@fault("The deployment of production lacks instance_type_name when that is null.", "deployment")
def deployment_without_instance_type_name(server, correct, item):
    return without_nulls(correct(item))


@fault("target_utilization_percentage is left out of an answer when it is null.", "autoscaling")
def null_utilization_left_out(server, correct, given):
    made = correct(given)
    if made["target_utilization_percentage"] is None:
        del made["target_utilization_percentage"]
    return made


@fault("error messages are null where a body was not JSON.", "error")
def null_message(server, correct, refusal):
    body = correct(refusal)
    return {**body, "message": None} if "not JSON" in refusal.message else body
