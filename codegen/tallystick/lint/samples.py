"""Lint of code samples: the body that a sample sends must be valid."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Contract, Operation
from ..document import Json, get, join
from .judge import Case, refusals
from .records import Spot
from .sample_curl import curl_bodies
from .sample_python import python_bodies
from .sample_sent import Sent, addressed

_LISTS = (("x-codeSamples",), ("x-code-samples",), ("x-readme", "code-samples"))
_TEXTS = ("source", "code")


def sample_refused(contract: Contract) -> Iterator[Spot]:
    """Code samples whose JSON body the request schema refuses, or is no JSON at all."""
    cases: list[Case] = []
    for operation in contract.operations:
        for sent, pointer in _sent(contract, operation):
            if sent.fault is not None:
                yield Spot(pointer, f"the body of the sample is no JSON: {sent.fault}")
            elif schema := _schema(operation):
                cases.append(Case(schema, sent.body, pointer))
    for refusal in refusals(contract, cases, one_way=True):
        place = join("", *refusal.path)
        where = f" at {place}" if place else ""
        what = f"the body of the sample is refused by the request schema{where}: {refusal.reason}"
        yield Spot(refusal.case.at, what)


def _schema(operation: Operation) -> str | None:
    media = operation.body.json if operation.body else None
    return media.schema if media else None


def _sent(contract: Contract, operation: Operation) -> Iterator[tuple[Sent, str]]:
    """What the samples of ``operation`` send to it, and where each sample stands."""
    if _schema(operation) is None:
        return
    for text, pointer in _texts(contract, operation):
        for sent in addressed([*curl_bodies(text), *python_bodies(text)], operation.path):
            yield sent, pointer


def _texts(contract: Contract, operation: Operation) -> Iterator[tuple[str, str]]:
    for keys in _LISTS:
        node: Json = get(contract.document.data, operation.pointer)
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        for index, sample in enumerate(node if isinstance(node, list) else ()):
            for key in _TEXTS:
                text = sample.get(key) if isinstance(sample, dict) else None
                if isinstance(text, str):
                    yield text, join(operation.pointer, *keys, index, key)
