"""Documents: read safely, assembled from pages, overlaid, lifted to 3.1, their references resolved."""

from tallystick.document.assemble import Assembled, assemble
from tallystick.document.bundle import bundle
from tallystick.document.lift import lift
from tallystick.document.load import check_openapi, load
from tallystick.document.overlay import apply
from tallystick.document.pointer import ROOT, Json, get, has, join, split
from tallystick.document.read import parse, read
from tallystick.document.record import Document, canonical, copy_of, digest
from tallystick.document.resolve import resolve, target
from tallystick.document.schemas import schemas

__all__ = [
    "ROOT",
    "Assembled",
    "Document",
    "Json",
    "apply",
    "assemble",
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
    "parse",
    "read",
    "resolve",
    "schemas",
    "split",
    "target",
]
