"""Hostile documents as a whole: what they do to readers, references, schemas and names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hostile.texts import document

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"
_REF = "#/components/schemas/"


def _with_schemas(**schemas: Any) -> str:
    made = document()
    made["components"]["schemas"].update(schemas)
    return json.dumps(made)


def _with_member(schema: Any) -> str:
    return _with_schemas(Thing={"type": "object", "properties": {"x": schema}})


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF + name}


def _nested(depth: int) -> str:
    return '{"not": ' * depth + "{}" + "}" * depth


def _diamond(levels: int) -> dict[str, Any]:
    twins = {f"L{i}": {"allOf": [_ref(f"L{i + 1}")] * 2} for i in range(levels)}
    return {**twins, f"L{levels}": {"type": "object"}}


def _chain(length: int) -> dict[str, Any]:
    return {**{f"C{i}": _ref(f"C{i + 1}") for i in range(length)}, f"C{length}": {"type": "string"}}


def _aliases(levels: int) -> str:
    rows = [f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return HEAD + "x-bomb:\n  a0: &a0 [x, x]\n" + "\n".join(rows) + "\n"


def _members(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def _external(target: str) -> str:
    return _with_member({"$ref": target})


def _bounds(size: float) -> dict[str, Any]:
    return {
        f"{least}{of}": size for least in ("min", "max") for of in ("Length", "Items", "Properties")
    }


def _patterned(pattern: str) -> dict[str, Any]:
    text = {"type": "string", "pattern": pattern, "default": "a"}
    names = {"propertyNames": {"pattern": pattern}, "patternProperties": {pattern: {}}}
    return {"properties": {"a": text, "b": {"type": "object", "properties": {"c": text}, **names}}}


_LOOP = {"type": "object", "properties": {"next": _ref("Loop"), "all": {"items": _ref("Loop")}}}
_HUGE = int("9" * 4000)

REFUSED: Mapping[str, str | bytes] = {
    "yaml-tag.yaml": HEAD + "x-a: !!python/object/apply:os.system ['touch MARKER']\n",
    "yaml-tag-local.yaml": HEAD + "x-a: !run touch\n",
    "yaml-aliases.yaml": _aliases(12),
    "yaml-alias-loop.yaml": HEAD + "x-a: &a [*a]\n",
    "yaml-merge-loop.yaml": HEAD + "x-a: &a {<<: *a}\n",
    "yaml-deep.yaml": HEAD + "x-a: " + "[" * 100_000 + "]" * 100_000 + "\n",
    "yaml-two.yaml": HEAD + "---\n" + HEAD,
    "yaml-duplicate.yaml": HEAD + "paths: {}\n",
    "yaml-control.yaml": HEAD.encode() + b"x-a: \x07\x1b[2J\n",
    "yaml-not-utf8.yaml": HEAD.encode() + b"x-a: \xff\xfe\xfd\n",
    "json-deep.json": '{"openapi": "3.1.0", "x-a": ' + _nested(100_000) + "}",
    "json-duplicate.json": '{"openapi": "3.1.0", "openapi": "3.0.0", "paths": {}}',
    "json-nan.json": '{"openapi": "3.1.0", "x-a": NaN}',
    "json-infinite.json": '{"openapi": "3.1.0", "x-a": 1e999}',
    "json-huge-number.json": '{"openapi": "3.1.0", "x-a": ' + "9" * 100_000 + "}",
    "json-cut.json": '{"openapi": "3.1.0", "paths": {"/a',
    "list.json": "[]",
    "null.yaml": "~",
    "empty.yaml": "",
    "swagger.yaml": "swagger: '2.0'\n",
    "ref-file.json": _external("file:///etc/passwd"),
    "ref-relative.json": _external("../../etc/passwd#/a"),
    "ref-metadata.json": _external("http://169.254.169.254/latest/meta-data#/a"),
    "ref-host.json": _external("https://localhost:1/a.json#/a"),
    "ref-no-scheme.json": _external("//localhost/a#/a"),
    "ref-nowhere.json": _external("#/components/schemas/Nowhere"),
    "ref-no-schema.json": _external("#/info/title"),
    "ref-self.json": _with_schemas(A=_ref("A")),
    "ref-two.json": _with_schemas(A=_ref("B"), B=_ref("A")),
    "ref-list.json": _external(["#/a"]),  # type: ignore[arg-type]  # what it must not be
    "keyword-text.json": _with_member({"type": "string", "maxLength": "9"}),
    "keyword-list.json": _with_member([]),
    "path-long.json": json.dumps(document()).replace("/things/", "/" + "thing/" * 100_000),
    "bounds-half.json": _with_member({"type": ["string", "array", "object"], **_bounds(1.5)}),
    "responses-list.json": json.dumps(document()).replace('"responses": {', '"responses": [{', 1)[
        :-4
    ]
    + "]}}}}",
}
"""Refused with one line: they are no documents, reach outside, or leave open what they mean."""

HARMLESS: Mapping[str, str | bytes] = {
    "names-case.json": _with_schemas(
        thing=_members("a", "A"), THING=_members("Ab", "aB"), tHing=_members("x")
    ),
    "names-collide.json": _with_schemas(
        X=_members("a-b", "a_b", "a b", "aB", "a.b", "A_B"), **{"X.": {}, "X-": _members("a")}
    ),
    "names-nfkc.json": _with_schemas(
        X=_members("\uff46\uff4f\uff4f", "foo", "\u212b", "\u00c5", "\u0130", "\u1e9e")
    ),
    "names-odd.json": _with_schemas(
        X=_members("", " ", "_", "__", "-", "1", "\u3164", "self", "cls", "None", "True", "print")
    ),
    "names-imports.json": _with_schemas(
        **{name: _members("x") for name in ("Any", "BaseModel", "Field", "datetime", "Json", "os")},
        **{name: {"enum": ["x"]} for name in ("Literal", "MISSING", "Union", "Never")},
    ),
    "names-pydantic.json": _with_schemas(
        X=_members("model_config", "model_fields", "copy", "json", "validate", "__dict__", "schema")
    ),
    "names-windows.json": _with_schemas(con=_members("nul"), aux=_members("prn"), init=_members()),
    "ref-in-data.json": _with_member({"default": {"$ref": "file:///etc/passwd"}, "examples": []}),
    "ref-recursive.json": _with_schemas(Loop=_LOOP),
    "ref-chain.json": _with_schemas(**_chain(3000)),
    "type-unknown.json": _with_member({"type": "text/x-python'; import os\n"}),
    "required-true.json": _with_member({"type": "string", "required": True}),
    "null-keywords.json": _with_member(
        dict.fromkeys(("title", "description", "maxLength", "minimum", "pattern", "format"))
    ),
    "numbers.json": _with_member(
        {"type": "integer", "maximum": _HUGE // 10**3100, "minimum": -(10**400), "default": 10**300}
    ),
    "number-small.json": _with_member({"type": "number", "multipleOf": 1e-300, "maximum": 1e308}),
    "false.json": _with_member(False),
    "bounds-negative.json": _with_member({"type": ["string", "array", "object"], **_bounds(-1)}),
    "bounds-huge.json": _with_member({"type": ["string", "array", "object"], **_bounds(10**30)}),
    **{
        f"pattern-broken-{index}.json": _with_member(
            {"type": "object", **_patterned(pattern), "additionalProperties": False}
        )
        for index, pattern in enumerate(
            ("[", "(", "*", "\\", "\\1", "[z-a]", "(?>a)", "a{9999999}")
        )
    },
    "union-wide.json": _with_schemas(X={"oneOf": [_members(f"a{i}") for i in range(1500)]}),
    "inherited-ring.json": _with_schemas(
        **{f"C{i}": {"allOf": [_ref(f"C{(i + 1) % 500}")]} for i in range(500)}
    ),
    "enum-many.json": _with_member({"enum": [f"v{i}" for i in range(50_000)]}),
    "text-long.json": _with_member({"description": "d " * 10**6, "default": "d" * 10**6}),
    "const-null.json": _with_member({"const": None, "default": None}),
    "enum-mixed.json": _with_member({"enum": [1, True, 1.5, None, "1", [], {}, "None", -0.0]}),
    "bom.json": b"\xef\xbb\xbf" + json.dumps(document()).encode(),
    "yaml-12.yaml": HEAD + "x-a: {no: yes, on: 012, t: 12:30:00, d: 2020-01-01, 1: 0o7, ~: 1}\n",
}
"""Legal, however odd: they are generated."""

EITHER: Mapping[str, str | bytes] = {
    "ref-diamond.json": _with_schemas(**_diamond(25)),
    "ref-allof-self.json": _with_schemas(A={"allOf": [_ref("A"), {"type": "object"}]}),
    "deep-schema.json": _with_schemas(A=json.loads(_nested(60))),
    "pattern-slow.json": _with_member(
        {"type": "string", "pattern": "^(a+)+$", "default": "a" * 40 + "!"}
    ),
    "pattern-repeat.json": _with_member({"type": "string", "pattern": "(((a{0,999}){999}){999})"}),
    "items-many.json": _with_member({"type": "array", "minItems": 10**9, "maxLength": 10**30}),
    "members-many.json": _with_schemas(X=_members(*(f"m{i}" for i in range(3000)))),
    "collisions.json": _with_schemas(X=_members(*(f"a{'_' * i}" for i in range(1500)))),
    "status-odd.json": json.dumps(document()).replace('"200"', '"2000000"'),
    "path-host.json": json.dumps(document()).replace("/things/{id}", "//evil.example/{id}"),
    "servers-odd.json": json.dumps({**document(), "servers": [{"url": "javascript:alert(1)"}]}),
}
"""Refused with one line, or generated: bounded either way."""

# Pages of the document table: name, text, what must come of it.
DOCUMENTS: Mapping[str, tuple[str | bytes, str]] = {
    **{name: (text, "reject") for name, text in REFUSED.items()},
    **{name: (text, "generate") for name, text in HARMLESS.items()},
    **{name: (text, "either") for name, text in EITHER.items()},
}
