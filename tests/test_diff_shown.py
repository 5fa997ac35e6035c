"""What is shown of a comparison: text, JSON and Markdown, by the gardens of ``comparisons``.

``python tests/test_diff_shown.py`` writes the golden files in ``diff/`` anew.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from comparisons import ASKED, BODY, DRAFT, FOLDER, change, comparison, gardens
from tallystick.document import Json
from tallystick.errors import printable
from tallystick.evolve import Change, PythonChange, Verdict, Witness
from tallystick.evolve.show import (
    View,
    diff_json,
    diff_markdown,
    met,
    print_text,
    schema,
    text_lines,
)
from tallystick.evolve.show.escaped import cell, code, escaped, fenced, prose
from tallystick.evolve.show.json_text import focused, indented, one_line

VIEW = View(gardens(), folder=FOLDER)
WHOLE = replace(
    VIEW,
    everything=True,
    package=(
        PythonChange(
            "removed", "client.plants.delete", "(plant_id: str)", None, "breaking", "it went"
        ),
        PythonChange(
            "changed", "models.Plant.height", "int", "int | None", "breaking", "the type is another"
        ),
        PythonChange(
            "added", "client.plants.water", None, "(plant_id: str)", "compatible", "it came"
        ),
    ),
    release=Verdict("major", "major", gardens().changes[:1]),
)
any_text = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
MARKDOWN = MarkdownIt("commonmark").enable("table")


def text(view: View) -> str:
    return "".join(f"{line.plain}\n" for line in text_lines(view))


def as_json(view: View) -> str:
    """The JSON without what differs from release to release."""
    data = json.loads(diff_json(view))
    del data["tool"]
    return json.dumps(data, indent=1) + "\n"


GOLDEN: dict[str, Callable[[], str]] = {
    "shown.txt": lambda: text(VIEW),
    "shown-all.txt": lambda: text(WHOLE),
    "shown.json": lambda: as_json(WHOLE),
    "shown.md": lambda: diff_markdown(VIEW),
    "shown-all.md": lambda: diff_markdown(WHOLE),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_gardens_are_shown_as_the_golden_files_have_them(name: str) -> None:
    assert GOLDEN[name]() == (FOLDER / name).read_text(encoding="utf-8")


# --- what counts ------------------------------------------------------------------------------


def required(name: str, count: int = 1) -> tuple[Change, ...]:
    return tuple(
        change(
            "member-required",
            "request",
            f"{DRAFT}/properties/{name}{number}",
            f"{DRAFT}/properties/{name}{number}",
            f"the member {name}{number} must be there",
        )
        for number in range(count)
    )


def test_a_verdict_is_about_the_clients_unless_somebody_asks_for_the_server() -> None:
    came = gardens().changes[-1]
    assert came.kind == "operation-added"
    view = View(comparison(came))
    assert view.worst == "compatible"
    assert replace(view, readers=("server",)).worst == "breaking"


@pytest.mark.parametrize(
    ("fail_on", "changes"),
    [("breaking", ["breaking"]), ("risky", ["breaking", "risky"]), ("never", [])],
)
def test_what_is_failed_on_fails_with_all_that_is_worse(fail_on: str, changes: list[str]) -> None:
    worst = {
        "breaking": gardens().changes[0],
        "risky": gardens().changes[7],
        "fine": gardens().changes[8],
    }
    found = [name for name, each in worst.items() if met(View(comparison(each)), fail_on)]
    assert found == changes
    assert not met(View(comparison()), fail_on)


def test_any_change_is_failed_on_but_no_note() -> None:
    assert met(View(comparison(gardens().changes[-1])), "any")
    assert not met(View(comparison(notes=gardens().notes)), "any")


# --- text -------------------------------------------------------------------------------------


def test_no_change_is_one_word_and_the_two_documents() -> None:
    first, second = text(View(comparison(), folder=FOLDER)).splitlines()
    assert first == "no change"
    assert second == "old.yaml (Garden 1.4.0) -> new.yaml (Garden 1.5.0): 0 changes"


def test_many_changes_of_one_component_are_told_once_and_counted() -> None:
    shown = text(View(comparison(*required("a", 40))))
    assert shown.count("must be there") == 1
    assert "    more  39: a1, a2, a3" in shown
    assert " and 19 more" in shown
    assert text(View(comparison(*required("a", 40)), everything=True)).count("must be there") == 40


def test_many_operations_that_went_are_told_once() -> None:
    went = gardens().changes[0]
    many = (replace(went, operations=(f"GET /{n}",), where=f"GET /{n}") for n in range(5))
    shown = text(View(comparison(*many)))
    assert shown.count("the operation went") == 1
    assert "\noperation-removed at 5 places\n" in shown
    assert "more  4: GET /1, GET /2, GET /3, GET /4\n" in shown


def test_of_many_operations_three_are_named() -> None:
    many = replace(
        required("a")[0], operations=tuple(f"GET /{n}" for n in range(16)), where="GET /0, x"
    )
    assert "also  GET /1, GET /2, GET /3 and 12 more" in text(View(comparison(many)))


def test_an_example_of_another_operation_says_of_which() -> None:
    one = required("a")[0]
    here, there = (replace(BODY, operation=each) for each in ASKED)
    for spot, said in ((here, "will be refused\n"), (there, f"will be refused ({ASKED[1]})\n")):
        assert said in text(
            View(comparison(replace(one, witnesses=(Witness(spot, 1, "", "old"),))))
        )


def test_an_example_is_on_one_line_and_cut_where_it_is_long() -> None:
    long = replace(
        required("a")[0], witnesses=(Witness(BODY, {"name": "x" * 9000}, "#/name", "old"),)
    )
    (line,) = [each for each in text(View(comparison(long))).splitlines() if "shown" in each]
    assert len(line) < 600
    assert "… (9,011 characters)" in line
    assert line.endswith("this request was valid and will be refused (at #/name)")


def test_absent_null_and_a_value_are_three_things() -> None:
    plain = required("a")[0]
    assert "was" not in text(View(comparison(plain)))
    assert "was   null\n" in text(View(comparison(replace(plain, before=None))))
    assert "now   null\n" in text(View(comparison(replace(plain, after=None))))
    assert "was   null -> 0\n" in text(View(comparison(replace(plain, before=None, after=0))))


HOSTILE_TEXTS = ("\x1b[31mred", "a\r\nb", "\u202etxt", "\ud800", "[bold]x[/]", "\x07")


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_no_invisible_character_of_a_document_is_shown(hostile: str) -> None:
    change_ = replace(
        required("a")[0],
        sentence=hostile,
        where=hostile,
        operations=(hostile,),
        before=hostile,
        witnesses=(Witness(BODY, {hostile: hostile}, f"#/{hostile}", "old"),),
        old=f"#/components/schemas/{hostile}",
    )
    view = replace(VIEW, comparison=comparison(change_, notes=(change_,)), everything=True)
    out = io.StringIO()
    print_text(view, Console(file=out, width=40))
    for shown in (out.getvalue(), text(view), diff_markdown(view), diff_json(view)):
        assert all(each.isprintable() or each == "\n" for each in shown.replace("\u200b", ""))
    assert printable(hostile) in text(view)
    assert out.getvalue() == text(view)


def test_an_operation_is_named_though_the_place_names_none() -> None:
    bare = replace(required("a")[0], where="`a0`")
    assert "in    POST /plants, request\n" in text(View(comparison(bare)))
    whole = replace(bare, witnesses=(Witness(BODY, {}, "", "old"),))
    assert "in    POST /plants, request body\n" in text(View(comparison(whole)))


@pytest.mark.parametrize(
    "command", ["::error::x", "##vso[task.x]", "##[add-mask]x", "##teamcity[x]"]
)
def test_no_text_of_a_document_is_a_command_to_a_ci_service(command: str) -> None:
    pointer = f"#/components/schemas/{command}"
    bad = replace(required("a")[0], sentence=command, where=command, old=None, new=pointer)
    shown = text(View(comparison(bad, notes=(bad,)), everything=True))
    assert not [each for each in shown.splitlines() if each.lstrip().startswith("::")]
    assert not re.search(r"##\w*\[", shown)


# --- JSON -------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [VIEW, WHOLE, View(comparison())], ids=["some", "all", "none"])
def test_the_json_is_by_its_schema(view: View) -> None:
    jsonschema_rs.validator_for(schema()).validate(json.loads(diff_json(view)))


def test_the_schema_is_a_schema_and_says_what_every_member_is() -> None:
    jsonschema_rs.meta.validate(schema())
    told = as_json(WHOLE)
    for name in (*schema()["properties"], *schema()["$defs"]["change"]["properties"]):  # type: ignore
        assert f'"{name}"' in told or name == "tool", name


def test_in_json_absent_is_absent_and_null_is_null() -> None:
    plain = required("a")[0]
    told = [
        json.loads(diff_json(View(comparison(each))))["changes"][0]
        for each in (plain, replace(plain, before=None))
    ]
    assert ["before" in each for each in told] == [False, True]
    assert told[1]["before"] is None


def test_notes_are_in_the_json_if_everything_is_asked_for() -> None:
    assert "notes" not in json.loads(diff_json(VIEW))
    assert len(json.loads(diff_json(WHOLE))["notes"]) == 1


# --- Markdown ---------------------------------------------------------------------------------


@any_text
@given(st.text() | st.text("`*_[]()<>&|~$:@#\\!\n hwtps./GH-1"))
def test_text_within_markdown_is_that_text_and_nothing_else(plain: str) -> None:
    (inline,) = MARKDOWN.parseInline(f"x {escaped(plain)} x")
    assert {each.type for each in inline.children or ()} <= {"text", "text_special"}
    read = "".join(each.content for each in inline.children or ())
    assert read.replace("\u200b", "") == f"x {printable(plain)} x"


@any_text
@given(st.text("`| a<@\\\\"))
def test_a_sentence_within_markdown_holds_text_and_code_only(plain: str) -> None:
    (inline,) = MARKDOWN.parseInline(f"x {prose(plain)} x")
    assert {each.type for each in inline.children or ()} <= {"text", "text_special", "code_inline"}


@any_text
@given(st.text() | st.text("`| ab"))
def test_code_in_a_table_is_that_text_and_stays_in_its_cell(plain: str) -> None:
    table = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {cell(plain)} | last |\n")
    cells = [each for each in table if each.type == "inline"]
    assert [each.content for each in cells][3:] == ["last"]
    read = "".join(each.content for each in cells[2].children or ()).replace("\u200b", "")
    assert read.strip() == printable(plain).strip()


@any_text
@given(st.text() | st.text("`| ab"))
def test_code_within_markdown_is_that_text(plain: str) -> None:
    (inline,) = MARKDOWN.parseInline(f"x {code(plain)} x")
    assert inline.children is not None
    _, span, _ = inline.children
    assert (span.type, span.content.strip()) == ("code_inline", printable(plain).strip())


@any_text
@given(st.text() | st.text("`~\n a"))
def test_a_block_of_code_ends_where_it_is_to_end(plain: str) -> None:
    value: Json = {"a": plain, "b": [plain, None]}
    block, after = MARKDOWN.parse(f"{fenced(indented(value), 'json')}\n\nafter")[:2]
    assert (block.type, after.type) == ("fence", "paragraph_open")
    assert json.loads(block.content) == value


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    said = "by @team of #12 and GH-3, see https://a.example, www.a.example, x@a.example :tada:"
    shown = escaped(said)
    for each in ("@team", "@a", "#12", "GH-3", "https:", "www."):
        assert each not in shown
    assert "\\:tada:" in shown


def test_a_comment_stays_below_its_limit_and_says_what_was_left_out() -> None:
    shown = diff_markdown(View(comparison(*required("a" * 90, 1000)), everything=True))
    assert len(shown) <= 65_000
    assert shown.count("<details>") == shown.count("</details>")
    assert "Left out, for length: " in shown
    assert "of 1000 rows of the table" in shown
    assert "Left out" not in diff_markdown(WHOLE)


def test_a_comment_can_be_found_again() -> None:
    assert diff_markdown(VIEW).startswith("<!-- tallystick diff -->\n**breaking**: ")


# --- JSON of documents ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "at", "shown"),
    [
        ({"a": 1, "b": "x" * 50}, "#/a", '{"a":1,…}'),
        (
            {"a": {"b": [0, {"c": None}, 2]}, "d": "x" * 50},
            "/a/b/1/c",
            '{"a":{"b":[…,{"c":null},…]},…}',
        ),
        ({"a": "x" * 50}, "/b", '{"a":"' + "x" * 24 + "… (58 characters)"),
        (["x" * 50], "", '["' + "x" * 28 + "… (54 characters)"),
        ({"a": 1}, "/a", '{"a":1}'),
    ],
)
def test_of_a_long_value_that_is_shown_which_it_is_about(value: Json, at: str, shown: str) -> None:
    assert focused(value, at, 30) == shown


@any_text
@given(st.recursive(st.none() | st.text(), lambda each: st.lists(each, max_size=3), max_leaves=5))
def test_a_value_on_one_line_is_that_value_and_visible(value: Json) -> None:
    line = one_line(value)
    assert line.isprintable()
    assert json.loads(line) == value


if __name__ == "__main__":
    for _name, _made in GOLDEN.items():
        (FOLDER / _name).write_text(_made(), encoding="utf-8")
