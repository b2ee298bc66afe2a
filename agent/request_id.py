"""One id for everything that one request leads to, from the front door to each call of the model."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALLOWED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("tastemaker_request_id", default="")


def request_id() -> str:
    """The id of the request that is being answered, or a new one outside of any."""
    return _current.get() or uuid.uuid4().hex


@contextmanager
def with_request_id(given: str | None = None) -> Iterator[str]:
    """A block whose turns bear one id: the caller's own where it is short and plain, else a new one.

    >>> with with_request_id("shop-42") as one, with_request_id("two words") as other:
    ...     (one, request_id() == other, len(other))
    ('shop-42', True, 32)
    """
    chosen = given if given and ALLOWED.fullmatch(given) else uuid.uuid4().hex
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)
