"""The process that holds a local model: llama.cpp's server, run as a script of its own.

It imports nothing else of this project, so that it starts fast and stays small; start it through
:mod:`tastemaker.agent.llm.local_server`. It reads one JSON object from standard input:

=============== ==================================================================
``model``       path of the GGUF file
``alias``       the name it answers to
``key``         the key a client must send
``port``        0 for any free one
``threads``     for computing
``context``     tokens, shared by all conversations
``cache_mib``   memory for prompts of conversations that are not in the slot
``record``      file that it writes, once up, with its pid and port beside the above
``leases``      folder with one locked file per client process
``lock``        file that a client locks while it looks for a server
``linger``      seconds to live on after the last client has ended
=============== ==================================================================

It ends by itself when its record is gone or names another process, and ``linger`` seconds after
the last client process has ended, however that ended: the system frees a dead process's locks.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

WATCH_SECONDS = 0.5


def main() -> None:
    """Serve until there is no reason to any more."""
    wanted = json.load(sys.stdin)
    server = start_server(wanted)
    port = int(server.listening_address.rpartition(":")[2])
    record = Path(wanted["record"])
    write_private(record, json.dumps({**wanted, "pid": os.getpid(), "port": port}))
    watch(record, Path(wanted["leases"]), Path(wanted["lock"]), float(wanted["linger"]))
    os._exit(0)  # the server's own threads would keep an ordinary exit waiting


def start_server(wanted: dict[str, Any]) -> Any:
    """A running ``xllamacpp.Server`` on loopback; returns when the model is loaded."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wanted["model"]
    params.model_alias = {wanted["alias"]}
    params.hostnames = ["127.0.0.1"]
    params.port = wanted["port"]
    params.api_keys = [wanted["key"]]
    params.n_ctx = wanted["context"]
    params.cache_ram_mib = wanted["cache_mib"]
    params.cpuparams.n_threads = wanted["threads"]
    params.cpuparams_batch.n_threads = wanted["threads"]
    params.n_parallel = 1
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = 1
    return xllamacpp.Server(params)


def watch(record: Path, leases: Path, lock: Path, linger: float) -> None:
    """Return when the record is no longer this process's, or nobody has needed it for long enough."""
    needed = time.monotonic()
    while names_me(record):
        if any_lease(leases):
            needed = time.monotonic()
        elif time.monotonic() - needed > linger:
            retire(record, leases, lock)
        time.sleep(WATCH_SECONDS)


def retire(record: Path, leases: Path, lock: Path) -> None:
    """Delete the record, unless a client is just about to use it."""
    with contextlib.suppress(Timeout), FileLock(lock, timeout=0):
        if not any_lease(leases):
            record.unlink(missing_ok=True)


def names_me(record: Path) -> bool:
    """Whether the record is there and carries this process's pid."""
    try:
        return bool(json.loads(record.read_text(encoding="utf-8"))["pid"] == os.getpid())
    except (OSError, ValueError, KeyError):
        return False


def any_lease(leases: Path) -> bool:
    """Whether a living process holds one of the leases; sweeps those of dead ones."""
    living = False
    for file in leases.glob("*.lease"):
        try:
            with FileLock(file, timeout=0):
                file.unlink(missing_ok=True)
        except Timeout:
            living = True
    return living


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, atomically."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)


if __name__ == "__main__":
    main()
