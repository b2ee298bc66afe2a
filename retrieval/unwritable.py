"""Whether something failed for want of space or of the right to write: every library says so in its own way."""

from __future__ import annotations

import errno
import re
import sqlite3

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
SAID = re.compile(
    r"os error (28|30|122)\b|No space left on device|\d+ requested and \d+ written|disk is full"
)
"""What safetensors, Chroma and NumPy say, whose errors carry no number."""


def is_full(error: BaseException | None) -> bool:
    """Whether an error means that there was no room.

    >>> is_full(OSError("512 requested and 0 written")), is_full(OSError(errno.ENOENT, "No such file"))
    (True, False)
    """
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        return code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in FULL
    return error is not None and SAID.search(str(error)) is not None


def is_read_only(error: BaseException | None) -> bool:
    """Whether an error means that nothing may be written there."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    return isinstance(error, OSError) and error.errno in READ_ONLY
