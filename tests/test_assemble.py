"""Pages to one document and its lock: what is merged, in what order, and what contradicts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.document import Json, canonical, digest, get, parse
from tallystick.document.assemble import assemble
from tallystick.document.write_yaml import to_yaml
from tallystick.errors import DocumentError

SPEC = Path(__file__).parents[1] / "spec"

HEAD = """\
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://api.example.test}]
security: [{Key: []}]
"""
SECURITY = """\
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
"""


def fragment(method: str, path: str, components: str = SECURITY, head: str = HEAD) -> str:
    operation = f"paths:\n  {path}:\n    {method}: {{responses: {{'200': {{description: ok}}}}}}\n"
    return head + operation + "components:\n" + components


def page(method: str, path: str, body: str | None = None, fence: str = "```") -> str:
    text = body if body is not None else fragment(method, path)
    return f"# Page of {path}\n\n{fence}yaml {method} {path}\n{text}{fence}\n"


def written(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    return folder


def members(data: Json, pointer: str) -> list[str]:
    node = get(data, pointer)
    assert isinstance(node, dict)
    return list(node)


def refusal(folder: Path, **pages: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        assemble([written(folder, **pages)])
    return caught.value


def test_the_vendored_files_are_what_the_pages_make() -> None:
    made = assemble([SPEC / "pages"])
    assert made.text == (SPEC / "openapi.yaml").read_text()
    assert made.lock == (SPEC / "vendor.lock").read_text()


def test_the_vendored_document_has_all_that_the_pages_show() -> None:
    data = yaml.safe_load((SPEC / "openapi.yaml").read_text())
    schemas = data["components"]["schemas"]
    assert len(data["paths"]) == 3
    assert len(schemas) == 24
    assert sum(len(schema.get("properties", {})) for schema in schemas.values()) == 103
    assert data == assemble([SPEC / "pages"]).data


def test_the_lock_names_every_page_and_the_digest_of_the_contract() -> None:
    made = assemble([SPEC / "pages"])
    lock = json.loads(made.lock)
    assert [len(entry["operations"]) for entry in lock["pages"]] == [0, 0, 1, 1, 1]
    assert lock["digest"] == digest(made.data) == parse(made.text, "t").digest


def test_hash_seeds_and_the_folder_do_not_change_a_byte(tmp_path: Path) -> None:
    program = (
        "import sys; from tallystick.document.assemble import assemble;"
        "a = assemble([sys.argv[1]]); sys.stdout.buffer.write((a.text + a.lock).encode())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program, str(SPEC / "pages")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=tmp_path,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(made) == 1
    assert b"Assembled" in made.pop()


def test_the_order_of_the_arguments_does_not_matter(tmp_path: Path) -> None:
    written(tmp_path, b=page("get", "/b"), a=page("get", "/a"))
    files = [tmp_path / "b.md", tmp_path / "a.md"]
    assert assemble(files).text == assemble(files[::-1]).text == assemble([tmp_path]).text
    assert members(assemble(files).data, "#/paths") == ["/a", "/b"]


def test_code_samples_stay_out_of_the_digest(tmp_path: Path) -> None:
    def made(sample: str) -> dict[str, str]:
        body = fragment("get", "/a").replace("{responses", f"{{x-codeSamples: {sample}, responses")
        (tmp_path / "a.md").write_text(page("get", "/a", body))
        return dict(json.loads(assemble([tmp_path]).lock))

    one, other = made("[1]"), made("[2]")
    assert one["digest"] == other["digest"]
    assert one["pages"] != other["pages"]


def test_methods_of_one_path_are_joined(tmp_path: Path) -> None:
    made = assemble([written(tmp_path, a=page("get", "/a"), b=page("post", "/a"))])
    assert members(made.data, "#/paths/~1a") == ["get", "post"]


def test_a_page_may_hold_several_fragments_and_other_fences(tmp_path: Path) -> None:
    other = "~~~~md\n```yaml get /not\n```\n~~~~\n\n```yaml\na: [\n```\n"
    text = page("get", "/a") + other + page("get", "/b", fence="`````") + "- x\n\n"
    made = assemble([written(tmp_path, a=text)])
    assert json.loads(made.lock)["pages"][0]["operations"] == ["GET /a", "GET /b"]


def test_whole_documents_are_pages_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(fragment("get", "/a"))
    whole = parse(fragment("get", "/b"), "b").data
    (tmp_path / "b.json").write_text(json.dumps(whole))
    assert members(assemble([tmp_path]).data, "#/paths") == ["/a", "/b"]


def test_tags_of_all_pages_are_collected(tmp_path: Path) -> None:
    pages = {
        name: page("get", f"/{name}", fragment("get", f"/{name}") + f"tags: [{{name: {tag}}}]\n")
        for name, tag in (("a", "x"), ("b", "y"), ("c", "x"))
    }
    assert assemble([written(tmp_path, **pages)]).data["tags"] == [{"name": "x"}, {"name": "y"}]


def test_the_order_of_members_is_no_difference_but_true_and_one_are(tmp_path: Path) -> None:
    def made(schema: str) -> str:
        return fragment("get", "/a", SECURITY + f"  schemas:\n    A: {schema}\n")

    equal = {"a": page("get", "/a", made("{const: 1, title: t}"))}
    assemble([written(tmp_path, **equal, b=page("get", "/a", made("{title: t, const: 1.0}")))])
    error = refusal(tmp_path, **equal, b=page("get", "/a", made("{const: true, title: t}")))
    assert error.pointer == "#/components/schemas/A/const"


def test_a_conflict_names_both_pages_the_pointer_and_both_values(tmp_path: Path) -> None:
    def made(default: int) -> str:
        schema = f"  schemas:\n    A:\n      properties:\n        x: {{default: {default}}}\n"
        return fragment("get", f"/{default}", SECURITY + schema)

    error = refusal(tmp_path, a=page("get", "/10", made(10)), b=page("get", "/20", made(20)))
    assert error.pointer == "#/components/schemas/A/properties/x/default"
    assert str(error.where) == f"{tmp_path / 'b.md'}:17:13"
    assert f"10 at {tmp_path / 'a.md'}:17:13" in error.what
    assert "here 20" in error.what


def test_long_values_are_shortened_in_a_conflict(tmp_path: Path) -> None:
    def made(text: str) -> str:
        return fragment("get", "/a", SECURITY + f"  schemas:\n    A: {{title: {text}}}\n")

    error = refusal(tmp_path, a=page("get", "/a", made("x" * 5000)), b=page("get", "/a", made("y")))
    assert len(error.what) < 400


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("name: X-Key", "name: X-Other", "#/components/securitySchemes/Key/name"),
        ("security: [{Key: []}]", "security: []", "#/security"),
        ("security: [{Key: []}]\n", "", "#/security"),
        ("api.example", "api2.example", "#/servers/0/url"),
        ("version: '1'", "version: '2'", "#/info/version"),
        ("3.1.0", "3.1.1", "#/openapi"),
        ("description: ok", "description: ko", "#/paths/~1a/get/responses/200/description"),
        ("/a:\n", "/a:\n    parameters: []\n", "#/paths/~1a/parameters"),
    ],
)
def test_pages_that_differ_are_refused(tmp_path: Path, old: str, new: str, pointer: str) -> None:
    one = fragment("get", "/a")
    assert old in one
    other = one.replace(old, new)
    error = refusal(tmp_path, a=page("get", "/a", one), b=page("get", "/a", other))
    assert error.pointer == pointer
    assert str(tmp_path / "a.md") in error.what
    assert str(error.where).startswith(str(tmp_path / "b.md"))


def test_what_only_the_second_page_says_names_the_first_page_too(tmp_path: Path) -> None:
    text = fragment("get", "/a")
    silent = text.replace("security: [{Key: []}]\n", "")
    error = refusal(tmp_path, a=page("get", "/a", silent), b=page("get", "/a", text))
    assert f"nothing at {tmp_path / 'a.md'}" in error.what


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n"])
def test_line_breaks_of_any_system_are_understood_and_others_kept(
    tmp_path: Path, line_break: str
) -> None:
    data = parse(fragment("get", "/a").replace("ok", '"a\\Lb"'), "a").data
    content = page("get", "/a", json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    assert "\u2028" in content
    (tmp_path / "a.md").write_bytes(content.replace("\n", line_break).encode())
    found = get(assemble([tmp_path]).data, "#/paths/~1a/get/responses/200/description")
    assert found == "a\u2028b"


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost:8000", "http://127.0.0.1/v1", "http://127.9.9.9", "//0.0.0.0"),
        *("http://[::1]:80/", "localhost:3000", "https://API.LOCALHOST./x", "http://{h}:80"),
        "http://[::ffff:127.0.0.1]/",
    ],
)
@pytest.mark.parametrize("level", ["root", "path", "operation"])
def test_local_servers_are_refused(tmp_path: Path, url: str, level: str) -> None:
    servers = f"servers: [{{url: '{url}', variables: {{h: {{default: localhost}}}}}}]"
    text = fragment("get", "/a")
    text = {
        "root": text.replace("servers: [{url: https://api.example.test}]", servers),
        "path": text.replace("  /a:\n", f"  /a:\n    {servers}\n"),
        "operation": text.replace("get: {", f"get: {{{servers}, "),
    }[level]
    error = refusal(tmp_path, a=page("get", "/a", text))
    assert "is a local one" in error.what
    assert str(error.pointer).endswith("/servers/0/url")


@pytest.mark.parametrize("url", ["https://localhost.example.test", "/v1", "https://10.0.0.1"])
def test_other_servers_are_not(tmp_path: Path, url: str) -> None:
    text = fragment("get", "/a").replace("https://api.example.test", url)
    assert assemble([written(tmp_path, a=page("get", "/a", text))]).text


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (page("get", "/a").rpartition("```")[0], "never closed", 3),
        (page("get", "/a", "swagger: '2.0'\n"), "Swagger 2.0", 4),
        (page("get", "/a", "info: {}\nx: [\n"), "not YAML", 6),
        (page("get", "/a", "a: 1\na: 2\n"), "second time", 5),
        (page("get", "/a", "# c\n- x\n"), "a mapping is expected", 5),
        (page("get", "/a", "\n"), "is empty", 3),
        (page("get", "/a", fragment("get", "/b")), "no such operation", 3),
        (page("get", "/a", fragment("post", "/a")), "no such operation", 3),
    ],
)
def test_a_bad_fragment_is_refused_at_its_line_in_the_page(
    tmp_path: Path, text: str, what: str, line: int
) -> None:
    error = refusal(tmp_path, a=text)
    assert what in error.what
    assert str(error.where).startswith(f"{tmp_path / 'a.md'}:{line}:")


def test_pages_without_any_fragment_are_refused(tmp_path: Path) -> None:
    assert "no page holds" in refusal(tmp_path, a="# Only prose\n").what


def test_an_empty_folder_a_missing_page_and_a_bad_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no pages in this folder"):
        assemble([tmp_path])
    with pytest.raises(DocumentError, match="cannot be read"):
        assemble([tmp_path / "none.md"])
    (tmp_path / "a.md").write_bytes(b"\n\n\xff")
    with pytest.raises(DocumentError, match=r"a\.md:3:1"):
        assemble([tmp_path])


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, a=page("get", f"/{name}"))
    with pytest.raises(DocumentError, match="two pages have the name"):
        assemble([tmp_path / "one", tmp_path / "two"])


JSON: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text(alphabet="ab :#-?|>'\"\n \t\\{}[]&*!%@`,~=<1.e+0x_", max_size=120),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def encodable(data: Json) -> bool:
    try:
        canonical(data).encode()
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@settings(deadline=None)
@given(JSON.filter(encodable))
@example("null")
@example("0o17")
@example("1e3")
@example("2020-01-01")
@example("no")
@example("=")
@example("word " * 40 + "end")
@example("a line\n  indented\n\n\nlast\n\n")
@example("\ttab\nnext")
@example("trailing \nblank")
@example("\u2028\x85\ufeff")
@example("#!\n---\n...\n")
@example({"\x85": None})
@example(1e16)
@example(-0.0)
def test_written_yaml_is_read_back_equal_by_every_reader(data: Json) -> None:
    text = to_yaml({"a": data, "b": [data]})
    assert parse(text, "a").data == {"a": data, "b": [data]}
    assert canonical(parse(text, "a").data) == canonical({"a": data, "b": [data]})
    assert yaml.safe_load(text) == {"a": data, "b": [data]}


def test_text_is_written_as_a_reader_would_write_it() -> None:
    long = "A sentence of words " * 8 + "that ends."
    assert to_yaml({"a": long}).startswith("a: >-\n  A sentence")
    assert to_yaml({"a": "x\n  y"}) == "a: |-\n  x\n    y\n"
    assert to_yaml({"a": ["null", "200"], "200": None}) == (
        "a:\n  - 'null'\n  - '200'\n'200': null\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http:localhost",
        "file:///srv/api",
        "localhost:8000",
    ],
)
def test_a_local_server_is_refused_in_any_spelling(tmp_path: Path, url: str) -> None:
    page = tmp_path / "page.yaml"
    page.write_text(
        f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\nservers: [{{url: '{url}'}}]\n"
    )
    with pytest.raises(DocumentError, match="is a local one"):
        assemble([page])


def test_a_page_that_is_cut_off_is_refused_where_it_refers_to_what_is_missing(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.yaml"
    page.write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n"
        "      responses:\n        '200': {$ref: '#/components/responses/Gone'}\n"
    )
    with pytest.raises(DocumentError, match=r"page.yaml:7:\d+: .*Gone.*has no target"):
        assemble([page])


def test_what_is_instance_data_is_no_reference(tmp_path: Path) -> None:
    page = tmp_path / "page.yaml"
    page.write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
        "    A: {type: object, properties: {$ref: {type: string}}, default: {$ref: '#/nowhere'}}\n"
    )
    assert "default: {$ref: '#/nowhere'}" in page.read_text()
    assert "#/nowhere" in assemble([page]).text


def test_words_behind_the_path_of_a_fence_do_not_hide_its_operation(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n```yaml GET /a title='The reads'\nopenapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
        "paths: {/a: {get: {responses: {}}}}\n```\n"
    )
    assert '"GET /a"' in assemble([page]).lock
