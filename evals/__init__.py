"""Metrics, splits, next-item evaluation, benchmarks."""
