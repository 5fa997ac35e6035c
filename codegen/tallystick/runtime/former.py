"""Names that are kept for what was renamed: each tells its caller so."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def former(method: F) -> F:
    """``method`` under the name that it had: a call of it is a ``DeprecationWarning``."""

    @functools.wraps(method)
    def warned(*args: Any, **kwargs: Any) -> Any:
        _warn(f"renamed: use `{method.__name__}`", 3)
        return method(*args, **kwargs)

    return cast("F", warned)


def former_names(module: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """A module's ``__getattr__`` (PEP 562) that knows what some names were.

    Args:
        module: the name of the module.
        names: by the name before, the name now.
    """

    def __getattr__(name: str) -> Any:
        return former_name(module, names, name)

    return __getattr__


def former_name(module: str, names: Mapping[str, str], name: str) -> Any:
    """What ``name`` was in ``module``, for the ``__getattr__`` that asks.

    Raises:
        AttributeError: it was nothing.
    """
    now = names.get(name)
    if now is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
    _warn(f"{module}.{name} was renamed: use {now}", 4)
    return getattr(sys.modules[module], now)


def _warn(text: str, level: int) -> None:
    warnings.warn(text, DeprecationWarning, stacklevel=level)
