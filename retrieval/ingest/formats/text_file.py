"""A person's text file as Unicode, whatever wrote it: gzip, byte order marks, encodings older than UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tastemaker.retrieval.errors import DataError

BLOCK = 1 << 20
JUDGED = 1 << 16
"""Bytes of lines that are no UTF-8 by which the encoding is judged."""
WESTERN = "cp1252"
LATIN = frozenset(
    "cp1252 latin_1 iso8859_1 iso8859_15 iso8859_9 iso8859_2 iso8859_3 iso8859_4 iso8859_10 iso8859_13 "
    "iso8859_14 iso8859_16 cp1250 cp1254 cp1257 cp1258 cp437 cp850 cp858 cp775 cp852 cp500 cp1140 cp037 "
    "cp273 hp_roman8 mac_roman mac_latin2 mac_iceland mac_turkish ascii".split()
)
"""Encodings of Latin letters; among them a few bytes do not decide, and the commonest one is taken."""
LONG_RUN = 3
"""Letters of other alphabets stand side by side; accented Latin ones seldom more than two."""
_RUNS = re.compile(rb"[\x80-\xff]+")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class TextFile:
    """A text file that is known to decode.

    Attributes:
        path: the file.
        encoding: by Python's name.
        quoted: whether it holds a double quote.
        note: what had to be decided, for a person; "" where nothing.
    """

    path: Path
    encoding: str
    quoted: bool
    note: str = ""

    @contextmanager
    def open(self) -> Iterator[IO[str]]:
        """The text, with the line ends of the file."""
        with open_bytes(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            yield text


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes, unpacked where it is gzip, by its content.

    Raises:
        DataError: the gzip is broken.
    """
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        if not packed:
            yield raw
            return
        try:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield unpacked  # type: ignore[misc]
        except (gzip.BadGzipFile, EOFError) as error:
            raise DataError(f"no readable gzip file: {error}; pack it again", path) from None


def text_file(path: Path, encoding: str | None) -> TextFile:
    """Find out how a file is encoded, by reading it once.

    Args:
        path: the file.
        encoding: what the person said it is; found out unless given. A byte order mark decides, then UTF-8
            where the file decodes so; else the commonest Western one, which is noted, unless the bytes look
            like another alphabet.

    Raises:
        DataError: it is no text, does not decode as said, or its encoding has to be said.
    """
    with open_bytes(path) as raw:
        start = raw.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if encoding is None or (marked and encoding.casefold().replace("_", "-") in ("utf-8", "utf8", "utf-16")):
        if marked:
            return TextFile(path, marked, _check(path, marked))
        try:
            return TextFile(path, "utf-8", _check(path, "utf-8"))
        except _Undecodable as fault:
            return _guessed(path, fault)
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise DataError(f"no encoding is called {encoding!r}; write for example 'latin-1'", path) from None
    try:
        return TextFile(path, encoding, _check(path, encoding))
    except _Undecodable as fault:
        raise DataError(
            f"byte {fault.byte:#04x} is not {encoding}; leave the encoding out and it is found out, or name "
            'another one with --encoding or encoding = "..." in the overrides file',
            path,
            fault.line,
        ) from None


class _Undecodable(Exception):
    """The first byte that does not decode, its line, and lines of its kind."""

    def __init__(self, byte: int, line: int) -> None:
        super().__init__(byte, line)
        self.byte, self.line = byte, line


def _check(path: Path, encoding: str) -> bool:
    """Whether a double quote is in the file.

    Raises:
        DataError: it holds NUL characters.
        _Undecodable: it does not decode.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line, quoted = 1, False
    with open_bytes(path) as raw:
        while True:
            block = raw.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise _Undecodable(
                    error.object[error.start], line + error.object.count(b"\n", 0, error.start)
                ) from None
            if "\0" in text:
                raise DataError(
                    "holds NUL characters, so it is no text file, or one in UTF-16 that does not say so: "
                    'try encoding = "utf-16-le"',
                    path,
                    line + text.count("\n", 0, text.index("\0")),
                )
            quoted = quoted or '"' in text
            line += text.count("\n")
            if not block:
                return quoted


def _guessed(path: Path, fault: _Undecodable) -> TextFile:
    from charset_normalizer import from_bytes  # only for files that are no UTF-8

    odd = _odd_lines(path)
    runs = [len(run) for run in _RUNS.findall(odd)]
    accents = sum(run for run in runs if run < LONG_RUN) > 0.5 * sum(runs)
    best = None if accents else from_bytes(odd).best()
    name = best.encoding if best else WESTERN
    place = f"byte {fault.byte:#04x} is not UTF-8"
    if name not in LATIN:
        raise DataError(
            f'{place}; the file looks like {name}: give --encoding {name} or encoding = "{name}" in the '
            "overrides file, if that is right",
            path,
            fault.line,
        )
    for encoding in (WESTERN, "latin-1"):
        try:
            quoted = _check(path, encoding)
        except _Undecodable:
            continue
        example = odd.decode(encoding, "replace").split("\n", 1)[0].strip()[:60]
        note = (
            f"{path.name}:{fault.line}: {place}, so the file is read as {encoding}, as in {example!r}; if "
            'that is wrong, write encoding = "..." in the overrides file'
        )
        return TextFile(path, encoding, quoted, note)
    raise AssertionError("latin-1 decodes everything")


def _odd_lines(path: Path) -> bytes:
    """The first lines that are no ASCII, which tell most of the encoding."""
    kept: list[bytes] = []
    size = 0
    with open_bytes(path) as raw:
        for line in raw:
            if not line.isascii():
                kept.append(line)
                size += len(line)
                if size > JUDGED:
                    break
    return b"".join(kept)
