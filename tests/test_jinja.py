"""Templates put out only code of ours; literals, docstrings and comments are lossless and safe."""

from __future__ import annotations

import ast
import textwrap
import tokenize
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError, UndefinedError

from tallystick.jinja import WIDTH, Code, comment, docstring, environment, joined, literal


def render(template: str, **values: Any) -> str:
    return environment().from_string(template).render(**values)


def test_code_is_put_out_as_it_is() -> None:
    assert (
        render("{{ name }}: {{ value | literal }}", name=Code("x"), value=[1, None])
        == "x: [1, None]"
    )


def test_a_macro_gives_code() -> None:
    assert render("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(code) }}", code=Code("x")) == "<x>"


@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}",
        "{{ code ~ text }}",
        "{{ text ~ code }}",
        "{{ code + text }}",
        "{{ code.upper() }}",
        "{{ [code, text] | join }}",
        "{{ code.join([text]) }}",
        "{{ 'text' }}",
        "{{ 1 }}",
        "{{ none }}",
        "{{ code[0] }}",
        "{% macro m() %}{{ text }}{% endmacro %}{{ m() }}",
        "{% set made %}{{ text }}{% endset %}{{ made }}",
    ],
)
def test_a_template_refuses_plain_text(template: str) -> None:
    with pytest.raises(TypeError, match="only Code"):
        render(template, code=Code("x"), text="import os")


@pytest.mark.parametrize(
    "template", ["{{ absent }}", "{{ code.absent }}", "{{ absent | literal }}"]
)
def test_a_template_refuses_what_is_not_there(template: str) -> None:
    with pytest.raises((TypeError, UndefinedError)):
        render(template, code=Code("x"))


@pytest.mark.parametrize("name", ["safe", "format", "replace", "upper", "tojson", "string"])
def test_no_other_filter_makes_text(name: str) -> None:
    with pytest.raises(TemplateError, match="No filter"):
        render(f"{{{{ code | {name} }}}}", code=Code("x"))


def test_only_code_is_joined() -> None:
    assert joined([Code("a"), Code("b")], ", ") == "a, b"
    with pytest.raises(TypeError):
        joined([Code("a"), "b"])


_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text("\"'\\\n\r\u2028\u202e {}%#a")
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_a_literal_is_the_same_data(value: Any) -> None:
    again = ast.literal_eval(literal(value))
    assert repr(again) == repr(value)


@given(_JSON)
def test_a_literal_is_one_visible_line(value: Any) -> None:
    assert literal(value).isprintable()


def test_a_lone_surrogate_has_a_literal() -> None:
    assert ast.literal_eval(literal("\ud800")) == "\ud800"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_a_number_that_is_not_finite_has_no_literal(value: Any) -> None:
    with pytest.raises(ValueError, match="no literal"):
        literal(value)


@pytest.mark.parametrize("value", [{1, 2}, b"", object()])
def test_what_is_no_json_has_no_literal(value: Any) -> None:
    with pytest.raises(TypeError):
        literal(value)


@given(_TEXT, st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_constant_with_the_words_of_the_text(text: str, indent: int) -> None:
    code = docstring(text, indent)
    (statement,) = ast.parse(code).body
    assert isinstance(statement, ast.Expr)
    found = ast.literal_eval(statement.value)
    assert "".join(found.split()) == "".join(text.split())
    assert all(line.isprintable() for line in code.split("\n"))


@given(st.text(st.sampled_from('abc "\\'), max_size=400))
def test_a_docstring_is_wrapped_to_the_width(text: str) -> None:
    words = [len(word) for word in text.split()]
    longest = max(len(line) for line in docstring(text).split("\n"))
    assert longest <= 100 or max(words, default=0) > 40


@given(
    st.lists(st.text('ab-"', min_size=1, max_size=50) | st.text(" ", min_size=1, max_size=50)),
    st.sampled_from([0, 4, 8, 70]),
)
def test_a_line_breaks_where_textwrap_breaks_it(parts: list[str], indent: int) -> None:
    line = "".join(parts).rstrip()
    bare = line.lstrip()
    margin = line[: len(line) - len(bare)][:40]
    expected = textwrap.wrap(
        bare,
        max(WIDTH - indent - 2 - 3, 40),
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    shown = comment(f".\n{line}\n.", indent).split("\n")[1:-1]
    assert shown == [f"{' ' * indent}# {each}".rstrip() for each in expected or [""]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('Say "yes" now.', '"""Say "yes" now."""'),
        ('Say "yes"', '"""Say "yes\\""""'),
        ('"""', '"""\\"\\"\\""""'),
        ("a\\", '"""a\\\\"""'),
        ("", '""""""'),
    ],
)
def test_a_docstring_escapes_only_what_it_must(text: str, code: str) -> None:
    assert docstring(text) == code


@given(_TEXT)
def test_a_comment_is_nothing_but_comments(text: str) -> None:
    tokens = list(tokenize.tokenize(BytesIO(f"{comment(text)}\n".encode()).readline))
    layout = {
        tokenize.ENCODING,
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.ENDMARKER,
    }
    assert {token.type for token in tokens} <= layout
