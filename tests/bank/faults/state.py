"""Faults of a server that forgets, mixes up or races."""

from __future__ import annotations

import copy
import unicodedata

from bank.fault import family
from bank.server import Item, Refusal, pause

fault = family("state and concurrency")


@fault("A name that is taken is accepted and replaces the first.", "insert")
async def taken_name_replaces(server, correct, key, item):
    server.items[key] = item


@fault("A name that is taken is answered 200 with the item that is there.", "insert")
async def taken_name_is_fine(server, correct, key, item):
    server.items.setdefault(key, item)


@fault("A chain name that is taken is accepted.", "insert")
async def taken_chain_name_replaces(server, correct, key, item):
    if item.kind == "chain":
        server.items[key] = item
    else:
        await correct(key, item)


@fault("A refused create of a taken name overwrites the settings.", "insert")
async def conflict_overwrites(server, correct, key, item):
    if key in server.items:
        server.items[key].applied = item.applied
        server.items[key].settings = item.settings
    await correct(key, item)


@fault("A refused create of a taken name removes the first.", "insert")
async def conflict_removes(server, correct, key, item):
    try:
        await correct(key, item)
    except Refusal:
        if item.name != "production":
            del server.items[key]
        raise


@fault("The reserved name is accepted.", "insert")
async def reserved_name_accepted(server, correct, key, item):
    if item.name == "production":
        server.items[key] = item
    else:
        await correct(key, item)


@fault("production is not in the list.", "below")
def production_not_listed(server, correct, kind, parent):
    return [each for each in correct(kind, parent) if each.name != "production"]


@fault("Names are unique over all models: the second model refuses.", "insert")
async def names_are_global(server, correct, key, item):
    others = [each for each in server.items.values() if each.kind == item.kind]
    if any(each.name == item.name for each in others):
        raise Refusal(409, "there is an environment of this name")
    await correct(key, item)


@fault("The same name under two models is one record.", "key")
def record_shared(server, correct, kind, parent, name):
    return kind, name


@fault("The same name under a model and a chain: the second is refused.", "insert")
async def models_and_chains_share(server, correct, key, item):
    others = [each for each in server.items.values() if each.kind != item.kind]
    if item.name != "production" and any(each.name == item.name for each in others):
        raise Refusal(409, "there is an environment of this name")
    await correct(key, item)


@fault("Two creates of one name at once both win.", "insert")
async def create_race(server, correct, key, item):
    if key in server.items:
        raise Refusal(409, "there is an environment of this name")
    await pause()
    server.items[key] = item


@fault("Two creates of one chain environment at once both win.", "insert")
async def chain_create_race(server, correct, key, item):
    if key in server.items:
        raise Refusal(409, "there is an environment of this name")
    if item.kind == "chain":
        await pause()
    server.items[key] = item


@fault("Of two creates at once the refused one's settings are stored.", "insert")
async def race_keeps_loser(server, correct, key, item):
    first = key not in server.items
    server.items.setdefault(key, item)
    await pause()
    if not first:
        settings = server.items[key].settings
        if server.notes.get("last") == key:
            server.items[key].applied.append((0.0, item.settings))
        del settings
        raise Refusal(409, "there is an environment of this name")
    server.notes["last"] = key


@fault("Two creates of different names at once: one is lost.", "insert")
async def concurrent_create_lost(server, correct, key, item):
    before = dict(server.items)
    await pause()
    if key in before:
        raise Refusal(409, "there is an environment of this name")
    before[key] = item
    server.items = before


@fault("A create at once with another of the same name is answered 500.", "insert")
async def race_crashes(server, correct, key, item):
    if key in server.items:
        raise Refusal(409, "there is an environment of this name")
    await pause()
    assert key not in server.items, "duplicate key value violates unique constraint"
    server.items[key] = item


@fault("Two updates of different groups at once: one is lost.", "update")
async def concurrent_groups_lost(server, correct, path, call):
    item = server.items.get(server.key("model", *path))
    before = copy.deepcopy(item.settings) if item else None
    await pause()
    await pause()
    if item and server.notes.get(("busy", id(item))) is not None:
        item.settings = before
    server.notes["busy", id(item)] = True
    try:
        return await correct(path, call)
    finally:
        await pause()
        server.notes["busy", id(item)] = None


@fault("A new environment is not in the list.", "below")
def created_not_listed(server, correct, kind, parent):
    return [each for each in correct(kind, parent) if each.name == "production"]


@fault("The list holds those of every model.", "below")
def list_of_all(server, correct, kind, parent):
    return [each for each in server.items.values() if each.kind == kind]


@fault("The list ends after five.", "below")
def list_of_five(server, correct, kind, parent):
    return correct(kind, parent)[:5]


@fault("The list holds the newest twice.", "below")
def listed_twice(server, correct, kind, parent):
    items = correct(kind, parent)
    return items + items[-1:]


@fault("The list of the second model is that of the first.", "below")
def second_list_is_first(server, correct, kind, parent):
    return correct(kind, "abcd1234")


@fault("An environment can be read three times, then it is gone.", "find")
def gone_after_three_reads(server, correct, kind, parent, name):
    item = correct(kind, parent, name)
    reads = server.notes.setdefault((parent, name), [])
    reads.append(1)
    if len(reads) > 3 and name != "production":
        raise Refusal(404, "there is no such environment")
    return item


@fault("Only the ten newest environments are kept.", "insert")
async def only_ten_kept(server, correct, key, item):
    await correct(key, item)
    made = [each for each, one in server.items.items() if one.name != "production"]
    for old in made[:-10]:
        del server.items[old]


@fault("Only the newest environment of a model is kept.", "insert")
async def only_one_kept(server, correct, key, item):
    await correct(key, item)
    for old, one in list(server.items.items()):
        same = (one.kind, one.parent) == (item.kind, item.parent)
        if same and one.name not in ("production", item.name):
            del server.items[old]


@fault("A refused create leaves the item behind.", "create")
async def ghost_of_refused_create(server, correct, kind, path, call):
    try:
        return await correct(kind, path, call)
    except Refusal as refusal:
        if refusal.status == 400:
            _leave_ghost(server, kind, path[0], call)
        raise


def _leave_ghost(server, kind, parent, call):
    body = server.parse(call.body)
    if isinstance(body, dict) and isinstance(body.get("name"), str):
        item = server.build(kind, parent, {"name": body["name"]})
        server.items.setdefault(server.key(kind, parent, item.name), item)


@fault("A refused create reserves the name: the next good one conflicts.", "create")
async def refused_create_reserves(server, correct, kind, path, call):
    try:
        return await correct(kind, path, call)
    except Refusal as refusal:
        if refusal.status == 400 and isinstance(server.parse(call.body), dict):
            server.notes[kind, path[0], str(server.parse(call.body).get("name"))] = True
        raise


@fault("", "insert")
async def refused_create_reserves(server, correct, key, item):  # noqa: F811
    if (item.kind, item.parent, item.name) in server.notes:
        raise Refusal(409, "there is an environment of this name")
    await correct(key, item)


@fault("Long names are cut to 63 characters.", "name")
def long_name_cut(server, correct, body):
    return correct(body)[:63]


@fault("Names longer than 255 characters are cut only in the store.", "key")
def long_name_cut_in_store(server, correct, kind, parent, name):
    return correct(kind, parent, name[:255])


@fault("Names are looked up without regard to letter case.", "key")
def lookup_any_case(server, correct, kind, parent, name):
    return correct(kind, parent, name.lower())


@fault("Names are trimmed when they are looked up, not when they are stored.", "find")
def trimmed_in_lookup(server, correct, kind, parent, name):
    return correct(kind, parent, name.strip())


@fault("Names are lower-cased in the lookup, not in the store.", "find")
def lower_case_in_lookup(server, correct, kind, parent, name):
    return correct(kind, parent, name.lower())


@fault("A name that is the beginning of another finds that one.", "find")
def lookup_by_prefix(server, correct, kind, parent, name):
    try:
        return correct(kind, parent, name)
    except Refusal:
        for item in server.below(kind, parent):
            if name and item.name.startswith(name):
                return item
        raise


@fault("A name that begins with a known one finds that one: re.match.", "find")
def lookup_by_match(server, correct, kind, parent, name):
    try:
        return correct(kind, parent, name)
    except Refusal:
        for item in server.below(kind, parent):
            if name.startswith(item.name):
                return item
        raise


@fault("Names are normalised to NFKC in the lookup only.", "find")
def normalised_in_lookup(server, correct, kind, parent, name):
    return correct(kind, parent, unicodedata.normalize("NFKD", name))


@fault("Accents are dropped from the key: cafe and café are one.", "key")
def accents_dropped(server, correct, kind, parent, name):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return correct(kind, parent, plain)


@fault("A read changes the item: created_at is touched.", "show_read")
def read_touches(server, correct, item: Item):
    item.created_at = server.now()
    return correct(item)


@fault("A read switches rolling_deploy on.", "show_read")
def read_changes(server, correct, item):
    shown = correct(item)
    if len(item.applied) == 1:
        item.applied[-1][1]["promotion_settings"]["rolling_deploy"] = True
    return shown


@fault("Chainlets come back in reverse order.", "chainlets")
def chainlets_reversed(server, correct, given):
    return correct(given)[::-1]


@fault("Only the first chainlet is stored.", "chainlets")
def one_chainlet(server, correct, given):
    return correct(given)[:1]


@fault("All chainlets have the autoscaling settings of the last.", "chainlets")
def chainlets_share_settings(server, correct, given):
    made = correct(given)
    return [{**each, "autoscaling_settings": made[-1]["autoscaling_settings"]} for each in made]


@fault("The settings of a chainlet are ignored.", "chainlet")
def chainlet_settings_ignored(server, correct, given):
    return correct({**given, "autoscaling_settings": None})


@fault("min and max of a chainlet are swapped.", "chainlet")
def chainlet_min_max_swapped(server, correct, given):
    made = correct(given)
    settings = made["autoscaling_settings"]
    low, high = settings["min_replica"], settings["max_replica"]
    return {**made, "autoscaling_settings": {**settings, "min_replica": high, "max_replica": low}}


@fault("An unknown model is made by the first create.", "parent")
def unknown_parent_created(server, correct, kind, parent):
    return None


@fault("A create below an unknown model is a 404 but stored for later.", "parent")
def second_chain_unknown(server, correct, kind, parent):
    if parent == "jklm1357":
        raise Refusal(404, "there is no such chain")
    correct(kind, parent)


@fault(
    "An item created before with the same name after a conflict shows the second's time.", "insert"
)
async def conflict_touches_created_at(server, correct, key, item):
    if key in server.items:
        server.items[key].created_at = item.created_at
    await correct(key, item)


@fault("After 50 creates every create answers the first one's settings.", "insert")
async def after_fifty_creates(server, correct, key, item):
    await correct(key, item)
    if len(server.items) > 50:
        item.applied = next(iter(server.items.values())).applied[:1]


@fault(
    "Promotion settings given to a create are dropped when autoscaling ones are given too.", "build"
)
def second_group_dropped_on_create(server, correct, kind, parent, body):
    if body.get("autoscaling_settings"):
        body = {**body, "promotion_settings": None}
    return correct(kind, parent, body)


@fault("The second model's environments are created without their settings.", "build")
def second_parent_loses_settings(server, correct, kind, parent, body):
    return correct(
        kind, parent, body if parent in ("abcd1234", "pqrs2468") else {"name": body["name"]}
    )


@fault("A chain's rolling_deploy_config is dropped on create.", "promotion")
def chain_config_dropped(server, correct, kind, given):
    made = correct(kind, given)
    return made if kind == "model" else {**made, "rolling_deploy_config": None}


@fault("What was updated twice is not listed any more.", "below")
def twice_updated_not_listed(server, correct, kind, parent):
    return [each for each in correct(kind, parent) if len(each.applied) < 3]


@fault("What was updated is listed once for each update.", "below")
def listed_for_each_update(server, correct, kind, parent):
    return [each for each in correct(kind, parent) for _ in each.applied]


@fault("Names that are numbers are compared as numbers.", "insert")
async def numbers_compared(server, correct, key, item):
    if key[2].isascii() and key[2].isdigit():
        others = [name for *where, name in server.items if tuple(where) == key[:2]]
        same = [each for each in others if each.isascii() and each.isdigit()]
        if int(key[2]) in [int(each) for each in same]:
            raise Refusal(409, "there is an environment of this number")
    await correct(key, item)


@fault("The request is kept where all see it, and the last one is created.", "create")
async def last_request_created(server, correct, kind, path, call):
    server.notes["call"] = call
    await pause()
    return await correct(kind, path, server.notes["call"])
