"""Fetching pinned files of the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.download import download


def hub_file(
    repo: str,
    name: str,
    target: Path,
    sha256: str | None = None,
    size: int | None = None,
    progress: bool = True,
) -> Path:
    """Fetch one file of a hub repository, resumable; arguments and errors are those of ``download``.

    Honours ``HF_ENDPOINT`` and ``HF_HUB_OFFLINE``. An unreachable hub is given up within seconds,
    which the hub's own client does not do.
    """
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        raise SourceError("left out because HF_HUB_OFFLINE is set")
    return download(hf_hub_url(repo, name), target, sha256=sha256, size=size, progress=progress)
