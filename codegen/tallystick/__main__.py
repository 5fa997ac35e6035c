"""``python -m tallystick``, and the command of the same name."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and exit with its code: 0 holds, 1 does not, 2 could not run.

    To be told to stop (SIGTERM) is the same as Ctrl-C: what was begun is cleaned up.
    """
    signal.signal(signal.SIGTERM, _stop)
    try:
        # Imported here, so that Ctrl-C is told in one line from the first moment on.
        from tallystick.cli import run, tallystick

        code = run(lambda: tallystick(standalone_mode=False))
    except KeyboardInterrupt:
        print("tallystick: interrupted", file=sys.stderr)
        code = 130
    sys.exit(code)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
