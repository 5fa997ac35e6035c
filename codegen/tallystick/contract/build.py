"""A document made into a contract."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract.arguments import Arguments
from tallystick.contract.fitting import check_notes
from tallystick.contract.former import Renames
from tallystick.contract.keys import Keys
from tallystick.contract.members import Members
from tallystick.contract.operations import incoming, operations
from tallystick.contract.patches import with_merge_patches
from tallystick.contract.reach import Reach
from tallystick.contract.readings import with_readings
from tallystick.contract.records import Contract
from tallystick.contract.resources import identifying, resources
from tallystick.contract.schemas import Schemas
from tallystick.contract.security import schemes
from tallystick.contract.servers import servers
from tallystick.contract.settled import settled
from tallystick.contract.stems import stems
from tallystick.contract.views import with_views
from tallystick.document import Document, join
from tallystick.names import PACKAGE, VERSION, Names


def build(document: Document, frozen: Mapping[str, Mapping[str, str]] | None = None) -> Contract:
    """The contract that ``document`` states.

    Args:
        document: read, overlaid and lifted (``document.load``).
        frozen: the names that an earlier run froze (``names.read_lock``).

    Raises:
        DocumentError: something in the document cannot be understood; nothing is left out silently.
    """
    keys = Keys(document.data)
    renames = Renames(frozen or {}, document)
    names = Names(settled(renames.frozen(), document, keys))
    members = Members(names, renames.was)
    schemas = Schemas(document, names, keys, members)
    schemas.add_components(_components(document))
    placed = servers(document, document.data, "#", names)
    arguments = Arguments(names, renames.was)
    found = operations(document, schemas, names, arguments)
    received = incoming(document, found, schemas, names)
    plain = schemas.records()
    reach = Reach(plain)
    viewed = with_views(plain, reach, (*found, *received), names, keys)
    records = with_merge_patches(with_readings(viewed, reach, names, keys), found)
    check_notes(document, found, records)
    named = stems(found, names)
    security = schemes(document, names)
    former = renames.keep(names, found, members, arguments)
    release = (frozen or {}).get(PACKAGE, {}).get(VERSION)
    if release is not None:
        names.note(PACKAGE, VERSION, release)
    info = document.data.get("info")
    info = info if isinstance(info, dict) else {}
    description = info.get("description")
    return Contract(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        description=description if isinstance(description, str) else None,
        servers=placed,
        document=document,
        schemas=records,
        operations=found,
        security=security,
        resources=resources(found, records, identifying(document, found)),
        stems=named,
        lock=names.lock,
        former=former,
        incoming=received,
        release=release,
    )


def _components(document: Document) -> dict[str, str]:
    components = document.data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    names = schemas if isinstance(schemas, dict) else {}
    pointers = {join("#", "components", "schemas", name): name for name in names}
    return {at: document.given_names.get(at, name) for at, name in pointers.items()}
