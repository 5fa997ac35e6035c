"""Sixty faults by somebody who had seen neither the rules nor most of the bank, of all families."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from contextlib import suppress
from urllib.parse import unquote

from starlette.responses import Response

from bank import shapes
from bank.fault import family
from bank.server import KEY, Refusal, pause

# ---------------------------------------------------------------- nullable answers
fault = family("nullable answers")


@fault("In the list a zero below rolling_deploy_config is null (value or None).", "show_listed")
def list_zero_is_null(server, correct, item):
    shown = correct(item)
    config = shown["promotion_settings"]["rolling_deploy_config"]
    if config:
        shown["promotion_settings"]["rolling_deploy_config"] = {
            k: v or None for k, v in config.items()
        }
    return shown


@fault("scale_down_delay 0 of a chainlet comes back as null.", "chainlet")
def chainlet_zero_delay_is_null(server, correct, given):
    made = correct(given)
    made["autoscaling_settings"]["scale_down_delay"] = (
        made["autoscaling_settings"]["scale_down_delay"] or None
    )
    return made


@fault(
    "Only the autoscaling settings inside current_deployment are written with exclude_none.",
    "deployment",
)
def deployment_autoscaling_without_nulls(server, correct, item):
    made = correct(item)
    if "autoscaling_settings" in made:
        made["autoscaling_settings"] = {
            k: v for k, v in made["autoscaling_settings"].items() if v is not None
        }
    return made


@fault("The deployment of a chain's production lacks environment.", "deployment")
def chain_deployment_without_environment(server, correct, item):
    made = correct(item)
    if item.kind == "chain":
        del made["environment"]
    return made


@fault(
    "A null current_deployment is left out of reads once a promotion setting was changed.",
    "show_read",
)
def deployment_left_out_after_promotion_update(server, correct, item):
    shown = correct(item)
    changed = item.applied[0][1]["promotion_settings"] != item.applied[-1][1]["promotion_settings"]
    if changed and shown["current_deployment"] is None:
        del shown["current_deployment"]
    return shown


@fault(
    "A chainlet created with autoscaling_settings null is answered without that member.", "chainlet"
)
def chainlet_null_autoscaling_left_out(server, correct, given):
    made = correct(given)
    if "autoscaling_settings" in given and given["autoscaling_settings"] is None:
        del made["autoscaling_settings"]
    return made


@fault(
    "Instance types with a colon (GPU types) lack gpu_memory_limit_mib while it is null.",
    "instance_type",
)
def gpu_type_without_memory(server, correct, name):
    made = correct(name)
    if ":" in name:
        del made["gpu_memory_limit_mib"]
    return made


# ---------------------------------------------------------------- nullable requests
fault = family("nullable requests")


@fault(
    "Null for max_unavailable_percent is refused when max_surge_percent is given beside it.",
    "object_problems",
)
def null_unavailable_beside_surge_refused(server, correct, shape, value, at):
    found = correct(shape, value, at)
    if (
        shape.name == "rolling"
        and isinstance(value, dict)
        and value.get("max_surge_percent") is not None
    ) and value.get("max_unavailable_percent", 0) is None:
        found.append(f"{at}/max_unavailable_percent: null")
    return found


@fault("An update with both groups null is refused: nothing to do.", "accept")
def both_groups_null_refused(server, correct, shape, call):
    body = correct(shape, call)
    if shape.name == "update" and len(body) == 2 and not any(v is not None for v in body.values()):
        raise Refusal(400, "nothing to do")
    return body


@fault("promotion_settings null in a chain create drops the chainlet settings.", "build")
def null_promotion_drops_chainlets(server, correct, kind, parent, body):
    if kind == "chain" and body.get("promotion_settings", 0) is None:
        body = {k: v for k, v in body.items() if k != "chainlet_settings"}
    return correct(kind, parent, body)


@fault(
    "redeploy_on_promotion null resets it when rolling_deploy is given in the same update.",
    "merge_promotion",
)
def null_redeploy_reset_beside_rolling(server, correct, now, change):
    after = correct(now, change)
    if change.get("rolling_deploy") is not None and change.get("redeploy_on_promotion", 0) is None:
        after["redeploy_on_promotion"] = False
    return after


def _nulls(value):
    return value is None or (isinstance(value, dict) and any(_nulls(v) for v in value.values()))


@fault("A null setting counts as a change: the update says ACCEPTED.", "patched")
def null_counts_as_change(server, correct, item, now, body):
    server.notes["nulls"] = any(_nulls(v) for v in body.values() if v is not None)
    return correct(item, now, body)


@fault("A null setting counts as a change: the update says ACCEPTED.", "differs")
def null_counts_as_change(server, correct, before, after):  # noqa: F811
    return correct(before, after) or server.notes["nulls"]


@fault("A null in an update turns a nullable setting that is 0 into null (now or None).", "merge")
def null_turns_zero_to_null(server, correct, now, change):
    after = correct(now, change)
    for name in (
        "autoscaling_window",
        "scale_down_delay",
        "target_utilization_percentage",
        "target_in_flight_tokens",
        "ramp_up_duration_seconds",
    ):
        if change.get(name, 1) is None and now.get(name) == 0:
            after[name] = None
    return after


@fault(
    "target_utilization_percentage null clears it only when concurrency_target is given beside it.",
    "merge",
)
def null_utilization_cleared_by_concurrency(server, correct, now, change):
    after = correct(now, change)
    if (
        change.get("concurrency_target") is not None
        and change.get("target_utilization_percentage", 0) is None
    ):
        after["target_utilization_percentage"] = None
    return after


# ---------------------------------------------------------------- defaults
fault = family("defaults")


@fault("An absent instance_type_id is 1x4 when the chainlet has autoscaling settings.", "chainlet")
def instance_default_with_autoscaling(server, correct, given):
    if given.get("autoscaling_settings") and "instance_type_id" not in given:
        given = {**given, "instance_type_id": "1x4"}
    return correct(given)


@fault(
    "stabilization_time_seconds is 300 by default when replica_overhead_percent is given.",
    "rolling",
)
def stabilization_default_with_overhead(server, correct, given):
    made = correct(given)
    if (
        given.get("replica_overhead_percent") is not None
        and given.get("stabilization_time_seconds") is None
    ):
        made["stabilization_time_seconds"] = 300
    return made


@fault(
    "ramp_up_duration_seconds is 0 by default when ramp_up_while_promoting is an explicit false.",
    "promotion",
)
def ramp_default_with_false(server, correct, kind, given):
    made = correct(kind, given)
    given = given or {}
    if (
        given.get("ramp_up_while_promoting") is False
        and given.get("ramp_up_duration_seconds") is None
    ):
        made["ramp_up_duration_seconds"] = 0
    return made


@fault(
    "redeploy_on_promotion is true by default for a chain whose rolling_deploy is given.",
    "promotion",
)
def chain_redeploy_default_with_rolling(server, correct, kind, given):
    made = correct(kind, given)
    given = given or {}
    if (
        kind == "chain"
        and given.get("rolling_deploy") is not None
        and given.get("redeploy_on_promotion") is None
    ):
        made["redeploy_on_promotion"] = True
    return made


@fault("The default of the clean-up strategy is KEEP when rolling_deploy is true.", "promotion")
def strategy_default_with_rolling(server, correct, kind, given):
    made = correct(kind, given)
    given = given or {}
    if given.get("rolling_deploy") is True and given.get("promotion_cleanup_strategy") is None:
        made["promotion_cleanup_strategy"] = "KEEP"
    return made


@fault("The defaults of the rolling deploy are one object that each create writes into.", "rolling")
def rolling_defaults_mutated(server, correct, given):
    known = server.notes.setdefault("rolling", dict(shapes.ROLLING_DEFAULTS))
    known.update({k: v for k, v in given.items() if v is not None})
    return dict(known)


# ---------------------------------------------------------------- PATCH
fault = family("PATCH")


@fault(
    "When promotion_settings stands before autoscaling_settings in the body the second is dropped.",
    "patched",
)
def second_group_by_order_dropped(server, correct, item, now, body):
    if (
        list(body) == ["promotion_settings", "autoscaling_settings"]
        and body["promotion_settings"] is not None
    ):
        body = {"promotion_settings": body["promotion_settings"]}
    return correct(item, now, body)


@fault(
    "ramp_up_duration_seconds is only updated while ramp_up_while_promoting is true.",
    "merge_promotion",
)
def ramp_duration_needs_ramp(server, correct, now, change):
    on = change.get("ramp_up_while_promoting")
    if not (now["ramp_up_while_promoting"] if on is None else on):
        change = {k: v for k, v in change.items() if k != "ramp_up_duration_seconds"}
    return correct(now, change)


@fault(
    "The first good update after a refused one of the same environment is answered ACCEPTED and dropped.",
    "update",
)
async def update_after_refused_dropped(server, correct, path, call):
    key = ("dirty", *path)
    if server.notes.get(key):
        server.parent("model", path[0])
        server.find("model", path[0], path[1])
        server.accept(shapes.UPDATE, call)
        del server.notes[key]
        return server.answer(200, server.outcome(True))
    try:
        return await correct(path, call)
    except Refusal as refusal:
        if refusal.status == 400:
            server.notes[key] = True
        raise


@fault(
    "Changes are found by the sorted values: two settings that exchange their values are UNCHANGED.",
    "patched",
)
def exchange_is_unchanged(server, correct, item, now, body):
    before = json.loads(json.dumps(now))
    after = correct(item, now, body)
    same = all(
        sorted(map(repr, before[g].values())) == sorted(map(repr, after[g].values()))
        for g in before
    )
    return before if same else after


@fault(
    "A body that was sent before is taken for a repetition, whatever came between (A, B, A).",
    "patched",
)
def repeated_body_not_applied(server, correct, item, now, body):
    key = (item.kind, item.parent, item.name, json.dumps(body))
    if key in server.notes:
        return now
    server.notes[key] = True
    return correct(item, now, body)


@fault("Updates of an environment whose name is not ASCII are accepted and not applied.", "store")
async def non_ascii_not_updated(server, correct, item, settings):
    if item.name.isascii():
        await correct(item, settings)


@fault("rolling_deploy false in an update removes rolling_deploy_config.", "merge_promotion")
def rolling_off_removes_config(server, correct, now, change):
    after = correct(now, change)
    if change.get("rolling_deploy") is False:
        after["rolling_deploy_config"] = None
    return after


# ---------------------------------------------------------------- request validation
fault = family("request validation")

_ALL_NAMES = {
    n
    for s in (shapes.AUTOSCALING, shapes.PROMOTION, shapes.ROLLING, shapes.CHAINLET)
    for n in s.members
}


@fault(
    "Known names are one flat set: a promotion setting inside autoscaling_settings is ignored.",
    "strangers",
)
def flat_known_names(server, correct, shape, value, at):
    found = correct(shape, value, at)
    return [n for n in found if n not in _ALL_NAMES] if shape.name == "autoscaling" else found


@fault("A number in quotes is accepted in the second and later chainlets.", "fits")
def quoted_number_in_later_items(server, correct, kind, value, at):
    if kind == "integer" and isinstance(value, str) and re.match(r"/chainlet_settings/[1-9]", at):
        return re.fullmatch(r"-?[0-9]{1,18}", value) is not None
    return correct(kind, value, at)


@fault(
    "An empty array is accepted for an integer below promotion_settings and means unset.", "fits"
)
def empty_array_as_integer(server, correct, kind, value, at):
    return (kind == "integer" and value == [] and "/promotion_settings" in at) or correct(
        kind, value, at
    )


@fault(
    "An empty array is accepted for an integer below promotion_settings and means unset.", "integer"
)
def empty_array_as_integer(server, correct, value):  # noqa: F811
    return None if value == [] else correct(value)


@fault("Blanks around a value of an enum are accepted.", "fits_enum")
def enum_blanks(server, correct, values, value):
    return correct(values, value.strip() if isinstance(value, str) else value)


@fault("Blanks around a value of an enum are accepted.", "typed")
def enum_blanks(server, correct, member, value):  # noqa: F811
    return correct(member, value.strip() if isinstance(member.kind, tuple) and value else value)


@fault("The number of an enum's value is accepted, as protobuf's JSON does.", "fits_enum")
def enum_number(server, correct, values, value):
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 <= value < len(values)
    return correct(values, value)


@fault("The number of an enum's value is accepted, as protobuf's JSON does.", "typed")
def enum_number(server, correct, member, value):  # noqa: F811
    if isinstance(member.kind, tuple) and isinstance(value, int):
        return member.kind[value]
    return correct(member, value)


@fault(
    "The check of a group of autoscaling settings ends at the first null (return for continue).",
    "object_problems",
)
def null_ends_the_check(server, correct, shape, value, at):
    if shape.name == "autoscaling" and isinstance(value, dict):
        kept = {}
        for name in sorted(
            value, key=lambda n: list(shape.members).index(n) if n in shape.members else -1
        ):
            if value[name] is None and name in shape.members:
                break
            kept[name] = value[name]
        return correct(shape, kept, at)
    return correct(shape, value, at)


@fault(
    "The check of a group of autoscaling settings ends at the first null (return for continue).",
    "integer",
)
def null_ends_the_check(server, correct, value):  # noqa: F811
    try:
        return correct(value)
    except (TypeError, ValueError, OverflowError):
        return value


@fault(
    "Mass assignment: created_at and model_id in the body of a create are stored and shown.",
    "accept",
)
def mass_assignment(server, correct, shape, call):
    body = correct(shape, call)
    if shape.name != "update":
        raw = json.loads(call.body)
        body["_more"] = {n: raw[n] for n in ("created_at", "model_id", "chain_id") if n in raw}
    return body


@fault(
    "Mass assignment: created_at and model_id in the body of a create are stored and shown.",
    "build",
)
def mass_assignment(server, correct, kind, parent, body):  # noqa: F811
    item = correct(kind, parent, body)
    item.settings.update(body.get("_more", {}))
    return item


# ---------------------------------------------------------------- answers
fault = family("answers")


@fault("created_at in the list has its offset as +0000.", "show_listed")
def list_offset_without_colon(server, correct, item):
    shown = correct(item)
    shown["created_at"] = shown["created_at"].replace("Z", "+0000")
    return shown


def _big(value):
    if isinstance(value, dict):
        return {k: _big(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_big(v) for v in value]
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


@fault("Integers beyond 2^53 are answered as text.", "dump")
def big_integers_as_text(server, correct, value):
    return correct(_big(value))


@fault("Names are HTML-escaped in answers: & becomes &amp;.", "show")
def html_escaped(server, correct, item):
    shown = correct(item)
    shown["name"] = html.escape(shown["name"], quote=False)
    return shown


@fault("A refusal for more than one reason is an array of errors.", "refuse")
def several_problems_as_array(server, correct, refusal, call):
    if refusal.status == 400 and "; " in refusal.message:
        errors = [{"code": "E400", "message": each} for each in refusal.message.split("; ")]
        return server.answer(400, errors)
    return correct(refusal, call)


@fault("Answers longer than 4000 bytes are compressed without Content-Encoding.", "answer")
def long_answers_compressed(server, correct, status, value):
    body = server.dump(value)
    if len(body) > 4000:
        return Response(gzip.compress(body), status, media_type="application/json")
    return correct(status, value)


@fault("The second of two equal reads is answered 304 without having been asked for it.", "read")
async def unasked_304(server, correct, kind, path, call):
    made = await correct(kind, path, call)
    key = ("etag", kind, *path)
    if server.notes.get(key) == made.body:
        return Response(status_code=304)
    server.notes[key] = made.body
    return made


# ---------------------------------------------------------------- credentials
fault = family("credentials")


@fault(
    "After five wrong keys in a row the next request with the right key is refused.", "authorize"
)
def lockout(server, correct, call):
    try:
        correct(call)
    except Refusal:
        server.notes["wrong"] = server.notes.get("wrong", 0) + 1
        raise
    if server.notes.pop("wrong", 0) >= 5:
        raise Refusal(401, "locked")


@fault("The read of a chain environment needs no key.", "authorize")
def chain_read_is_open(server, correct, call):
    if not (call.method == "GET" and call.path.startswith("/v1/chains/")):
        correct(call)


@fault("The key is percent-decoded before it is compared.", "key_fits")
def key_percent_decoded(server, correct, key):

    return correct(unquote(key))


@fault("Hyphens and underscores of a key are the same.", "key_fits")
def key_hyphen_underscore(server, correct, key):
    return correct(key.replace("_", "-"))


@fault("Basic with the key as the user is accepted.", "authorize")
def basic_accepted(server, correct, call):
    header = call.headers.get("authorization") or ""
    if header.startswith("Basic "):
        try:
            if base64.b64decode(header[6:]).decode().partition(":")[0] == KEY:
                return
        except ValueError:
            pass
    correct(call)


@fault("A wrong key is accepted the second time: a hit of the cache is taken for good.", "key_fits")
def second_use_accepted(server, correct, key):
    if correct(key):
        return True
    seen = server.notes.setdefault("seen", set())
    known = key in seen
    seen.add(key)
    return known


@fault("Words after the key are ignored: header.split()[1].", "authorize")
def words_after_key(server, correct, call):
    words = (call.headers.get("authorization") or "").split()
    if len(words) < 2 or not server.scheme_fits(words[0]) or not server.key_fits(words[1]):
        raise Refusal(401, "the API key is missing or not known")


# ---------------------------------------------------------------- state and concurrency
fault = family("state and concurrency")


@fault("Names that are numbers are keyed as numbers: 007 and 7 are one.", "key")
def numeric_names(server, correct, kind, parent, name):
    return correct(kind, parent, int(name) if re.fullmatch("[0-9]{1,18}", name) else name)


@fault(
    "The second create of a taken name is refused, the third is accepted and replaces.", "insert"
)
async def third_create_replaces(server, correct, key, item):
    try:
        await correct(key, item)
    except Refusal:
        if server.notes.get(("again", key)) and item.name != "production":
            server.items[key] = item
            return
        server.notes["again", key] = True
        raise


@fault(
    "Two creates of chain environments at once: the first gets the settings of the second.",
    "insert",
)
async def concurrent_chain_creates_mixed(server, correct, key, item):
    await correct(key, item)
    if item.kind == "chain":
        server.notes["pending"] = item.applied
        await pause()
        item.applied = server.notes["pending"]


@fault("Environments created with the same given autoscaling settings share one record.", "build")
def equal_settings_shared(server, correct, kind, parent, body):
    item = correct(kind, parent, body)
    if kind == "model" and body.get("autoscaling_settings"):
        key = json.dumps(item.settings, sort_keys=True)
        item.applied = server.notes.setdefault(key, item.applied)
    return item


@fault(
    "A refused create of a taken name takes the environment out of the list, not out of reads.",
    "insert",
)
async def conflict_unlists(server, correct, key, item):
    try:
        await correct(key, item)
    except Refusal:
        server.notes.setdefault("unlisted", set()).add(key)
        raise


@fault(
    "A refused create of a taken name takes the environment out of the list, not out of reads.",
    "below",
)
def conflict_unlists(server, correct, kind, parent):  # noqa: F811
    gone = server.notes.get("unlisted", ())
    return [
        each for each in correct(kind, parent) if server.key(kind, parent, each.name) not in gone
    ]


@fault(
    "created_at of a read is looked up by the name alone: that of the first of this name.",
    "show_read",
)
def created_at_by_name(server, correct, item):
    shown = correct(item)
    first = min(each.created_at for each in server.items.values() if each.name == item.name)
    shown["created_at"] = server.date_time(first)
    return shown


@fault(
    "The chainlets of a refused chain create are put before those of the next good one.", "accept"
)
def chainlets_of_refused_kept(server, correct, shape, call):
    try:
        return correct(shape, call)
    except Refusal:
        if shape.name == "create_chain":
            with suppress(Exception):
                given = json.loads(call.body)["chainlet_settings"]
                server.notes["left"] = [
                    server.clean(shapes.CHAINLET, one)
                    for one in given
                    if not server.object_problems(shapes.CHAINLET, one, "")
                ]
        raise


@fault(
    "The chainlets of a refused chain create are put before those of the next good one.",
    "chainlets",
)
def chainlets_of_refused_kept(server, correct, given):  # noqa: F811
    return correct(server.notes.pop("left", []) + list(given or []))


# ---------------------------------------------------------------- routing
fault = family("routing")


@fault("Percent escapes in lower case (%c3%a9) are not decoded.", "decode")
def lower_case_escapes(server, correct, segment):
    return correct(re.sub("%([0-9a-f][a-f]|[a-f][0-9])", r"%25\1", segment))


@fault("What follows an encoded ? or # in a name in the path is dropped.", "decode")
def encoded_question_mark(server, correct, segment):
    return re.split("[?#]", correct(segment))[0]


@fault("The read of an environment of an unknown chain is that of the first chain.", "read")
async def unknown_chain_is_first(server, correct, kind, path, call):
    from bank.server import CHAINS

    if kind == "chain" and path[0] not in CHAINS:
        path = [CHAINS[0], path[1]]
    return await correct(kind, path, call)


@fault("A number as the name of an unknown environment is an index into the list.", "find")
def number_is_index(server, correct, kind, parent, name):
    try:
        return correct(kind, parent, name)
    except Refusal:
        items = server.below(kind, parent)
        if re.fullmatch("[0-9]{1,6}", name) and int(name) < len(items):
            return items[int(name)]
        raise


@fault("A name longer than 100 characters is created and listed, its path is not found.", "find")
def long_name_not_found(server, correct, kind, parent, name):
    if len(name) > 100:
        raise Refusal(404, "there is no such environment")
    return correct(kind, parent, name)


@fault(
    "DELETE on the collection removes all but production, though it is not declared.", "operation"
)
def delete_collection(server, correct, method, methods):
    if method == "DELETE" and "POST" in methods:

        async def gone(path, call):
            server.items = {
                k: v
                for k, v in server.items.items()
                if v.parent != path[0] or v.name == "production"
            }
            return Response(status_code=204)

        return gone
    return correct(method, methods)
