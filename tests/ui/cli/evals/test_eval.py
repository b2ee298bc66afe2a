import json

import pytest
from typer.testing import CliRunner

from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.ui.cli.evals.app import eval_app
from tastemaker.ui.cli.shell_command import _without_folder


def run(*arguments):
    result = CliRunner().invoke(eval_app, ["next-item", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def log(tmp_path):
    lines = [f"{user} {(user + step) % 9}" for user in range(30) for step in range(5)]
    (tmp_path / "log.txt").write_text("\n".join(lines))
    return tmp_path / "log.txt"


def test_a_published_file_gives_a_table_and_json(log, tmp_path):
    found = run(
        "--data-file",
        log,
        "--systems",
        "popularity,ease",
        "--cache",
        tmp_path / "kept",
        "-q",
        "--json",
        tmp_path / "out" / "r.json",
        "--set",
        "ease.half_life=null",
        "--baseline",
        "ease",
    )
    assert found.stdout.splitlines()[0].startswith("system")
    assert "ease" in found.stdout
    report = json.loads((tmp_path / "out" / "r.json").read_text())
    assert report["systems"]["ease"]["config"]["half_life"] is None
    assert report["baseline"] == "ease"
    assert str(tmp_path) not in json.dumps(report)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["r.json"]


CONFIG = """
model = "sasrec"
paper = "p"
data = "d"
command = "c"
seed = 3
format = "sasrec"
[settings]
size = 8
training.epochs = 1
"""


@pytest.fixture
def config(tmp_path):
    (tmp_path / "own.toml").write_text(CONFIG)
    return tmp_path / "own.toml"


def test_a_frozen_config_runs_from_end_to_end(log, config, tmp_path):
    kept, out = tmp_path / "kept", tmp_path / "r.json"
    found = run("--config", config, "--data-file", log, "--cache", kept, "-q", "--json", out)
    assert [line.split()[0] for line in found.stdout.splitlines()] == ["system", "popularity", "sasrec"]
    report = json.loads(out.read_text())
    assert report["seed"] == 3
    assert report["systems"]["sasrec"]["config"]["size"] == 8
    assert report["systems"]["sasrec"]["training"]["epochs"] == 1
    more = run(
        "--config", config, "--data-file", log, "--cache", kept, "-q", "--systems", "ease,sasrec,sasrec+ease"
    )
    assert "loaded" in more.stderr
    assert [line.split()[0] for line in more.stdout.splitlines()[1:]] == ["ease", "sasrec", "sasrec+ease"]


@pytest.mark.parametrize("more", [("--set", "sasrec.size=4"), ("--format", "s3rec")])
def test_a_frozen_config_stays_as_it_is(log, config, more):
    with pytest.raises(ConfigError, match="copy the config's file"):
        run("--config", config, "--data-file", log, *more)


def test_a_frozen_config_says_which_data_it_needs(config):
    with pytest.raises(ConfigError, match="is about d: give it as --data-file"):
        run("--config", config)


def test_something_has_to_be_measured(log):
    with pytest.raises(ConfigError, match="--systems"):
        run("--data-file", log)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((), ConfigError, "either --workspace"),
        (("--data-file", "x", "--format", "csv"), ConfigError, "allowed: sasrec, s3rec, recformer"),
        (("--data-file", "nosuch.txt"), DataError, "no such file"),
        (("--data-file", "x", "--format", "recformer"), ConfigError, "--items FILE"),
        (("--data-file", "x", "--items", "y"), ConfigError, "goes with --format recformer"),
        (("--workspace", "nosuch"), WorkspaceError, "tastemaker build"),
    ],
)
def test_wrong_input_is_named(arguments, error, said):
    with pytest.raises(error, match=said):
        run("--systems", "popularity", *arguments)


def test_item_texts_are_read_by_the_models_of_texts(tmp_path):
    words = "amber brass coral denim ebony flint green hazel".split()
    items = {row: {"title": word, "brand": word[0], "categories": "x"} for row, word in enumerate(words)}
    (tmp_path / "items.json").write_text(json.dumps(items))
    (tmp_path / "log.json").write_text(
        json.dumps({u: [(u + step) % 8 for step in range(4)] for u in range(16)})
    )
    run(
        "--data-file",
        tmp_path / "log.json",
        "--format",
        "recformer",
        "--items",
        tmp_path / "items.json",
        "--embedding",
        "hashing",
        "--systems",
        "popularity,alpharec",
        "--cache",
        tmp_path / "kept",
        "-q",
        "--set",
        "alpharec.training.epochs=2",
        "--json",
        tmp_path / "r.json",
    )
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["systems"]["alpharec"]["training"]["embedder"] == "hashing-256"
    assert report["people"]["cold"] == 16
    assert report["cold_differences"] == report["differences"]


@pytest.mark.parametrize("pair", ["ease=3", "ease.half_life"])
def test_a_setting_names_its_system(log, pair):
    with pytest.raises(ConfigError, match=r"SYSTEM\.NAME=VALUE"):
        run("--systems", "ease", "--data-file", log, "--set", pair)


def test_a_workspace_keeps_what_was_trained_on_it(data, tmp_path):
    build_workspace(
        tmp_path / "w",
        data.catalog,
        data.interactions,
        recommender="popularity",
        embedding="hashing",
        progress=False,
    )
    assert "activation" in run("-w", tmp_path / "w", "--systems", "activation", "-q").stdout
    assert [path.name.split("-")[0] for path in (tmp_path / "w" / "evals").iterdir()] == ["activation"]
    assert "loaded" in run("-w", tmp_path / "w", "--systems", "activation", "-q").stderr


def test_the_command_in_the_report_tells_nothing_of_the_machine():
    said = [
        _without_folder(word) for word in ("eval", "/home/me/w", "--json=a/b.json", "ease.half_life=null")
    ]
    assert said == ["eval", "w", "--json=b.json", "ease.half_life=null"]
