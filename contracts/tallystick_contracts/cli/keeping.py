"""A target that is left as it was found, however the run on it ends."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console

from tallystick.contract import Contract
from tallystick_contracts.probes.cleaning import clean
from tallystick_contracts.probes.ground import ground
from tallystick_contracts.report import Mask, residue_lines
from tallystick_contracts.target import Target


@contextmanager
def kept_clean(contract: Contract, target: Target, seed: int) -> Generator[None]:
    """Hear Ctrl-C between two exchanges; at the end remove what is left, and close the target.

    A run that comes to its report has cleaned up and told what is left; one that is torn out of
    it, does so here.
    """
    with target.stop.listening():
        try:
            yield
        except BaseException:
            # Whatever has happened: what was created is the user's to know.
            left = clean(ground(contract, seed), target)
            for line in residue_lines(left, Mask(target.secrets)):
                Console(stderr=True).print(line, markup=False, highlight=False)
            raise
        finally:
            target.close()
