"""How much of a model's answer is taken: its server may send without an end, and long texts cost more than they hold.

LangChain reads JSON that is broken by trying again without the last character, and again: an answer of some
megabytes keeps a core busy for hours, long after anybody waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import openai
from langchain_core.callbacks import BaseCallbackHandler

from tastemaker.agent.llm.limits import DEFAULT_LIMITS
from tastemaker.retrieval.errors import ModelNonsense

try:
    import httpx2 as httpx  # what the openai package speaks through, and its types and errors
except ImportError:  # older ones of it
    import httpx  # type: ignore[no-redef]

if TYPE_CHECKING:
    from langchain_core.outputs import LLMResult

MAX_BODY_BYTES = 4 * 2**20
"""Of one response: the longest thoughts of a model, each letter written as an escape."""
CHARS_A_TOKEN, MORE_CHARS = 16, 4_000
"""So many characters are the tokens that were allowed, in any script, and what a server wraps them in."""


class TooLong(BaseCallbackHandler):
    """Refuses an answer that is longer than what was allowed, before anything reads it."""

    raise_error = True

    def __init__(self, tokens: int) -> None:
        self._most = MORE_CHARS + CHARS_A_TOKEN * tokens

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """As LangChain says: after the answer, before it is read."""
        size = sum(len(one.text) for row in response.generations for one in row)
        if size > self._most:
            raise ModelNonsense(f"an answer of {size:,} characters, at most {self._most:,} were allowed")


@cache
def bounded_client() -> httpx.Client:
    """A client whose responses end after :data:`MAX_BODY_BYTES`, or a call's longest time, and that goes to no other
    server than it was told.

    What is packed could hold any amount, so it asks for what is not, and takes nothing else.
    """
    return openai.DefaultHttpxClient(
        headers={"Accept-Encoding": "identity"}, event_hooks={"request": [], "response": [_bound]}
    )


def _bound(response: httpx.Response) -> None:
    asked = response.request.url
    if response.has_redirect_location:
        other = asked.join(response.headers["location"])
        if (other.host, other.port) != (asked.host, asked.port):  # what people say goes where they were told
            raise httpx.ConnectError(f"it sends elsewhere, to {other.host}", request=response.request)
    packed = response.headers.get("content-encoding", "identity")
    if packed.strip().casefold() != "identity":
        raise httpx.DecodingError(
            f"an answer as {packed!r}, which was not asked for", request=response.request
        )
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Bounded(response.stream, response.request)


class _Bounded(httpx.SyncByteStream):
    """A response's bytes up to a size and a time."""

    def __init__(self, stream: httpx.SyncByteStream, request: httpx.Request) -> None:
        self._stream, self._request = stream, request
        self._latest = time.monotonic() + DEFAULT_LIMITS.call_seconds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            size += len(piece)
            if size > MAX_BODY_BYTES:
                raise httpx.ReadError(
                    f"an answer of more than {MAX_BODY_BYTES:,} bytes", request=self._request
                )
            if time.monotonic() > self._latest:
                raise httpx.ReadTimeout("the answer did not end in time", request=self._request)
            yield piece

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()
