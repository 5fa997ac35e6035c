"""Documents: read safely, assembled from pages, overlaid, lifted to 3.1, their references resolved.

What makes a document from pages (``assemble``) or changes one (``overlay``) is imported from there:
few commands need it, and a JSONPath engine is slow to load.
"""

from tallystick.document.bundle import bundle
from tallystick.document.lift import lift
from tallystick.document.load import check_openapi, load
from tallystick.document.objects import Place, objects
from tallystick.document.pointer import ROOT, Json, get, has, join, split
from tallystick.document.read import parse, read
from tallystick.document.record import Document, canonical, copy_of, digest
from tallystick.document.resolve import resolve, target
from tallystick.document.schemas import schemas
from tallystick.document.sources import Reach

__all__ = [
    "ROOT",
    "Document",
    "Json",
    "Place",
    "Reach",
    "bundle",
    "canonical",
    "check_openapi",
    "copy_of",
    "digest",
    "get",
    "has",
    "join",
    "lift",
    "load",
    "objects",
    "parse",
    "read",
    "resolve",
    "schemas",
    "split",
    "target",
]
