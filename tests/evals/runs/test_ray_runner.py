"""The same rows and numbers from a Ray cluster of two local workers as from threads."""

import builtins
import importlib.util
import json
import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from tastemaker.evals.runs.ray_runner import run_cases_on_ray
from tastemaker.evals.runs.run_cases import run_cases
from tastemaker.evals.runs.run_folder import RunFolder, read_run, run_head
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.main import app

with_ray = [
    pytest.mark.wire,
    pytest.mark.filterwarnings("ignore"),  # Ray leaves processes and sockets to be collected
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None, reason="Ray is not installed: pip install 'tastemaker[ray]'"
    ),
]


@dataclass(frozen=True)
class Case:
    id: str
    group: str


CASES = [Case(f"{n:02}", f"g{n // 3}") for n in range(24)]


def ask(case):
    if case.id == "07":
        raise OSError("down")
    return {"metrics": {"m": int(case.id) / 10}, "items": [case.id]}


def miss(case):
    return {"metrics": {"m": 0.0}, "items": []}


@dataclass(frozen=True)
class Asking:
    """A recipe; a worker that is asked the case ``dies`` ends on the spot."""

    dies: str = ""

    @contextmanager
    def open(self):
        def answer(case):
            if case.id == self.dies:
                os.kill(os.getpid(), signal.SIGKILL)
            return ask(case)

        yield answer


@dataclass(frozen=True)
class Broken:
    @contextmanager
    def open(self):
        raise OSError("no such workspace here")
        yield


def head():
    return run_head("dialogues", "x", data={"name": "d"}, parameters={})


def rows(folder):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in read_run(folder)[1]]


def on_ray(folder, recipe, cases=CASES):
    with RunFolder.open(folder, head()) as run:
        run_cases_on_ray(run, cases, recipe, miss, "local", workers=2, metric="m", progress=False)


@pytest.fixture
def by_value():
    """Workers cannot import this file, so that its classes travel whole."""
    import sys

    cloudpickle = importlib.import_module("ray.cloudpickle")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


class TestRay:
    pytestmark = with_ray

    def test_the_same_rows_resumed_and_failures_as_rows(self, tmp_path, by_value):
        with RunFolder.open(tmp_path / "threads", head()) as run:
            run_cases(run, CASES, ask, miss, workers=2, progress=False)
        on_ray(tmp_path / "ray", Asking(), CASES[:10])
        on_ray(tmp_path / "ray", Asking())
        assert len(rows(tmp_path / "ray")) == 24
        for theirs, ours in zip(rows(tmp_path / "ray"), rows(tmp_path / "threads"), strict=True):
            assert theirs == ours
        assert rows(tmp_path / "ray")[7]["error"].startswith("OSError: down")

    def test_a_worker_that_dies_costs_one_case(self, tmp_path, by_value):
        on_ray(tmp_path, Asking(dies="03"))
        told = rows(tmp_path)
        assert [row["case"] for row in told if row["error"]] == ["03", "07"]
        assert "2 tries" in told[3]["error"]
        assert told[3]["metrics"] == {"m": 0.0}

    def test_a_recipe_that_fails_stops_the_run(self, tmp_path, by_value):
        with pytest.raises(ConfigError, match=r"no such workspace here.*every machine"):
            on_ray(tmp_path, Broken())
        assert rows(tmp_path) == []

    def test_a_command_gives_the_same_numbers(self, film_workspace, tmp_path):
        given = [
            "eval",
            "simulate",
            "-w",
            str(film_workspace.path),
            "--people",
            "4",
            "--turns",
            "2",
            "-k",
            "2",
            "--persona",
            "plain",
            "-q",
            "--workers",
            "2",
        ]
        for name, more in (("threads", []), ("ray", ["--ray", "local"])):
            told = CliRunner().invoke(app, [*given, "--out", str(tmp_path / name), *more])
            assert told.exit_code == 0, (told.output, told.exception)
        (threads,), (ray,) = (
            [rows(f.parent) for f in (tmp_path / n).glob("*/run.json")] for n in ("threads", "ray")
        )
        assert [row["metrics"] for row in threads] == [row["metrics"] for row in ray]
        assert [row["items"] for row in threads] == [row["items"] for row in ray]
        assert len(ray) == 4


def test_without_ray_the_extra_is_named(monkeypatch, tmp_path):
    real = builtins.__import__

    def missing(name, *rest):
        if name == "ray":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ConfigError, match=r"tastemaker\[ray\]"):
        on_ray(tmp_path, Asking())
    assert json.loads((tmp_path / "run.json").read_text())["system"] == "x"
