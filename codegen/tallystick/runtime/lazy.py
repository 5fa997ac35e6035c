"""Names of a package that load their module when they are first asked for (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any


def loaded(package: str, places: Mapping[str, str], name: str) -> Any:
    """What ``name`` stands for in ``package``; asked once, it stands in the package itself.

    Args:
        package: the full name of the package whose ``__getattr__`` asks.
        places: the module below it that defines each name; a module's own name stands for itself.

    Raises:
        AttributeError: no module defines the name.
    """
    place = places.get(name)
    if place is None:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    module = import_module(f"{package}.{place}")
    value = module if place == name else getattr(module, name)
    setattr(sys.modules[package], name, value)
    return value
