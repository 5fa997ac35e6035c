"""What a run showed: on the terminal, as one HTML file, as JSON."""

from .curl import curl_line
from .mask import Mask
from .residue import residue_lines
from .seen import Row, Section, never_lines, sections, seen_line
from .terminal import print_report
from .told import finding_text
from .write import write_report

__all__ = [
    "Mask",
    "Row",
    "Section",
    "curl_line",
    "finding_text",
    "never_lines",
    "print_report",
    "residue_lines",
    "sections",
    "seen_line",
    "write_report",
]
