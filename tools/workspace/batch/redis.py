"""Lists in Redis: a key a person, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow as pa

from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.workspace.batch.target import Target, without_password

PREFIX = "recommendations:"
KEYS_AT_ONCE = 2_000
DAY = 86_400


class RedisTarget(Target):
    """``redis://:password@host:6379/0?prefix=recommendations:&days=7``.

    Under the prefix and a person's id lies ``{"items": [...], "scores": [...]}``; with ``days`` it goes when it is so
    old, which is how people who are in no later run leave. How far a run came lies under the prefix and ``#progress``.

    Raises:
        ConfigError: days that are no number above 0, or redis-py is not installed.
        DataError: the server cannot be used, or half of another run is there.
    """

    def __init__(self, url: str, question: str) -> None:
        try:
            import redis
        except ImportError:
            raise ConfigError("--out redis:// needs redis; run `pip install 'tastemaker[redis]'`") from None
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        self._prefix, days = asked.pop("prefix", PREFIX), asked.pop("days", "")
        if days and not (days.isdecimal() and int(days)):
            raise ConfigError(f"days {days!r}; give a whole number above 0, or leave it out to keep lists")
        self._seconds = int(days) * DAY if days else None
        self._shown, self._errors = without_password(url), (redis.RedisError,)
        self._run, self._progress = question, f"{self._prefix}#progress"
        with self._own_errors():
            address = urlunsplit(parts._replace(query=urlencode(asked)))
            self._client: Any = redis.Redis.from_url(address, decode_responses=True)
            known = self._client.hgetall(self._progress)
        if known and known.get("run") != question:
            raise DataError(
                f"{self._shown}: half of another run is there; run that again, or delete the key {self._progress!r} "
                "to give it up, or choose another ?prefix="
            )
        self.finished = int(known.get("parts", 0))

    def write(self, number: int, part: pa.Table) -> None:
        """As for all targets: the count of parts follows the keys, which may be written twice."""
        with self._own_errors():
            for batch in part.to_batches(KEYS_AT_ONCE):
                pipeline = self._client.pipeline(transaction=False)
                for row in batch.to_pylist():
                    value = json.dumps({"items": row["items"], "scores": row["scores"]}, ensure_ascii=False)
                    pipeline.set(f"{self._prefix}{row['user']}", value, ex=self._seconds)
                pipeline.execute()
            self._client.hset(self._progress, mapping={"run": self._run, "parts": number + 1})

    def finish(self) -> None:
        """As for all targets."""
        with self._own_errors():
            self._client.delete(self._progress)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise DataError(
                f"cannot write to {self._shown} ({' '.join(str(error).split())[:200]})"
            ) from error
