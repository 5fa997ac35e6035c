"""The faults of the server of orders."""

from __future__ import annotations

import copy
import re

from starlette.responses import Response

from .fault import Fault, Step
from .orders import TOKEN, Orders
from .server import Refusal

ORDERS_FAULTS: dict[str, Fault] = {}


def fault(sentence: str, step: str) -> Step:
    """Keep a step as a fault of this server."""

    def keep(function: Step) -> Step:
        if not hasattr(Orders, step):
            raise ValueError(f"{function.__name__}: no step {step}")
        name = function.__name__
        ORDERS_FAULTS[name] = Fault(name, "orders", sentence, {step: function})
        return function

    return keep


@fault("A replacement keeps the members that it leaves out, as a PATCH does.", "replacement")
def put_merges(server, correct, old, new):
    return {**old, **new}


@fault("A replacement gives the order a new id.", "replacement")
def put_changes_id(server, correct, old, new):
    return {**correct(old, new), "id": f"{old['id']}x"}


@fault("A replacement leaves the lines as they were.", "replacement")
def put_ignores_lines(server, correct, old, new):
    return {**correct(old, new), "lines": old["lines"]}


@fault("A replacement cannot turn a pickup into a delivery: the kind stays.", "replacement")
def put_keeps_kind(server, correct, old, new):
    return {**correct(old, new), "kind": old["kind"]}


@fault("A replacement appends its lines to those that are there.", "replacement")
def put_appends(server, correct, old, new):
    made = correct(old, new)
    return {**made, "lines": old["lines"] + made["lines"]}


@fault("express false in a replacement is taken for absent.", "replacement")
def put_drops_false(server, correct, old, new):
    kept = {"express": old["express"]} if not new.get("express") and "express" in old else {}
    return {**correct(old, new), **kept}


@fault("A replacement is answered and not kept.", "replaced")
def put_not_kept(server, correct, path, call):
    old = copy.deepcopy(server.order(path[0], path[1]))
    answer = correct(path, call)
    server.keep(path[0], old)
    return answer


@fault("A refused replacement removes the order first.", "replaced")
def put_removes_first(server, correct, path, call):
    try:
        return correct(path, call)
    except Refusal as refusal:
        if refusal.status == 400:
            server.forget(path[0], path[1])
        raise


@fault("A deleted order can still be read.", "forget")
def deleted_stays(server, correct, shop, order):
    return None


@fault("A delete removes the newest order of the shop.", "forget")
def deletes_another(server, correct, shop, order):
    newest = [key for key in server.orders if key[0] == shop][-1]
    correct(*newest)


@fault("A delete removes every order of the shop.", "forget")
def deletes_all(server, correct, shop, order):
    for where, each in list(server.orders):
        if where == shop:
            correct(where, each)


@fault("A deleted order is left in the list.", "of_shop")
def deleted_stays_listed(server, correct, shop):
    seen = server.notes.setdefault("seen", {})
    seen.update({(shop, each["id"]): each for each in correct(shop)})
    return [each for (where, _), each in seen.items() if where == shop]


@fault("A delete is answered with 200 and a body.", "removed")
def delete_200(server, correct, path, call):
    correct(path, call)
    return server.answer(200, {"deleted": True})


@fault("A delete of a deleted order ends in a 500.", "removed")
def delete_twice_fails(server, correct, path, call):
    if (path[0], path[1]) not in server.orders and path[1].startswith("o"):
        return Response(b"{}", 500, media_type="application/json")
    return correct(path, call)


@fault("The filter is ignored.", "wanted")
def filter_ignored(server, correct, order, kind):
    return True


@fault("The filter is the wrong way round.", "wanted")
def filter_inverted(server, correct, order, kind):
    return kind is None or order["kind"] != kind


@fault("The filter never finds a delivery.", "wanted")
def filter_loses_one_value(server, correct, order, kind):
    return correct(order, kind) and kind != "delivery"


@fault("An unknown value of the filter lists everything.", "listed")
def unknown_filter_value(server, correct, path, call):
    known = "kind=pickup" in call.query or "kind=delivery" in call.query
    call.query = call.query if known else ""
    return correct(path, call)


@fault("Only the first line is kept.", "completed")
def one_line(server, correct, order):
    made = correct(order)
    return {**made, "lines": made["lines"][:1]}


@fault("The default of quantity is only set in the first line.", "completed")
def default_in_first_line(server, correct, order):
    given = [dict(each) for each in order["lines"]]
    made = correct(order)
    for each, sent in list(zip(made["lines"], given, strict=True))[1:]:
        each["quantity"] = sent.get("quantity", 0)
    return made


@fault("The default of quantity is 0.", "line")
def quantity_default(server, correct, given):
    return {"quantity": 0, "gift": False, **given}


@fault("gift false is taken for absent, and absent for true.", "line")
def gift_default(server, correct, given):
    return {**correct(given), "gift": given.get("gift") or "gift" not in given}


@fault("The default of express is true.", "completed")
def express_default(server, correct, order):
    return correct({"express": True, **order} if order["kind"] == "delivery" else order)


@fault("A quantity of 100 is accepted: off by one.", "fits_bounds")
def bound_off_by_one(server, correct, low, high, value):
    return low <= value <= high + 1


@fault("A quantity of 0 is accepted.", "fits_bounds")
def lower_bound_off_by_one(server, correct, low, high, value):
    return low - 1 <= value <= high


@fault("The greatest value is refused: < for <=.", "fits_bounds")
def upper_bound_excluded(server, correct, low, high, value):
    return low <= value < high


@fault("A text of the greatest length is refused.", "fits_length")
def longest_refused(server, correct, low, high, value):
    return low <= len(value) < high


@fault("Lengths are counted in bytes.", "fits_length")
def length_in_bytes(server, correct, low, high, value):
    return low <= len(value.encode("utf-8", "replace")) <= high


@fault("The pattern is matched at the beginning only.", "fits_sku")
def pattern_match(server, correct, value):
    return re.match("[A-Z]{2}-[0-9]{3}", value) is not None


@fault("The pattern ignores letter case.", "fits_sku")
def pattern_any_case(server, correct, value):
    return re.fullmatch("[A-Z]{2}-[0-9]{3}", value, re.IGNORECASE) is not None


@fault("The pattern is $ for \\Z: a newline at the end is accepted.", "fits_sku")
def pattern_newline(server, correct, value):
    return re.match("^[A-Z]{2}-[0-9]{3}$", value) is not None


@fault("A delivery with the members of a pickup beside its own is accepted.", "strangers")
def both_variants_mixed(server, correct, shape, value, at):
    found = correct(shape, value, at)
    return [name for name in found if name not in ("at", "address", "express")]


@fault("A null floor is refused.", "null_fits")
def null_floor_refused(server, correct, member, at):
    return False


@fault("The floor may be left out.", "missing")
def floor_not_required(server, correct, shape, value):
    return [name for name in correct(shape, value) if name != "floor"]


@fault("An empty list of lines is accepted.", "list_problems")
def empty_lines(server, correct, kind, value, at):
    return [] if value == [] else correct(kind, value, at)


@fault("A null floor is left out of the answer.", "show_order")
def null_floor_left_out(server, correct, order):
    shown = copy.deepcopy(correct(order))
    if shown.get("address", {}).get("floor", 0) is None:
        del shown["address"]["floor"]
    return shown


@fault("Notes of every order of the shop are listed together.", "of_order")
def notes_of_all_orders(server, correct, shop, order):
    return [note for key, note in server.notices.items() if key[0] == shop]


@fault("A note is found under every order.", "note_key")
def note_of_any_order(server, correct, path):
    for key in server.notices:
        if str(key[2]) == path[2]:
            return key
    return correct(path)


@fault("The notes of a shop can be read under the other.", "order")
def shop_ignored(server, correct, shop, order):
    for (_, known), each in server.orders.items():
        if known == order:
            return each
    return correct(shop, order)


@fault("The rank 0 of a note becomes 5.", "completed_note")
def zero_rank(server, correct, given):
    return {**correct(given), "rank": given.get("rank") or 5}


@fault("A deleted note is left in the list.", "note_removed")
def deleted_note_stays(server, correct, path, call):
    server.note_key(path)
    return Response(status_code=204)


@fault("Preferences: a change is answered 'same'.", "preferred")
def change_called_same(server, correct, path, call):
    correct(path, call)
    return server.answer(200, {"outcome": "same"})


@fault("Preferences: zero and false are dropped.", "merge")
def falsy_preference_dropped(server, correct, now, change):
    return correct(now, {name: value for name, value in change.items() if value})


@fault("Preferences: a given member drops the others.", "merge")
def preferences_replaced(server, correct, now, change):
    return dict(change)


@fault("Preferences: null clears.", "merge")
def null_preference_clears(server, correct, now, change):
    return {**now, **change}


@fault("Preferences: of two members the second is dropped.", "merge")
def second_preference_dropped(server, correct, now, change):
    return correct(now, dict(list(change.items())[:1]))


@fault("Preferences of the one shop are those of the other.", "preferred")
def preferences_shared(server, correct, path, call):
    return correct(["north-hall"], call)


@fault("Deletes need no token.", "authorize")
def open_delete(server, correct, call):
    if call.method != "DELETE":
        correct(call)


@fault("The token is compared without regard to letter case.", "key_fits")
def token_any_case(server, correct, key):
    return key.lower() == TOKEN.lower()


@fault("A create is answered with 200.", "placed")
def create_200(server, correct, path, call):
    answer = correct(path, call)
    return Response(answer.body, 200, media_type="application/json")
