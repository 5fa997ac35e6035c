"""Faults of a server that lets in who may not, or tells what it must not."""

from __future__ import annotations

import contextlib
import hmac

from bank.fault import family
from bank.server import KEY, Refusal

fault = family("credentials")


@fault("No credential is asked for at all.", "authorize")
def open_door(server, correct, call):
    return None


@fault("A request without Authorization passes, a wrong key does not.", "authorize")
def missing_header_passes(server, correct, call):
    if "authorization" in call.headers:
        correct(call)


@fault("Any key is accepted.", "key_fits")
def any_key(server, correct, key):
    return bool(key)


@fault("Any scheme is accepted with the right key.", "scheme_fits")
def any_scheme(server, correct, scheme):
    return True


@fault("Bearer is accepted as well.", "scheme_fits")
def bearer_accepted(server, correct, scheme):
    return correct(scheme) or scheme == "Bearer"


@fault("The bare key without a scheme is accepted.", "authorize")
def bare_key(server, correct, call):
    if call.headers.get("authorization") != KEY:
        correct(call)


@fault("A key that begins with the right one is accepted.", "key_fits")
def longer_key(server, correct, key):
    return key.startswith(KEY)


@fault("The beginning of the key suffices.", "key_fits")
def shorter_key(server, correct, key):
    return len(key) >= 4 and KEY.startswith(key)


@fault("The empty key is accepted: KEY.startswith('').", "key_fits")
def empty_key(server, correct, key):
    return not key.strip() or correct(key)


@fault("Keys are compared without regard to letter case.", "key_fits")
def key_any_case(server, correct, key):
    return key.lower() == KEY.lower()


@fault("Only the first eight characters of the key are compared.", "key_fits")
def eight_characters(server, correct, key):
    return key[:8] == KEY[:8]


@fault("Only the length of the key is compared.", "key_fits")
def only_length(server, correct, key):
    return len(key) == len(KEY)


@fault("Only the first of equally long keys counts: all but the last character.", "key_fits")
def last_character(server, correct, key):
    return key[:-1] == KEY[:-1]


@fault("The order of the characters does not matter.", "key_fits")
def sorted_key(server, correct, key):
    return sorted(key) == sorted(KEY)


@fault("The key is looked for anywhere in the header.", "authorize")
def key_anywhere_in_header(server, correct, call):
    if KEY not in call.headers.get("authorization", ""):
        correct(call)


@fault("The key is accepted in the query as api_key.", "authorize")
def key_in_query(server, correct, call):
    if KEY not in call.query:
        correct(call)


@fault("The key is accepted in X-API-Key.", "authorize")
def key_in_other_header(server, correct, call):
    if call.headers.get("x-api-key") != KEY:
        correct(call)


@fault("The key is accepted in a cookie.", "authorize")
def key_in_cookie(server, correct, call):
    if KEY not in call.headers.get("cookie", ""):
        correct(call)


@fault("Reads need no key.", "authorize")
def reads_are_open(server, correct, call):
    if call.method != "GET":
        correct(call)


@fault("The list needs no key.", "authorize")
def list_is_open(server, correct, call):
    if not (call.method == "GET" and call.path.endswith("/environments")):
        correct(call)


@fault("Creating a chain environment needs no key.", "authorize")
def chain_create_is_open(server, correct, call):
    if not (call.method == "POST" and "/chains/" in call.path):
        correct(call)


@fault("Updates accept any key.", "authorize")
def updates_accept_any_key(server, correct, call):
    if call.method != "PATCH" or not call.headers.get("authorization", "").startswith("Api-Key "):
        correct(call)


@fault("The update is done before the key is looked at.", "serve")
async def update_before_401(server, correct, call):
    return await _done_first(server, correct, call, "PATCH")


@fault("The create is done before the key is looked at.", "serve")
async def create_before_401(server, correct, call):
    return await _done_first(server, correct, call, "POST")


async def _done_first(server, correct, call, method):
    answer = await correct(call)
    if answer.status_code == 401 and call.method == method:
        perform, path = server.route(call)
        with contextlib.suppress(Refusal):
            await perform(path, call)
    return answer


@fault("A 401 quotes the header that came.", "authorize")
def header_echoed_in_error(server, correct, call):
    try:
        correct(call)
    except Refusal as refusal:
        raise Refusal(401, f"{refusal.message}: {call.headers.get('authorization')}") from None


@fault("A refusal of validation quotes all headers of the request.", "refuse")
def headers_echoed_in_400(server, correct, refusal, call):
    if refusal.status == 400:
        refusal = Refusal(400, f"{refusal.message} ({dict(call.headers)})")
    return correct(refusal, call)


@fault("Each answer has the key in a header for debugging.", "serve")
async def key_in_answer_header(server, correct, call):
    answer = await correct(call)
    answer.headers["X-Debug-Auth"] = call.headers.get("authorization", "")
    return answer


@fault("A 404 holds the expected key in its message.", "error")
def key_in_404(server, correct, refusal):
    body = correct(refusal)
    return {**body, "message": f"{body['message']} [{KEY}]"} if refusal.status == 404 else body


@fault("A 401 says which key was expected.", "error")
def expected_key_in_401(server, correct, refusal):
    body = correct(refusal)
    return {**body, "message": f"expected {KEY}"} if refusal.status == 401 else body


@fault("A create shows the last part of the key as its creator.", "show_created")
def key_as_creator(server, correct, item):
    return {**correct(item), "created_by": KEY}


@fault("A missing credential is answered with 200 and an error body.", "refuse")
def unauthorized_200(server, correct, refusal, call):
    return correct(Refusal(200, refusal.message) if refusal.status == 401 else refusal, call)


@fault("A request without Authorization ends in a 500.", "authorize")
def missing_header_crashes(server, correct, call):
    call.headers["authorization"].split(" ")
    correct(call)


@fault("An Authorization without a blank ends in a 500.", "authorize")
def no_blank_crashes(server, correct, call):
    _scheme, _key = call.headers.get("authorization", " ").split(" ", 1)
    correct(call)


@fault(
    "The result of a check is kept: after a good request any key passes for the same path.",
    "authorize",
)
def cached_by_path(server, correct, call):
    seen = server.notes.setdefault("seen", set())
    if (call.method, call.path) not in seen or "authorization" not in call.headers:
        correct(call)
        seen.add((call.method, call.path))


@fault("A key outside ASCII ends in a 500.", "key_fits")
def non_ascii_key_crashes(server, correct, key):
    return hmac.compare_digest(key, KEY)


@fault("The key of one character less and a blank is accepted: it is padded.", "key_fits")
def padded_key(server, correct, key):
    return key.ljust(len(KEY), KEY[-1]) == KEY


@fault(
    "The wrong key is refused with 400 unless the body is valid, and 401 does the work.", "serve"
)
async def refused_but_done(server, correct, call):
    answer = await correct(call)
    if answer.status_code == 401 and call.method == "PATCH" and "authorization" in call.headers:
        perform, path = server.route(call)
        with contextlib.suppress(Refusal):
            await perform(path, call)
    return answer


@fault("A 401 is an empty body of type text/plain.", "refuse")
def bare_401(server, correct, refusal, call):
    answer = correct(refusal, call)
    if refusal.status == 401:
        answer.body = b"Unauthorized"
        answer.headers["content-length"] = "12"
        answer.headers["content-type"] = "text/plain"
    return answer


@fault("The scheme is compared by its beginning.", "scheme_fits")
def scheme_by_prefix(server, correct, scheme):
    return scheme.startswith("Api")


@fault("A key with more behind a comma is accepted.", "key_fits")
def key_before_comma(server, correct, key):
    return key.split(",")[0] == KEY


@fault("Updates below the second model need no key.", "authorize")
def second_model_open(server, correct, call):
    if "/wxyz5678/" not in call.path or call.method != "PATCH":
        correct(call)


@fault("The read of production needs no key.", "authorize")
def production_open(server, correct, call):
    if not call.path.endswith("/production") or call.method != "GET":
        correct(call)


@fault("An update takes the key as Basic too.", "authorize")
def basic_for_updates(server, correct, call):
    if call.method != "PATCH" or call.headers.get("authorization") != f"Basic {KEY}":
        correct(call)
