"""A correct server with maps, pages, orders, entity tags, deletes, and one thing of a kind.

Each fault is a subclass with one method changed: ``FAULTS`` has them by name, with the rule that
should tell.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.probes.oracle import Oracle

Object = dict[str, Any]
JSON, MERGE_PATCH = "application/json", "application/merge-patch+json"


@lru_cache
def contract() -> Contract:
    return build(load(Path(__file__).with_name("notes.yaml")))


@lru_cache
def _oracle() -> Oracle:
    return Oracle(contract())


class Refused(Exception):
    """An answer with a status of the class 4xx and no body."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Asked:
    """One request."""

    method: str
    parts: list[str]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


def _unique(pairs: list[tuple[str, Any]]) -> Object:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


class Notes:
    """The server, as it should be."""

    def __init__(self) -> None:
        self.notes: dict[str, Object] = {}
        self.tags: dict[int, Object] = {}
        self.last_tag = self.last_remark = 0
        self.remarks: dict[int, Object] = {}
        self.preferences: Object = self.put({})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {
            name.decode("latin-1").lower(): v.decode("latin-1") for name, v in scope["headers"]
        }
        raw = scope["raw_path"].decode("latin-1").split("?")[0]
        parts = [unquote(each) for each in raw.split("/")[1:]]
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        asked = Asked(scope["method"], parts, query, headers, body)
        try:
            answer = await self.answer(asked)
        except Refused as refused:
            answer = Answer(refused.status)
        octets = b"" if answer.value is None else json.dumps(answer.value).encode()
        fields = [(name.encode(), text.encode()) for name, text in answer.headers.items()]
        fields += [(b"content-type", b"application/json")] if octets else []
        start = {"type": "http.response.start", "status": answer.status, "headers": fields}
        await send(start)
        await send({"type": "http.response.body", "body": octets})

    async def answer(self, asked: Asked) -> Answer:
        match asked.parts:
            case ["notes" | "tags" | "preferences" as name]:
                arguments: tuple[str, ...] = ()
            case ["notes" | "tags" as name, key]:
                name = name[:-1]
                arguments = (key,)
            case ["notes", slug, "remarks" as name]:
                arguments = (slug,)
            case ["notes", slug, "remarks", number]:
                name, arguments = "remark", (slug, number)
            case _:
                raise Refused(404)
        method = getattr(self, f"{asked.method.lower()}_{name}", None)
        if method is None:
            every = ("GET", "POST", "PUT", "PATCH", "DELETE")
            there = [each for each in every if hasattr(self, f"{each.lower()}_{name}")]
            return Answer(405, None, {"Allow": ", ".join(there)})
        answer: Answer = await method(asked, *arguments)
        return answer

    # --- what is read of a request ---------------------------------------------------------------

    def body(self, asked: Asked, schema: str, media_type: str = JSON) -> Object:
        essence, _, rest = asked.headers.get("content-type", "").partition(";")
        if essence.strip().lower() != media_type or "utf-16" in rest.lower() or "8859" in rest:
            raise Refused(415)
        try:
            text = asked.body.decode()
            value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
            text.encode("utf-16", "strict")
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refused(400) from None
        if not _oracle().fits(f"#/components/schemas/{schema}", value):
            raise Refused(400)
        assert isinstance(value, dict)
        return value

    def number(self, asked: Asked, name: str, low: int, high: int, default: int) -> int:
        text = asked.query.get(name, str(default))
        if not text.isascii() or not text.isdigit() or not low <= int(text[:9]) <= high:
            raise Refused(400)
        return int(text)

    # --- notes -----------------------------------------------------------------------------------

    def note(self, slug: str) -> Object:
        if slug not in self.notes:
            raise Refused(404)
        return self.notes[slug]

    def shown(self, note: Object, status: int = 200) -> Answer:
        return Answer(status, note, {"ETag": self.tag(note)})

    def tag(self, note: Object) -> str:
        return f'"{hashlib.sha256(json.dumps(note, sort_keys=True).encode()).hexdigest()[:12]}"'

    def match(self, asked: Asked, note: Object) -> None:
        wanted = asked.headers.get("if-match", "*")
        if wanted != "*" and self.tag(note) not in [each.strip() for each in wanted.split(",")]:
            raise Refused(412)

    async def get_notes(self, asked: Asked) -> Answer:
        sort = asked.query.get("sort", self.default_sort())
        pinned = asked.query.get("pinned")
        if sort not in ("rank", "-rank", "slug") or pinned not in (None, "true", "false"):
            raise Refused(400)
        limit = self.number(asked, "limit", 1, 100, self.default_limit())
        offset = self.number(asked, "offset", 0, 10**9, 0)
        found = self.sorted([n for n in self.notes.values() if self.wanted(n, pinned)], sort)
        page = self.page(found, limit, offset)
        told = {"total": self.total(found, page), "limit": limit, "offset": offset}
        return Answer(200, {"notes": page, **told})

    def default_sort(self) -> str:
        return "slug"

    def default_limit(self) -> int:
        return 10

    def wanted(self, note: Object, pinned: str | None) -> bool:
        return pinned is None or note["pinned"] == (pinned == "true")

    def sorted(self, notes: list[Object], sort: str) -> list[Object]:
        name = sort.lstrip("-")
        return sorted(notes, key=lambda each: each[name], reverse=sort.startswith("-"))

    def page(self, found: list[Object], limit: int, offset: int) -> list[Object]:
        return found[offset : offset + limit]

    def total(self, found: list[Object], page: list[Object]) -> int:
        return len(found)

    async def post_notes(self, asked: Asked) -> Answer:
        given = self.body(asked, "NewNote")
        if given["slug"] in self.notes:
            raise Refused(409)
        given = self.public(given)
        self.notes[given["slug"]] = self.made(given)
        return self.shown(self.notes[given["slug"]], 201)

    def public(self, given: Object) -> Object:
        return {name: value for name, value in given.items() if name != "secret"}

    def made(self, given: Object) -> Object:
        note = {"rank": 50, "pinned": False, "labels": {}, "place": {"x": 0}, **given}
        note["place"] = {"y": 0, **note["place"]}
        return {**note, "labels": self.kept(note["labels"]), "rank": int(note["rank"])}

    def kept(self, labels: Object) -> Object:
        return dict(labels)

    async def get_note(self, asked: Asked, slug: str) -> Answer:
        return self.shown(self.note(slug))

    async def patch_note(self, asked: Asked, slug: str) -> Answer:
        note = self.note(slug)
        given = self.body(asked, "NoteChanges", MERGE_PATCH)
        self.match(asked, note)
        changed = {**note, **given}
        if "labels" in given:
            changed["labels"] = self.merged(note["labels"], given["labels"])
            if len(changed["labels"]) > 20:
                raise Refused(400)
        changed["place"] = self.placed(note["place"], given.get("place", {}))
        self.notes[slug] = {**changed, "rank": int(changed["rank"])}
        return self.shown(self.notes[slug])

    def placed(self, old: Object, given: Object) -> Object:
        return {**old, **given}

    def merged(self, old: Object, given: Object) -> Object:
        whole = {**old, **given}
        return {name: text for name, text in whole.items() if text is not None}

    async def delete_note(self, asked: Asked, slug: str) -> Answer:
        self.match(asked, self.note(slug))
        del self.notes[slug]
        self.remarks = {n: each for n, each in self.remarks.items() if each["slug"] != slug}
        return Answer(204)

    # --- remarks ---------------------------------------------------------------------------------

    async def get_remarks(self, asked: Asked, slug: str) -> Answer:
        self.note(slug)
        return Answer(200, [each for each in self.remarks.values() if each["slug"] == slug])

    async def post_remarks(self, asked: Asked, slug: str) -> Answer:
        self.note(slug)
        given = self.body(asked, "NewRemark")
        self.last_remark += 1
        links = self.links(given.get("links", []))
        made = {"id": self.last_remark, "slug": slug, "text": given["text"], "links": links}
        self.remarks[self.last_remark] = made
        return Answer(201, made, {"Location": self.location(asked, made)})

    def links(self, given: list[Object]) -> list[Object]:
        return [{"rel": None, **each} for each in given]

    def location(self, asked: Asked, made: Object) -> str:
        return f"/notes/{quote(made['slug'], safe='', errors='surrogatepass')}/remarks/{made['id']}"

    async def get_remark(self, asked: Asked, slug: str, number: str) -> Answer:
        self.note(slug)
        return Answer(200, self.remark(slug, number))

    def remark(self, slug: str, number: str) -> Object:
        if not number.isascii() or not number.isdigit():
            raise Refused(404)
        found = self.remarks.get(int(number[:9]))
        if found is None or found["slug"] != slug:
            raise Refused(404)
        return found

    # --- tags ------------------------------------------------------------------------------------

    def tag_of(self, key: str) -> Object:
        if not key.isascii() or not key.isdigit() or int(key[:9]) not in self.tags:
            raise Refused(404)
        return self.tags[int(key[:9])]

    async def get_tags(self, asked: Asked) -> Answer:
        limit = self.number(asked, "limit", 1, 50, 20)
        start = self.start(asked.query.get("cursor", "after-0"))
        found = list(self.tags.values())
        more = start + limit < len(found)
        cursor = f"after-{start + limit}" if more else None
        return Answer(200, {"tags": found[start : start + limit], "next_cursor": cursor})

    def start(self, cursor: str) -> int:
        number = cursor.removeprefix("after-")
        if not cursor.startswith("after-") or not number.isascii() or not number.isdigit():
            raise Refused(400)
        return int(number[:9])

    async def post_tags(self, asked: Asked) -> Answer:
        given = self.body(asked, "NewTag")
        number = self.next_tag()
        self.tags[number] = {"id": number, **given}
        return Answer(201, self.tags[number])

    def next_tag(self) -> int:
        self.last_tag += 1
        return self.last_tag

    async def get_tag(self, asked: Asked, key: str) -> Answer:
        return Answer(200, self.tag_of(key))

    async def delete_tag(self, asked: Asked, key: str) -> Answer:
        del self.tags[self.tag_of(key)["id"]]
        return Answer(204)

    # --- preferences -----------------------------------------------------------------------------

    async def get_preferences(self, asked: Asked) -> Answer:
        return Answer(200, self.preferences)

    async def put_preferences(self, asked: Asked) -> Answer:
        self.preferences = self.put(self.body(asked, "NewPreferences"))
        return Answer(200, self.preferences)

    def put(self, given: Object) -> Object:
        whole = {"days": 21, "motto": None, "aliases": {}, "frame": {"width": 1}, **given}
        return {**whole, "frame": self.framed(whole["frame"])}

    def framed(self, given: Object) -> Object:
        return {"colour": "black", **given}

    async def patch_preferences(self, asked: Asked) -> Answer:
        given = self.body(asked, "PreferencesChanges")
        before = self.preferences
        await self.pause()
        self.preferences = {**self.present(before), **given}
        self.preferences["frame"] = self.framed(self.preferences["frame"])
        return Answer(200, self.preferences)

    async def pause(self) -> None:
        """Between what is read and what is written."""

    def present(self, before: Object) -> Object:
        return self.preferences


# --- faults ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    rule: str
    """The rule that is tried."""
    server: type[Notes]
    told: str
    """The rule that is told: a sequence may show that another one is broken."""


FAULTS: dict[str, Fault] = {}


def fault(rule: str, told: str = "") -> Any:
    def named(server: type[Notes]) -> type[Notes]:
        FAULTS[server.__name__] = Fault(rule, server, told or rule)
        return server

    return named


@fault("entries_of_maps_are_kept")
class LowerCaseNames(Notes):
    def kept(self, labels: Object) -> Object:
        return {name.lower(): text for name, text in labels.items()}


@fault("entries_of_maps_are_kept")
class EmptyLabelsDropped(Notes):
    def kept(self, labels: Object) -> Object:
        return {name: text for name, text in labels.items() if text}


@fault("updates_of_maps_are_whole")
class LabelsReplaced(Notes):
    def merged(self, old: Object, given: Object) -> Object:
        return super().merged({}, given)


@fault("updates_of_maps_are_whole")
class NullLeavesLabels(Notes):
    def merged(self, old: Object, given: Object) -> Object:
        return {**old, **{name: text for name, text in given.items() if text is not None}}


@fault("updates_of_maps_are_whole")
class FirstAliasLost(Notes):
    async def patch_preferences(self, asked: Asked) -> Answer:
        given = self.body(asked, "PreferencesChanges")
        old = dict(list(self.preferences["aliases"].items())[1:])
        aliases = {**old, **given["aliases"]} if "aliases" in given else self.preferences["aliases"]
        self.preferences = {**self.preferences, **given, "aliases": aliases}
        return Answer(200, self.preferences)


@fault("values_of_maps_are_checked")
class LabelsUnchecked(Notes):
    def body(self, asked: Asked, schema: str, media_type: str = JSON) -> Object:
        if schema != "NewNote":
            return super().body(asked, schema, media_type)
        try:
            whole = json.loads(asked.body)
            labels = whole.pop("labels", {})
        except (ValueError, AttributeError, RecursionError):
            return super().body(asked, schema, media_type)
        bare = Asked(asked.method, asked.parts, {}, asked.headers, json.dumps(whole).encode())
        return {**super().body(bare, schema, media_type), "labels": labels}


@fault("pages_add_up")
class OffsetFromOne(Notes):
    def page(self, found: list[Object], limit: int, offset: int) -> list[Object]:
        return super().page(found, limit, offset + (offset > 0))


@fault("pages_add_up")
class OneTooMany(Notes):
    def page(self, found: list[Object], limit: int, offset: int) -> list[Object]:
        return super().page(found, limit + 1, offset)


@fault("pages_add_up")
class LastOneAgain(Notes):
    def start(self, cursor: str) -> int:
        return max(0, super().start(cursor) - 1)


@fault("totals_count_items")
class TotalOfThePage(Notes):
    def total(self, found: list[Object], page: list[Object]) -> int:
        return len(page)


@fault("lists_are_sorted_as_asked")
class Ascending(Notes):
    def sorted(self, notes: list[Object], sort: str) -> list[Object]:
        return super().sorted(notes, sort.lstrip("-"))


@fault("lists_are_sorted_as_asked")
class RanksAsTexts(Notes):
    def sorted(self, notes: list[Object], sort: str) -> list[Object]:
        name = sort.lstrip("-")
        return sorted(notes, key=lambda each: str(each[name]), reverse=sort.startswith("-"))


@fault("filters_choose_by_their_member")
class PinnedIgnored(Notes):
    def wanted(self, note: Object, pinned: str | None) -> bool:
        return pinned != "true" or note["pinned"]


@fault("filters_choose_by_their_member")
class PinnedOnTheFirstPage(Notes):
    def page(self, found: list[Object], limit: int, offset: int) -> list[Object]:
        return super().page(list(self.notes.values()) if offset else found, limit, offset)


@fault("lists_are_sorted_as_asked")
class EachPageSorted(Notes):
    by = ""

    def sorted(self, notes: list[Object], sort: str) -> list[Object]:
        self.by = sort
        return super().sorted(notes, sort if sort == "slug" else "slug")

    def page(self, found: list[Object], limit: int, offset: int) -> list[Object]:
        return super().sorted(super().page(found, limit, offset), self.by)


@fault("absent_parameters_mean_their_default")
class LongerPages(Notes):
    def default_limit(self) -> int:
        return 20


@fault("absent_parameters_mean_their_default")
class SortedByRank(Notes):
    def default_sort(self) -> str:
        return "-rank"


@fault("deletes_leave_other_items_alone")
class NumberOfTags(Notes):
    def next_tag(self) -> int:
        return len(self.tags) + 1


@fault("deletes_leave_other_items_alone")
class TheLastOneGoes(Notes):
    async def delete_tag(self, asked: Asked, key: str) -> Answer:
        found = self.tag_of(key)
        self.tags.popitem()
        self.tags.pop(found["id"], None)
        return Answer(204)


@fault("new_items_have_nothing_of_deleted_ones")
class Hidden(Notes):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, Object] = {}

    async def delete_note(self, asked: Asked, slug: str) -> Answer:
        self.hidden[slug] = self.note(slug)
        return await super().delete_note(asked, slug)

    def made(self, given: Object) -> Object:
        return super().made({**self.hidden.get(given["slug"], {}), **given})


@fault("stale_changes_are_refused")
class MatchIgnored(Notes):
    def match(self, asked: Asked, note: Object) -> None:
        return


@fault("stale_changes_are_refused")
class TagStays(Notes):
    def tag(self, note: Object) -> str:
        return super().tag({"slug": note["slug"]})


@fault("updates_leave_other_items_alone")
class LabelsShared(Notes):
    def __init__(self) -> None:
        super().__init__()
        self.default: Object = {}

    def made(self, given: Object) -> Object:
        note = super().made(given)
        return note if "labels" in given else {**note, "labels": self.default}

    def merged(self, old: Object, given: Object) -> Object:
        whole = super().merged(old, given)
        old.clear()
        old.update(whole)
        return old


@fault("concurrent_updates_both_take_effect")
class PreferencesRace(Notes):
    async def pause(self) -> None:
        await asyncio.sleep(0.002)

    def present(self, before: Object) -> Object:
        return before


@fault("other_members_do_not_move")
class PreferencesAnew(Notes):
    def present(self, before: Object) -> Object:
        return self.put({})


@fault("absent_means_default")
class PreferencesKept(Notes):
    def put(self, given: Object) -> Object:
        return {**super().put({}), **getattr(self, "preferences", {}), **given}


@fault("what_is_written_only_is_never_answered")
class SecretShown(Notes):
    def public(self, given: Object) -> Object:
        return given


@fault("entity_tags_are_those_of_the_next_read")
class TagOfBefore(Notes):
    async def patch_note(self, asked: Asked, slug: str) -> Answer:
        before = self.tag(self.note(slug))
        answer = await super().patch_note(asked, slug)
        return Answer(answer.status, answer.value, {"ETag": before})


@fault("locations_lead_to_what_was_created")
class LocationOfTheList(Notes):
    def location(self, asked: Asked, made: Object) -> str:
        return "/" + "/".join(asked.parts)


@fault("items_of_arrays_do_not_mix")
class LinksMixed(Notes):
    def links(self, given: list[Object]) -> list[Object]:
        rel, found = None, []
        for each in given:
            rel = each.get("rel") or rel
            found.append({"href": each["href"], "rel": rel})
        return found


@fault("listed_items_show_the_ids_of_the_path")
class FirstNoteListed(Notes):
    async def get_remarks(self, asked: Asked, slug: str) -> Answer:
        answer = await super().get_remarks(asked, slug)
        first = next(iter(self.notes))
        return Answer(200, [{**each, "slug": first} for each in answer.value])


@fault("items_of_deleted_parents_are_gone")
class RemarksStay(Notes):
    async def get_remark(self, asked: Asked, slug: str, number: str) -> Answer:
        return Answer(200, self.remark(slug, number))

    async def delete_note(self, asked: Asked, slug: str) -> Answer:
        remarks = self.remarks
        answer = await super().delete_note(asked, slug)
        self.remarks = remarks
        return answer


@fault("values_of_maps_are_checked")
class FirstLabelChecked(LabelsUnchecked):
    def body(self, asked: Asked, schema: str, media_type: str = JSON) -> Object:
        given = super().body(asked, schema, media_type)
        labels = given.get("labels")
        first = list(labels.values())[:1] if isinstance(labels, dict) else [None]
        fits = all(isinstance(each, str) and len(each) < 31 for each in first)
        if "labels" in given and not fits:
            raise Refused(400)
        return given


@fault("closed_objects_refuse_unknown_members")
class SlugChanged(Notes):
    def body(self, asked: Asked, schema: str, media_type: str = JSON) -> Object:
        if schema == "NoteChanges" and b'"slug"' in asked.body:
            try:
                whole = json.loads(asked.body)
                whole.pop("slug")
            except (ValueError, AttributeError, KeyError, RecursionError):
                return super().body(asked, schema, media_type)
            asked = Asked(asked.method, asked.parts, {}, asked.headers, json.dumps(whole).encode())
        return super().body(asked, schema, media_type)


@fault("declared_bounds_are_kept")
class AnyNumberOfLinks(Notes):
    def body(self, asked: Asked, schema: str, media_type: str = JSON) -> Object:
        if schema != "NewRemark":
            return super().body(asked, schema, media_type)
        try:
            whole = json.loads(asked.body)
            links = whole["links"]
            whole["links"] = links[:9]
        except (ValueError, TypeError, KeyError, RecursionError):
            return super().body(asked, schema, media_type)
        bare = Asked(asked.method, asked.parts, {}, asked.headers, json.dumps(whole).encode())
        return {**super().body(bare, schema, media_type), "links": links}


@fault("two_members_at_once_both_take_effect", "other_members_do_not_move")
class TwoMembersReset(Notes):
    async def patch_note(self, asked: Asked, slug: str) -> Answer:
        sent = asked.body
        answer = await super().patch_note(asked, slug)
        if b'"rank"' in sent and b'"pinned"' in sent and b'"labels"' not in sent:
            self.notes[slug] = {**self.notes[slug], "labels": {}}
            return self.shown(self.notes[slug])
        return answer


@fault("the_answer_of_an_update_is_the_item")
class AnotherMotto(Notes):
    async def put_preferences(self, asked: Asked) -> Answer:
        answer = await super().put_preferences(asked)
        return Answer(200, {**answer.value, "days": 21})


@fault("other_members_do_not_move")
class PlaceReplaced(Notes):
    def placed(self, old: Object, given: Object) -> Object:
        return {"y": 0, **given} if given else old


@fault("concurrent_reads_do_not_mix")
class OneNoteForAllReads(Notes):
    async def get_note(self, asked: Asked, slug: str) -> Answer:
        self.found = self.note(slug)
        await asyncio.sleep(0)
        return self.shown(self.found)


@fault("ids_like_an_existing_one_are_not_found")
class NumbersReadAsFarAsTheyGo(Notes):
    def tag_of(self, key: str) -> Object:
        digits = "".join(takewhile(str.isdigit, key))
        return super().tag_of(digits)


@fault("the_answer_of_an_update_is_the_item")
class AnswersWhatWasSent(Notes):
    async def patch_preferences(self, asked: Asked) -> Answer:
        answer = await super().patch_preferences(asked)
        sent = json.loads(asked.body)
        return Answer(200, {**answer.value, **({} if "motto" in sent else {"motto": None})})
