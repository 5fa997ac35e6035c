"""Shapes written as type expressions: identifiers of ours, and text of the document as literals."""

from __future__ import annotations

from collections.abc import Mapping as Names
from dataclasses import dataclass, field

from tallystick.jinja import Code, joined, literal
from tallystick.models.records import Expression
from tallystick.models.shapes import (
    Bounded,
    Checked,
    Choice,
    Items,
    Mapping,
    Named,
    Scalar,
    Shape,
    Union,
    Values,
)

_BUILTINS = frozenset({"str", "bool", "None"})
_FIELD = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern")
"""The order of the arguments."""


@dataclass(slots=True)
class Writer:
    """Writes one expression, and notes which names it uses.

    Attributes:
        names: the name of each named schema, by pointer.
        checks: whether the schema stands beside a type that says less.
    """

    names: Names[str, Code]
    checks: bool = True
    _models: set[str] = field(default_factory=set[str])
    _scalars: set[str] = field(default_factory=set[str])
    _others: set[str] = field(default_factory=set[str])

    def expression(self, shape: Shape) -> Expression:
        """The expression of ``shape``."""
        self._models, self._scalars, self._others = set(), set(), set()
        return Expression(
            text=self._text(shape),
            names=frozenset(self._models),
            scalars=frozenset(self._scalars),
            typing=frozenset(self._others & {"Annotated", "Literal"}),
            pydantic=frozenset(self._others & {"Field"}),
            exactly=frozenset(self._others & {"Exactly"}),
            tagged=frozenset(self._others & {"Tagged"}),
        )

    def _text(self, shape: Shape) -> Code:
        match shape:
            case Scalar(name):
                return self._scalar(name)
            case Named(pointer):
                self._models.add(self.names[pointer])
                return self.names[pointer]
            case Values(values):
                return self._values(values)
            case Items(of):
                return Code(f"list[{self._text(of)}]")
            case Mapping(of):
                return Code(f"dict[str, {self._text(of)}]")
            case Union(branches):
                return joined(dict.fromkeys(self._text(each) for each in branches), " | ")
            case Bounded(of, bounds):
                return self._annotated(self._text(of), self._field(dict(bounds)))
            case Checked(of, pointer) if self.checks:
                self._others.add("Exactly")
                return self._annotated(self._text(of), Code(f"Exactly({literal(pointer)})"))
            case Checked(of, _):
                return self._text(of)
            case Choice(of, name, kinds):
                self._others.add("Tagged")
                meant = [f"{literal(tag)}: {literal(self.names[at])}" for tag, at in kinds]
                tagged = Code(f"Tagged({literal(name)}, {{{', '.join(meant)}}})")
                return self._annotated(self._text(of), tagged)

    def _scalar(self, name: str) -> Code:
        if name not in _BUILTINS:
            self._scalars.add(name)
        return Code(name)

    def _values(self, values: tuple[object, ...]) -> Code:
        """In Python ``1 == True == 1.0``: beside such literals stands what tells them apart."""
        self._others.add("Literal")
        texts = [literal(each) for each in values if isinstance(each, bool | int | str)]
        text = Code(f"Literal[{joined(texts, ', ')}]")
        kinds = {type(each) for each in values}
        if bool in kinds:
            return self._annotated(text, self._scalar("Boolean"))
        return self._annotated(text, self._scalar("Integral")) if int in kinds else text

    def _field(self, bounds: Names[str, object]) -> Code:
        self._others.add("Field")
        arguments = [
            Code(f"{name}={literal(value)}")
            for name in _FIELD
            if isinstance(value := bounds.get(name), int | float | str)
        ]
        return Code(f"Field({joined(arguments, ', ')})")

    def _annotated(self, text: Code, beside: Code) -> Code:
        self._others.add("Annotated")
        return Code(f"Annotated[{text}, {beside}]")
