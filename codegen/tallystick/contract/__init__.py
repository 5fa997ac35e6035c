"""The contract: what a document promises, as frozen records, and how they are built."""

from tallystick.contract.build import build
from tallystick.contract.records import (
    JSON_TYPES,
    Body,
    Contract,
    Media,
    NullConvention,
    Operation,
    Outcome,
    Parameter,
    Poll,
    Property,
    Resource,
    Response,
    Schema,
    SecurityScheme,
    is_json,
)

__all__ = [
    "JSON_TYPES",
    "Body",
    "Contract",
    "Media",
    "NullConvention",
    "Operation",
    "Outcome",
    "Parameter",
    "Poll",
    "Property",
    "Resource",
    "Response",
    "Schema",
    "SecurityScheme",
    "build",
    "is_json",
]
