"""The embedded model server: llama.cpp on loopback, one process shared by all of this user's.

::

    server = ensure_local_server("qwen2.5-coder-1.5b")
    client = openai.OpenAI(base_url=server.base_url, api_key=server.api_key)

The first caller starts :mod:`tastemaker.agent.llm.local_process`; later ones, in any process, find it
through its record in the cache folder (readable by this user only, as it holds the key). Each
caller holds a lease, a locked file that the system frees when the process ends. The server ends
``linger_seconds`` after the last lease, or when its record is deleted.

In a shell: ``python -m tastemaker.agent.llm.local_server --model smollm2-135m --port 0``.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import importlib.metadata
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import FileLock

from tastemaker.agent.llm.cpu_cores import usable_cores
from tastemaker.retrieval.errors import ConfigError, ModelUnreachable, TastemakerError
from tastemaker.retrieval.fetch.cache import cache_folder, disk_errors, hold_lock, lock_file
from tastemaker.retrieval.fetch.model_files import CHAT_MODELS, chat_model

HOST = "127.0.0.1"
START_SECONDS = 180.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
HEALTH_SECONDS = 5.0
YIELDING = MappingProxyType({"GOMP_SPINCOUNT": "1000"})
"""Let llama.cpp's threads spin only briefly before they sleep. By default they spin on, and as soon as
anything else wants a core the model becomes many times slower (figures in LOG.md)."""

_leases: dict[Path, FileLock] = {}
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ServerSettings:
    """How a local server runs.

    Attributes:
        context: tokens of prompt and answer together.
        cache_mib: memory for prompts of conversations that take turns.
        linger_seconds: how long it lives on after the last process that used it.
        threads: for computing; 0 for one per usable core.
    """

    context: int = 8192
    cache_mib: int = 1024
    linger_seconds: float = 1800.0
    threads: int = 0


@dataclass(frozen=True)
class LocalServer:
    """A running server.

    Attributes:
        model: the name it answers to.
        base_url: for a client of the OpenAI protocol, as in ``http://127.0.0.1:40000/v1``.
        api_key: what that client must send.
        pid: of the process that holds the model.
        log: what it wrote.
    """

    model: str
    base_url: str
    api_key: str = field(repr=False)
    pid: int
    log: Path


@dataclass(frozen=True)
class _Place:
    """The files of one server, named after the model and everything that decides how it answers."""

    folder: Path
    name: str

    @property
    def record(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def leases(self) -> Path:
        return self.folder / f"{self.name}.leases"


def ensure_local_server(
    model: str | Path = "qwen2.5-coder-1.5b",
    *,
    port: int = 0,
    settings: ServerSettings | None = None,
    progress: bool = True,
) -> LocalServer:
    """A healthy server of this model: the one that runs, or a fresh one.

    Call it again when a client finds the server gone; it costs milliseconds while the server is well.

    Args:
        model: a name :func:`chat_model` knows, fetched if need be, or a GGUF file.
        port: for a fresh server; 0 for any free one.
        settings: servers with other settings are separate processes.
        progress: show a bar while the model is fetched.

    Raises:
        ConfigError: unknown model.
        SourceError: the model could not be fetched.
        ModelUnreachable: the server died at start; carries the reason out of its log.
    """
    file = _model_file(model, progress)
    alias = file.stem if isinstance(model, Path) else model
    chosen = settings or ServerSettings()
    place = _place(alias, file, chosen)
    with hold_lock(_guard(place)):
        _hold_lease(place)
        return _running(place) or _start(place, alias, file, port, chosen)


def stop_local_server(model: str | Path | None = None) -> int:
    """Stop this user's servers of a model, or of all models; the number stopped.

    A server is stopped by deleting its record, so that no signal can hit another process.

    Raises:
        ModelUnreachable: a server is still up after ten seconds.
    """
    alias = model.stem if isinstance(model, Path) else model
    stopped = 0
    for record in sorted((cache_folder() / "servers").glob(f"{alias or '*'}-????????.json")):
        place = _Place(record.parent, record.stem)
        stopped += _running(place) is not None
        _stop(place)
    return stopped


def is_up(server: LocalServer) -> bool:
    """Whether the server answers."""
    return _answers(int(server.base_url.rpartition(":")[2].partition("/")[0]), server.api_key)


def is_alive(server: LocalServer) -> bool:
    """Whether the server's process runs; cheap enough for every look at a page."""
    child = _children.get(server.pid)
    if child is not None:
        return child.poll() is None
    try:
        os.kill(server.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _model_file(model: str | Path, progress: bool) -> Path:
    if not isinstance(model, Path):
        return chat_model(model, progress)
    if not model.is_file():
        raise ConfigError(f"no model file {model}; give a GGUF file or one of {', '.join(CHAT_MODELS)}")
    return model.absolute()


def _guard(place: _Place) -> str:
    """The name of the lock held while a server is looked for or started."""
    return f"server-{place.name}"


def _place(alias: str, file: Path, settings: ServerSettings) -> _Place:
    status = file.stat()
    version = importlib.metadata.version("xllamacpp")
    decides = [str(file), status.st_size, status.st_mtime_ns, asdict(settings), version]
    digest = hashlib.sha256(json.dumps(decides).encode()).hexdigest()
    folder = cache_folder() / "servers"
    place = _Place(folder, f"{alias}-{digest[:8]}")
    with disk_errors(folder):
        place.leases.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    return place


def _hold_lease(place: _Place) -> None:
    """Keep a file locked for as long as this process lives."""
    file = place.leases / f"{os.getpid()}.lease"
    if file in _leases and file.exists():
        return
    lock = FileLock(file)
    lock.acquire()
    _leases[file] = lock


def _running(place: _Place) -> LocalServer | None:
    """The server that the record names, if it is up and takes the record's key."""
    try:
        record = json.loads(place.record.read_text(encoding="utf-8"))
        server = _from_record(place, record)
    except (OSError, ValueError, KeyError):
        return None
    return server if _answers(int(record["port"]), server.api_key) else None


def _from_record(place: _Place, record: dict[str, Any]) -> LocalServer:
    url = f"http://{HOST}:{record['port']}/v1"
    return LocalServer(str(record["alias"]), url, str(record["key"]), int(record["pid"]), place.log)


def _answers(port: int, key: str) -> bool:
    """Whether our server listens there. One too busy to answer in time is up; a stranger is not ours."""
    connection = http.client.HTTPConnection(HOST, port, timeout=HEALTH_SECONDS)
    try:
        connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})
        return connection.getresponse().status == http.client.OK
    except TimeoutError:
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _start(place: _Place, alias: str, file: Path, port: int, settings: ServerSettings) -> LocalServer:
    wanted = {
        "model": str(file),
        "alias": alias,
        "key": secrets.token_urlsafe(24),
        "port": port,
        "threads": settings.threads or usable_cores(),
        "context": settings.context,
        "cache_mib": settings.cache_mib,
        "record": str(place.record),
        "leases": str(place.leases),
        "lock": str(lock_file(_guard(place))),
        "linger": settings.linger_seconds,
    }
    place.record.unlink(missing_ok=True)
    child = _spawn(place, wanted)
    try:
        _await_record(place, child)
    except BaseException:
        child.kill()
        child.wait()
        raise
    _children[child.pid] = child
    server = _running(place)
    if server is None:
        raise ModelUnreachable(f"the model server does not answer; see {place.log}")
    return server


def _spawn(place: _Place, wanted: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the model's process in a session of its own, so that Ctrl-C here does not reach it."""
    script = Path(__file__).with_name("local_process.py")
    with disk_errors(place.folder), place.log.open("wb") as log:
        place.log.chmod(0o600)
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=place.folder,
            start_new_session=True,
            env={**YIELDING, **os.environ},
        )
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError), child.stdin as pipe:  # it died: its log says why
            pipe.write(json.dumps(wanted).encode())
    return child


def _await_record(place: _Place, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not place.record.exists():
        if child.poll() is not None:
            raise ModelUnreachable(f"the model server died at start: {_reason(place.log)}; see {place.log}")
        if time.monotonic() > deadline:
            raise ModelUnreachable(f"the model server was not up in {START_SECONDS:.0f} s; see {place.log}")
        time.sleep(POLL_SECONDS)


def _reason(log: Path) -> str:
    """The first error that llama.cpp reported, else the last line."""
    lines = [
        line.strip()
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip()
    ]
    reported = [line.split(" E ", 1)[1].strip() for line in lines if " E " in line]
    return (reported[:1] or lines[-1:] or ["no reason in its log"])[0]


def _stop(place: _Place) -> None:
    record = place.record.read_text(encoding="utf-8")
    place.record.unlink(missing_ok=True)
    port, pid = json.loads(record)["port"], json.loads(record)["pid"]
    deadline = time.monotonic() + STOP_SECONDS
    while _listens(port):
        if time.monotonic() > deadline:
            raise ModelUnreachable(f"the model server (process {pid}) is still up; stop it by hand")
        time.sleep(POLL_SECONDS)
    if pid in _children:
        _children.pop(pid).wait()
    lease = _leases.pop(place.leases / f"{os.getpid()}.lease", None)
    if lease is not None:
        lease.release()


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1.0)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a server in the foreground until Ctrl-C; what it answers to is written to standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m tastemaker.agent.llm.local_server", description="Serve a model."
    )
    parser.add_argument("--model", default="qwen2.5-coder-1.5b", help=f"one of {', '.join(CHAT_MODELS)}")
    parser.add_argument("--port", type=int, default=0, help="0 for any free port")
    given = parser.parse_args(arguments)
    try:
        server = ensure_local_server(given.model, port=given.port)
    except TastemakerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"{server.model} at {server.base_url}, process {server.pid}; Ctrl-C stops it\n")
    sys.stderr.write(f"its key is in {server.log.with_suffix('.json')}\n")
    try:
        while is_up(server):
            time.sleep(1.0)
    except KeyboardInterrupt:
        stop_local_server(given.model)
        return 0
    sys.stderr.write(f"the server has ended; see {server.log}\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
