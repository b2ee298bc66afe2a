"""How much memory this process holds, as Linux counts it."""

from __future__ import annotations

from pathlib import Path


def memory_bytes() -> int:
    """Memory in use now: what the process made, and pages of files that it has mapped and read."""
    return _kibibytes("VmRSS") * 1024


def peak_bytes() -> int:
    """The most that was ever in use at one time."""
    return _kibibytes("VmHWM") * 1024


def _kibibytes(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields[name].split()[0])
