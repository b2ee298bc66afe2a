"""Fetching pinned files of the Hugging Face hub."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.cache import disk_errors, human_bytes, need_space, verify_file

CONNECT_SECONDS = 5
"""Until a hub that does not answer is given up."""
FOLDER = ".hub"
"""Ends the name of the folder beside the target in which the hub's client works."""


def hub_file(
    repo: str,
    name: str,
    target: Path,
    sha256: str | None = None,
    size: int | None = None,
    progress: bool = True,
) -> Path:
    """Fetch one file of a hub repository with the hub's own client.

    Honours ``HF_ENDPOINT``, ``HF_HUB_OFFLINE`` and whatever else that client reads. It would ask an
    unreachable hub again for minutes, so the file's head is asked for first, once.

    Args:
        repo: OWNER/NAME.
        name: the file's path in it.
        target: where the whole file appears at the end, atomically; its folder is made.
        sha256: the content's, where known; other content is deleted.
        size: bytes, where known; another size is refused before the transfer.
        progress: show a bar on standard error.

    Raises:
        SourceError: unreachable, refused by the hub, other content, or no room on the disk.
    """
    from huggingface_hub import constants, hf_hub_download

    if constants.HF_HUB_OFFLINE:
        raise SourceError("left out because HF_HUB_OFFLINE is set")
    folder = target.with_name(target.name + FOLDER)
    with disk_errors(target.parent):
        need_space(target.parent, _announced_size(repo, name, size))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = Path(
                hf_hub_download(
                    repo,
                    name,
                    local_dir=folder,
                    etag_timeout=CONNECT_SECONDS,
                    tqdm_class=tqdm if progress else _SilentBar,
                )
            )
        except Exception as error:  # of three libraries: see _reason
            raise _reason(error) from error
        if sha256:
            verify_file(fetched, sha256)
        fetched.replace(target)
        shutil.rmtree(folder)
    return target


def _announced_size(repo: str, name: str, size: int | None) -> int:
    """The bytes that the hub announces, asked once; refuses those that are not ``size``."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    try:
        announced = get_hf_file_metadata(hf_hub_url(repo, name), timeout=CONNECT_SECONDS).size
    except Exception as error:
        raise _reason(error) from error
    if size is not None and announced not in (size, None):
        raise SourceError(
            f"refused: the hub's file has {human_bytes(announced or 0)}, should be {human_bytes(size)}"
        )
    return announced or size or 0


def _reason(error: Exception) -> Exception:
    """What went wrong, in a line; an error of the disk stays what it is.

    The client raises errors of its own, of its HTTP library, and of its transfer library.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error
    lines = str(error).strip().splitlines()
    return SourceError(f"the hub's client: {lines[0] if lines else type(error).__name__}")


class _SilentBar(tqdm):  # type: ignore[misc]  # tqdm has no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "disable": True})
