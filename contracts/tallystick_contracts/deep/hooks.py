"""Hooks of Schemathesis that a project has: the module that ``SCHEMATHESIS_HOOKS`` names."""

from __future__ import annotations

from schemathesis.core.errors import HookError
from schemathesis.core.hooks import HOOKS_MODULE_ENV_VAR, load_from_env

from tallystick.errors import UsageError


def load_hooks() -> None:
    """Load the module or file of hooks, once; hooks that are registered already are kept.

    Raises:
        UsageError: it cannot be loaded.
    """
    try:
        load_from_env()
    except HookError as error:
        reason = error.__cause__ or error
        raise UsageError(f"{HOOKS_MODULE_ENV_VAR} cannot be loaded: {reason}") from error
