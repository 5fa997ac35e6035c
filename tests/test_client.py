"""The generated client against servers that do what servers should not."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import logging
import pickle
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tallystick.generate import generate
from tallystick.output import write

ROOT = Path(__file__).parents[1]
CANARY = "canary-0123456789"
NAME = "client_under_test"

Handler = Callable[[socket.socket, bytes], None]


@pytest.fixture(scope="module", autouse=True)
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package of the vendored contract, as the generator makes it now."""
    folder = tmp_path_factory.mktemp("client")
    made = generate(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"], package=NAME)
    write(made.files, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(NAME)


def module(name: str) -> Any:
    return importlib.import_module(f"{NAME}.{name}")


@contextmanager
def serving(handle: Handler) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that answers each request by ``handle``; its URL and what it got."""
    got: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                data = connection.recv(65536)
                while b"\r\n\r\n" not in data:
                    data += connection.recv(65536)
                got.append(data)
                handle(connection, data)
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", got
    finally:
        listener.close()


def plain(
    status: int = 200,
    body: bytes = b"",
    content_type: str = "application/json",
    *fields: str,
) -> Handler:
    """A handler that gives one complete answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *fields]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    head = "\r\n".join([*lines, "", ""]).encode()
    return lambda connection, _: connection.sendall(head + body)


def list_through(flavour: str, url: str, **more: Any) -> Any:
    """``models.environments.list`` through the blocking or the asyncio client."""
    package: Any = importlib.import_module(NAME)
    more = {"retries": module("runtime.policy").Retries(attempts=1)} | more
    if flavour == "Client":
        with package.Client(base_url=url, api_key_auth=CANARY, **more) as client:
            return client.models.environments.list("m")

    async def main() -> Any:
        async with package.AsyncClient(base_url=url, api_key_auth=CANARY, **more) as client:
            return await client.models.environments.list("m")

    return asyncio.run(main())


def failing(flavour: str, handle: Handler, **more: Any) -> Any:
    """The error of a call; it is typed, short, picklable, and shows the key nowhere."""
    package: Any = importlib.import_module(NAME)
    with serving(handle) as (url, _), pytest.raises(package.ClientError) as caught:
        list_through(flavour, url, **more)
    error = caught.value
    assert len(str(error)) <= 2000
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert CANARY.encode() not in error.body
    ours = [frame for frame in _frames(error) if Path(frame.filename) != Path(__file__)]
    shown = "".join(traceback.StackSummary.from_list(ours).format())
    shown += str([frame.locals for frame in ours])
    assert CANARY not in shown + str(error) + repr(error)
    return error


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    found: list[traceback.FrameSummary] = []
    every = traceback.TracebackException.from_exception(error, capture_locals=True)
    at: traceback.TracebackException | None = every
    while at is not None:
        found += at.stack
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found


both = pytest.mark.parametrize("flavour", ["Client", "AsyncClient"])


@both
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "BadRequest"), (401, "Unauthorized"), (403, "Forbidden"), (404, "NotFound"),
        (409, "Conflict"), (418, "ClientStatusError"), (500, "ServerStatusError"),
        (503, "ServerStatusError"), (301, "RedirectError"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_typed_error(flavour: str, status: int, kind: str) -> None:
    body = b'{"code": "odd", "message": "it is ' + CANARY.encode() + b'"}'
    error = failing(flavour, plain(status, body, "application/json", "X-Request-Id: r-1"))
    assert type(error).__name__ == kind
    assert (error.status, error.request_id, error.method) == (status, "r-1", "GET")
    assert error.path == "/v1/models/{model_id}/environments"
    assert "odd" in str(error)


@both
def test_the_declared_error_body_is_parsed(flavour: str) -> None:
    error = failing(flavour, plain(404, b'{"code": "gone", "message": "no"}'))
    assert error.parsed == module("models").ErrorV1(code="gone", message="no")


@both
@pytest.mark.parametrize(
    ("handle", "kind"),
    [
        (plain(200, b"<html>login</html>", "text/html"), "DecodeError"),
        (plain(200, b""), "DecodeError"),
        (plain(200, b"{"), "DecodeError"),
        (plain(200, b'{"environments": [NaN]}'), "DecodeError"),
        (plain(200, b'{"environments": [1e999]}'), "DecodeError"),
        (plain(200, b'{"environments": ' + b"9" * 6000 + b"}"), "DecodeError"),
        (plain(200, b"[" * 100_000), "DecodeError"),
        (plain(200, b'{"environments": [], "environments": []}'), "DecodeError"),
        (plain(200, b'{"environments": "\xff"}'), "DecodeError"),
        (plain(200, b'{"environments": 1}'), "DecodeError"),
        (plain(204, b"", ""), "DecodeError"),
        (plain(200, b"not gzip", "application/json", "Content-Encoding: gzip"), "DecodeError"),
        (plain(200, b"x", "application/json", "Content-Encoding: gzip, gzip"), "BodyTooLarge"),
        (plain(500, b"x" * 300_000, "text/plain"), "ServerStatusError"),
        (lambda connection, _: None, "ConnectError"),
        (lambda connection, _: connection.sendall(b"HTTP/1.1 200"), "ConnectError"),
        (lambda connection, _: connection.sendall(b"\x00garbage\r\n\r\n"), "ConnectError"),
        (
            lambda connection, _: connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n{"),
            "ConnectError",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_whatever_a_server_answers_the_error_is_typed(
    flavour: str, handle: Handler, kind: str
) -> None:
    assert type(failing(flavour, handle)).__name__ == kind


@both
def test_a_large_error_body_is_an_attribute_and_not_a_text(flavour: str) -> None:
    assert len(failing(flavour, plain(500, b"x" * 300_000, "text/plain")).body) == 300_000


@both
def test_nothing_listens(flavour: str) -> None:
    package: Any = importlib.import_module(NAME)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(package.ClientError) as caught:
        list_through(flavour, f"http://127.0.0.1:{port}")
    assert type(caught.value).__name__ == "ConnectError"


@both
def test_a_redirect_is_not_followed_and_carries_nothing(flavour: str) -> None:
    with serving(plain(200, b'{"environments": []}')) as (elsewhere, got):
        for status in (301, 302, 303, 307, 308):
            error = failing(flavour, plain(status, b"", "", f"Location: {elsewhere}/steal"))
            assert type(error).__name__ == "RedirectError"
        assert got == []


@both
def test_the_decoded_body_is_what_counts(flavour: str) -> None:
    bomb = gzip.compress(b"0" * (80 * 1024 * 1024))
    handle = plain(200, bomb, "application/json", "Content-Encoding: gzip")
    assert type(failing(flavour, handle)).__name__ == "BodyTooLarge"
    small = plain(200, gzip.compress(b'{"environments": []}'), "application/json", "Content-Encoding: gzip")  # fmt: skip
    with serving(small) as (url, _):
        assert list_through(flavour, url).environments == []


@both
def test_an_endless_body_ends_at_the_cap(flavour: str) -> None:
    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(
            b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        while True:
            connection.sendall(chunk)

    assert type(failing(flavour, handle, max_body=1_000_000)).__name__ == "BodyTooLarge"


@both
@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n"],
    ids=["header", "body"],
)
def test_a_slow_drip_does_not_outlast_the_deadline(flavour: str, head: bytes) -> None:
    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for byte in head * 10 or b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 900:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    started = time.monotonic()
    error = failing(flavour, handle, timeout=0.6)
    assert type(error).__name__ == "TimeoutError"
    assert time.monotonic() - started < 50


def test_the_limits_are_finite_by_default() -> None:
    timeout = module("runtime.policy").DEFAULT_TIMEOUT
    assert (timeout.connect, timeout.read, timeout.total) == (5.0, 30.0, 120.0)
    for bad in (0.0, -1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="timeout"):
            module("runtime.policy").Timeout.of(bad)


# --- retries


def replying(*replies: tuple[int, str | None]) -> tuple[httpx2.MockTransport, list[str]]:
    seen: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        status, after = replies[min(len(seen), len(replies) - 1)]
        seen.append(request.method)
        fields = {} if after is None else {"Retry-After": after}
        return httpx2.Response(status, headers=fields, json={"environments": []})

    return httpx2.MockTransport(handle), seen


def driven(transport: Any, sleeps: list[float]) -> Any:
    """A session whose pauses are written down instead of waited for."""
    policy, transports = module("runtime.policy"), module("runtime.transport")
    session = module("runtime.session")
    retries = policy.Retries(jitter=lambda: 1.0)
    driver = transports.Driver(transport, policy.Timeout(), retries, sleep=sleeps.append)
    schemes = module("operations").SCHEMES
    keys = session.secrets(schemes, {"ApiKeyAuth": CANARY})
    made = session.core("https://api.example", schemes, keys)
    return session.Session(made, driver)


def test_an_idempotent_call_is_sent_again_and_not_for_ever() -> None:
    operations, sleeps = module("operations"), list[float]()
    transport, seen = replying((503, None), (429, "3"), (200, None))
    driven(transport, sleeps).send(operations.MODELS__ENVIRONMENTS__LIST, {"model_id": "m"})
    assert (seen, sleeps) == (["GET"] * 3, [0.5, 3.0])
    transport, seen = replying((503, None))
    session = driven(transport, sleeps)
    with pytest.raises(module("runtime.errors").ServerStatusError):
        session.send(operations.MODELS__ENVIRONMENTS__LIST, {"model_id": "m"})
    assert len(seen) == 3


def test_a_long_retry_after_is_not_slept() -> None:
    operations, sleeps = module("operations"), list[float]()
    transport, seen = replying((503, "999999"))
    with pytest.raises(module("runtime.errors").ServerStatusError):
        driven(transport, sleeps).send(operations.MODELS__ENVIRONMENTS__LIST, {"model_id": "m"})
    assert (len(seen), sleeps) == (1, [])


def test_a_create_is_never_sent_twice() -> None:
    operations, sleeps = module("operations"), list[float]()
    transport, seen = replying((503, None))
    body = module("models").CreateEnvironmentRequestV1(name="x")
    session, create = driven(transport, sleeps), operations.MODELS__ENVIRONMENTS__CREATE
    with pytest.raises(module("runtime.errors").ServerStatusError):
        session.send(create, {"model_id": "m"}, body)
    assert seen == ["POST"]


# --- what is sent


def test_a_patch_sends_exactly_what_was_set() -> None:
    models = module("models")
    settings = models.UpdateAutoscalingSettingsV1(min_replica=1, max_replica=None)
    body = models.UpdateEnvironmentRequestV1(autoscaling_settings=settings)
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(500)

    package: Any = importlib.import_module(NAME)
    carrier = httpx2.MockTransport(handle)
    with (
        package.Client(api_key_auth=CANARY, transport=carrier) as client,
        pytest.raises(module("runtime.errors").StatusError),
    ):
        client.models.environments.update("a/b", "staging", body)
    assert seen[0].method == "PATCH"
    assert seen[0].url.raw_path == b"/v1/models/a%2Fb/environments/staging"
    assert seen[0].headers["authorization"] == f"Api-Key {CANARY}"
    assert seen[0].content == b'{"autoscaling_settings":{"min_replica":1,"max_replica":null}}'


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    package: Any = importlib.import_module(NAME)
    errors = module("runtime.errors")
    monkeypatch.delenv("BASETEN_API_KEY", raising=False)
    with (
        package.Client(transport=replying((200, None))[0]) as client,
        pytest.raises(errors.CredentialError, match="BASETEN_API_KEY"),
    ):
        client.models.environments.list("m")
    monkeypatch.setenv("BASETEN_API_KEY", CANARY)
    with package.Client(transport=replying((200, None))[0]) as client:
        assert client.models.environments.list("m").environments == []
        assert CANARY not in repr(client)
        with pytest.raises(errors.CredentialError):
            pickle.dumps(client)
    monkeypatch.setenv("BASETEN_API_KEY", f"{CANARY}\n")
    with pytest.raises(errors.CredentialError, match="BASETEN_API_KEY") as caught:
        package.Client()
    assert CANARY not in str(caught.value)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(plain(200, b"")) as (proxy, got):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        with serving(plain(200, b'{"environments": []}')) as (url, _):
            for flavour in ("Client", "AsyncClient"):
                list_through(flavour, url)
        assert got == []


@both
def test_no_logger_shows_the_key(flavour: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(plain(200, b'{"environments": []}')) as (url, _):
        list_through(flavour, url)
    assert CANARY not in caplog.text


# --- waiting


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def environment(**autoscaling: object) -> dict[str, object]:
    settings = {
        "min_replica": 0, "max_replica": 1, "autoscaling_window": None, "scale_down_delay": None,
        "concurrency_target": 1, "target_utilization_percentage": None,
    } | autoscaling  # fmt: skip
    return {
        "name": "staging", "created_at": "2024-01-01T00:00:00Z", "model_id": "m",
        "current_deployment": None, "candidate_deployment": None, "autoscaling_settings": settings,
        "promotion_settings": {},
        "instance_type": {
            "id": "1x2", "name": "1x2", "memory_limit_mib": 1, "millicpu_limit": 1, "gpu_count": 0,
            "gpu_type": None, "gpu_memory_limit_mib": None,
        },
    }  # fmt: skip


def waiting(states: list[dict[str, object]], wait: bool | float, clock: Clock, body: Any) -> int:
    """Update with ``wait`` against a server that shows one state after the other."""
    reads = 0

    def handle(request: httpx2.Request) -> httpx2.Response:
        nonlocal reads
        if request.method == "PATCH":
            return httpx2.Response(200, json={"status": "ACCEPTED", "message": "later"})
        reads += 1
        return httpx2.Response(200, json=states[min(reads, len(states)) - 1])

    policy, transports = module("runtime.policy"), module("runtime.transport")
    session, operations = module("runtime.session"), module("operations")
    driver = transports.Driver(
        httpx2.MockTransport(handle), policy.Timeout(), policy.Retries(), clock.sleep, clock
    )
    keys = session.secrets(operations.SCHEMES, {"ApiKeyAuth": CANARY})
    made = session.core("https://api.example", operations.SCHEMES, keys)
    update = operations.MODELS__ENVIRONMENTS__UPDATE
    arguments = {"model_id": "m", "env_name": "staging"}
    session.Session(made, driver).send(update, arguments, body, wait=wait)
    return reads


def patch(**settings: object) -> Any:
    models = module("models")
    inner = models.UpdateAutoscalingSettingsV1(**settings)
    return models.UpdateEnvironmentRequestV1(autoscaling_settings=inner)


def test_wait_returns_when_what_was_sent_is_visible() -> None:
    clock = Clock()
    states = [environment(), environment(), environment(max_replica=5)]
    assert waiting(states, True, clock, patch(max_replica=5, min_replica=None)) == 3
    assert clock.slept == sorted(clock.slept)
    assert len(clock.slept) == 2


def test_without_wait_nothing_is_read() -> None:
    assert waiting([environment()], False, Clock(), patch(max_replica=5)) == 0


def test_wait_ends_with_the_last_state() -> None:
    clock = Clock()
    with pytest.raises(module("runtime.errors").WaitTimeout) as caught:
        waiting([environment()], 3.0, clock, patch(max_replica=5))
    assert caught.value.state.autoscaling_settings.max_replica == 1
    assert 3.0 <= clock.now <= 5.0


def test_null_that_leaves_a_member_as_it_is_is_visible_at_once() -> None:
    assert waiting([environment()], True, Clock(), patch(max_replica=None)) == 1


def test_an_empty_update_is_visible_at_once() -> None:
    assert waiting([environment()], True, Clock(), patch()) == 1


@both
@pytest.mark.parametrize(
    "given",
    [
        {"api_key_auth": f"{CANARY}\n"},
        {"api_key_auth": CANARY, "base_url": "ftp://api.example"},
        {"api_key_auth": CANARY, "base_url": "http://api.example"},
        {"api_key_auth": CANARY, "max_body": 0},
        {"api_key_auth": CANARY, "timeout": -1},
    ],
)
def test_a_client_that_cannot_be_made_leaves_no_key_in_any_frame(
    flavour: str, given: dict[str, Any]
) -> None:
    package: Any = importlib.import_module(NAME)
    with pytest.raises((package.ClientError, ValueError)) as caught:
        getattr(package, flavour)(**given)
    frames = _frames(caught.value)
    ours = [frame for frame in frames if Path(frame.filename) != Path(__file__)]
    assert ours
    assert CANARY not in str([frame.locals for frame in ours]) + str(caught.value)


def test_a_key_of_the_environment_is_in_no_frame_either(monkeypatch: pytest.MonkeyPatch) -> None:
    package: Any = importlib.import_module(NAME)
    monkeypatch.setenv("BASETEN_API_KEY", f"{CANARY}\n")
    with pytest.raises(package.ClientError) as caught:
        package.Client()
    ours = [each for each in _frames(caught.value) if Path(each.filename) != Path(__file__)]
    assert CANARY not in str([frame.locals for frame in ours])


@pytest.mark.parametrize("wait", [-1, 0, -0.5, float("nan"), float("inf"), "2", None])
def test_a_senseless_wait_is_refused_before_anything_is_sent(wait: Any) -> None:
    with pytest.raises(module("runtime.errors").UnsafeValue, match="`wait`"):
        waiting([], wait, Clock(), patch(max_replica=5))


@both
def test_a_read_that_hangs_does_not_outlast_the_wait(flavour: str) -> None:
    package: Any = importlib.import_module(NAME)
    accepted = plain(200, b'{"status": "ACCEPTED", "message": "later"}')

    def handle(connection: socket.socket, data: bytes) -> None:
        if data.startswith(b"PATCH"):
            accepted(connection, data)
        else:
            time.sleep(120)

    def update(url: str) -> Any:
        arguments = ("m", "e", patch(max_replica=5))
        if flavour == "Client":
            with package.Client(base_url=url, api_key_auth=CANARY) as client:
                return client.models.environments.update(*arguments, wait=0.7)

        async def main() -> Any:
            async with package.AsyncClient(base_url=url, api_key_auth=CANARY) as client:
                return await client.models.environments.update(*arguments, wait=0.7)

        return asyncio.run(main())

    started = time.monotonic()
    with serving(handle) as (url, _), pytest.raises(package.runtime.errors.WaitTimeout):
        update(url)
    assert time.monotonic() - started < 60
