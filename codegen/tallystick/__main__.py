"""``python -m tallystick``, and the command of the same name."""

from __future__ import annotations

import sys
from functools import partial

from tallystick.cli import run, tallystick


def main() -> None:
    """Run the command line and exit with its code: 0 holds, 1 does not, 2 could not run."""
    sys.exit(run(partial(tallystick, standalone_mode=False)))


if __name__ == "__main__":
    main()
