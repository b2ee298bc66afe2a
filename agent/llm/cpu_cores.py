"""How many threads pay off for computing on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

CPUS = Path("/sys/devices/system/cpu")
QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cores(cpus: Path = CPUS, quota: Path = QUOTA) -> int:
    """Physical cores this process may use: by affinity, without hyperthreads, within a container's quota.

    Args:
        cpus: where Linux describes the processors; elsewhere every processor counts.
        quota: where Linux keeps the container's share of processor time.
    """
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return max(1, min(physical(allowed, cpus), cores_in_quota(quota)))


def physical(allowed: Iterable[int], cpus: Path) -> int:
    """How many distinct cores the processors with these numbers belong to."""
    siblings = [cpus / f"cpu{number}" / "topology" / "thread_siblings_list" for number in allowed]
    return len({file.read_text() if file.exists() else str(file) for file in siblings})


def cores_in_quota(quota: Path) -> int:
    """Whole cores' worth of time that a file like "200000 100000" grants; many where it does not limit."""
    words = quota.read_text().split() if quota.exists() else []
    if len(words) != 2 or words[0] == "max":
        return os.cpu_count() or 1
    return int(words[0]) // int(words[1])
