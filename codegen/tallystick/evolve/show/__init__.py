"""A comparison as people and programs read it: text, JSON by a published schema, Markdown."""

from .as_json import diff_json, schema
from .markdown import diff_markdown
from .text import print_text, text_lines
from .view import CLIENTS, View, met

__all__ = [
    "CLIENTS",
    "View",
    "diff_json",
    "diff_markdown",
    "met",
    "print_text",
    "schema",
    "text_lines",
]
