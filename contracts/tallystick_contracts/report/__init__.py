"""What a run showed: on the terminal, as an HTML file, and as JSON, SARIF, HAR, JUnit and pytest."""

from ..mask import Mask
from .curl import curl_line
from .residue import residue_lines
from .seen import Row, Section, never_lines, seen_line, unseen
from .terminal import print_report
from .told import cause_text, finding_text
from .write import write_report

__all__ = [
    "Mask",
    "Row",
    "Section",
    "cause_text",
    "curl_line",
    "finding_text",
    "never_lines",
    "print_report",
    "residue_lines",
    "seen_line",
    "unseen",
    "write_report",
]
