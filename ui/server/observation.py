"""Where spans and structured logs of a server go, as the environment and the options say."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

from tastemaker.agent.llm.api_keys import redact_values
from tastemaker.retrieval.errors import ConfigError

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; no secret of the environment goes into it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its fields."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **getattr(record, "fields", {"message": record.getMessage()}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return redact_values(json.dumps(told, ensure_ascii=True, default=str))


def log_json() -> None:
    """Write requests, turns, calls of models and of tools to the error stream, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("tastemaker")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def export_spans() -> bool:
    """Send spans by OTLP where the environment names an endpoint; returns whether it does.

    Raises:
        ConfigError: it does, but the extra ``otel`` is not installed.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return False
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ConfigError(
            f'{" or ".join(ENDPOINTS)} is set, but {error.name} is missing; pip install "tastemaker[otel]"'
        ) from error
    named = os.environ.get("OTEL_SERVICE_NAME", "tastemaker")
    provider = TracerProvider(resource=Resource.create({"service.name": named}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True
