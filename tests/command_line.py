"""A command line run in this process, as tests ask for it."""

from __future__ import annotations

import pytest

from tallystick.cli import run, tallystick


class Line:
    """A command line and what came of it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        words = [str(each) for each in arguments]
        code = run(lambda: tallystick(words, standalone_mode=False))
        self.out, self.err = self._capsys.readouterr()
        return code

    def refused(self) -> str:
        """The one line on standard error."""
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err
