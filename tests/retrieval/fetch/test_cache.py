import errno
import shutil
from pathlib import Path

import pytest

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.cache import (
    cache_folder,
    disk_errors,
    hold_lock,
    need_space,
    scratch,
    verify_file,
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path / "cache"))


def test_the_folder_is_the_one_in_the_environment(tmp_path):
    assert cache_folder() == tmp_path / "cache"


def test_without_the_variable_it_is_the_systems_own(monkeypatch):
    monkeypatch.delenv("TASTEMAKER_CACHE")
    assert cache_folder().name == "tastemaker"
    assert cache_folder().is_absolute()


def test_a_lock_can_be_taken_again_once_left():
    for _ in range(2):
        with hold_lock("x"):
            pass


def test_a_lock_is_left_when_the_work_fails():
    with pytest.raises(ValueError, match="inside"), hold_lock("x"):
        raise ValueError("inside")
    with hold_lock("x"):
        pass


def test_scratch_starts_empty_and_is_gone_afterwards():
    leftover = cache_folder() / "tmp" / "x" / "old"
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    with scratch("x") as folder:
        assert list(folder.iterdir()) == []
        (folder / "new").touch()
    assert not folder.exists()


def test_too_little_space_says_how_much_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**10, 0, 1_100_000_000))
    with pytest.raises(SourceError, match=r"needs 2\.4 GB, 1\.1 GB free at .*TASTEMAKER_CACHE"):
        need_space(tmp_path / "not" / "there" / "yet", 2_400_000_000)
    need_space(tmp_path, 1_000_000_000)


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "no space left"), (errno.EROFS, "cannot write"), (errno.EACCES, "cannot write")],
)
def test_a_full_or_forbidden_disk_is_one_clear_line(number, said):
    with pytest.raises(SourceError, match=f"{said}.*TASTEMAKER_CACHE"), disk_errors(Path("/c")):
        raise OSError(number, "system's words")


def test_another_disk_error_stays_itself():
    with pytest.raises(OSError, match="broken") as caught, disk_errors(Path("/c")):
        raise OSError(errno.EIO, "broken")
    assert not isinstance(caught.value, SourceError)


def test_other_content_is_refused_and_deleted(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"abc")
    verify_file(file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    with pytest.raises(SourceError, match="sha256"):
        verify_file(file, "0" * 64)
    assert not file.exists()
