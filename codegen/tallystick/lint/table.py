"""Every lint, in one table: its id, severity, what it objects to, why, and how to mend it."""

from __future__ import annotations

from typing import Any

from ..contract import Contract
from ..document import Document
from .defaults import default_null, default_refused, required_default, reset_trap
from .examples import example_refused
from .notes import note_unknown
from .objects import misspelt_members, required_unknown
from .operations import (
    duplicate_operation_id,
    duplicate_parameter,
    duplicate_tag,
    no_error_answer,
    path_parameter_undeclared,
    path_parameter_unused,
)
from .records import Lint
from .references import ref_siblings_30
from .samples import sample_refused
from .structure import structure

OF_DOCUMENTS: tuple[Lint[Document], ...] = (
    Lint(
        id="structure",
        severity="error",
        what="A node is not what the OpenAPI specification says.",
        why="Tools read it differently, or refuse the document.",
        mend="correct it by the OpenAPI specification of the document's version",
        check=structure,
    ),
    Lint(
        id="ref-siblings-30",
        severity="warning",
        what="A `$ref` of a 3.0 document has siblings.",
        why="OpenAPI 3.0 ignores them: a default or a description beside it is not there.",
        mend="put them into the schema that is referred to, or say openapi: 3.1.0",
        check=ref_siblings_30,
    ),
    Lint(
        id="duplicate-tag",
        severity="error",
        what="A tag is described twice.",
        why="Tag names must be unique; one of the two descriptions is lost.",
        mend="merge the two descriptions",
        check=duplicate_tag,
    ),
)
"""Lints that need no contract: they judge a broken document too."""

OF_CONTRACTS: tuple[Lint[Contract], ...] = (
    Lint(
        id="default-refused",
        severity="error",
        what="A default is refused by its own schema.",
        why="Absent would mean a value that nobody may send or answer.",
        mend="correct the default or the schema",
        check=default_refused,
    ),
    Lint(
        id="default-null",
        severity="error",
        what="A default is null where the schema does not admit null.",
        why="Absent would mean null, which nobody may send or answer.",
        mend="drop the default, or let the schema admit null",
        check=default_null,
    ),
    Lint(
        id="reset-trap",
        severity="warning",
        what="An optional property of a PATCH body has a default that is not null.",
        why="A client that sends defaults resets the property with every update.",
        mend="drop the default from the schema of the update, and say in prose what absent means",
        check=reset_trap,
    ),
    Lint(
        id="required-default",
        severity="info",
        what="A required property has a default.",
        why="It is never absent, so the default never applies.",
        mend="drop the default, or make the property optional",
        check=required_default,
    ),
    Lint(
        id="example-refused",
        severity="warning",
        what="An example of a schema, a media type or a parameter is refused by the schema.",
        why="Readers copy examples, and mock servers answer with them.",
        mend="correct the example or the schema",
        check=example_refused,
    ),
    Lint(
        id="sample-refused",
        severity="warning",
        what="The JSON body of a curl or Python code sample is refused by the request schema.",
        why="Readers run samples as they stand.",
        mend="correct the sample or the request schema",
        check=sample_refused,
    ),
    Lint(
        id="misspelt-members",
        severity="warning",
        what="An object in a request body says nothing of members that it does not declare.",
        why="A misspelt member is accepted and ignored: the caller never learns of it.",
        mend="say additionalProperties: false, or true if any member is meant to be taken",
        check=misspelt_members,
    ),
    Lint(
        id="required-unknown",
        severity="warning",
        what="A name in `required` is no declared property.",
        why="It is a misspelling, or a member of any type that must be sent.",
        mend="declare the property, or correct the name",
        check=required_unknown,
    ),
    Lint(
        id="path-parameter-undeclared",
        severity="error",
        what="A `{name}` in a path has no path parameter.",
        why="A client cannot fill the path.",
        mend="declare it with `in: path`, at the path or at the operation",
        check=path_parameter_undeclared,
    ),
    Lint(
        id="path-parameter-unused",
        severity="error",
        what="A path parameter is not in the path.",
        why="A client has to be given a value that it cannot send.",
        mend="write it into the path template, or drop the parameter",
        check=path_parameter_unused,
    ),
    Lint(
        id="duplicate-parameter",
        severity="error",
        what="A list of parameters declares one twice, by name and location.",
        why="One of the two is lost.",
        mend="drop one of them",
        check=duplicate_parameter,
    ),
    Lint(
        id="duplicate-operation-id",
        severity="error",
        what="Two operations have one operationId.",
        why="Tools that name things by it lose one of the two.",
        mend="rename one of them",
        check=duplicate_operation_id,
    ),
    Lint(
        id="no-error-answer",
        severity="info",
        what="An operation declares no answer of the class 4xx and no default answer.",
        why="A client cannot know what a refusal looks like.",
        mend="declare the answers to bad requests, in the document or in an overlay",
        check=no_error_answer,
    ),
    Lint(
        id="note-unknown",
        severity="error",
        what="A contract note (`x-tallystick-...`) is unknown, or stands where nothing reads it.",
        why="What it says is never checked.",
        mend="see docs/overlay-vocabulary.md for the notes and their places",
        check=note_unknown,
    ),
)
"""Lints of the contract: they need a document that can be understood."""

LINTS: tuple[Lint[Any], ...] = (*OF_DOCUMENTS, *OF_CONTRACTS)
