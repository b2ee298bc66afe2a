import os
import stat

import numpy as np
import pytest

from tastemaker.retrieval.atomic_write import replace_file, replace_folder, write_atomically


@pytest.fixture(params=[0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_get_the_permissions_of_any_new_one(tmp_path, umask):
    write_atomically(tmp_path / "file", b"1")
    with replace_folder(tmp_path / "folder") as fresh:
        write_atomically(fresh / "inside", b"2")
    assert _mode(tmp_path / "file") == _mode(tmp_path / "folder" / "inside") == 0o666 & ~umask
    assert _mode(tmp_path / "folder") == 0o777 & ~umask


def test_an_error_names_the_file_that_was_asked_for(tmp_path):
    with pytest.raises(OSError, match="No space") as told, replace_file(tmp_path / "f"):
        raise OSError(28, "No space left on device")  # what a write to a full disk says
    assert told.value.filename == str(tmp_path / "f")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as told:
        write_atomically(tmp_path / "folder", b"1")
    assert str(tmp_path / "folder") in (told.value.filename, told.value.filename2)


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    write_atomically(tmp_path / "f", b"old")
    with pytest.raises(TypeError), replace_file(tmp_path / "f") as file:
        file.writelines([b"half", None])
    assert (tmp_path / "f").read_bytes() == b"old"
    with replace_file(tmp_path / "f") as file:
        np.savez(file, a=np.arange(3))
    assert np.load(tmp_path / "f")["a"].tolist() == [0, 1, 2]
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_folder_that_could_not_be_filled_leaves_the_old_one(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "old").write_text("1")
    with pytest.raises(FileNotFoundError), replace_folder(tmp_path / "f") as fresh:
        (fresh / "no folder" / "new").write_text("2")
    assert [p.name for p in tmp_path.rglob("*")] == ["f", "old"]
