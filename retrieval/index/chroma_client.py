"""Where Chroma keeps a collection: in the index's own folder, or on a ``chroma run`` server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from tastemaker.retrieval.errors import ConfigError, WorkspaceError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.config import Settings

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class ChromaPlace:
    """A folder of ours, or a server.

    Attributes:
        folder: the index's folder; Chroma's own is inside, unless there is a server.
        url: ``http://host:port`` of the server.
        patience: seconds to wait for an answer of the server.
    """

    folder: Path
    url: str | None = None
    patience: float = 60.0

    def __str__(self) -> str:
        return f"on the Chroma server at {self.url}" if self.url else f"in {self.folder}"

    def client(self) -> Client:
        """Open the store; whoever does gives the client to :func:`close`.

        Raises:
            ConfigError: the URL is none.
            WorkspaceError: no server answers there.
        """
        # Chroma takes a second to import, and only the store needs it.
        from chromadb import PersistentClient
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self.url:
            return self._server(server_address(self.url), settings)
        own = str(self.folder / "chroma")
        try:
            return PersistentClient(own, settings)  # type: ignore[return-value]
        except BaseException:
            # Chroma would hand out the broken one again.
            SharedSystemClient._identifier_to_system.pop(own, None)
            raise

    def _server(self, address: SplitResult, settings: Settings) -> Client:
        import httpx
        from chromadb import HttpClient

        secure = address.scheme == "https"
        port = address.port or (443 if secure else DEFAULT_PORT)
        try:
            # A first look of our own: Chroma's client waits for ever.
            httpx.get(
                f"{address.geturl().rstrip('/')}/api/v2/heartbeat", timeout=self.patience
            ).raise_for_status()
            client = HttpClient(address.hostname or "", port, secure, settings=settings)
        except (httpx.HTTPError, ValueError) as error:
            raise WorkspaceError(self._silent(error)) from error
        client._server._session.timeout = self.patience  # type: ignore[attr-defined]
        return client  # type: ignore[return-value]

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Errors of the store as WorkspaceErrors that say where and what to do."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except httpx.HTTPError as error:
            raise WorkspaceError(self._silent(error)) from error
        except ChromaError as error:
            remedy = "free some space, then run" if "full" in str(error) else "run"
            raise WorkspaceError(
                f"the text index {self} cannot be used: {error}; {remedy} `tastemaker build` again"
            ) from error

    def _silent(self, error: Exception) -> str:
        port = server_address(self.url or "").port or DEFAULT_PORT
        return (
            f"no Chroma server answers at {self.url} ({error}); start it with"
            f" `chroma run --path FOLDER --port {port}`, or check the address (--store, TASTEMAKER_STORE)"
        )


def close(client: Client) -> None:
    """Let go of a store's files or connections; Chroma itself leaves a server's connections open."""
    client.close()
    parts: tuple[Any, ...] = (client, client._admin_client)
    for part in parts:
        session = getattr(part._server, "_session", None)
        if session is not None:
            session.close()


def server_address(url: str) -> SplitResult:
    """The parts of a server's URL.

    Raises:
        ConfigError: it is not of the form ``http://host:port``.

    >>> server_address("http://127.0.0.1:8000").port
    8000
    """
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
        if well_formed and (parts.port is None or parts.port):
            return parts
    except ValueError:
        pass  # a port that is no number
    raise ConfigError(f"store {url!r}: write http://HOST:PORT, the address of a `chroma run` server")
