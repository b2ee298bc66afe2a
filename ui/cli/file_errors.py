"""What to say, in one line, of a file or folder that can't be read or written."""

from __future__ import annotations

import errno

from tastemaker.retrieval.unwritable import is_full

ADVICE = {
    errno.EROFS: "that place is read-only; name another one",
    errno.EACCES: "name another place, or change who may use this one",
    errno.EPERM: "name another place, or change who may use this one",
    errno.EISDIR: "that is a folder; name a file",
    errno.ENOTDIR: "a part of that path is a file; name another place",
    errno.ENAMETOOLONG: "give a shorter name",
}


def say_file_error(error: OSError) -> str | None:
    """The line for an error; None where it is of another kind, which nobody foresaw.

    >>> say_file_error(OSError(errno.ENOSPC, "No space left on device", "ann.json"))
    'cannot use ann.json: No space left on device; free some space, then run the same command again'
    >>> say_file_error(OSError(errno.EACCES, "Permission denied", "ann.json"))
    'cannot use ann.json: Permission denied; name another place, or change who may use this one'
    >>> say_file_error(OSError(errno.ECONNREFUSED, "Connection refused"))
    """
    if is_full(error):
        advice = "free some space, then run the same command again"
    elif error.filename is None or error.errno not in ADVICE:
        return None
    else:
        advice = ADVICE[error.errno]
    place = "this place" if error.filename is None else error.filename
    return f"cannot use {place}: {error.strerror or error}; {advice}"
