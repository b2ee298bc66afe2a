import gzip

import pytest

from tastemaker.evals.next_item.interaction_files import LogFormat, read_log_file
from tastemaker.retrieval.errors import DataError


def write(path, text, packed=False):
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_user_item_lines(tmp_path, packed):
    path = write(tmp_path / ("log.txt.gz" if packed else "log.txt"), "1 7\n1 9\n2 9\n1 8\n", packed)
    data = read_log_file(path, LogFormat.SASREC)
    log = data.interactions
    assert (data.name, data.timed, data.catalog.ids) == (path.name, False, ("7", "9", "8"))
    assert log.users == ("1", "2")
    assert [data.catalog.ids[row] for row in log.item] == ["7", "9", "8", "9"]
    assert log.timestamp.tolist() == [0, 1, 2, 0]  # places in the history, no times


def test_lines_of_a_whole_history(tmp_path):
    path = write(tmp_path / "log.txt", "1 7 9 8\n2 9\n")
    data = read_log_file(path, LogFormat.S3REC)
    assert [data.catalog.ids[row] for row in data.interactions.item] == ["7", "9", "8", "9"]
    assert data.interactions.user.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("1 2\n1 2 3\n", LogFormat.SASREC, ":2: expected `user item`, got 3 words; is it --format s3rec"),
        ("1 2\n\n", LogFormat.SASREC, ":2: expected"),
        ("1 2\n1\n", LogFormat.S3REC, ":2: expected"),
        ("", LogFormat.SASREC, "no interactions"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path, text, kind, said):
    with pytest.raises(DataError, match=said):
        read_log_file(write(tmp_path / "log.txt", text), kind)


def test_missing_and_broken_files(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_log_file(tmp_path / "none.txt", LogFormat.SASREC)
    cut = write(tmp_path / "cut.gz", "1 2\n" * 999, packed=True)
    cut.write_bytes(cut.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"cut\.gz: cannot be read"):
        read_log_file(cut, LogFormat.SASREC)
    (tmp_path / "x.gz").write_bytes(b"no gzip")
    with pytest.raises(DataError, match="cannot be read"):
        read_log_file(tmp_path / "x.gz", LogFormat.SASREC)
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="cannot be read"):
        read_log_file(tmp_path / "x.txt", LogFormat.SASREC)
