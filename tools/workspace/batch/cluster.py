"""A Ray cluster, connected for as long as it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tastemaker.retrieval.errors import ConfigError

LOCAL = "local"
"""The address that starts a cluster of its own on this machine."""


@contextmanager
def cluster(address: str, workers: int) -> Iterator[ModuleType]:
    """The module ``ray``, connected; what was started is stopped in the end."""
    ray = import_ray()
    own: Mapping[str, Any] = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error", **own)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ConfigError(
            f"no Ray cluster at {address!r} ({str(error).splitlines()[0]}); start one with `ray start --head` "
            "and give its address, or --ray local"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def import_ray() -> Any:
    """The module ``ray``.

    Raises:
        ConfigError: it is not installed; names the extra.
    """
    try:
        import ray
    except ImportError:
        raise ConfigError(
            "--ray needs Ray, which is not installed; run `pip install 'tastemaker[ray]'`, or leave --ray out "
            "to run on this machine"
        ) from None
    return ray
