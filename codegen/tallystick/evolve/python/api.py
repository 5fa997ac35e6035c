"""Two generated packages compared: what people's code reaches, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import griffe

from ..records import SEVERITIES, Severity
from .reach import Reach, reach
from .records import PYTHON_KINDS, PythonChange
from .signatures import signatures
from .surface import Surface, path_of, surface
from .types import Meanings, aliases, difference
from .wording import effect, shown, told


def python_changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[PythonChange, ...]:
    """The public names that changed from one generated package to another, the worst first.

    Names are those by which people reach things: ``client.things.create``, ``models.Thing.size``.
    The blocking client stands for both clients and for the protocols of the server half. What
    ``old`` is made with must be known to ``new`` (its ``names.lock``), so that names are frozen and
    former ones are kept; those are then compared through the name that they have for now.

    Args:
        old: the files of the package before, text by path below its distribution.
        new: the files of the package now.
    """
    before, after = _modules(old), _modules(new)
    if before == after:
        return ()
    same = {path for path, text in before.items() if after.get(path) == text}
    kept = [{p: t for p, t in each.items() if _is_read(p, same)} for each in (before, after)]
    surfaces = surface(kept[0]), surface(kept[1])
    return _Comparing(*surfaces, _models(before), _models(after)).changes()


def _is_read(path: str, same: set[str]) -> bool:
    """Methods tell which models are sent, and the table of models which were renamed."""
    return path not in same or path in ("client.py", "webhooks.py", "models/__init__.py")


def _modules(files: Mapping[str, str]) -> dict[str, str]:
    """The modules of the package, by path below its folder, without the line that names the document:
    it would let all of them differ.
    """
    folder = next(path for path in files if path.endswith("/client.py")).removesuffix("client.py")
    return {
        path.removeprefix(folder): text.partition("\n")[2] if text.startswith("#") else text
        for path, text in files.items()
        if path.startswith(folder) and path.endswith(".py")
    }


def _models(modules: Mapping[str, str]) -> set[str]:
    return {
        text
        for path, text in modules.items()
        if path.startswith("models") and path != "models/__init__.py"
    }


class _Comparing:
    """What is asked of two surfaces, each kind of question by itself."""

    def __init__(
        self, old: Surface, new: Surface, old_models: set[str], new_models: set[str]
    ) -> None:
        self._old, self._new = old, new
        self._before, self._after = old.objects(), new.objects()
        self._reach: Reach = reach((old, new), old_models | new_models)
        renamed = {
            was.removeprefix("models."): now.removeprefix("models.")
            for was, now in new.instead.items()
            if was.startswith("models.") and was.count(".") == 1
        }
        self._meanings = Meanings(renamed, aliases(old_models), aliases(new_models))

    def changes(self) -> tuple[PythonChange, ...]:
        """Every change, once."""
        found: dict[str, PythonChange] = {}
        for each in (*self._without_echoes(tuple(self._all())), *self._defaults()):
            known = found.get(each.id)
            found[each.id] = each if known is None else _both(known, each)
        return tuple(sorted(found.values(), key=_rank))

    def _all(self) -> Iterator[PythonChange]:
        yield from self._removed()
        yield from self._deprecated()
        for path, old in self._before.items():
            new = self._after.get(path)
            if new is None or self._is_told_elsewhere(path):
                continue
            if isinstance(old, griffe.Function) and isinstance(new, griffe.Function):
                yield from signatures(path, old, new, self._meanings)
            elif isinstance(old, griffe.Attribute) and isinstance(new, griffe.Attribute):
                yield from self._typed(path, old, new)
            elif isinstance(old, griffe.Class) and path.startswith("models."):
                yield from self._openness(path)
        yield from self._added()

    def _removed(self) -> Iterator[PythonChange]:
        for each in griffe.find_breaking_changes(self._old.root, self._new.root):
            path = path_of(each.obj)
            if self._is_told_elsewhere(path):
                continue
            if each.kind is griffe.BreakageKind.OBJECT_REMOVED:
                now = self._old.instead.get(path)
                now = now if now in self._after else None
                text = told("former gone", path, now) if now else told("removed", path)
                yield PythonChange("removed", path, shown(each.obj), now, "breaking", text)
            elif each.kind is griffe.BreakageKind.OBJECT_CHANGED_KIND:
                old, new = shown(self._before[path]), shown(self._after[path])
                yield PythonChange("changed", path, old, new, "breaking", told("kind", path))

    def _deprecated(self) -> Iterator[PythonChange]:
        for path, now in self._new.instead.items():
            if path in self._before and path not in self._old.instead:
                text = told("renamed", path, now)
                yield PythonChange("deprecated", path, path, now, "compatible", text)

    def _is_told_elsewhere(self, path: str) -> bool:
        """Whether it stood under a former name before already: its present name tells it."""
        return any(
            path == each or path.startswith(f"{each}.")
            for each in self._old.instead
            if each in self._new.instead
        )

    def _typed(
        self, path: str, old: griffe.Attribute, new: griffe.Attribute
    ) -> Iterator[PythonChange]:
        before, after = shown(old), shown(new)
        if not before or not after:
            return
        found = difference(before, after, self._meanings)
        if found.relation == "same":
            return
        severity, text = effect(path, found, *self._travels(path))
        yield PythonChange("changed", path, before, after, severity, text)

    def _travels(self, path: str) -> tuple[bool, bool]:
        """Whether a model is sent, and whether it is read."""
        if self._reading_of(path) is not None:
            return False, True
        return self._reach.of(path.split(".")[1])

    def _openness(self, path: str) -> Iterator[PythonChange]:
        """Whether a class takes members that nobody described."""
        was, now = (path in each.closed for each in (self._old, self._new))
        if was == now or self._reading_of(path) is not None:
            return
        severity: Severity = "breaking" if now and self._travels(path)[0] else "compatible"
        text = told("closed" if now else "opened", path)
        words = ("open", "closed")
        yield PythonChange("changed", path, words[was], words[now], severity, text)

    def _defaults(self) -> Iterator[PythonChange]:
        for path, before in self._old.defaults.items():
            after = self._new.defaults.get(path, before)
            for name in (each for each in before if each in after):
                if repr(before[name]) != repr(after[name]):
                    at = f"{path}.{name}"
                    old, new = repr(before[name]), repr(after[name])
                    yield PythonChange("changed", at, old, new, "risky", told("default", at))

    def _added(self) -> Iterator[PythonChange]:
        told_of: set[str] = set()
        for path, new in self._after.items():
            above = path.rpartition(".")[0]
            if path in self._before or above in told_of or self._is_former(path):
                told_of |= {path} if above in told_of else set()
                continue
            if self._was(path):
                continue
            told_of.add(path)
            severity = self._added_severity(path, new)
            yield PythonChange(
                "added", path, None, shown(new), severity, told(f"added {severity}", path)
            )

    def _added_severity(self, path: str, new: griffe.Object) -> Severity:
        if path.startswith("webhooks."):
            return "risky"
        required = isinstance(new, griffe.Attribute) and new.value is None
        if required and path.count(".") == 2 and self._travels(path)[0]:
            return "breaking"
        return "compatible"

    def _is_former(self, path: str) -> bool:
        return any(path == each or path.startswith(f"{each}.") for each in self._new.instead)

    def _was(self, path: str) -> bool:
        """Whether it was there before under another name, which is kept."""
        return any(
            f"{was}{path[len(now) :]}" in self._before
            for was, now in self._new.instead.items()
            if path == now or path.startswith(f"{now}.")
        )

    def _reading_of(self, path: str) -> str | None:
        """The same place in the model, of a place in what that is with its defaults."""
        root, _, rest = path.partition(".")
        name, dot, member = rest.partition(".")
        bare = name.removesuffix("Effective")
        if root != "models" or bare == name:
            return None
        known = self._before.keys() | self._after.keys()
        return f"models.{bare}{dot}{member}" if f"models.{bare}" in known else None

    def _without_echoes(self, found: Sequence[PythonChange]) -> Iterator[PythonChange]:
        """All but what a class with its defaults only says again after the class itself."""
        places = {each.name for each in found}
        for each in found:
            if self._reading_of(each.name) not in places:
                yield each


def _both(one: PythonChange, other: PythonChange) -> PythonChange:
    worst = min(one, other, key=lambda each: SEVERITIES.index(each.severity))
    both = dict.fromkeys((one.sentence, other.sentence))
    return replace(worst, sentence="; ".join(both))


def _rank(each: PythonChange) -> tuple[int, int]:
    return SEVERITIES.index(each.severity), PYTHON_KINDS.index(each.kind)
