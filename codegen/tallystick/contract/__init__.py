"""The contract: what a document promises, as frozen records, and how they are built."""

from tallystick.contract.build import build
from tallystick.contract.reach import downward
from tallystick.contract.records import (
    JSON_TYPES,
    Body,
    Contract,
    Direction,
    Encoding,
    Former,
    Header,
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
    Server,
    ServerVariable,
    is_json,
)
from tallystick.contract.streams import ItemData, StreamItems, stream_items
from tallystick.contract.views import directed

__all__ = [
    "JSON_TYPES",
    "Body",
    "Contract",
    "Direction",
    "Encoding",
    "Former",
    "Header",
    "ItemData",
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
    "Server",
    "ServerVariable",
    "StreamItems",
    "build",
    "directed",
    "downward",
    "is_json",
    "stream_items",
]
