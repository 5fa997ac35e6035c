"""Bodies that are no JSON, through both halves: forms, texts and bytes."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tallystick.contract import build
from tallystick.document import load
from tallystick.generate import generate
from tallystick.output import write
from tallystick.render.notes import notes
from tallystick.runtime import forms, multipart
from tallystick.runtime.files import File
from tallystick.runtime.operation import Body, Kind, Parameter
from tallystick.runtime.styles import Inexpressible

ROOT = Path(__file__).parents[1]
NAME = "bodies_package"
BASE = "http://127.0.0.1:9"


class Both:
    """The generated package, its application, and what the application was asked."""

    def __init__(self, folder: Path) -> None:
        self.made = generate(ROOT / "tests/generate/bodies.yaml", [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.package: Any = importlib.import_module(NAME)
            self.operations: Any = importlib.import_module(f"{NAME}.operations")
            self.server: Any = importlib.import_module(f"{NAME}.server")
            self.unsafe: Any = importlib.import_module(f"{NAME}.runtime.errors").UnsafeValue
        finally:
            sys.path.remove(str(folder / NAME))
        self.got: Any = None
        self.wire: httpx2.Request | None = None
        self.answer: Any = None
        root = SimpleNamespace()
        for each in self.operations.OPERATIONS:
            at = root
            for name in each.place[:-1]:
                at.__dict__.setdefault(name, SimpleNamespace())
                at = getattr(at, name)
            setattr(at, each.place[-1], self._called)
        self.app = self.server.application(root)

    def _called(self, *positional: Any, **named: Any) -> Any:
        self.got = named.get("body", "absent")
        return self.answer

    def call(self, place: str, *positional: Any, **named: Any) -> Any:
        """The answer of an operation, the request having gone through both halves."""
        self.got = None

        async def main() -> Any:
            inner = httpx2.ASGITransport(self.app)

            async def carry(request: httpx2.Request) -> httpx2.Response:
                self.wire = request
                return await inner.handle_async_request(request)

            carrier = httpx2.MockTransport(carry)
            async with self.package.AsyncClient(base_url=BASE, transport=carrier) as client:
                target = client
                for name in place.split("."):
                    target = getattr(target, name)
                return await target(*positional, **named)

        return asyncio.run(main())

    @property
    def sent(self) -> bytes:
        assert self.wire is not None
        return self.wire.read()

    def ask(self, method: str, path: str, media_type: str, content: bytes) -> int:
        async def main() -> int:
            async with httpx2.AsyncClient(
                transport=httpx2.ASGITransport(self.app), base_url=BASE
            ) as client:
                headers = {"Content-Type": media_type}
                return (
                    await client.request(method, path, headers=headers, content=content)
                ).status_code

        return asyncio.run(main())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(tmp_path_factory.mktemp("bodies"))


def test_a_form_is_written_member_by_member_as_its_encoding_says(both: Both) -> None:
    body = both.package.models.Form(
        name="a b&c",
        note=None,
        count=3,
        on=True,
        tags=["x", "y,z"],
        csv=["x", "y z"],
        piped=[1, 2],
        deep={"a": "x", "b": 1},
        plain={"a": "x", "b": None},
        many=[{"a": "1"}, {}],
        free="a/b?c&d",
        stringified="x",
    )
    both.call("form.create", body)
    assert both.got == body
    assert both.wire is not None
    assert both.wire.headers["content-type"] == "application/x-www-form-urlencoded"
    assert both.sent.decode().split("&") == [
        "name=a%20b%26c", "note=null", "count=3", "on=true", "tags=x", "tags=y%2Cz",
        "csv=x,y%20z", "piped=1%7C2", "deep%5Ba%5D=x", "deep%5Bb%5D=1",
        "plain=%7B%22a%22%3A%22x%22%2C%22b%22%3Anull%7D", "many=%7B%22a%22%3A%221%22%7D",
        "many=%7B%7D", "free=a/b?c%26d", "stringified=%22x%22",
    ]  # fmt: skip


def test_absent_null_and_a_value_are_three_things_in_a_form(both: Both) -> None:
    form = both.package.models.Form
    for body in (form(name="n"), form(name="n", note=None), form(name="n", note="")):
        both.call("form.create", body)
        assert both.got == body
        assert both.got.model_fields_set == body.model_fields_set
    unsafes: list[dict[str, Any]] = [
        {"note": "null"},
        {"tags": []},
        {"deep": {}},
        {"csv": [""]},
        {"extra": 5},
    ]
    for unsafe in unsafes:
        both.got = None
        with pytest.raises(both.unsafe):
            both.call("form.create", form(name="n", **unsafe))
        assert both.got is None
    both.call("form.create", form(name="n", extra="5"))
    assert both.got == form(name="n", extra="5")


def test_a_form_of_several_shapes_and_no_form_at_all(both: Both) -> None:
    for body in ({"kind": "one", "a": "5"}, {"kind": "two", "b": 5}):
        adapter = both.operations.FORM__REPLACE.body.kind
        both.call("form.replace", adapter.read(body))
        assert both.got == adapter.read(body)
    both.call("form.replace")
    assert both.got == "absent"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"name=x", 204),
        (b"name=x+y&count=1&&", 204),
        (b"count=1", 400),
        (b"name=x&name=y", 400),
        (b"name=x&other=1&other=2", 400),
        (b"name=x&count=one", 400),
        (b"name=%FF", 400),
        ("name=é".encode(), 400),
        (b"name=x&plain={", 400),
        (b"name=x&deep[a][b]=1", 400),
        (b"", 400),
    ],
)
def test_a_server_reads_forms_strictly(both: Both, content: bytes, status: int) -> None:
    assert both.ask("POST", "/form", "application/x-www-form-urlencoded", content) == status
    assert not content or both.ask("POST", "/form", "application/json", content) == 415


@given(text=st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_text_is_a_str_both_ways(both: Both, text: str) -> None:
    both.answer = text[::-1]
    assert both.call("note.create", text) == text[::-1]
    assert both.got == text


def test_a_text_says_its_charset_and_another_one_is_understood_or_refused(both: Both) -> None:
    both.answer = "ok"
    both.call("note.create", "é")
    assert both.wire is not None
    assert both.wire.headers["content-type"] == "text/plain; charset=utf-8"
    assert both.ask("POST", "/note", "text/plain; charset=iso-8859-1", b"\xe9") == 200
    assert both.got == "é"
    assert both.ask("POST", "/note", "text/plain", b"\xe9") == 400
    assert both.ask("POST", "/note", "text/plain; charset=utf-16", b"xx") == 400
    assert both.ask("POST", "/note", "text/plain", b"x" * 21) == 400


def test_an_absent_text_is_not_an_empty_one(both: Both) -> None:
    both.answer = "yes"
    assert both.call("note.replace") == "yes"
    assert both.got == "absent"
    both.call("note.replace", "")
    assert both.got == ""
    both.answer = "maybe"
    with pytest.raises(Exception, match="500"):
        both.call("note.replace")


def test_bytes_are_bytes(both: Both) -> None:
    both.answer = None
    both.call("bytes.replace", b"\x00\xff")
    assert both.got == b"\x00\xff"


def test_the_ledger_says_what_is_not_typed_and_nothing_of_what_is(both: Both) -> None:
    ledger = both.made.files["ledger.json"]
    assert "/paths/~1bytes/put/requestBody" in ledger
    assert "not offered" not in ledger


TEXT = frozenset({"string"})
FIELDS: list[tuple[str, frozenset[str], dict[str, Any], Any]] = [
    ("a", frozenset({"string", "null"}), {}, st.text() | st.none()),
    ("b", frozenset({"integer"}), {}, st.integers()),
    ("c", frozenset({"array"}), {"items": TEXT, "explode": True}, st.lists(st.text(), max_size=3)),
    ("d", frozenset({"array"}), {"items": TEXT, "explode": False}, st.lists(st.text(), max_size=3)),
    ("e", frozenset({"object", "null"}), {"explode": True, "json": True},
     st.none() | st.dictionaries(st.text(), st.none() | st.integers() | st.text(), max_size=2)),
    ("f[", frozenset({"array", "null"}), {"explode": True, "json": True, "items": frozenset({"object"})},
     st.none() | st.lists(st.dictionaries(st.text(), st.text()), max_size=2)),
]  # fmt: skip


@given(
    st.fixed_dictionaries(
        {}, optional={**{f[0]: f[3] for f in FIELDS}, "x": st.text() | st.integers()}
    )
)
def test_a_form_is_read_back_as_it_was_written_or_refused(value: dict[str, Any]) -> None:
    kind = Kind(lambda: TypeAdapter(object))
    fields = [
        Parameter(name, name, "query", kind, style="form", types=types, **more)
        for name, types, more, _ in FIELDS
    ]
    try:
        content = forms.write(fields, value)
    except (Inexpressible, UnicodeEncodeError):
        return
    assert forms.read(fields, content) == value


# --- multipart


def test_members_are_parts_with_media_types_and_files_arrive_as_files(both: Both) -> None:
    file = both.package.File
    body = both.package.models.Upload(
        title='a "b"\r\n--x',
        count=3,
        document=b"\x00\r\n--\xff",
        picture=file(b"png", "p.png", "image/png", {"X-Rate": "5"}),
        files=[b"1", file(b"2", None, "text/csv")],
        tags=["x", ""],
        plain={"a": "é"},
        many=[{"a": "1"}, {}],
    )
    both.call("upload.create", body)
    got = both.got
    assert got.document == file(b"\x00\r\n--\xff", "document", "application/octet-stream")
    assert got.picture == file(b"png", "p.png", "image/png", {"x-rate": "5"})
    assert got.files == [
        file(b"1", "files", "application/octet-stream"),
        file(b"2", None, "text/csv"),
    ]
    for name in ("title", "count", "tags", "plain", "many"):
        assert getattr(got, name) == getattr(body, name), name
    assert both.sent.count(b"Content-Type: application/json\r\n") == 3


def test_null_absent_and_a_value_are_three_things_in_parts(both: Both) -> None:
    upload = both.package.models.Upload
    for title in (None, "", "x"):
        both.call("upload.create", upload(title=title, document=b""))
        assert both.got.title == title
        assert not both.package.is_set(both.got.count)
    wrong: list[dict[str, Any]] = [
        {"title": "null"}, {"tags": []}, {"document": "text"}, {"other": 5}, {"tags": ["a", b"b"]},
    ]  # fmt: skip
    for more in wrong:
        both.got = None
        with pytest.raises((both.unsafe, ValueError)):
            both.call("upload.create", upload(**({"title": "t", "document": b""} | more)))
        assert both.got is None


@pytest.mark.parametrize(
    "name", ['a"b', "a\r\nX: y", "é.txt", "../../etc/passwd", "a\\b", "", " a;b=c "]
)
def test_a_file_name_stays_one_parameter_and_comes_back_as_it_was(both: Both, name: str) -> None:
    body = both.package.models.Upload(title="t", document=both.package.File(b"x", name))
    both.call("upload.create", body)
    assert both.got.document.name == name
    heads = [line for line in both.sent.split(b"\r\n") if line.startswith(b"Content-Disposition")]
    assert len(heads) == 2
    assert b"\r\nX: y" not in both.sent
    assert heads[1].count(b'"') == 4


@pytest.mark.parametrize(
    ("name", "media_type", "headers"),
    [
        ("%22", None, {}),
        ("a\0", None, {}),
        ("\ud800", None, {}),
        ("a", "image/png\r\nX: y", {}),
        ("a", None, {"X: y\r\nZ": "1"}),
        ("a", None, {"X": "1\r\nZ: 1"}),
        ("a", None, {"Content-Disposition": "form-data"}),
        ("a", "text/csv", {"content-type": "text/html"}),
    ],
)
def test_what_no_part_can_carry_is_refused(
    both: Both, name: str, media_type: str | None, headers: dict[str, str]
) -> None:
    file = both.package.File(b"x", name, media_type, headers)
    both.got = None
    with pytest.raises(both.unsafe):
        both.call("upload.create", both.package.models.Upload(title="t", document=file))
    assert both.got is None


def part(name: str, content: str, more: str = "") -> str:
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


RIGHT = part("title", "t") + part("document", "x", '; filename="d"')


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (RIGHT + "--B--\r\n", 204),
        ("preamble\r\n" + RIGHT + "--B--", 204),
        (RIGHT, 400),
        (RIGHT + part("title", "t") + "--B--", 400),
        (part("title", "t") + "--B--", 400),
        (RIGHT + part("count", "one") + "--B--", 400),
        (RIGHT + part("plain", "{") + "--B--", 400),
        (RIGHT + part("picture", "x", "\r\nContent-Type: text/html") + "--B--", 400),
        (RIGHT + part("picture", "x", "\r\nContent-Type: image/jpeg") + "--B--", 204),
        (RIGHT + "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", 400),
        (RIGHT + "--B\r\n--B--", 400),
        (RIGHT + part("x", "", "\r\nX: 1\r\nx: 2") + "--B--", 400),
        (RIGHT + part("x", "", "\r\nContent-Transfer-Encoding: base64") + "--B--", 400),
        ("", 400),
        (RIGHT + part("x", "") * 10_001 + "--B--", 400),
    ],
    ids=range(15),
)
def test_a_server_reads_parts_strictly(both: Both, content: str, status: int) -> None:
    found = both.ask("POST", "/upload", "multipart/form-data; boundary=B", content.encode())
    assert found == status
    assert both.ask("POST", "/upload", "multipart/form-data", content.encode()) == 400


@given(content=st.text('B-\r\n:;="ax', max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_reading_any_parts_ends_in_a_value_or_a_refusal(both: Both, content: str) -> None:
    text = (RIGHT + content).encode()
    assert both.ask("POST", "/upload", 'multipart/form-data; boundary="B"', text) in (204, 400)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **{f[0]: f[3] for f in FIELDS},
            'x"\n': st.text() | st.integers(),
            "file": st.binary(max_size=9).map(lambda content: File(content, "n", "a/b")),
        },
    )
)
def test_parts_are_read_back_as_they_were_written_or_refused(value: dict[str, Any]) -> None:
    kind: Kind[Any] = Kind(lambda: TypeAdapter(Any))
    fields = [
        Parameter(name, name, "query", kind, types=types, **more) for name, types, more, _ in FIELDS
    ]
    body = Body(("multipart/form-data",), kind, fields=(*fields, BINARY), files=frozenset({"file"}))
    try:
        content, media_type = multipart.write(body, value)
    except (Inexpressible, UnicodeEncodeError):
        return
    assert multipart.read(body, media_type, content) == value


BINARY = Parameter("file", "file", "query", Kind(lambda: TypeAdapter(Any)), types=TEXT)


STREAM = """\
openapi: 3.1.0
info: {title: streams, version: '1'}
paths:
  /s:
    post:
      requestBody:
        content:
          application/json: {schema: {type: object}}
          multipart/form-data: {schema: {type: object}}
      responses:
        '200': {description: d, content: {text/event-stream: {schema: {type: string}}}}
        '201': {description: d, content: {application/json: {}, text/csv: {}}}
        '202': {description: d, content: {text/plain: {schema: {type: integer}}}}
"""


def test_each_media_type_without_a_type_of_its_own_stands_in_the_notes(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STREAM)
    found = [
        (note.pointer.rpartition("/content/")[2], note.standing, note.reason)
        for note in notes(build(load(tmp_path / "s.yaml", [])))
    ]
    assert found == [
        (
            "text~1event-stream",
            "approximated",
            "read as the schema of each item",
        ),
        ("text~1csv", "approximated", "travels as bytes; its schema is not enforced"),
        ("text~1plain", "approximated", "a text; its schema is not enforced"),
    ]


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_needs_no_style_in_the_document(tmp_path: Path, media_type: str) -> None:
    body = "{schema: {type: object, properties: {a: {type: string}}}}"
    (tmp_path / "s.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /s:\n    post:\n"
        f"      requestBody: {{content: {{{media_type}: {body}}}}}\n"
        "      responses: {'204': {description: d}}\n"
    )
    made = generate(tmp_path / "s.yaml", [], package="plain_form")
    assert "fields=" in made.files["plain_form/operations.py"]
