import os

import pytest

from tastemaker.agent.llm.cpu_cores import cores_in_quota, physical, usable_cores


def topology(folder, siblings):
    for number, text in enumerate(siblings):
        file = folder / f"cpu{number}" / "topology" / "thread_siblings_list"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return folder


def test_hyperthreads_of_one_core_count_once(tmp_path):
    cpus = topology(tmp_path, ["0,2\n", "1,3\n", "0,2\n", "1,3\n"])
    assert physical([0, 1, 2, 3], cpus) == 2
    assert physical([0, 2], cpus) == 1


def test_where_nothing_is_described_every_processor_counts(tmp_path):
    assert physical([0, 1, 2], tmp_path) == 3


@pytest.mark.parametrize(("text", "cores"), [("200000 100000\n", 2), ("150000 100000\n", 1)])
def test_a_containers_quota(tmp_path, text, cores):
    (tmp_path / "cpu.max").write_text(text)
    assert cores_in_quota(tmp_path / "cpu.max") == cores


def test_no_quota_does_not_limit(tmp_path):
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert cores_in_quota(tmp_path / "cpu.max") == cores_in_quota(tmp_path / "missing") == os.cpu_count()


def test_there_is_always_one(tmp_path):
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert usable_cores(tmp_path, tmp_path / "cpu.max") == 1
