"""The page of a comparison, without a browser: what stands in it, its bounds, its escapes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compared import OLD, change, contract, new_text, view
from tallystick.contract import Contract
from tallystick.document import Document, Json
from tallystick.document.from_yaml import parse_yaml
from tallystick.errors import Location
from tallystick.evolve import READERS, SEVERITIES, Comparison
from tallystick.evolve.page import page
from tallystick.evolve.page.anchors import anchors
from tallystick.evolve.page.excerpts import ROWS, Excerpt, Excerpts
from tallystick.evolve.page.levels import levels
from tallystick.evolve.page.rows import CONTEXT, Block, blocks
from tallystick.evolve.page.said import said
from tallystick.evolve.page.values import LINES, laid_out, one_line
from tallystick.evolve.page.written import Line, written
from tallystick.evolve.show import View
from tallystick.evolve.show.words import short

THING = "#/components/schemas/Thing"
HOSTILE = (
    "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>"
    "\"'><!--{{ 7 * 7 }}\u202e\x1b[2J\x00"
)


class Parsed(HTMLParser):
    """What stands in a page, as a reader of HTML sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.classes: list[str] = []
        self.policy = ""
        self.texts: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += given
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.classes.append(given.get("class", ""))
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag not in ("meta", "br", "wbr", "input"):
            self._open.append((tag, given.get("class", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "path", "only what SVG knows may be closed at once"

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"{tag} is closed, and was not the last one opened"

    def handle_data(self, data: str) -> None:
        for key in {key for each in self._open for key in (each[0], *each[1].split()) if key}:
            self.texts.setdefault(key, []).append(data)

    def text(self, key: str) -> str:
        """All text inside elements of this name or class."""
        return " ".join(" ".join(self.texts.get(key, [])).split())


@pytest.fixture(scope="module")
def given_view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return view(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def given_comparison(given_view: View) -> Comparison:
    return given_view.comparison


@pytest.fixture(scope="module")
def text(given_view: View) -> str:
    return page(given_view)


@pytest.fixture(scope="module")
def parsed(text: str) -> Parsed:
    return Parsed(text)


# what stands there


def test_every_change_and_every_note_is_in_the_markup(
    given_comparison: Comparison, parsed: Parsed
) -> None:
    for each in (*given_comparison.changes, *given_comparison.notes):
        assert each.id in parsed.ids
        assert each.sentence in parsed.text("main")
        assert short(each) in parsed.text("main")
    assert sum("card" in each.split() for each in parsed.classes) == len(given_comparison.changes)


def test_ids_are_unique_and_every_link_leads_to_one(parsed: Parsed) -> None:
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert {each for each in parsed.links if not each.startswith("#")} == set()
    assert {each[1:] for each in parsed.links} <= set(parsed.ids)


def test_two_changes_of_one_id_have_two_anchors(given_comparison: Comparison) -> None:
    one = given_comparison.changes[0]
    twice = replace(given_comparison, changes=tuple(replace(one, sentence=s) for s in "abc"))
    names = anchors(twice.changes)
    assert len(set(names)) == 3
    assert names[0] == twice.changes[0].id
    assert set(names) <= set(Parsed(page(View(twice, READERS))).ids)


def test_the_head_has_titles_versions_digests_and_the_verdict(
    given_comparison: Comparison, parsed: Parsed
) -> None:
    head = parsed.text("header")
    for each in (given_comparison.old, given_comparison.new):
        for part in (each.title, each.version, each.digest, Path(each.document.name).name):
            assert part in head
    assert "4 changes break clients or servers" in head
    assert "for the wire major" in head
    assert "for the package minor" in head
    assert f"#{given_comparison.changes[1].id}" in parsed.links


def test_the_matrix_counts_the_changes_of_each_reader(
    given_comparison: Comparison, parsed: Parsed
) -> None:
    shown = re.sub(r"[^\w ]", "", parsed.text("matrix"))
    for reader in READERS:
        found = [each.severity[reader] for each in given_comparison.changes]
        counts = [str(found.count(severity)) for severity in SEVERITIES]
        assert " ".join([re.sub(r"[^\w ]", "", reader), *counts]) in " ".join(shown.split())


def test_a_severity_is_told_by_a_symbol_and_a_word(parsed: Parsed) -> None:
    marks = parsed.text("mark")
    for each in ("✗ typed client : breaking", "! server : risky", "✓ server : compatible"):
        assert each in marks


def test_without_notes_python_and_verdict_the_page_says_nothing_of_them(
    given_comparison: Comparison,
) -> None:
    bare = Parsed(page(View(given_comparison)))
    assert not {"notes", "python"} & set(bare.ids)
    assert "for the wire" not in bare.text("header")
    assert "Nothing that a program could name" in page(View(given_comparison, package=()))


def test_equal_contracts_make_a_page_too(given_comparison: Comparison) -> None:
    none = page(View(Comparison(given_comparison.old, given_comparison.old, ())))
    assert "The contract is the same" in none
    assert "No request and no answer is other than before" in none


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([4], "Nothing breaks clients; 1 change may mean something else"),
        ([5], "1 change, none of which breaks clients"),
        ([0, 4, 5], "1 change breaks clients"),
    ],
)
def test_the_outcome_is_that_of_the_worst(
    given_comparison: Comparison, places: list[int], says: str
) -> None:
    some = tuple(given_comparison.changes[place] for place in places)
    assert says in Parsed(page(View(replace(given_comparison, changes=some)))).text("outcome")


def test_the_verdict_is_about_the_readers_that_were_asked_for(
    given_comparison: Comparison,
) -> None:
    made = Parsed(page(View(given_comparison, ("server",))))
    assert made.text("outcome") == "! Nothing breaks the server; 1 change may mean something else"
    assert made.text("h2") == "Keys Risky for the server: 1 Compatible for the server: 5"


def test_proof_says_which_of_the_three_it_is(parsed: Parsed) -> None:
    facts = parsed.text("facts")
    assert "shown by an example" in facts
    assert "proved by structure" in facts
    assert "not refuted in 200 tries" in facts


def test_absent_is_not_null_and_not_nothing(given_comparison: Comparison) -> None:
    def values(**more: Json) -> str:
        one = change("null-admitted", "both", "x", old=THING, new=THING, **more)
        return Parsed(page(View(replace(given_comparison, changes=(one,))))).text("values")

    assert values(after=None) == "before not there → after null"
    assert values(before=None, after="") == 'before null → after ""'
    assert values() == ""


# both documents


def test_a_node_is_written_with_the_lines_of_its_file(given_comparison: Comparison) -> None:
    shown = written(given_comparison.old.document, f"{THING}/properties/name")
    assert shown is not None
    numbers = [OLD.splitlines()[line.number - 1].strip() for line in shown.lines]
    assert numbers == [line.text.strip() for line in shown.lines]
    assert [line.text for line in shown.lines] == ["name:", "  type: string", "  maxLength: 64"]
    assert Path(shown.file).name == "old.yaml"
    assert shown.line == shown.lines[0].number


def test_json_is_written_like_yaml_with_its_own_lines(tmp_path: Path) -> None:
    data: Json = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    made = contract(tmp_path / "a.json", json.dumps(data, indent=1))
    shown = written(made.document, "#/info")
    assert shown is not None
    assert shown.lines == (Line(3, "info:"), Line(4, "  title: T"), Line(5, '  version: "1"'))


def test_an_item_stands_behind_its_dash(given_comparison: Comparison) -> None:
    shown = written(given_comparison.old.document, "#/paths/~1v1~1things/get/parameters")
    assert shown is not None
    assert [line.text for line in shown.lines] == [
        "parameters:",
        "  - name: limit",
        "    in: query",
        "    schema:",
        "      type: integer",
        "      maximum: 1000",
    ]


def test_what_a_document_does_not_have_is_not_written(given_comparison: Comparison) -> None:
    assert written(given_comparison.old.document, f"{THING}/properties/nothing") is None


def test_code_samples_are_left_out_and_a_long_node_is_cut(tmp_path: Path) -> None:
    many = "".join(f"        p{n}: {{type: string}}\n" for n in range(300))
    text = OLD.replace(
        "operationId: list", "operationId: list\n      x-codeSamples: [{source: zzz}]"
    )
    made = contract(tmp_path / "a.yaml", text.replace("      properties:\n        name", f"      properties:\n{many}        name", 1))  # fmt: skip
    operation = written(made.document, "#/paths/~1v1~1things/get")
    thing = written(made.document, THING)
    assert operation is not None
    assert thing is not None
    assert not any("zzz" in line.text for line in operation.lines)
    assert thing.more
    assert not operation.more


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.sampled_from(
    [
        "null",
        "yes",
        "1",
        "1.0",
        "0x1",
        "- a",
        "a: b",
        "# a",
        "a #b",
        "~",
        "=",
        "<<",
        "ü",
        "a ",
        "*a",
    ]
)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
        max_leaves=12,
    )
)
def test_what_is_written_reads_back_as_the_same_data(data: Json) -> None:
    whole: dict[str, Json] = {"x": data}
    document = Document("d", whole, lambda tokens: Location("d", len(tokens)), whole)
    shown = written(document, "#/x")
    assert shown is not None
    assert parse_yaml("\n".join(line.text for line in shown.lines), "d") == whole


def numbered(texts: Sequence[str]) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(texts, 1)]


@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc"), max_size=40))
def test_rows_hold_every_line_of_both_in_order_and_alike_only_what_is(
    old: list[str], new: list[str]
) -> None:
    rows = [row for block in blocks(numbered(old), numbered(new)) for row in block.rows]
    assert [row.old.text for row in rows if row.old] == old
    assert [row.new.text for row in rows if row.new] == new
    for row in rows:
        alike = row.old is not None and row.new is not None and row.old.text == row.new.text
        assert row.sort == "changed" or alike


def test_what_is_alike_is_folded_but_for_its_borders() -> None:
    old = [str(number) for number in range(40)]
    new = [*old[:20], "new", *old[20:]]
    made = blocks(numbered(old), numbered(new))
    assert [(len(each.rows), each.fold) for each in made] == [
        (1, ""),
        (16, "16 lines alike"),
        (2 * CONTEXT + 1, ""),
        (17, "17 lines alike"),
    ]


def test_two_long_lines_are_shown_where_they_differ() -> None:
    start = "x" * 1000
    (block,) = blocks(numbered([f"{start}old"]), numbered([f"{start}new"]))
    assert isinstance(block, Block)
    assert block.rows[0].old is not None
    assert block.rows[0].old.text.endswith("xold")
    assert len(block.rows[0].old.text) < 300


def test_a_single_value_is_shown_in_what_holds_it(given_comparison: Comparison) -> None:
    excerpts = Excerpts(View(given_comparison))
    place = f"{THING}/properties/name/maxLength"
    shown = excerpts.of(change("bound-narrowed", "request", "x", old=place, new=place))
    assert shown is not None
    assert shown.old is not None
    assert shown.old.pointer == f"{THING}/properties/name"


def above(tmp_path: Path, before: str, after: str, kind: str) -> Excerpt:
    """What is shown of a change of the member ``state``, which is alike in both."""
    old = contract(tmp_path / "old.yaml", OLD)
    new = contract(tmp_path / "new.yaml", OLD.replace(before, after))
    place = f"{THING}/properties/state"
    one = change(kind, "request", "x", old=place, new=place)
    shown = Excerpts(View(Comparison(old, new, ()))).of(one)
    assert shown is not None
    return shown


def test_a_difference_is_looked_for_above_a_place_that_is_alike(tmp_path: Path) -> None:
    shown = above(tmp_path, "required: [name]", "minProperties: 2", "bound-narrowed")
    assert shown.new is not None
    assert (shown.new.pointer, shown.alike) == (THING, False)
    assert above(tmp_path, "", "", "bound-narrowed").alike


def test_a_member_that_must_be_there_is_shown_where_that_is_listed(tmp_path: Path) -> None:
    shown = above(tmp_path, "required: [name]", "required: [name, state]", "member-required")
    assert [row.new.text for block in shown.blocks for row in block.rows if row.new] == [
        "required:",
        "  - name",
        "  - state",
    ]
    gone = above(tmp_path, "required: [name]", "title: x", "member-optional")
    assert gone.old is not None
    assert (gone.old.pointer, gone.new) == (f"{THING}/required", None)


def test_places_of_another_depth_are_shown_at_the_same_one(given_comparison: Comparison) -> None:
    data = given_comparison.old.document.data
    member = f"{THING}/properties/name"
    one = change("bound-narrowed", "request", "x", old=member, new=f"{member}/maxLength")
    assert levels(one, data, data)[0] == (member, member)


def test_the_whole_document_is_no_place_to_look_at(given_comparison: Comparison) -> None:
    data = given_comparison.old.document.data
    for place in ("#/servers", THING, "#/paths/~1v1~1things"):
        one = change("bound-narrowed", "request", "x", old=place, new=place)
        assert levels(one, data, data) == [(place, place)]


def test_a_side_without_the_place_says_so(parsed: Parsed) -> None:
    assert "not there" in parsed.text("heads")
    assert "operationId: remove" in parsed.text("del")


# values


def marked(value: Json, at: str) -> list[str]:
    return [line.text.strip() for line in laid_out(value, at)[0] if line.marked]


def test_the_place_of_a_witness_is_marked_with_all_it_holds() -> None:
    value: Json = {"a": {"b": [1, {"c": []}]}, "d": 2}
    assert marked(value, "#/a/b/1") == ["{", '"c": []', "}"]
    assert marked(value, "/d") == ['"d": 2']
    assert len(marked(value, "#")) == len(laid_out(value, "")[0])


def test_of_a_place_that_is_not_there_the_opening_of_its_ancestor_is_marked() -> None:
    value: Json = {"a": {"b": 1}}
    assert marked(value, "#/a/missing") == ['"a": {']
    assert [laid_out(value, at)[1] for at in ("#/a/missing", "#/a/b", "#")] == [False, True, True]
    assert marked(3, "no pointer") == ["3"]


def test_what_stands_between_backticks_is_code() -> None:
    assert said("`a` and `b c`") == (("a", True), (" and ", False), ("b c", True))
    assert said("one ` alone") == (("one ` alone", False),)
    assert said("`a` and ` alone") == (("a", True), (" and ` alone", False))


def test_a_long_value_is_shown_around_its_mark() -> None:
    value: Json = list(range(1000))
    shown, _ = laid_out(value, "#/700")
    assert len(shown) == LINES + 2
    assert marked(value, "#/700") == ["700,"]
    assert shown[0].text == "… 681 lines"
    assert one_line("x" * 10_000).endswith(" more characters")


# bounds


def test_a_page_of_very_many_changes_stays_small_and_tells_all_of_them(
    given_comparison: Comparison,
) -> None:
    one = given_comparison.changes[0]
    place = "#/paths"
    many = [
        replace(one, old=place, new=None, sentence=f"No. {n}", where=str(n)) for n in range(600)
    ]
    made = page(View(replace(given_comparison, changes=tuple(many))))
    assert len(made) < 3_000_000
    assert all(f">No. {n}<" in made for n in range(600))
    assert made.count('class="row ') < ROWS + 1000
    assert "Told in short" in made


# hostile text


def hostile(folder: Path) -> str:
    text = HOSTILE.replace("\x00", "")
    given_one = view(folder, text, HOSTILE)
    both: list[Contract] = []
    for name, document in (("old", OLD), ("new", new_text())):
        quoted = json.dumps(text)
        edited = (
            document.replace("title: Things", f"title: {quoted}")
            .replace("version: ", f"x-v: {quoted}, version: ")
            .replace("type: string\n", f"type: string\n          description: {quoted}\n")
            .replace("            - new\n", f"            - {quoted}\n")
            .replace("        size:\n", f"        {quoted}: {{title: {quoted}}}\n        size:\n")
        )
        both.append(contract(folder / f"{name}.yaml", edited))
    compared = replace(given_one.comparison, old=both[0], new=both[1])
    return page(replace(given_one, comparison=compared))


def test_nothing_that_a_document_says_is_markup(tmp_path: Path, parsed: Parsed) -> None:
    made = hostile(tmp_path)
    found = Parsed(made)
    assert found.tags.count("script") == 1
    assert found.tags.count("style") == 1
    assert set(found.tags) == set(parsed.tags)
    assert set(found.attributes) == set(parsed.attributes)
    assert not [each for each in found.attributes if each.startswith("on")]
    assert HOSTILE[:30] in found.text("h1")
    assert "49" not in found.text("h1")


def test_invisible_characters_are_shown(tmp_path: Path) -> None:
    made = hostile(tmp_path)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", made)
    assert "\\u202e" in made
    assert "\\x1b" in made


def test_the_policy_names_the_one_style_and_the_one_script(text: str, parsed: Parsed) -> None:
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in parsed.policy
    assert parsed.policy.startswith("default-src 'none'; ")
    assert not {"link", "img", "iframe", "object", "base"} & set(parsed.tags)
    assert "@import" not in text
    assert "url(" not in text


def test_a_lone_surrogate_in_a_value_does_not_break_the_page(given_comparison: Comparison) -> None:
    one = replace(given_comparison.changes[0], before="\ud800", witnesses=())
    assert b"\\ud800" in page(View(replace(given_comparison, changes=(one,)))).encode()
