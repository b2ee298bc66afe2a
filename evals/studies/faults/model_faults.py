"""A model's server that goes wrong in the ways that a socket, HTTP and JSON allow; each turn is answered all the same.

The server reads a request and then does one of :data:`FAULTS`, whatever it is asked.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tastemaker.agent import Tastemaker
from tastemaker.agent.llm.limits import Limits
from tastemaker.evals.studies.injections import EARLIEST, FORBIDDEN
from tastemaker.tools.workspace.workspace import Workspace

LIMITS = Limits(call_seconds=1.0, turn_seconds=2.0, breaker_failures=100)
LONGEST = 15.0
"""Seconds that a turn may take: its limit, and room for a machine that others use too."""
MESSAGE = "a drama from 1980 on, no horror"
GOOD = {"intent": "recommend", "constraints": [], "wish": "a drama"}
FORM = json.dumps(GOOD)

Fault = Callable[[socket.socket], None]


def _http(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {size}", *headers]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


def _completion(content: Any = FORM, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], **more}


def _sends(*pieces: bytes, pause: float = 0.0) -> Fault:
    def send(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def _says(content: Any, **more: Any) -> Fault:
    return _sends(_http(json.dumps(_completion(content, **more)).encode()))


def _tells(told: Any) -> Fault:
    return _sends(_http(json.dumps(told).encode()))


def _status(status: str, *headers: str, body: bytes = b'{"error": {"message": "no"}}') -> Fault:
    return _sends(_http(body, status, *headers))


def _choice(**changed: Any) -> Fault:
    told = _completion()
    told["choices"][0] |= changed
    return _tells(told)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _wait(_: socket.socket) -> None:
    time.sleep(3 * LIMITS.call_seconds)


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    until = time.monotonic() + 3 * LIMITS.call_seconds
    while time.monotonic() < until:
        connection.sendall(b" " * 65_536)


BODY = json.dumps(_completion()).encode()
BODIES: tuple[Any, ...] = (None, [], {}, "text", 7, True)
USAGES: tuple[Any, ...] = (
    None,
    {"prompt_tokens": -5},
    {"prompt_tokens": "many"},
    [],
    {"prompt_tokens": 10**30},
)
FAULTS: Mapping[str, Fault] = {
    "closes at once": _sends(),
    "resets": _reset,
    "says nothing": _wait,
    "half a status line": _sends(b"HTTP/1."),
    "no HTTP at all": _sends(b"\x00\xff\x16\x03\x01 hello\r\n\r\n"),
    "another protocol's greeting": _sends(b"SSH-2.0-OpenSSH_9.0\r\n"),
    "headers without an end": _sends(b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 2000),
    "a header of 200 kB": _sends(_http(BODY, "200 OK", "X-Long: " + "a" * 200_000)),
    "a byte each 50 ms": _sends(_http(b""), *(bytes([byte]) for byte in BODY), pause=0.05),
    "headers, then nothing": _sends(_http(b"", length=len(BODY)), b"", pause=1.5),
    "less than it announced": _sends(_http(BODY[:40], length=len(BODY))),
    "more than it announced": _sends(_http(BODY, length=20)),
    "a length below zero": _sends(_http(BODY, length=-5)),
    "broken chunks": _sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "a body without an end": _endless,
    "gzip that is none": _sends(_http(BODY, "200 OK", "Content-Encoding: gzip")),
    "a bomb of gzip": _sends(_http(gzip.compress(b" " * 30_000_000), "200 OK", "Content-Encoding: gzip")),
    "another character set": _sends(_http(BODY.decode().encode("utf-16"))),
    "a redirect to itself": _status("302 Found", "Location: /v1/chat/completions"),
    "a redirect elsewhere": _status("307 Temporary Redirect", "Location: http://127.0.0.1:9/x"),
    "204": _status("204 No Content", body=b""),
    **{
        f"{code}": _status(f"{code} No")
        for code in (400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 429, 451)
    },
    **{f"{code}": _status(f"{code} No") for code in (500, 501, 502, 503, 504, 520, 529)},
    **{
        f"429, come again {told!r}": _status("429 No", f"Retry-After: {told}")
        for told in ("nan", "inf", "-3", "1e999", "tomorrow", "", "86400", "Wed, 21 Oct 2099 07:28:00 GMT")
    },
    "an error with 200": _tells({"error": {"message": "overloaded", "type": "server_error"}}),
    "a page": _sends(_http(b"<!doctype html><title>Bad gateway</title>")),
    "an empty body": _sends(_http(b"")),
    **{f"the body {told!r}": _tells(told) for told in BODIES},
    "half a body of JSON": _sends(_http(BODY[: len(BODY) // 2])),
    "not a number": _sends(_http(BODY.replace(b'"created": 0', b'"created": NaN'))),
    "brackets 50,000 deep": _sends(_http(b"[" * 50_000 + b"]" * 50_000)),
    "no choices": _tells(_completion() | {"choices": []}),
    "choices are nothing": _tells(_completion() | {"choices": None}),
    "choices are a text": _tells(_completion() | {"choices": "many"}),
    "no message": _choice(message=None),
    "a tool call, no words": _choice(
        message={
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "erase", "arguments": "{"}}],
        }
    ),
    "a refusal": _choice(message={"role": "assistant", "content": None, "refusal": "I can't do that."}),
    "thoughts alone": _choice(message={"role": "assistant", "content": "", "reasoning_content": "hm " * 500}),
    "cut at its limit": _choice(finish_reason="length", message={"role": "assistant", "content": '{"int'}),
    "held back by a filter": _choice(
        finish_reason="content_filter", message={"role": "assistant", "content": None}
    ),
    **{f"usage {told!r}": _says(json.dumps(GOOD), usage=told) for told in USAGES},
    **{
        f"the answer {told[:24]!r}": _says(told)
        for told in (
            "",
            " \n",
            "null",
            "[]",
            "7",
            "Sure! Here is your film.",
            "```json\n{\n```",
            json.dumps(GOOD)[:-4],
            json.dumps(GOOD) * 2,
            "\ufeff" + json.dumps(GOOD),
            '{"intent": "recommend", "intent": "exit", "wish": NaN}',
            '{"intent": "\\ud83d", "wish": "\\u0000\\udc00"}',
            json.dumps({"intent": "explode", "constraints": "all", "wish": {"a": []}, "mentions": 3}),
            json.dumps(
                {
                    "intent": "recommend",
                    "constraints": [{"attribute": "year", "op": "at_least", "value": "x"}] * 9,
                }
            ),
            json.dumps({"intent": "recommend", "wish": "y" * 300_000}),
            json.dumps({"chosen": [f"f{n}" for n in range(40)], "choice": "Z", "items": ["none"] * 99}),
            "[" * 5_000,
            "{" + '"a":{' * 2_000,
            "\\" * 10_000,
        )
    },
    "an answer that is a list": _says(["a"]),
    "an answer that is a number": _says(12.5),
    "an answer of 20 MB": _says("z" * 20_000_000),
}


@contextmanager
def faulty_server(fault: Fault) -> Iterator[str]:
    """A server on loopback that meets every request with one fault; gives its specification as a model."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5.0)
            connection.recv(1 << 20)
            fault(connection)

    def accept() -> None:
        with suppress(OSError):  # until it is closed
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1#large-70b"
    finally:
        listener.close()


def turn_with(workspace: Workspace, home: Path, fault: Fault) -> str:
    """What went wrong in a turn whose model's server has a fault; "" where it was answered as it has to be."""
    try:
        with (
            faulty_server(fault) as llm,
            Tastemaker.open(workspace.path, llm=llm, effort="balanced", limits=LIMITS, home=home) as tm,
        ):
            session = tm.session()
            started = time.perf_counter()
            reply = session.send(MESSAGE, 3)
            took = time.perf_counter() - started
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    if took > LONGEST:
        return f"took {took:.1f} s"
    if not reply.items or not (reply.message or reply.notes):
        return "no items or no words"
    broken = [
        card.title
        for card in reply.items
        if not isinstance(year := card.attributes.get("year"), (int, float))
        or year < EARLIEST
        or FORBIDDEN in card.attributes.get("genres", ())
    ]
    return f"shown against the conditions: {broken}" if broken else ""


def run(workspace: Workspace, home: Path, names: Iterable[str]) -> dict[str, str]:
    """What went wrong under each fault; "" where nothing did."""
    return {name: turn_with(workspace, home, FAULTS[name]) for name in names}
