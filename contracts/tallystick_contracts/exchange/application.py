"""An ASGI application under test: as it stands, made by a factory, or found by its name."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from tallystick.errors import UsageError

from .asgi import Asgi, Message, Receive, Send


def application(name: str) -> Asgi:
    """The ASGI application, or a factory of one, that ``MODULE:NAME`` names, imported from here.

    Raises:
        UsageError: there is none.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        raise UsageError(
            f"{name!r} is neither a URL nor MODULE:NAME of an ASGI application",
            hint="a URL starts with http:// or https://",
        )
    sys.path.insert(0, str(Path.cwd()))
    try:
        found: object = importlib.import_module(module)
    except ImportError as error:
        raise UsageError(f"the module {module!r} cannot be imported: {error}") from error
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise UsageError(f"{module!r} has no application named {attribute!r}")
    return made(found)


def made(found: Callable[..., object]) -> Asgi:
    """``found`` itself, or, if it needs no argument, the application that it makes.

    A factory is called, and awaited if need be, in the event loop in which the application runs,
    before its lifespan starts.
    """
    return _Deferred(found) if _is_factory(found) else cast("Asgi", found)


def _is_factory(found: Callable[..., object]) -> bool:
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return False
    needed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    every = signature.parameters.values()
    return not any(
        each.kind is inspect.Parameter.VAR_POSITIONAL
        or (each.kind in needed and each.default is inspect.Parameter.empty)
        for each in every
    )


class _Deferred:
    """An application that is made when it is first called."""

    def __init__(self, factory: Callable[..., object]) -> None:
        self._factory = factory
        self._app: Asgi | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = await self._make()
        await self._app(scope, receive, send)

    async def _make(self) -> Asgi:
        try:
            found = self._factory()
            if inspect.isawaitable(found):
                found = await found
        except Exception as error:
            raise UsageError(
                f"the factory of the application raised {type(error).__name__}: {error}"
            ) from error
        if not callable(found):
            raise UsageError("the factory makes no ASGI application", hint="it must return one")
        return cast("Asgi", found)
