"""The only writer of files: a planned tree becomes a directory, whole or not at all."""

from tallystick.output.differences import Difference, check, difference_text
from tallystick.output.single import write_file
from tallystick.output.together import (
    Replaced,
    Together,
    finish_together,
    preview,
    write_together,
)
from tallystick.output.writing import Written, write

__all__ = [
    "Difference",
    "Replaced",
    "Together",
    "Written",
    "check",
    "difference_text",
    "finish_together",
    "preview",
    "write",
    "write_file",
    "write_together",
]
