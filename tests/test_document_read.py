"""The reader of documents: what it takes, what it refuses, and where it says so."""

from __future__ import annotations

import codecs
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora import files, needs_corpus
from tallystick.document import Document, load, parse, read
from tallystick.document import limits as limits_module
from tallystick.errors import DocumentError, Location


def refusal(text: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parse(text, "a.yaml")
    return caught.value


def value(text: str) -> object:
    return parse(f"a: {text}\n", "a.yaml").data["a"]


@pytest.mark.parametrize("text", ["no", "yes", "on", "off", "y", "2020-01-01", "1:30", "1_000"])
def test_yaml_1_1_words_and_dates_stay_strings(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("0o17", 15), ("0x1F", 31), ("017", 17), ("-12", -12), ("+3", 3), ("1e3", 1000.0)),
        *((".5", 0.5), ("5.", 5.0), ("null", None), ("~", None), ("", None), ("True", True)),
        *(("'1'", "1"), ('"true"', "true"), ("0b11", "0b11"), ("nUll", "nUll"), ("+", "+")),
    ],
)
def test_scalars_follow_the_core_schema(text: str, expected: object) -> None:
    found = value(text)
    assert (type(found), found) == (type(expected), expected)


def test_keys_are_the_text_as_written() -> None:
    data = parse("200: a\n'x': b\n1.0: c\ntrue: d\n", "a.yaml").data
    assert list(data) == ["200", "x", "1.0", "true"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null", "5", "- a", "'text'", "[1]"])
def test_a_document_without_a_mapping_is_one_clear_error(text: str) -> None:
    error = refusal(text)
    assert "where a mapping is expected" in error.what
    assert isinstance(error.where, Location)


def test_a_duplicate_key_names_its_line_and_the_mapping() -> None:
    error = refusal("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert (str(error.where), error.pointer) == ("a.yaml:4:3", "#/a")
    error = refusal('{"a": {\n "b": 1,\n "b": 2}}')
    assert (str(error.where), error.pointer) == ("a.yaml:3:2", "#/a")


def test_keys_that_differ_only_as_numbers_of_yaml_are_different() -> None:
    assert parse("1: a\n01: b\n", "a.yaml").data == {"1": "a", "01": "b"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: !!python/name:os.system x", "the tag"),
        ("a: !!str x", "the tag"),
        ("a: ! x", "the tag"),
        ("a: &x {b: 1}\nc: {<<: *x}", "a merge key"),
        ("a: 1\n---\nb: 2\n", "a second document"),
        ("a: .inf", "not a finite number"),
        ("a: -.INF", "not a finite number"),
        ("a: .nan", "not a finite number"),
        ("a: 1e999", "not a finite number"),
        ('{"a": NaN}', "not a finite number"),
        ('{"a": -Infinity}', "not a finite number"),
        ('{"a": 1e999}', "not a finite number"),
        ("? [a]\n: b", "a key that is no scalar"),
        ("a: &x 1\n*x : 2", "an alias as a key"),
        ("a: *b", "was never defined"),
        ("a: &x [*x]", "contains itself"),
        ("a: [1", "not YAML"),
        ("a:\tb\n\t- c", "not YAML"),
        ('{"a": 1,}', "not JSON"),
        ('{"a": 1 // no\n}', "not JSON"),
        ("{a: 1}", "not JSON"),
        ('{"a": "\\ud800"}', "a lone surrogate"),
        (b"a: \xff\xfe\xfd", "not UTF-8"),
        ("a: \x00", "not YAML"),
        ("a: " + "9" * 1001, "more than 1000 digits"),
        ('{"a": ' + "9" * 1001 + "}", "more than 1000 digits"),
        ('{"a": 0.' + "9" * 1001 + "}", "more than 1000 digits"),
        ("a: 0x" + "f" * 1001, "more than 1000 digits"),
    ],
)
def test_what_json_data_cannot_be_is_refused(text: str | bytes, what: str) -> None:
    name = "a.json" if what == "not JSON" else "a.yaml"
    with pytest.raises(DocumentError) as caught:
        parse(text, name)
    assert what in caught.value.what


def test_a_thousand_digits_are_read_exactly() -> None:
    assert value("9" * 1000) == 10**1000 - 1


@pytest.mark.parametrize("size", [201, 100_000])
@pytest.mark.parametrize(
    "text", ['{{"a": {open}{close}}}', "a: {open}{close}"], ids=["json", "yaml"]
)
def test_deep_nesting_is_refused_without_recursion(text: str, size: int) -> None:
    error = refusal(text.format(open="[" * size, close="]" * size))
    assert "nested deeper than 200" in error.what
    assert len(str(error)) < 500


@pytest.mark.parametrize("end", ["", "\\"])
def test_a_string_without_an_end_costs_what_it_is_long(end: str) -> None:
    """Each escaped quote in it was tried as the start of another: 16 times the text, 256 the time."""

    def spent(quotes: int) -> float:
        text = '{"a": "' + '\\"' * quotes + end
        start = time.process_time()
        with pytest.raises(DocumentError, match="Unterminated string"):
            parse(text, "a.json")
        return time.process_time() - start

    few = min(spent(2_000) for _ in range(5))
    assert spent(32_000) < 100 * few


def test_two_hundred_levels_are_read_and_located() -> None:
    for text in ('{"a": %s}', "a: %s"):
        document = parse(text % ("[" * 199 + "]" * 199), "a")
        assert document.locate("#/a" + "/0" * 198).line == 1


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 300)]
    assert "nested deeper than 200" in refusal("\n".join(lines)).what


def test_aliases_are_counted_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MAX_NODES", 20_000)
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    error = refusal("\n".join(lines))
    assert "more than 20,000 nodes" in error.what


def test_aliases_are_copies() -> None:
    data = parse("a: &x [1]\nb: *x\nc: *x\n", "a.yaml").data
    assert data == {"a": [1], "b": [1], "c": [1]}
    assert data["b"] is not data["a"]


def test_the_number_of_nodes_is_bounded_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MAX_NODES", 10)
    assert "nodes" in refusal('{"a": [' + ",".join("1" * 30) + "]}").what
    assert parse('{"a": ",,,,,,,,,,,,,,,,,,[[[[["}', "a.json").data


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["a: é\n", '{"a": "é"}'])
def test_byte_order_marks_are_understood(encoding: str, text: str) -> None:
    assert parse(text.encode(encoding), "a").data == {"a": "é"}


def test_utf_16_big_endian_is_understood() -> None:
    assert parse(codecs.BOM_UTF16_BE + "a: 1".encode("utf-16-be"), "a").data == {"a": 1}


def test_a_bad_byte_is_found_on_its_line() -> None:
    assert str(refusal(b"a: 1\nb: \xff\n").where) == "a.yaml:2:1"


def test_nodes_are_located_in_yaml() -> None:
    document = parse("a:\n  - x: 1\n    y: [2, 3]\nb: 4\n", "a.yaml")
    found = [document.locate(p) for p in ("#", "#/a", "#/a/0/y", "#/a/0/y/1", "#/b")]
    assert [(each.line, each.column) for each in found] == [(1, 1), (1, 1), (3, 5), (3, 12), (4, 1)]


def test_nodes_are_located_in_json() -> None:
    text = '{\n "a": [{"x": 1},\n  {"y": "}]\\"", "z": [true]}],\n "": {"/~": 5}\n}'
    document = parse(text, "a.json")
    found = [document.locate(p) for p in ("#", "#/a/0/x", "#/a/1/z", "#/a/1/z/0", "#//~1~0")]
    expected = [(1, 1), (2, 9), (3, 17), (3, 23), (4, 7)]
    assert [(each.line, each.column) for each in found] == expected


def test_an_unknown_pointer_is_located_at_its_nearest_ancestor() -> None:
    document = parse("a:\n  b: 1\n", "a.yaml")
    assert document.locate("#/a/b/c/d").line == 2
    assert document.locate("#/x").line == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, Path(os.devnull)):
        with pytest.raises(DocumentError, match=r"is no regular file|cannot be read"):
            read(path)


def test_a_missing_file_and_a_name_with_a_null_byte_are_document_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", "a\0b"):
        with pytest.raises(DocumentError, match="cannot be read"):
            read(path)


def test_a_file_above_the_cap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(32 * 1024 * 1024 + 1)
    with pytest.raises(DocumentError, match="larger than 32 MiB"):
        read(path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("swagger: '2.0'\n", "Swagger 2.0"),
        ("info: {}\n", "no 'openapi' member"),
        ("openapi: 3.1\n", "openapi: '3.1'"),
        ("openapi: 4.0.0\n", "openapi: '4.0.0'"),
        ("openapi: '3.1.0\\n'\n", "openapi: "),
        ("openapi: [3]\n", "openapi: "),
    ],
)
def test_only_openapi_3_is_loaded(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert what in caught.value.what
    assert caught.value.hint


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"a:\n  " + tail))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    text = "read"
    try:
        document: Document | None = parse(content, "a")
    except DocumentError as error:
        document, text = None, str(error)
    assert text.isprintable()
    assert document is None or isinstance(document.data, dict)


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "[", "]", ":", ",", "- ", "\n", "  ", "&a ", "*a", "!", "|", ">"]
        )
        | st.text(max_size=4),
        max_size=40,
    )
)
def test_arbitrary_structure_is_read_or_refused(parts: list[str]) -> None:
    try:
        document = parse("".join(parts), "a")
    except DocumentError:
        return
    document.locate("#/a/0/b")


@needs_corpus
def test_published_documents_load() -> None:
    for path in files("documents") + files("history"):
        document = load(path)
        assert str(document.data["openapi"]).startswith(("3.1", "3.2"))
        assert document.locate("#/paths").line > 0


@needs_corpus
def test_hostile_documents_load_or_are_refused() -> None:
    refused: dict[str, str] = {}
    for path in files("hostile"):
        try:
            load(path)
        except DocumentError as error:
            refused[path.name] = str(error)
    assert all(name in message for name, message in refused.items())
    assert {"yaml-tag-object-apply.yaml", "json-dup-keys.json", "empty-file.yaml"} <= set(refused)
    assert not {"yaml-utf16.yaml", "yaml-octal-sexagesimal.yaml"} & set(refused)


def test_a_flow_mapping_in_a_file_of_yaml_is_yaml() -> None:
    text = "{openapi: 3.1.0, 'paths': {}}  # not JSON\n"
    assert parse(text, "a.YAML").data == {"openapi": "3.1.0", "paths": {}}
    with pytest.raises(DocumentError, match="not JSON"):
        parse(text, "a.json")
