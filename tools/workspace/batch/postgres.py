"""Lists in a table of PostgreSQL: a row a person, replaced as parts come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow as pa

from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.workspace.batch.target import Target, without_password

TABLE = "recommendations"
CONNECT_SECONDS = 10


class PostgresTarget(Target):
    """``postgresql://user:password@host/database?table=recommendations``.

    The table has ``person`` (text, the key), ``items`` (text[]), ``scores`` (real[]) and ``run`` (text). A part and the
    count of parts come in in one transaction; people who are not in the run leave the table at its end.

    Raises:
        ConfigError: a table name that is none, or psycopg is not installed.
        DataError: the database cannot be used, or half of another run is in the table.
    """

    def __init__(self, url: str, question: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise ConfigError(
                "--out postgresql:// needs psycopg; run `pip install 'tastemaker[postgres]'`"
            ) from None
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        self._table, self._run = asked.pop("table", TABLE), question
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,50}", self._table):
            raise ConfigError(f"table {self._table!r}; use small letters, digits and _, 51 at most")
        self._shown = without_password(url)
        self._errors: tuple[type[Exception], ...] = (psycopg.Error,)
        with self._own_errors():
            address = urlunsplit(parts._replace(query=urlencode(asked)))
            self._connection = psycopg.connect(address, connect_timeout=CONNECT_SECONDS)
            try:
                self.finished = self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> int:
        with self._connection.transaction():
            self._do(
                f"CREATE TABLE IF NOT EXISTS {self._table} (person text PRIMARY KEY, items text[] NOT NULL, "
                "scores real[] NOT NULL, run text NOT NULL)"
            )
            self._do(
                f"CREATE TABLE IF NOT EXISTS {self._table}_progress (run text PRIMARY KEY, parts integer NOT NULL)"
            )
            known = dict(self._do(f"SELECT run, parts FROM {self._table}_progress").fetchall())  # noqa: S608
        if set(known) - {self._run}:
            raise DataError(
                f"{self._shown}: half of another run is in {self._table}; run that again, or drop table "
                f"{self._table}_progress to give it up, or choose another ?table="
            )
        return int(known.get(self._run, 0))

    def write(self, number: int, part: pa.Table) -> None:
        """As for all targets."""
        rows = {row["user"]: (row["items"], row["scores"]) for row in part.to_pylist()}
        with self._own_errors(), self._connection.transaction():
            self._do(f"CREATE TEMP TABLE part (LIKE {self._table}) ON COMMIT DROP")
            columns = "person, items, scores, run"
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY part ({columns}) FROM STDIN") as copy,
            ):
                copy.set_types(["text", "text[]", "float4[]", "text"])
                for person, (items, scores) in rows.items():
                    copy.write_row((person, items, scores, self._run))
            self._do(
                f"INSERT INTO {self._table} ({columns}) SELECT {columns} FROM part ON CONFLICT (person) "  # noqa: S608
                "DO UPDATE SET items = excluded.items, scores = excluded.scores, run = excluded.run"
            )
            self._do(
                f"INSERT INTO {self._table}_progress VALUES (%s, %s) ON CONFLICT (run) "  # noqa: S608
                "DO UPDATE SET parts = excluded.parts",
                (self._run, number + 1),
            )

    def finish(self) -> None:
        """People of earlier runs leave the table."""
        with self._own_errors(), self._connection.transaction():
            self._do(f"DELETE FROM {self._table} WHERE run <> %s", (self._run,))  # noqa: S608
            self._do(f"DROP TABLE {self._table}_progress")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        return self._connection.execute(statement, values)

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise DataError(
                f"cannot write to {self._shown} ({' '.join(str(error).split())[:200]})"
            ) from error
