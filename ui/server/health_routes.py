"""``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from tastemaker.ui.server.state import State

router = APIRouter(tags=["operation"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "It starts, or it is about to end."}})
def readyz(server: State) -> JSONResponse:
    """Whether turns are taken: not while it starts and not once it is about to end."""
    if not server.ready:
        return JSONResponse({"status": "not ready"}, 503, {"Retry-After": "5"})
    model = server.tm.model.name if server.tm.model else "rules"
    return JSONResponse({"status": "ready", "items": len(server.catalog), "model": model})


@router.get("/metrics", response_class=Response)
def metrics(server: State) -> Response:
    """Figures in Prometheus' text format."""
    return Response(server.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
