"""Each rule on each operation, tried on a server; the cases come from the contract."""

from __future__ import annotations

from .trials import Trial


def test_laws(tallystick_trial: Trial) -> None:
    __tracebackhide__ = True
    tallystick_trial.check()
