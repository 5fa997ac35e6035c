"""Each law on each operation, tried on a server; the cases come from the contract."""

from __future__ import annotations

import pytest

from .session import Trial


@pytest.mark.tallystick_law("presence")
def test_presence(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("null")
def test_null(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("defaults")
def test_defaults(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("closedness")
def test_closedness(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("types")
def test_types(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("answers")
def test_answers(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("updates")
def test_updates(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("reads")
def test_reads(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("refusals")
def test_refusals(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("credentials")
def test_credentials(tallystick_trial: Trial) -> None:
    tallystick_trial.check()


@pytest.mark.tallystick_law("routing")
def test_routing(tallystick_trial: Trial) -> None:
    tallystick_trial.check()
