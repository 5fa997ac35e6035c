"""A run as JUnit XML: a test for each rule and operation, failed by the finding that breaks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tallystick.errors import printable

from ..findings import Again, Cause
from ..mask import Mask
from ..verdicts import Result, Standing, Verdict
from .told import cause_text

_WORST = (Standing.BROKEN, Standing.NOT_REACHED, Standing.HELD, Standing.NOT_APPLICABLE)


def junit(result: Result, found: Sequence[Cause], mask: Mask) -> str:
    """JUnit XML text, secrets masked: one suite for each operation."""
    cases: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    for each in result.verdicts:
        cases[each.subject.operation][each.rule].append(each)
    root = Element("testsuites", name=_clean(result.title, mask), time=f"{result.seconds:.3f}")
    for operation, rules in cases.items():
        suite = SubElement(root, "testsuite", name=_clean(operation, mask))
        for rule, verdicts in rules.items():
            _case(suite, rule, verdicts, _causes_of(rule, operation, found), result.target, mask)
        _count(suite)
    _count(root)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _causes_of(rule: str, operation: str, found: Sequence[Cause]) -> list[Cause]:
    return [
        cause
        for cause in found
        if any((v.rule, v.subject.operation) == (rule, operation) for v in cause.verdicts)
    ]


def _case(
    suite: Element,
    rule: str,
    verdicts: Sequence[Verdict],
    found: Sequence[Cause],
    origin: str,
    mask: Mask,
) -> None:
    operation = verdicts[0].subject.operation
    case = SubElement(
        suite,
        "testcase",
        name=_clean(rule, mask),
        classname=_clean(f"{verdicts[0].law.value}.{operation}", mask),
        time="0",
    )
    worst = next(s for s in _WORST if any(each.standing is s for each in verdicts))
    if worst is Standing.BROKEN:
        for cause in found:
            # What did not show again is no failure to rely on, so its type says what it is.
            kind = "not repeated" if cause.again is Again.GONE else cause.severity.word
            message = f"{cause.id}: {cause.finding.observation}"
            failure = SubElement(case, "failure", type=kind, message=_clean(message, mask))
            failure.text = _lines(cause_text(cause, origin, mask))
    elif worst is not Standing.HELD:
        reasons = dict.fromkeys(each.reason for each in verdicts if each.standing is worst)
        text = f"{worst.value}: {'; '.join(reasons)}"
        SubElement(case, "skipped", message=_clean(text, mask))


def _count(element: Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    failed = [each for each in element.iter("testcase") if each.find("failure") is not None]
    element.set("failures", str(len(failed)))
    element.set("errors", "0")
    element.set("skipped", str(len(list(element.iter("skipped")))))


def _clean(text: str, mask: Mask) -> str:
    return printable(mask.text(text))


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))
