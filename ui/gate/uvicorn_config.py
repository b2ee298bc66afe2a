"""How uvicorn serves an application of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import uvicorn

GRACE_SECONDS = 30
MAX_CONNECTIONS = 1024


def uvicorn_config(app: Callable[..., Any], root_path: str = "", **more: Any) -> uvicorn.Config:
    """Turns that run are finished before the end; ``more`` goes to uvicorn as it is."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,  # longer than proxies keep theirs, so that none is closed under a request
        ws="none",
        root_path=root_path,
        **more,
    )
