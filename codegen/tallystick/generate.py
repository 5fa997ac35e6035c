"""The pipeline: a document becomes the files of a package."""

from __future__ import annotations

import keyword
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.document import Document, Reach, load
from tallystick.errors import UsageError
from tallystick.ledger import Ledger, ledger
from tallystick.lint import refuse_unfillable, understood
from tallystick.models import Models, print_models
from tallystick.names import read_lock, with_version
from tallystick.render import notes, render


@dataclass(frozen=True, slots=True)
class Generated:
    """A package before it is written, and what it was made from."""

    package: str
    contract: Contract
    models: Models = field(repr=False)
    ledger: Ledger = field(repr=False)
    files: Mapping[str, str] = field(repr=False)
    """Text by path below the folder of the distribution."""

    @property
    def version(self) -> str:
        """The version of the distribution."""
        found: str = tomllib.loads(self.files["pyproject.toml"])["project"]["version"]
        return found


def generate(
    spec: Path,
    overlays: Sequence[Path] = (),
    *,
    package: str,
    lock: Path | None = None,
    reach: Reach | None = None,
) -> Generated:
    """The package that ``spec`` with ``overlays`` describes.

    Args:
        spec: the OpenAPI document.
        overlays: OpenAPI Overlays, applied in order.
        package: the name of the Python package.
        lock: the ``names.lock`` of an earlier run; where there is none yet, names are new.
        reach: what references may reach; the document alone if not given.

    Raises:
        TallystickError: bad input.
    """
    _check_name(package)
    return of_document(load(spec, list(overlays), reach), package=package, lock=lock)


def of_document(document: Document, *, package: str, lock: Path | None = None) -> Generated:
    """The package of a document that is loaded already; arguments and errors as for ``generate``."""
    contract = build(understood(document), _frozen(lock))
    refuse_unfillable(contract)
    return generated(contract, package)


def generated(contract: Contract, package: str) -> Generated:
    """The package of a contract."""
    _check_name(package)
    models = print_models(contract)
    book = ledger(contract, models, notes(contract))
    files = render(contract, models, package, book.to_json())
    return Generated(package, contract, models, book, files)


def released(made: Generated, version: str) -> Generated:
    """The same package as another version, which its ``names.lock`` then freezes.

    It is what ``generate`` makes with that lock, without making everything once more.

    Args:
        version: a final release of one to four numbers (PEP 440).

    Raises:
        UsageError: it is something else.
    """
    lock = with_version(made.files["names.lock"], version)
    read_lock(lock, "names.lock")
    old, new = (f'\nversion = "{each}"\n' for each in (made.version, version))
    files = {
        **made.files,
        "names.lock": lock,
        "pyproject.toml": made.files["pyproject.toml"].replace(old, new, 1),
    }
    contract = replace(made.contract, lock=partial(str, lock), release=version)
    return replace(made, contract=contract, files=files)


def _frozen(lock: Path | None) -> dict[str, dict[str, str]] | None:
    if lock is None or not lock.is_file():
        return None
    return read_lock(lock.read_text(encoding="utf-8", errors="replace"), str(lock))


def _check_name(package: str) -> None:
    plain = package.isascii() and package.isidentifier() and package == package.lower()
    if plain and not keyword.iskeyword(package) and package not in sys.stdlib_module_names:
        return
    raise UsageError(
        f"{package!r} is no name for a Python package of your own",
        hint="use lower-case letters, digits and underscores, and no name of Python's",
    )
