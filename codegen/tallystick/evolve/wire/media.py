"""Media types of two contracts beside each other, ranges and parameters included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tallystick.contract import Media


@dataclass(frozen=True, slots=True)
class Matched:
    """The media types of a body, as two contracts have them."""

    pairs: tuple[tuple[Media, Media], ...]
    """Where a body of the one may be one of the other."""
    gone: tuple[Media, ...]
    came: tuple[Media, ...]


def matched(old: tuple[Media, ...], new: tuple[Media, ...]) -> Matched:
    """Each media type beside the one that covers it: itself, else a range (RFC 9110, 12.5.1)."""
    pairs: dict[tuple[str, str], tuple[Media, Media]] = {}
    gone: list[Media] = []
    came: list[Media] = []
    for each in old:
        found = covering(each.media_type, new)
        if found is None:
            gone.append(each)
        else:
            pairs[each.media_type, found.media_type] = (each, found)
    for each in new:
        found = covering(each.media_type, old)
        if found is None:
            came.append(each)
        else:
            pairs.setdefault((found.media_type, each.media_type), (found, each))
    return Matched(tuple(pairs.values()), tuple(gone), tuple(came))


def covering(media_type: str, declared: Iterable[Media]) -> Media | None:
    """The declaration that a body of a media type, or each of a range, falls under; the closest one."""
    wanted = normal(media_type)
    found = [each for each in declared if _covers(normal(each.media_type), wanted)]
    return min(found, key=lambda each: _width(normal(each.media_type), wanted), default=None)


def concrete(media_type: str) -> str:
    """A media type that a body of a range may have; any other is itself."""
    if media_type == "*/*":
        return "application/octet-stream"
    return media_type.replace("/*", "/plain")


def normal(media_type: str) -> str:
    """A media type as it is compared: case, space, order and ``charset=utf-8`` do not count."""
    essence, *parameters = (part.strip() for part in media_type.split(";"))
    pairs = (part.partition("=") for part in parameters if part)
    kept = sorted(
        f"{name.strip().lower()}={value.strip().strip(chr(34))}" for name, _, value in pairs
    )
    told = [each for each in kept if each.lower() != "charset=utf-8"]
    return ";".join([essence.lower(), *told])


def _covers(wide: str, narrow: str) -> bool:
    if wide == narrow or wide == "*/*":
        return True
    essence = narrow.partition(";")[0]
    if wide.endswith("/*"):
        return essence.partition("/")[0] == wide[:-2]
    return wide == essence  # the same with parameters that nobody asked for


def _width(wide: str, narrow: str) -> int:
    return [wide == narrow, not wide.endswith("*"), wide != "*/*", True].index(True)
