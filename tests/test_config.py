"""``[tool.tallystick]``: the published schema, what the code reads, and the reference are one.

``python tests/test_config.py`` writes the reference in docs/configuration.md anew.
"""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, NotRequired, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from tallystick.config import Configuration, configuration, resolved
from tallystick.config.places import place
from tallystick.config.table import Allow, Table, schema
from tallystick.errors import UsageError

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "configuration.md"
SCHEMA: dict[str, Any] = schema()
KEYS: dict[str, dict[str, Any]] = SCHEMA["properties"]
ENTRY: dict[str, dict[str, Any]] = KEYS["allow"]["items"]["properties"]
BEGIN, END = "<!-- from config.schema.json -->\n", "<!-- end -->\n"


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(UsageError) as raised:
        configuration(written(tmp_path, text))
    told = str(raised.value)
    assert "\n" not in told
    return told.removeprefix(f"{tmp_path}/")


def toml(value: object) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if name.replace("-", "").isalnum() else json.dumps(name)


@pytest.mark.parametrize("name", ["config.schema.json", "pyproject.schema.json"])
def test_the_published_schemas_are_schemas(name: str) -> None:
    meta.validate(schema(name))


def test_the_code_has_the_keys_of_the_schema() -> None:
    assert set(Table.__annotations__) == set(KEYS)
    assert set(Allow.__annotations__) == set(ENTRY)
    hints = get_type_hints(Allow, include_extras=True)
    needed = {key for key, hint in hints.items() if get_origin(hint) is not NotRequired}
    assert needed == set(KEYS["allow"]["items"]["required"])


class Asked(dict[str, Any]):
    """A table that notes which keys were asked for."""

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        self.keys_asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.keys_asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.keys_asked.add(key)
        return super().__getitem__(key)


def test_the_code_asks_for_every_key_of_the_schema_and_no_other() -> None:
    entry = Asked(KEYS["allow"]["examples"][0][0])
    table = Asked({"allow": [entry]})
    resolved(table, Path("pyproject.toml"))  # type: ignore[arg-type]
    assert table.keys_asked == set(KEYS)
    assert entry.keys_asked == set(ENTRY)


@pytest.mark.parametrize("key", KEYS)
def test_each_example_is_taken_and_means_something(tmp_path: Path, key: str) -> None:
    none = configuration(written(tmp_path, "[tool.tallystick]\n"))
    for example in KEYS[key]["examples"]:
        text = f"[tool.tallystick]\n{key} = {toml(example)}\n"
        assert tomllib.loads(text)["tool"]["tallystick"] == {key: example}
        assert configuration(written(tmp_path, text)) != none


@pytest.mark.parametrize("key", [key for key in KEYS if "default" in KEYS[key]])
def test_each_default_is_what_absent_means(tmp_path: Path, key: str) -> None:
    none = configuration(written(tmp_path, "[tool.tallystick]\n"))
    text = f"[tool.tallystick]\n{key} = {toml(KEYS[key]['default'])}\n"
    assert configuration(written(tmp_path, text)) == none
    assert none == Configuration(file=tmp_path / "pyproject.toml")


def test_a_default_of_an_entry_is_what_absent_means(tmp_path: Path) -> None:
    text = '[[tool.tallystick.allow]]\nkeyword = "x-*"\nreason = "ours"\n'
    assert configuration(written(tmp_path, text)).allow == (("x-*", "*", "ours"),)
    assert ENTRY["at"]["default"] == "*"


def test_every_setting_has_a_key() -> None:
    """``ref-root`` and ``ref-files`` make ``reach``; the file itself is none."""
    named = {each.name.replace("_", "-") for each in fields(Configuration)}
    assert named - {"reach", "file"} == set(KEYS) - {"ref-root", "ref-files"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.tallystick]\nspec = 1\n", "2:1: tool.tallystick.spec must be text"),
        ("[tool.tallystick]\n\n  spec = ''\n", "3:3: tool.tallystick.spec is empty"),
        ("[tool.tallystick]\nspec = 2026-01-01\n", "2:1: tool.tallystick.spec must be text"),
        ("[tool.tallystick]\nspec = nan\n", "2:1: tool.tallystick.spec must be text"),
        (
            "[project]\nname='x'\n\n[tool.tallystick]\nspec = 'a'\nspecs = 'b'\n",
            "6:1: there is no setting tool.tallystick.specs; known: spec, overlays, pages, ",
        ),
        ("tool.tallystick.'spe\\u0063' = 'a'\n", "1:1: there is no setting tool.tallystick.spe\\"),
        ("[tool]\ntallystick = 3\n", "2:1: tool.tallystick must be a table"),
        (
            "[tool.tallystick]\noverlays = [\n  'a',\n  # two\n  2,\n]\n",
            "2:1: tool.tallystick.overlays.1 must be text",
        ),
        (
            "[tool.tallystick]\n[[tool.tallystick.allow]]\nkeyword = 'a'\nreason = ''\n",
            "4:1: tool.tallystick.allow.0.reason is empty",
        ),
        (
            "[tool.tallystick]\nallow = [{keyword = 'a', reason = 'r'},\n{keyword = 'b'}]\n",
            "2:1: tool.tallystick.allow.1 lacks reason",
        ),
        (
            "[[tool.tallystick.allow]]\nkeyword = 'a'\nreason='r'\nwhere = '*'\n",
            "4:1: there is no setting tool.tallystick.allow.0.where; known: keyword, at, reason",
        ),
        ("[tool.tallystick.ref-files]\n'urn:a' = 3\n", "2:1: tool.tallystick.ref-files.urn:a must"),
        ("[tool.tallystick]\nspec = \n", "cannot be read as TOML"),
    ],
)
def test_a_wrong_setting_is_one_line_with_its_place(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert refused(tmp_path, text).removeprefix("pyproject.toml:").strip().startswith(expected)


def test_a_table_of_other_tools_is_none_of_ours(tmp_path: Path) -> None:
    assert configuration(written(tmp_path, "tool = 3\n")).spec is None


@given(before=st.integers(0, 30), gap=st.integers(0, 3))
def test_a_key_is_found_whatever_stands_before_it(before: int, gap: int) -> None:
    above = "".join(f'a{n} = """\n[tool]\nkey = {n}\n"""\n' for n in range(before))
    noted = "# key\n" * gap
    text = f"{above}{noted}[tool]\nother = [\n 'key',\n]\nkey = 1\nlast = 2\n"
    expected = text[: text.index("\nkey = 1\nlast")].count("\n") + 2
    assert place(text, ["tool", "key"]) == (expected, 1)
    assert place(text, ["tool", "keys"]) is None


def test_the_schema_is_there_for_validate_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["validate_pyproject.tool_schema"]
    function = pkgutil.resolve_name(points["tallystick"])
    assert function("tallystick") == SCHEMA
    assert SCHEMA["$id"]


def test_the_schema_of_the_whole_file_holds_that_of_the_table(tmp_path: Path) -> None:
    whole = [str(ROOT / "codegen/tallystick/config/pyproject.schema.json")]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for words, fits in ((text, True), (text.replace('\nspec = "', '\nspecs = "'), False)):
        file = written(tmp_path, words) / "pyproject.toml"
        check = [sys.executable, "-m", "check_jsonschema", "--schemafile", *whole, str(file)]
        done = subprocess.run(check, check=False, capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) is fits, done.stdout + done.stderr


def kind(node: dict[str, Any]) -> str:
    """The type of a setting, in words."""
    if "$comment" in node:
        return str(node["$comment"])
    match node["type"]:
        case "array" if "properties" in node["items"]:
            return "list of tables"
        case "array":
            return f"list of {kind(node['items'])}s"
        case "object":
            return f"table of {kind(node['additionalProperties'])}s"
        case _:
            return "text"


def reference() -> str:
    """The reference of every key, as the page has it."""
    parts: list[str] = [SCHEMA["description"], ""]
    for key, node in KEYS.items():
        default = f"`{toml(node['default'])}`" if "default" in node else "none"
        parts += [f"### `{key}`", "", f"{node['description']}", ""]
        parts += [f"Type: {kind(node)}. Default: {default}.", ""]
        if "properties" in node.get("items", {}):
            parts += _entries(node["items"])
        parts += ["```toml", "[tool.tallystick]", f"{key} = {toml(node['examples'][0])}", "```", ""]
    return "\n".join(parts[:-1]) + "\n"


def _entries(node: dict[str, Any]) -> list[str]:
    rows = ["| key | type | default | |", "|---|---|---|---|"]
    for key, each in node["properties"].items():
        told = "required" if key in node["required"] else f"`{toml(each['default'])}`"
        rows.append(f"| `{key}` | {kind(each)} | {told} | {each['description']} |")
    return [*rows, ""]


def test_the_page_has_every_key_as_the_schema_has_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0] == reference(), "run python tests/test_config.py"


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{reference()}{END}{rest.partition(END)[2]}", encoding="utf-8")
