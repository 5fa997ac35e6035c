"""Values of path parameters that are known to exist: ids which the contract cannot create.

The sandbox holds them and the suite asks for them, so both must find the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import notes
from tallystick.document import Document, Json, get


def given(
    document: Document, node: Mapping[str, Json], pointer: str, schema: str
) -> tuple[tuple[Json, ...], bool]:
    """At least two values: those of ``x-tallystick-given``, else examples, else made up.

    Args:
        node: the Parameter Object, which stands at ``pointer``.
        schema: where its schema stands.

    Returns:
        The values, and whether one of them is made up.
    """
    declared = notes.values(document, node, pointer, notes.GIVEN)
    if declared:
        return declared, False
    keywords = get(document.data, schema)
    keywords = keywords if isinstance(keywords, dict) else {}
    values = keywords.get("enum")
    if isinstance(values, list) and values:
        return tuple(values), False
    examples = [*_examples(node), *_examples(keywords)]
    made = _made_up(str(node.get("name")), keywords)
    distinct = [value for i, value in enumerate(examples) if value not in examples[:i]]
    if len(distinct) > 1:
        return tuple(distinct), False
    return tuple([*distinct, *made][:2]), True


def _examples(node: Mapping[str, Json]) -> list[Json]:
    several = node.get("examples")
    if isinstance(several, dict):
        named = [each.get("value") for each in several.values() if isinstance(each, dict)]
        return [value for value in named if value is not None]
    found = list(several) if isinstance(several, list) else []
    return [*found, node["example"]] if "example" in node else found


def _made_up(name: str, keywords: Mapping[str, Json]) -> tuple[Json, ...]:
    if keywords.get("type") in ("integer", "number"):
        low = keywords.get("minimum")
        start = int(low) if isinstance(low, int | float) else 1
        return (start, start + 1)
    if keywords.get("format") == "uuid":
        return tuple(f"00000000-0000-4000-8000-00000000000{i}" for i in (1, 2))
    return (f"{name}-1", f"{name}-2")
