"""The JSON bodies of the curl commands in a text; the text is read, never run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from ..document import Json
from .sample_sent import Sent

_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})
_CONTINUED = re.compile(r"\\\r?\n")
_PLACEHOLDER = re.compile(r"\$|<[^>]*>|\.\.\.|…|\{\{")  # a template or an ellipsis: no JSON meant


def curl_bodies(text: str) -> Iterator[Sent]:
    """What each curl command in ``text`` sends, where that is JSON or looks like it."""
    if "curl" not in text:
        return
    try:
        words = shlex.split(_CONTINUED.sub(" ", text))
    except ValueError:  # an open quote: no shell command
        return
    for command in _commands(words):
        data = list(_data(command))
        if len(data) == 1 and data[0][:1] in ("{", "["):
            urls = tuple(word for word in command if "/" in word and word != data[0])
            yield from _sent(urls, data[0])


def _commands(words: list[str]) -> Iterator[list[str]]:
    starts = [index for index, word in enumerate(words) if word == "curl"]
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        yield words[start + 1 : end]


def _data(words: list[str]) -> Iterator[str]:
    """The arguments of the options that give a body, with surrounding space removed."""
    for index, word in enumerate(words):
        if word in _DATA and index + 1 < len(words):
            yield words[index + 1].strip()
        elif word.startswith("-d") and len(word) > 2:
            yield word[2:].strip()


def _sent(urls: tuple[str, ...], text: str) -> Iterator[Sent]:
    try:
        body: Json = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if not _PLACEHOLDER.search(text):
            yield Sent(urls, None, str(error))
        return
    yield Sent(urls, body)


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")
