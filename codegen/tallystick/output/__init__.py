"""The only writer of files: a planned tree becomes a directory, whole or not at all."""

from tallystick.output.differences import Difference, check, difference_text
from tallystick.output.single import write_file
from tallystick.output.writing import Written, write

__all__ = ["Difference", "Written", "check", "difference_text", "write", "write_file"]
