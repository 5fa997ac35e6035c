"""The contract: what a document promises, as frozen records, and how they are built."""

from tallystick.contract.build import build
from tallystick.contract.records import (
    JSON_TYPES,
    Body,
    Contract,
    Direction,
    Encoding,
    Former,
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
from tallystick.contract.views import directed

__all__ = [
    "JSON_TYPES",
    "Body",
    "Contract",
    "Direction",
    "Encoding",
    "Former",
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
    "directed",
    "is_json",
]
