"""Dates, times and UUIDs which remember the text that they came as (RFC 3339, 5.6; RFC 9562, 4).

Python's own types forget digits after the sixth, leap seconds, the spelling of an offset and the
case of letters. These are the same values to the program and the same text on the wire.
"""

from __future__ import annotations

import calendar
import re
import uuid
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, SupportsIndex

_DATE = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_OFFSET = r"(?:[Zz]|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))"
_FULL_DATE = re.compile(_DATE, re.ASCII)
_FULL_TIME = re.compile(_TIME + _OFFSET, re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}[Tt]{_TIME}{_OFFSET}", re.ASCII)
# What Python reads by itself: no leap second, at most six digits behind the point.
_COMMON = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

_DAY = 24 * 60


class WrittenDateTime(datetime):
    """A moment with its text. What is computed from it (``+``, ``replace``) has none."""

    text: str

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> Any:
        written = hasattr(self, "text")
        return (read_date_time, (self.text,)) if written else super().__reduce_ex__(protocol)


class WrittenDate(date):
    """A day with its text."""

    text: str

    def __reduce__(self) -> Any:
        return (read_date, (self.text,)) if hasattr(self, "text") else super().__reduce__()


class WrittenTime(time):
    """A time of day with its text."""

    text: str

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> Any:
        written = hasattr(self, "text")
        return (read_time, (self.text,)) if written else super().__reduce_ex__(protocol)


class WrittenUUID(uuid.UUID):
    """A UUID with its text."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        super().__init__(text)
        object.__setattr__(self, "text", text)

    def __reduce__(self) -> Any:
        return (WrittenUUID, (self.text,))

    def __copy__(self) -> WrittenUUID:
        return self

    def __deepcopy__(self, memo: object) -> WrittenUUID:
        return self


def read_date_time(text: str) -> WrittenDateTime:
    """The moment of an RFC 3339 ``date-time``.

    A leap second is the second after it; digits after the sixth count in the text only; a moment
    outside Python's years 1 to 9999 becomes the nearest one inside.

    Raises:
        ValueError: it is none, for instance because it has no offset.
    """
    if _COMMON.fullmatch(text) is not None:
        try:
            made = WrittenDateTime.fromisoformat(text)
        except ValueError:
            pass  # Python has no year 0, which the RFC has
        else:
            made.text = text
            return made
    found = _DATE_TIME.fullmatch(text)
    if found is None or not (_is_date(found) and _is_time(found)):
        raise ValueError("must be a date-time of RFC 3339 with an offset: 2020-12-31T23:59:59Z")
    made = WrittenDateTime.combine(_date(found), _time(found))
    if found["second"] == "60":
        made = _later(made)
    made.text = text
    return made


def read_date(text: str) -> WrittenDate:
    """The day of an RFC 3339 ``full-date``; years before 1 become 1.

    Raises:
        ValueError: it is none.
    """
    found = _FULL_DATE.fullmatch(text)
    if found is None or not _is_date(found):
        raise ValueError("must be a full-date of RFC 3339: 2020-12-31")
    day = _date(found)
    made = WrittenDate(day.year, day.month, day.day)
    made.text = text
    return made


def read_time(text: str) -> WrittenTime:
    """The time of an RFC 3339 ``full-time``; a leap second is read as second 59.

    Raises:
        ValueError: it is none, for instance because it has no offset.
    """
    found = _FULL_TIME.fullmatch(text)
    if found is None or not _is_time(found):
        raise ValueError("must be a full-time of RFC 3339 with an offset: 23:59:59Z")
    clock = _time(found)
    made = WrittenTime(
        clock.hour, clock.minute, clock.second, clock.microsecond, tzinfo=clock.tzinfo
    )
    made.text = text
    return made


def read_uuid(text: str) -> WrittenUUID:
    """The UUID in the hyphenated form.

    Raises:
        ValueError: it is none.
    """
    if _UUID.fullmatch(text) is None:
        raise ValueError("must be a UUID: 2eb8aa08-aa98-11ea-b4aa-73b441d16380")
    return WrittenUUID(text)


def text_of(value: object) -> str:
    """The text of a moment, day, time or UUID: as it came, else in the form of the RFC.

    Raises:
        ValueError: it has no offset, so it names no moment.
        TypeError: it is none of these.
    """
    match value:
        case WrittenDateTime() | WrittenDate() | WrittenTime() if hasattr(value, "text"):
            return value.text
        case WrittenUUID():
            return value.text
        case datetime() | time():
            return _with_offset(value)
        case date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")


def _with_offset(value: datetime | time) -> str:
    offset = value.utcoffset()
    if offset is None:
        raise ValueError(f"{value.isoformat()} has no time zone; give it one, such as datetime.UTC")
    if offset % timedelta(minutes=1):
        raise ValueError(f"{value.isoformat()} has an offset that is not in whole minutes")
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if not offset else text


def _is_date(found: re.Match[str]) -> bool:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if not 1 <= month <= 12:
        return False
    # Year 0 is a leap year, as 400 is; calendar counts from 1.
    return 1 <= day <= calendar.monthrange(year or 400, month)[1]


def _is_time(found: re.Match[str]) -> bool:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    if not (hour < 24 and minute < 60 and second <= 60):
        return False
    if found["sign"] and not (int(found["hours"]) < 24 and int(found["minutes"]) < 60):
        return False
    # A leap second is the last one of a day in UTC.
    return second < 60 or (hour * 60 + minute - _offset(found)) % _DAY == _DAY - 1


def _offset(found: re.Match[str]) -> int:
    if not found["sign"]:
        return 0
    minutes = int(found["hours"]) * 60 + int(found["minutes"])
    return -minutes if found["sign"] == "-" else minutes


def _date(found: re.Match[str]) -> date:
    year = int(found["year"])
    return date(year, int(found["month"]), int(found["day"])) if year else date.min


def _time(found: re.Match[str]) -> time:
    return time(
        int(found["hour"]),
        int(found["minute"]),
        min(int(found["second"]), 59),
        int(f"{found['fraction'] or '0':0<6.6}"),
        tzinfo=timezone(timedelta(minutes=_offset(found))),
    )


def _later(moment: WrittenDateTime) -> WrittenDateTime:
    try:
        return moment + timedelta(seconds=1)
    except OverflowError:
        return moment
