"""Every error this project raises on purpose, as one tree.

::

    TastemakerError
    ├── ConfigError          a setting or command-line value is not allowed
    ├── DataError            a row, column or file of the person's data is wrong
    ├── SourceError          a data set or model could not be had from any source
    ├── WorkspaceError       a workspace is missing, broken or of another version
    │   └── DiskFull             nothing more can be written where it lies
    ├── SessionBusy          another turn of the same session takes too long
    ├── QueryError           a query, constraint or history is malformed
    ├── ToolError            a tool call failed in a way the model may correct
    └── ModelError           a language model could not answer
        ├── ModelUnreachable     no server, or no network
        │   ├── ModelTimeout         a server, but no answer in time
        │   ├── ModelBusy            the server asks to come back later
        │   └── ModelResting         not asked: it failed several times in a row just now
        ├── BudgetSpent          not asked: the turn has used up what it may spend
        ├── ModelRefused         wrong key, no such model, bad request
        │   └── NoLogprobs           the server does not tell how likely its words were
        └── ModelNonsense        an answer that does not fit the form asked for

A message names the value, what is allowed, and what to run next. The command
line prints it on one line and exits with status 2; anything else that escapes
is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

from pathlib import Path


class TastemakerError(Exception):
    """Base of every error raised on purpose; ``str(error)`` is one line for a person."""


class ConfigError(TastemakerError):
    """A setting or a command-line value is not allowed."""


class DataError(TastemakerError):
    """Something in the person's data is wrong; says where as ``file:line:column``.

    Args:
        message: what is wrong, what is allowed, and what to do next.
        path: the file, where known.
        line: 1-based line (the header is line 1), where known.
        column: the column's name, where known.
    """

    def __init__(
        self, message: str, path: Path | str | None = None, line: int | None = None, column: str | None = None
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)
        self.path, self.line, self.column = path, line, column


class SourceError(TastemakerError):
    """A data set or a model could not be had from any of its sources."""


class WorkspaceError(TastemakerError):
    """A workspace is missing, incomplete, or was made by an incompatible version."""


class DiskFull(WorkspaceError):
    """Nothing more can be written: no space, no quota, or a file system that may only be read."""


class SessionBusy(TastemakerError):
    """Another turn of the same session, perhaps in another process, did not end in time."""


class QueryError(TastemakerError):
    """A query, a constraint or a history is malformed."""


class ToolError(TastemakerError):
    """A tool call failed in a way that the model is told about and may correct."""


class ModelError(TastemakerError):
    """A language model could not answer."""


class ModelUnreachable(ModelError):
    """No server answered at the model's address, or not in time."""


class ModelTimeout(ModelUnreachable):
    """The model did not answer within the time of a call or of the turn."""


class ModelBusy(ModelUnreachable):
    """The server is overloaded or limits the rate of calls.

    Args:
        message: what it said.
        retry_after: seconds to wait as the server asks for, where it does.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelResting(ModelUnreachable):
    """The model failed several times in a row and is left alone for a while."""


class BudgetSpent(ModelError):
    """The turn has used up its seconds, calls or tokens."""


class ModelRefused(ModelError):
    """The server answered with a refusal: wrong key, unknown model, bad request."""


class NoLogprobs(ModelRefused):
    """The server does not tell how likely its words were; ask for an answer in a form instead."""


class ModelNonsense(ModelError):
    """The model answered, but not in the form it was asked for."""
