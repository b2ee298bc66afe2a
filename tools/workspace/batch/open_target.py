"""The place that a run's lists go to, by what ``--out`` says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.batch.postgres import PostgresTarget
from tastemaker.tools.workspace.batch.redis import RedisTarget
from tastemaker.tools.workspace.batch.target import ParquetTarget, Target, without_password


def open_target(out: Path | str, question: Mapping[str, object]) -> Target:
    """Where ``out`` says: a Parquet file, or a ``postgresql://`` or ``redis://`` URL.

    Args:
        out: see :class:`PostgresTarget` and :class:`RedisTarget` for what a URL may hold.
        question: all that the lists depend on; only a run of the same goes on where another stopped.

    Raises:
        ConfigError: a URL of another kind, or the package for it is not installed.
        DataError: half of another run is there, or nothing can be written.
    """
    asked = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
    if isinstance(out, Path) or "://" not in out:
        return ParquetTarget(Path(out), asked)
    if re.match(r"postgres(ql)?://", out):
        return PostgresTarget(out, asked)
    if re.match(r"rediss?://", out):
        return RedisTarget(out, asked)
    raise ConfigError(
        f"--out {without_password(out)!r}; give a Parquet file, or a postgresql:// or redis:// URL"
    )
