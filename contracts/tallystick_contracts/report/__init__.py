"""What a run showed: on the terminal, as an HTML file, and as JSON, SARIF, HAR, JUnit and pytest."""

from ..mask import Mask
from .curl import curl_line
from .terminal import print_report
from .told import cause_text, finding_text
from .write import write_report

__all__ = ["Mask", "cause_text", "curl_line", "finding_text", "print_report", "write_report"]
