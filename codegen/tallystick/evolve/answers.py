"""Answers of an operation beside each other: by what covers each status, then type by type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import MISSING

from tallystick.contract import Header, Response
from tallystick.document import Json

from .alignment import Pair
from .bodies import Place, compare_media
from .collecting import Collection
from .media import matched
from .records import Witness
from .replies import covering_answer
from .witnessing import Side, answered, status_of
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
    what = "added" if side == "new" else "removed"
    subject = {"default": "any other status"}.get(status, status)
    said = f"{WHO} may answer {SUBJECT} now, which the old contract does not declare"
    if side == "old":
        said = f"the answer {SUBJECT} of {WHO} is declared no longer"
    other = pair.old if side == "new" else pair.new
    answer = _answer(declared, status_of(status, other), pair.new.method)
    place = _place(pair, status)
    old, new = (None, declared.pointer) if side == "new" else (declared.pointer, None)
    draft = place.draft(f"{_sort(declared, status)}-status-{what}", old, new, said)
    witness = answered(place.spot(), pair.old, pair.new, side, answer)
    held.add(replace(draft, subject=subject, witness=witness))


def _place(pair: Pair, status: str) -> Place:
    return Place(pair, f"answer {status}", pair.told, f"the answer {status} of {WHO}")


def _answer(
    declared: Response, status: int, method: str, media_type: str | None = None
) -> dict[str, Json]:
    """A small answer that a declaration admits, as JSON."""
    headers: dict[str, Json] = {each.name: "a" for each in declared.headers if each.required}
    types = [each.media_type for each in declared.content]
    answer: dict[str, Json] = {"status": status}
    if types and method != "HEAD":
        headers["Content-Type"] = media_type or types[0]
        answer["body"] = None
    return {**answer, **({"headers": headers} if headers else {})}


class _Answers:
    """One status that both contracts declare."""

    def __init__(
        self, held: Collection, pair: Pair, old: Response, new: Response, status: str
    ) -> None:
        self.held, self.old, self.new, self.status = held, old, new, status
        self.place = _place(pair, status)

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
            self._add("answer-body-added", f"{said} has a body now")
        elif old.content:
            self._add("answer-body-removed", f"{said} has a body no longer")

    def _types(self) -> None:
        place = self.place
        found = matched(self.old.content, self.new.content)
        if found.gone and not found.pairs:
            was, now = (tuple(m.media_type for m in each.content) for each in (self.old, self.new))
            names = [listed([coded(name) for name in each], "or") for each in (was, now)]
            said = f"{place.said} is {names[1]} now, and was {names[0]}"
            self._add("answer-media-type-replaced", said, list(was), list(now))
            return
        for each in found.gone:
            said = f"{place.said} is {coded(each.media_type)} no longer, even if that is asked for"
            draft = place.draft("answer-media-type-removed", each.pointer, None, said)
            witness = self._shown("old", each.media_type)
            self.held.add(replace(draft, before=each.media_type, witness=witness))
        for each in found.came:
            said = f"{place.said} may be {coded(each.media_type)} now"
            draft = place.draft("answer-media-type-added", None, each.pointer, said)
            witness = self._shown("new", each.media_type)
            self.held.add(replace(draft, after=each.media_type, witness=witness))
        for mine, theirs in found.pairs:
            compare_media(self.held, place, mine, theirs)

    def _add(
        self, kind: str, said: str, was: Json | MISSING = MISSING, now: Json | MISSING = MISSING
    ) -> None:
        draft = self.place.draft(kind, self.old.pointer, self.new.pointer, said)
        witness = self._shown("new")
        self.held.add(replace(draft, before=was, after=now, witness=witness))

    def _shown(self, side: Side, media_type: str | None = None) -> Witness | None:
        """An answer that the contract of ``side`` declares and the other does not."""
        pair = self.place.pair
        declared, other = (self.old, pair.new) if side == "old" else (self.new, pair.old)
        status = int(self.status) if self.status.isdigit() else status_of(self.status, other)
        answer = _answer(declared, status, other.method, media_type)
        return answered(self.place.spot(media_type or ""), pair.old, pair.new, side, answer)

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
        name = (now or was or _NO_HEADER).name
        words = f"{self.place.said} {said.format(f'the header {coded(name)}')}"
        old, new = was.pointer if was else None, now.pointer if now else None
        needed = now is not None and now.required
        draft = self.place.draft(kind, old, new, words)
        witness = self._shown("old" if needed else "new")
        where = f"{self.place.where}, header {name}"
        self.held.add(replace(draft, where=where, witness=witness))


_NO_HEADER = Header("", "", required=False)
