"""A contract and its models as files: the only owner of the templates beside ``models.py``."""

from tallystick.render.files import render
from tallystick.render.notes import notes

__all__ = ["notes", "render"]
