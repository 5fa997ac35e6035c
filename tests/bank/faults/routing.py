"""Faults of a server that answers for another path or method than the one asked for."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus

from starlette.responses import Response

from bank.fault import family
from bank.server import CHAINS, MODELS, Refusal

fault = family("routing")


@fault("The path is decoded before it is split: an encoded slash splits a name.", "split")
def slash_splits(server, correct, path):
    return correct(path.replace("%2F", "/").replace("%2f", "/"))


@fault("Names in the path are decoded twice.", "decode")
def decoded_twice(server, correct, segment):
    return unquote(correct(segment))


@fault("A plus in the path is read as a blank.", "decode")
def plus_is_blank(server, correct, segment):
    return unquote_plus(segment)


@fault("Names in the path are not decoded.", "decode")
def not_decoded(server, correct, segment):
    return segment


@fault("Percent-encoded bytes are read as Latin-1.", "decode")
def decoded_as_latin_1(server, correct, segment):
    return unquote(segment, encoding="latin-1")


@fault("What follows a semicolon in the path is dropped.", "decode")
def semicolon_dropped(server, correct, segment):
    return correct(segment).split(";")[0]


@fault("A suffix such as .json is taken for a format and dropped.", "decode")
def suffix_dropped(server, correct, segment):
    return correct(segment).removesuffix(".json")


@fault("What follows the last dot is taken for a format and dropped.", "decode")
def extension_dropped(server, correct, segment):
    name = correct(segment)
    return name.rpartition(".")[0] or name


@fault("An unknown path is answered with 200 and an empty object.", "route")
def unknown_path_200(server, correct, call):
    try:
        return correct(call)
    except Refusal as refusal:
        if refusal.status != 404:
            raise

        async def nothing(path, call):
            return server.answer(200, {})

        return nothing, []


@fault("PUT is taken for PATCH.", "operation")
def put_is_patch(server, correct, method, methods):
    return correct("PATCH" if method == "PUT" else method, methods)


@fault("Every method that is not declared is taken for GET.", "operation")
def any_method_is_get(server, correct, method, methods):
    return correct(method if method in methods or "GET" not in methods else "GET", methods)


@fault("DELETE removes the environment though it is not declared.", "operation")
def delete_works(server, correct, method, methods):
    if method != "DELETE" or "PATCH" not in methods:
        return correct(method, methods)

    async def delete(path, call):
        server.find("model", *path)
        del server.items[server.key("model", *path)]
        return Response(status_code=204)

    return delete


@fault("POST to an environment is taken for PATCH.", "operation")
def post_is_patch(server, correct, method, methods):
    return correct("PATCH" if method == "POST" and "PATCH" in methods else method, methods)


@fault("PUT on a collection creates.", "operation")
def put_creates(server, correct, method, methods):
    return correct("POST" if method == "PUT" and "POST" in methods else method, methods)


@fault("A method that is not allowed ends in a 500.", "operation")
def wrong_method_crashes(server, correct, method, methods):
    return methods[method]


@fault("A method that is not allowed is answered with 200.", "operation")
def wrong_method_200(server, correct, method, methods):
    if method in methods:
        return methods[method]

    async def nothing(path, call):
        return server.answer(200, {})

    return nothing


@fault("An unknown model has an empty list.", "list")
async def unknown_model_empty_list(server, correct, path, call):
    if path[0] not in MODELS:
        return server.answer(200, {"environments": []})
    return await correct(path, call)


@fault("An unknown environment ends in a 500.", "find")
def unknown_item_crashes(server, correct, kind, parent, name):
    return server.items[server.key(kind, parent, name)]


@fault("An unknown environment is answered with 200 and null.", "read")
async def unknown_item_null(server, correct, kind, path, call):
    try:
        return await correct(kind, path, call)
    except Refusal:
        return server.answer(200, None)


@fault("Reading an unknown environment makes it.", "read")
async def read_makes(server, correct, kind, path, call):
    server.parent(kind, path[0])
    key = server.key(kind, *path)
    if key not in server.items:
        server.items[key] = server.build(kind, path[0], {"name": path[1]})
    return await correct(kind, path, call)


@fault("Updating an unknown environment makes it.", "update")
async def upsert(server, correct, path, call):
    server.parent("model", path[0])
    key = server.key("model", *path)
    if key not in server.items:
        server.items[key] = server.build("model", path[0], {"name": path[1]})
    return await correct(path, call)


@fault("An update of an unknown environment is answered ACCEPTED and does nothing.", "update")
async def update_of_unknown_accepted(server, correct, path, call):
    try:
        return await correct(path, call)
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        return server.answer(200, server.outcome(True))


@fault("An update of an unknown environment changes production.", "update")
async def update_of_unknown_changes_production(server, correct, path, call):
    server.parent("model", path[0])
    if server.key("model", *path) not in server.items:
        path = [path[0], "production"]
    return await correct(path, call)


@fault("The model in the path is ignored when an environment is read.", "read")
async def parent_ignored_in_read(server, correct, kind, path, call):
    owner = [one.parent for one in server.items.values() if (one.kind, one.name) == (kind, path[1])]
    return await correct(kind, [owner[0] if owner else path[0], path[1]], call)


@fault("The model in the path is ignored when an environment is updated.", "update")
async def parent_ignored_in_update(server, correct, path, call):
    owners = [
        one.parent for one in server.items.values() if (one.kind, one.name) == ("model", path[1])
    ]
    return await correct([owners[0] if owners else path[0], path[1]], call)


@fault("An unknown model with a known environment name is read.", "parent")
def parent_not_checked(server, correct, kind, parent):
    return None


@fault("", "find")
def parent_not_checked(server, correct, kind, parent, name):  # noqa: F811
    known = parent if parent in (*MODELS, *CHAINS) else (MODELS if kind == "model" else CHAINS)[0]
    return correct(kind, known, name)


@fault("Ids of models are looked up without regard to letter case.", "decode")
def parent_any_case(server, correct, segment):
    value = correct(segment)
    return value.lower() if value.lower() in (*MODELS, *CHAINS) else value


@fault("Chains are looked up among the models too.", "parent")
def kinds_mixed(server, correct, kind, parent):
    if parent not in (*MODELS, *CHAINS):
        correct(kind, parent)


@fault("A query parameter model_id overrides the path.", "route")
def query_overrides_path(server, correct, call):
    perform, path = correct(call)
    if "model_id=" in call.query:
        path = [call.query.split("model_id=")[1].split("&")[0], *path[1:]]
    return perform, path


@fault("The environment called 'environments' cannot be read.", "find")
def word_of_the_path(server, correct, kind, parent, name):
    if name == "environments":
        raise Refusal(404, "there is no such environment")
    return correct(kind, parent, name)


@fault("Any beginning of the path is accepted.", "split")
def any_beginning(server, correct, path):
    found = path.find("/v1/")
    return correct(path[found:] if found >= 0 else path)


@fault("The version in the path is ignored.", "split")
def version_ignored(server, correct, path):
    return correct(path.replace("/v2/", "/v1/", 1))


@fault("More segments at the end of the path are ignored.", "split")
def longer_path(server, correct, path):
    return correct(path)[:5]


@fault("The path is compared without regard to letter case.", "split")
def path_any_case(server, correct, path):
    segments = correct(path)
    fixed = ("v1", "models", "chains", "environments")
    return [each.lower() if each.lower() in fixed else each for each in segments]


@fault("A model id is found by its first four characters.", "decode")
def parent_by_prefix(server, correct, segment):
    value = correct(segment)
    return next(
        (each for each in (*MODELS, *CHAINS) if len(value) == 8 and each[:4] == value[:4]), value
    )


@fault("An encoded dot segment reaches the parent: %2e%2e.", "route")
def dot_segments(server, correct, call):
    if call.path.endswith(("/%2e%2e", "/%2E%2E", "/..")) and call.method == "GET":
        return server.list, [call.path.split("/")[3]]
    return correct(call)


@fault("405 has no Allow header.", "operation")
def no_allow(server, correct, method, methods):
    try:
        return correct(method, methods)
    except Refusal as refusal:
        raise Refusal(405, refusal.message) from None


@fault("An environment of a model is found under a chain's path as well.", "find")
def found_under_other_kind(server, correct, kind, parent, name):
    try:
        return correct(kind, parent, name)
    except Refusal:
        others = [one for one in server.items.values() if one.name == name]
        if others:
            return others[0]
        raise


@fault("Names are looked up by LIKE.", "find")
def looked_up_by_like(server, correct, kind, parent, name):
    pattern = re.escape(name).replace("%", ".*").replace("_", ".")
    known = [each.name for each in server.below(kind, parent)]
    found = [each for each in known if re.fullmatch(pattern, each)]
    return correct(kind, parent, found[0] if found and name not in known else name)


@fault("What follows a colon in the path is the name of an action.", "decode")
def colon_is_an_action(server, correct, segment):
    return correct(segment).partition(":")[0]


@fault("A read by HEAD fails.", "operation")
def head_fails(server, correct, method, methods):
    if method == "HEAD" and "GET" in methods:
        raise KeyError(method)
    return correct(method, methods)
