"""Runs documents one by one, each in a forked process of its own that is bounded and watched.

Reads one JSON object a line: the document, the output folder, the package. Answers with one: the
exit code, the two streams, what was tried that must not be, CPU seconds and peak memory in MiB.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

SECONDS = 60
MEMORY = 4 << 30
_FORBIDDEN = (
    *("socket.connect", "socket.getaddrinfo", "socket.bind", "os.system", "os.exec", "os.posix_spawn"),
    *("socket.gethostbyname", "ctypes.dlopen", "webbrowser.open"),
)  # fmt: skip
_LOADED = (
    *("tallystick.cli", "tallystick.generate", "tallystick.output", "tallystick.lint"),
    *("tallystick.render.formatting", "ctypes", "httpx2", "pydantic", "starlette.routing"),
)
_MODULES = ("models", "api", "operations", "client", "server")


def main() -> None:
    """Answer each line until there is none."""
    for module in _LOADED:  # the verbs load them late; the children find them loaded
        importlib.import_module(module)
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _run(job: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("out", "err", "tried")]
        child = os.fork()
        if not child:
            _child(job, *streams)
        _, status, usage = os.wait4(child, 0)
        out, err, tried = (
            path.read_text(errors="replace") if path.exists() else "" for path in streams
        )
    code = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return {"code": code, "out": out, "err": err, "tried": tried, "cpu": cpu,
            "memory": usage.ru_maxrss >> 10}  # fmt: skip


def _child(job: dict[str, str], out: Path, err: Path, tried: Path) -> None:
    code = 70
    try:
        for path, stream in ((out, 1), (err, 2)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(2 * SECONDS)
        _watch(Path(job["output"]), os.open(tried, os.O_WRONLY | os.O_CREAT))
        code = _generate(job)
    except BaseException:  # noqa: BLE001  # a fault of ours, to be seen whole
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _generate(job: dict[str, str]) -> int:
    from tallystick.cli import run, tallystick

    words = ["generate", job["spec"], "-o", job["output"], "--package", job["package"]]
    code = run(lambda: tallystick(words, standalone_mode=False))
    if code == 0:
        sys.path.insert(0, job["output"])
        for module in _MODULES:
            importlib.import_module(f"{job['package']}.{module}")
        _build_types(importlib.import_module(f"{job['package']}.models"))
    return code


def _build_types(models: Any) -> None:
    """Make the validators of the classes, which are built at first use."""
    for each in vars(models).values():
        if isinstance(each, type) and hasattr(each, "model_rebuild"):
            each.model_rebuild()


def _watch(output: Path, log: int) -> None:
    """Note every try to reach the network, to run something, or to write outside the output."""
    scratch = Path(tempfile.gettempdir()).resolve()
    formatting = f"{scratch / 'tallystick-'}"  # a folder of its own, in which ruff works
    allowed = (f"{output.parent}{os.sep}", f"{Path(sys.prefix)}{os.sep}", os.devnull, formatting)
    own = f"file://{sys.prefix}/"  # how openapi-spec-validator reads the schemas that it carries

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            os.write(log, f"{event} {arguments!r}\n".encode())
            raise PermissionError(event)
        if event == "urllib.Request" and not arguments[0].startswith(own):
            os.write(log, f"{event} {arguments!r}\n".encode())
        if event == "subprocess.Popen" and Path(os.fsdecode(arguments[0])).name != "ruff":
            os.write(log, f"{event} {arguments!r}\n".encode())
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
        if writes and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(allowed) and Path(path).parent != scratch:
                os.write(log, f"{event} {path}\n".encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
