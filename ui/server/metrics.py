"""Figures for Prometheus: requests, turns, first events, and turns turned away."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tastemaker.ui.server.turn_slots import TurnSlots

SECONDS = (0.05, 0.1, 0.3, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """One registry per server, so that several may live in one process."""

    def __init__(self, slots: TurnSlots) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tastemaker_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tastemaker_turn_seconds", "Seconds of whole turns.", registry=self.registry, buckets=SECONDS
        )
        self.first = Histogram(
            "tastemaker_first_event_seconds",
            "Seconds to a turn's first event.",
            registry=self.registry,
            buckets=SECONDS,
        )
        for name, words, value in (
            ("running", "Turns that run now.", lambda: slots.running),
            ("queued", "Turns that wait now.", lambda: slots.queued),
            ("shed", "Turns turned away since the start.", lambda: slots.shed),
            ("fast", "Turns by fast, for many waited, since the start.", lambda: slots.fast),
            ("rules", "Turns without the model, for many waited, since the start.", lambda: slots.rules),
        ):
            Gauge(f"tastemaker_turns_{name}", words, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """All figures in Prometheus' format."""
        return generate_latest(self.registry)
