"""Names that are kept for what was renamed: each tells its caller so."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from .presence import Model

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")


def former(method: F) -> F:
    """``method`` under the name that it had: a call of it is a ``DeprecationWarning``."""

    @functools.wraps(method)
    def warned(*args: Any, **kwargs: Any) -> Any:
        _warn(f"renamed: use `{method.__name__}`", 3)
        return method(*args, **kwargs)

    return cast("F", warned)


def renamed(**names: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """A method that takes some arguments under the keywords which they had, too.

    A call with one of those is a ``DeprecationWarning``; with the present one beside it, a
    ``TypeError``.

    Args:
        names: by the keyword before, the one now.
    """

    def decorated(method: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(method)
        def warned(*args: Any, **kwargs: Any) -> R:
            for old in names.keys() & kwargs.keys():
                now = names[old]
                if now in kwargs:
                    raise TypeError(f"`{old}` was renamed: `{now}` is given too")
                _warn(f"`{old}` was renamed: use `{now}`", 3)
                kwargs[now] = kwargs.pop(old)
            return method(*args, **kwargs)

        return warned

    return decorated


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


def by_present_name(kind: type[Model], data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a model's constructor; what has a former name and no other has its new one.

    Where both are given the former one is an unknown member.
    """
    names = kind.__former__
    given = {name: now for name, now in names.items() if name in data and now not in data}
    for name, now in given.items():
        _warn(f"`{name}` was renamed: use `{now}`", 4)
    return {given.get(name, name): value for name, value in data.items()}


def _warn(text: str, level: int) -> None:
    warnings.warn(text, DeprecationWarning, stacklevel=level)
