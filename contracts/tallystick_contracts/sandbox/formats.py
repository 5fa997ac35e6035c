"""Text of the formats that JSON Schema and OpenAPI name, made from a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _uuid(digest: str) -> str:
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _time(digest: str) -> str:
    seconds = int(digest[:6], 16) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _date(digest: str) -> str:
    number = int(digest[6:12], 16)
    return f"{2020 + number % 6}-{number // 6 % 12 + 1:02d}-{number // 72 % 28 + 1:02d}"


FORMATS: Mapping[str, Callable[[str], str]] = {
    "date-time": lambda digest: f"{_date(digest)}T{_time(digest)}Z",
    "date": _date,
    "time": lambda digest: f"{_time(digest)}Z",
    "duration": lambda digest: f"PT{int(digest[:3], 16)}S",
    "uuid": _uuid,
    "email": lambda digest: f"user-{digest[:10]}@example.com",
    "idn-email": lambda digest: f"user-{digest[:10]}@example.com",
    "hostname": lambda digest: f"host-{digest[:10]}.example.com",
    "idn-hostname": lambda digest: f"host-{digest[:10]}.example.com",
    "uri": lambda digest: f"https://example.com/{digest[:10]}",
    "iri": lambda digest: f"https://example.com/{digest[:10]}",
    "uri-reference": lambda digest: f"/{digest[:10]}",
    "iri-reference": lambda digest: f"/{digest[:10]}",
    "uri-template": lambda digest: f"/{digest[:10]}/{{id}}",
    "url": lambda digest: f"https://example.com/{digest[:10]}",
    "ipv4": lambda digest: ".".join(str(int(digest[i : i + 2], 16)) for i in (0, 2, 4, 6)),
    "ipv6": lambda digest: ":".join(digest[i : i + 4] for i in range(0, 32, 4)),
    "json-pointer": lambda digest: f"/{digest[:10]}",
    "regex": lambda digest: f"^{digest[:10]}$",
    "byte": lambda digest: digest[:8],
}
"""By format: 32 hexadecimal digits made into a text that has it."""
