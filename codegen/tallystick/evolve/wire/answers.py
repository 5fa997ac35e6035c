"""Answers of an operation beside each other: by what covers each status, then type by type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import MISSING

from tallystick.contract import Header, Response
from tallystick.document import Json

from .alignment import Pair
from .bodies import Place, compare_media
from .collecting import Collection, Draft
from .media import concrete, matched
from .replies import covering_answer
from .witnessing import Side, status_of, with_accept, with_answers
from .words import SUBJECT, WHO, coded, listed

_CLASSES = (200, 100, 300, 400, 500)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What covers some statuses in both contracts."""

    old: Response | None
    new: Response | None
    status: str
    """A code; of the rest of a class, what declares it: ``4XX``, ``default``."""


def compare_answers(held: Collection, pair: Pair) -> None:
    """Every status that one of the contracts declares."""
    for each in _beside(pair):
        if each.old is not None and each.new is not None:
            _Answers(held, pair, each.old, each.new, each.status).compare()
        elif each.new is not None:
            _one_sided(held, pair, each.new, each.status, "new")
        elif each.old is not None:
            _one_sided(held, pair, each.old, each.status, "old")


def _beside(pair: Pair) -> Iterator[_Beside]:
    """What to compare, each pair of declarations once."""
    seen: set[tuple[str, str]] = set()
    both = (*pair.old.responses, *pair.new.responses)
    codes = sorted({int(each.status) for each in both if each.status.isdigit()})
    rests = [next(n for n in range(each + 99, each, -1) if n not in codes) for each in _CLASSES]
    for status in (*codes, *rests):
        old, new = covering_answer(pair.old, status), covering_answer(pair.new, status)
        key = (old.status if old else "", new.status if new else "")
        told = str(status) if status in codes else key[1] or key[0]
        # What `default` alone covers is an error, where successes are declared.
        meaningless = told == "default" and status < 400 and _has_success(pair)
        if any(key) and key not in seen and not meaningless:
            seen.add(key)
            yield _Beside(old, new, told)


def _has_success(pair: Pair) -> bool:
    return pair.old.success is not None or pair.new.success is not None


def _sort(declared: Response, status: str) -> str:
    told = status if status[:1].isdigit() else declared.status
    if told.startswith("2"):
        return "success"
    return "redirect" if told[:1] in ("1", "3") else "error"


def _one_sided(held: Collection, pair: Pair, declared: Response, status: str, side: Side) -> None:
    """A status that one contract alone declares."""
    said = f"{WHO} may answer {SUBJECT} now, which the old contract does not declare"
    if side == "old":
        said = f"the answer {SUBJECT} of {WHO} is declared no longer"
    place = _place(pair, status, shared=False)
    old, new = (None, declared.pointer) if side == "new" else (declared.pointer, None)
    kind = f"{_sort(declared, status)}-status-{'added' if side == 'new' else 'removed'}"
    subject = {"default": "any other status"}.get(status, status)
    draft = replace(place.draft(kind, old, new, said), subject=subject)
    answer = _answer(held, side, place, declared)
    held.add(with_answers(draft, pair.old, pair.new, {side: answer}))


def _place(pair: Pair, status: str, *, shared: bool) -> Place:
    said = f"the answer {status} of {WHO}"
    return Place(pair, f"answer {status}", pair.told, said, status_of(status, pair, shared=shared))


def _answer(
    held: Collection, side: Side, place: Place, declared: Response, media_type: str | None = None
) -> dict[str, Json]:
    """A small answer that a declaration admits, as JSON."""
    sampled = held.old if side == "old" else held.new
    headers: dict[str, Json] = {
        each.name: str(sampled.written(each.schema)) if each.schema else "a"
        for each in declared.headers
        if each.required
    }
    answer: dict[str, Json] = {"status": place.status}
    wanted = [each for each in declared.content if each.media_type == media_type]
    media = next(iter(wanted or declared.content), None)
    if headers or media:
        answer["headers"] = headers
    if media is not None and place.pair.new.method != "HEAD":
        headers["Content-Type"] = concrete(media.media_type)
        answer["body"] = sampled.value(media.schema, "response") if media.schema else ""
    return answer


class _Answers:
    """One status that both contracts declare."""

    def __init__(
        self, held: Collection, pair: Pair, old: Response, new: Response, status: str
    ) -> None:
        self.held, self.old, self.new = held, old, new
        self.place = _place(pair, status, shared=True)

    def compare(self) -> None:
        """Its body, type by type, and its headers."""
        if self.place.pair.new.method != "HEAD":
            self._bodies()
        self._headers()

    def _bodies(self) -> None:
        old, new, said = self.old, self.new, self.place.said
        if old.content and new.content:
            self._types()
        elif new.content:
            self._whole("answer-body-added", f"{said} has a body now", MISSING, _types(new))
        elif old.content:
            self._whole("answer-body-removed", f"{said} has a body no longer", _types(old), MISSING)

    def _types(self) -> None:
        place = self.place
        found = matched(self.old.content, self.new.content)
        if found.gone and not found.pairs:
            was, now = (
                listed([coded(each.media_type) for each in answer.content], "or")
                for answer in (self.old, self.new)
            )
            said = f"{place.said} is {now} now, and was {was}"
            self._whole("answer-media-type-replaced", said, _types(self.old), _types(self.new))
            return
        for each in found.gone:
            said = f"{place.said} is {coded(each.media_type)} no longer, even if that is asked for"
            draft = place.draft("answer-media-type-removed", each.pointer, None, said)
            self._add(replace(draft, before=each.media_type), each.media_type)
        for each in found.came:
            said = f"{place.said} may be {coded(each.media_type)} now"
            draft = place.draft("answer-media-type-added", None, each.pointer, said)
            self._add(replace(draft, after=each.media_type), each.media_type)
        for mine, theirs in found.pairs:
            compare_media(self.held, place, mine, theirs)

    def _whole(self, kind: str, said: str, was: Json | MISSING, now: Json | MISSING) -> None:
        draft = self.place.draft(kind, self.old.pointer, self.new.pointer, said)
        self._add(replace(draft, before=was, after=now))

    def _add(self, draft: Draft, media_type: str | None = None) -> None:
        """A change with answers that one contract declares and the other does not."""
        pair = self.place.pair
        answers: dict[Side, dict[str, Json]] = {
            "old": _answer(self.held, "old", self.place, self.old, media_type),
            "new": _answer(self.held, "new", self.place, self.new, media_type),
        }
        found = with_answers(draft, pair.old, pair.new, answers)
        if draft.kind == "answer-media-type-removed":
            asked = with_accept(self.held, draft, pair.old, pair.new, media_type)
            found = replace(found, witnesses=(*asked.witnesses, *found.witnesses))
        self.held.add(found)

    def _headers(self) -> None:
        was = {each.name.lower(): each for each in self.old.headers}
        now = {each.name.lower(): each for each in self.new.headers}
        for name in (*was, *(each for each in now if each not in was)):
            before, after = was.get(name), now.get(name)
            if before is not None and after is not None:
                self._both_headers(before, after)
            elif after is not None:
                kind = "required-header-added" if after.required else "optional-header-added"
                self._header(
                    kind, f"{'has' if after.required else 'may have'} {{}} now", None, after
                )
            elif before is not None:
                kind = "required-header-removed" if before.required else "optional-header-removed"
                self._header(kind, "has {} no longer", before, None)

    def _both_headers(self, was: Header, now: Header) -> None:
        if now.required and not was.required:
            self._header("header-required", "has {} always now", was, now)
        if was.required and not now.required:
            self._header("header-optional", "may lack {} now", was, now)
        if was.schema is not None and now.schema is not None:
            spot = replace(self.place.spot(), part=f"{self.place.part} header {now.name}")
            self.held.values.compare(spot, was.schema, now.schema)

    def _header(self, kind: str, said: str, was: Header | None, now: Header | None) -> None:
        one = now or was
        name = one.name if one else ""
        words = f"{self.place.said} {said.format(f'the header {coded(name)}')}"
        old, new = was.pointer if was else None, now.pointer if now else None
        draft = self.place.draft(kind, old, new, words)
        self._add(replace(draft, where=f"{self.place.where}, header {name}"))


def _types(answer: Response) -> Json:
    return [each.media_type for each in answer.content]
