"""A comparison made by hand of two small gardens, rich enough for every format to show.

The documents are ``diff/old.yaml`` and ``diff/new.yaml``; the changes are written here one by one,
so that what is shown of a comparison is tested without what makes one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import MISSING

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.evolve import KINDS, Change, Comparison, Direction, Spot, Witness, severities
from tallystick.evolve.records import Proof

FOLDER = Path(__file__).parent / "diff"
OLD, NEW = FOLDER / "old.yaml", FOLDER / "new.yaml"

CREATE, REPLACE, WATER = "POST /plants", "PUT /plants/{plant_id}", "POST /plants/{plant_id}/water"
LIST, GET, DELETE = "GET /plants", "GET /plants/{plant_id}", "DELETE /plants/{plant_id}"
PHOTO = "GET /plants/{plant_id}/photo"
DRAFT, PLANT, KIND = (f"#/components/schemas/{name}" for name in ("Draft", "Plant", "Kind"))
ASKED, TOLD = (CREATE, REPLACE), (LIST, CREATE, GET, REPLACE, PHOTO)
BODY = Spot(CREATE, "request body application/json", "request")
ANSWER = Spot(GET, "answer 200 application/json", "response")
HOSTILE = "<b>`x`|@team"
"""A member whose name is Markdown, HTML and a mention at once."""


@cache
def contract(spec: Path) -> Contract:
    """The contract of one of the two gardens; positions are relative to ``FOLDER``."""
    document = load(spec)
    return build(document)


@cache
def gardens() -> Comparison:
    """The rich example: every severity, reader, direction and proof; many places and one."""
    return Comparison(contract(OLD), contract(NEW), (*_BREAKING, *_RISKY, *_COMPATIBLE), _NOTES)


def comparison(*changes: Change, notes: tuple[Change, ...] = ()) -> Comparison:
    """The two gardens with these changes only."""
    return Comparison(contract(OLD), contract(NEW), changes, notes)


def change(
    kind: str,
    direction: Direction,
    old: str | None,
    new: str | None,
    sentence: str,
    operations: tuple[str, ...] = ASKED,
    *,
    before: Json | MISSING = MISSING,
    after: Json | MISSING = MISSING,
    proof: Proof = "structure",
    tries: int = 0,
    witnesses: tuple[Witness, ...] = (),
    where: str = "",
) -> Change:
    """A change whose severities are those of its kind."""
    return Change(
        kind=kind,
        direction=direction,
        old=old,
        new=new,
        operations=operations,
        severity=severities(KINDS[kind], direction),
        sentence=sentence,
        proof="witness" if witnesses else proof,
        before=before,
        after=after,
        tries=tries,
        witnesses=witnesses,
        where=where,
    )


_BREAKING = (
    Change(
        kind="operation-removed",
        direction="both",
        old="#/paths/~1plants~1{plant_id}/delete",
        new=None,
        operations=(DELETE,),
        severity=dict.fromkeys(("typed client", "hand-written client", "server"), "breaking"),
        sentence="the operation went",
        proof="structure",
        where=DELETE,
    ),
    change(
        "member-required",
        "request",
        f"{DRAFT}/properties/name",
        f"{DRAFT}/properties/name",
        "`name` must be there",
        before=["kind"],
        after=["kind", "name"],
        witnesses=(Witness(BODY, {"kind": "tree"}, "#", "old"),),
        where=f"{CREATE}, request body, name",
    ),
    change(
        "object-closed",
        "request",
        f"{DRAFT}/properties/pot",
        f"{DRAFT}/properties/pot",
        "members of `pot` that nobody described are refused",
        after=False,
        witnesses=(Witness(BODY, {"kind": "tree", "name": "", "pot": {"": None}}, "#/pot", "old"),),
        where=f"{CREATE}, request body, pot",
    ),
    change(
        "pattern-added",
        "request",
        f"{DRAFT}/properties/{HOSTILE}",
        f"{DRAFT}/properties/{HOSTILE}",
        f"`{HOSTILE}` must fit the pattern `^[a-z]+$`",
        after="^[a-z]+$",
        witnesses=(
            Witness(
                BODY,
                {"kind": "tree", "name": "```", HOSTILE: "\x1b[31m"},
                f"#/{HOSTILE}",
                "old",
            ),
        ),
        where=f"{CREATE}, request body, {HOSTILE}",
    ),
    change(
        "enum-value-removed",
        "request",
        f"{KIND}/enum/2",
        f"{KIND}/enum",
        '`kind` may be `"moss"` no longer',
        before="moss",
        witnesses=(Witness(BODY, {"kind": "moss", "name": ""}, "#/kind", "old"),),
        where=f"{CREATE}, request body, kind",
    ),
    change(
        "null-admitted",
        "response",
        f"{PLANT}/properties/height",
        f"{PLANT}/properties/height",
        "`height` may be `null`",
        TOLD,
        before="integer",
        after=["integer", "null"],
        witnesses=(Witness(ANSWER, {"id": "", "kind": "tree", "height": None}, "#/height", "new"),),
        where=f"{GET}, answer 200, height",
    ),
    change(
        "enum-value-added",
        "response",
        f"{KIND}/enum",
        f"{KIND}/enum/2",
        '`kind` may be `"cactus"` now',
        TOLD,
        after="cactus",
        witnesses=(Witness(ANSWER, {"id": "", "kind": "cactus"}, "#/kind", "new"),),
        where=f"{GET}, answer 200, kind",
    ),
)

_RISKY = (
    change(
        "default-changed",
        "request",
        "#/paths/~1plants/get/parameters/0",
        "#/paths/~1plants/get/parameters/0",
        "absent means `50` for `limit` now, it meant `20`",
        (LIST,),
        before=20,
        after=50,
        where=f"{LIST}, query parameter limit",
    ),
)

_COMPATIBLE = (
    change(
        "bound-widened",
        "request",
        f"{DRAFT}/properties/name",
        f"{DRAFT}/properties/name",
        "`maxLength` of `name` is `80` now, it was `40`",
        before=40,
        after=80,
        proof="search",
        tries=200,
        where=f"{CREATE}, request body, name",
    ),
    *(
        change(
            "member-admitted",
            "request",
            None,
            f"{DRAFT}/properties/note{number}",
            f"`note{number}` came, and may be left out",
            after={"type": "string"},
            where=f"{CREATE}, request body, note{number}",
        )
        for number in range(1, 6)
    ),
    Change(
        kind="operation-added",
        direction="both",
        old=None,
        new="#/paths/~1plants~1{plant_id}~1water/post",
        operations=(WATER,),
        severity={
            "typed client": "compatible",
            "hand-written client": "compatible",
            "server": "breaking",
        },
        sentence="the operation came",
        proof="structure",
        where=WATER,
    ),
)

_NOTES = (
    Change(
        kind="description-changed",
        direction="request",
        old=f"{DRAFT}/properties/name/description",
        new=f"{DRAFT}/properties/name/description",
        operations=ASKED,
        severity=dict.fromkeys(("typed client", "hand-written client", "server"), "compatible"),
        sentence="the description is another",
        proof="structure",
        before="What it is called.",
        after="The name on its label.",
        where=f"{CREATE}, request body, name",
    ),
)
