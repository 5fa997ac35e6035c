"""The summary of an upgrade: the verdict, whom it breaks, what old clients see, which files change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from tallystick.errors import printable
from tallystick.evolve.show import text_lines
from tallystick.output import Replaced
from tallystick_contracts.cli.release import Release
from tallystick_contracts.old_client import Trouble, Use, Uses
from tallystick_contracts.verdicts import Step, Verdict

_BODY = 300
"""Characters of a body that are shown."""
_OPERATIONS = 12
"""With more operations, those that work are not told one by one."""
_TROUBLES = 5
"""How many troubles of an operation are told."""
_STEPS = 4
"""How many exchanges of a trouble are shown, the first ones."""
_FILES = 6
"""How many files of a folder are named."""


def summary(
    found: Release | None, seen: Uses | None, changes: Replaced, *, wrote: bool
) -> Iterator[Text]:
    """Its lines.

    Args:
        found: None where the contract is the same.
        seen: what users of the old client see.
        changes: of files, made or not.
        wrote: whether they were made.
    """
    yield Text()
    if found is None:
        yield Text(
            "the contract is the same: only texts, samples or the package's own files changed"
        )
    else:
        yield from text_lines(found.view)
    if seen is not None:
        yield Text()
        yield Text("users of the old client", "bold")
        yield from _users(seen.operations)
    yield Text()
    yield from _files(changes, wrote)
    if found is not None and found.after != found.before:
        yield Text(f"version: {found.before} -> {found.after}", "bold")


def in_short(seen: Uses) -> str:
    """How many operations work and fail, and how many calls that took."""
    every = seen.operations
    works, fails = sum(each.works for each in every), sum(each.fails for each in every)
    may = sum(bool(each.troubles) for each in every) - fails
    counts = {"work": works, "fail": fails, "may fail": may}
    counts["not tried"] = len(every) - sum(counts.values())
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f"{told}: {seen.calls} calls"


def _users(uses: Sequence[Use]) -> Iterator[Text]:
    """Each operation; where there are many, those that fail, and how many the others are."""
    short = len(uses) > _OPERATIONS
    for use in uses:
        if use.troubles or not short:
            yield from _use(use)
    if short:
        well = [each.operation for each in uses if each.works]
        untried = [each.operation for each in uses if not each.taken and not each.troubles]
        for word, names in (("works", well), ("not tried", untried)):
            if names:
                yield Text(printable(f"  {word:<10} {len(names)}: {_several(names)}"))


def _use(use: Use) -> Iterator[Text]:
    if not use.taken and not use.troubles:
        why = "  (no call was taken, as before)" if use.calls else ""
        yield Text(f"  not tried  {printable(use.operation)}{why}", "dim")
        return
    word, style = ("fails", "bold red") if use.fails else ("may fail", "yellow")
    head = Text("  works      ", "green") if use.works else Text(f"  {word:<11}", style)
    yield head.append(printable(f"{use.operation}  {use.name}"), "default").append(
        f"  ({use.calls} calls)", "dim"
    )
    for trouble in use.troubles[:_TROUBLES]:
        yield from _trouble(trouble)
    if len(use.troubles) > _TROUBLES:
        yield Text(f"    and {len(use.troubles) - _TROUBLES} more, as told above", "dim")


_WORDS = {
    "refused": "refused",
    "unreadable": "an answer that the client cannot read",
    "different": "not as before",
    "may be refused": "a request that the client can send, and that will be refused",
    "may be unreadable": "an answer that may come, and that the client cannot read",
}


def _trouble(trouble: Trouble) -> Iterator[Text]:
    count = f" ({trouble.seen} times)" if trouble.seen > 1 else ""
    text = printable(f"{_WORDS[trouble.kind]}: {trouble.sentence}{count}")
    yield Text("    ").append(text)
    for each in trouble.steps[:_STEPS]:
        yield Text(f"      {printable(_exchange(each, trouble.kind != 'different'))}", "dim")


def _exchange(step: Step, whole: bool) -> str:
    """What was sent and what came; its body too, if ``whole``: else the sentence tells of it."""
    request, answer = step.request, step.answer
    sent = f"{request.method} {request.target} {_body(request.body or b'')}".rstrip()
    came = _body(answer.body) if whole else ""
    return f"{sent} -> {answer.status or answer.failure} {came}".rstrip()


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= _BODY else text[: _BODY - 1] + "…"


def _files(changes: Replaced, wrote: bool) -> Iterator[Text]:
    count = f"{len(changes.written)} files written, {len(changes.deleted)} deleted"
    yield Text(count if wrote else f"nothing was written; it would be: {count}", "bold")
    folders: dict[str, list[str]] = {}
    for path in changes.written:
        folders.setdefault(path.rpartition("/")[0], []).append(path.rpartition("/")[2])
    for path in changes.deleted:
        folders.setdefault(path.rpartition("/")[0], []).append(f"{path.rpartition('/')[2]} (gone)")
    for folder, names in folders.items():
        yield Text(printable(f"  {folder or '.'}: {_several(names)}"))


def _several(names: Sequence[str]) -> str:
    more = len(names) - _FILES
    return ", ".join(names[:_FILES]) + (f" and {more} more" if more > 0 else "")


def own_faults(broken: Iterable[Verdict]) -> Iterator[str]:
    """A line for each promise that the new contract's own sandbox breaks."""
    for each in broken:
        place = f"{each.subject.operation} {each.subject.member}".rstrip()
        observed = each.finding.observation if each.finding else each.reason
        yield printable(f"{each.rule}: {place}: {observed}")
