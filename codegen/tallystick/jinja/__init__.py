"""The only owner of Jinja: templates of Python text, and templates of HTML pages."""

from .html import html_environment
from .python import WIDTH, Code, comment, docstring, environment, joined, literal, only_code

__all__ = [
    "WIDTH",
    "Code",
    "comment",
    "docstring",
    "environment",
    "html_environment",
    "joined",
    "literal",
    "only_code",
]
