"""Hooks of Schemathesis that a project has: the module that ``SCHEMATHESIS_HOOKS`` names."""

from __future__ import annotations

import random

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.errors import HookError
from schemathesis.core.hooks import HOOKS_MODULE_ENV_VAR, load_from_env

from tallystick.errors import UsageError

from ..registry import VALUES


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


def load_formats(seed: int) -> None:
    """Let Schemathesis draw from the project's own values of formats."""
    for name, source in VALUES.items():
        found = [each for each in source(random.Random(seed)) if isinstance(each, str)]
        if found and not name.startswith("#"):
            schemathesis.openapi.format(name, st.sampled_from(found))
