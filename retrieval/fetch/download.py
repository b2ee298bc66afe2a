"""Fetching one file over HTTP, with a bar, resumable, verified."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tqdm import tqdm

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.cache import disk_errors, human_bytes, need_space, verify_file

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
PART = ".part"
RESUMES = 3
"""How often a transfer that broke midway is taken up again."""


class Bar:
    """A progress bar over bytes; silent where not wanted."""

    def __init__(self, label: str, total: int | None, done: int = 0, show: bool = True) -> None:
        self._bar = tqdm(
            total=total, initial=done, desc=label, unit="B", unit_scale=True, disable=not show, leave=show
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def add(self, n_bytes: int) -> None:
        """Move on by so many bytes."""
        self._bar.update(n_bytes)

    def at(self, n_bytes: int) -> None:
        """Move to a position; never backwards."""
        self._bar.update(max(0, n_bytes - self._bar.n))


def http_client() -> httpx.Client:
    """A client that gives up on an unreachable host within seconds."""
    import httpx  # an eighth of a second, and every workspace that is opened knows where to fetch its model

    return httpx.Client(timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS), follow_redirects=True)


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    progress: bool = True,
    client: httpx.Client | None = None,
) -> Path:
    """Fetch ``url`` into ``target``; a broken transfer is kept in ``target.part`` and resumed next time.

    Args:
        url: what to fetch.
        target: where the whole file appears at the end, atomically; its folder is made.
        sha256: the content's, where known; other content is deleted.
        size: bytes, where known; a server that announces another size is refused before the transfer.
        progress: show a bar on standard error.
        client: closed afterwards; :func:`http_client` where not given.

    Raises:
        SourceError: unreachable, refused by the server, other content, or no room on the disk.
    """
    import httpx

    part = target.with_name(target.name + PART)
    with client or http_client() as opened, disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(RESUMES):
            before = _size(part)
            try:
                _transfer(opened, url, part, size, progress)
                break
            except httpx.HTTPError as error:
                if _size(part) <= before:
                    raise SourceError(_reason(error)) from error
        else:
            raise SourceError(f"the transfer broke {RESUMES} times; run it again to resume")
        if sha256:
            verify_file(part, sha256)
        part.replace(target)
    return target


def _transfer(client: httpx.Client, url: str, part: Path, size: int | None, progress: bool) -> None:
    from httpx import codes

    done = _size(part)
    if size is not None and done == size:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code == codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise SourceError("what was fetched before does not fit the server's file; run it again")
        answer.raise_for_status()
        resumed = answer.status_code == codes.PARTIAL_CONTENT
        start = done if resumed else 0
        total = _total_size(answer, start, size)
        need_space(part.parent, (total or start) - start)
        with part.open("ab" if resumed else "wb") as file, Bar(part.stem, total, start, progress) as bar:
            for chunk in answer.iter_bytes():
                file.write(chunk)
                bar.add(len(chunk))


def _total_size(answer: httpx.Response, start: int, size: int | None) -> int | None:
    length = answer.headers.get("Content-Length")
    total = start + int(length) if length else size
    if size is not None and total != size:
        raise SourceError(
            f"refused: the server's file has {human_bytes(total or 0)}, should be {human_bytes(size)}"
        )
    return total


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: httpx.HTTPError) -> str:
    from httpx import HTTPStatusError

    host = error.request.url.host
    if isinstance(error, HTTPStatusError):
        return f"{host} answered HTTP {error.response.status_code}"
    return f"{host} is unreachable ({str(error) or type(error).__name__})"
