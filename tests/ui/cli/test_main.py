"""The command line as a person meets it: what works, and one line with status 2 for everything that cannot."""

import json
import sys

import pytest

from tastemaker.recommenders import TrainingInterrupted
from tastemaker.ui.cli.main import main

ITEMS = "id,title,genres,year\n1,Alpha,Drama|War,1990\n2,Beta,Comedy,1995\n3,Gamma,Drama,1999\n4,Delta,Comedy|War,1987\n"
LOG = "user,item,timestamp,rating\n" + "".join(
    f"u{u},{1 + (u + i) % 4},{100 + i},{3 + i % 3}\n" for u in range(6) for i in range(4)
)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line; returns (status, standard output, standard error)."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["tastemaker", *map(str, words)])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code or 0
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture
def files(tmp_path):
    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path


def build(run, folder, *more):
    return run(
        "build",
        "--items",
        folder / "items.csv",
        "--interactions",
        folder / "log.csv",
        "--workspace",
        folder / "shop",
        "--recommender",
        "popularity",
        "--embedding",
        "hashing",
        "--quiet",
        *more,
    )


def assert_refused(result, *said):
    status, _, err = result
    line = err.strip().splitlines()[-1]
    assert status == 2, err
    assert line.startswith("error: ")
    assert "Traceback" not in err
    for part in said:
        assert part in line, line


def test_build_prints_what_it_inferred_and_recommend_answers(run, files):
    status, _, err = build(run, files)
    assert status == 0, err
    assert "genres" in err
    assert "tags" in err
    status, out, _ = run(
        "recommend", "-w", files / "shop", "--liked", "Alpha", "-m", "a comedy", "-k", "2", "--json"
    )
    assert status == 0
    reply = json.loads(out)
    assert list(reply) == ["items", "message", "question", "notes", "usage", "session", "trace"]
    assert {item["title"] for item in reply["items"]} == {"Beta", "Delta"}
    for item in reply["items"]:
        assert {"id", "title", "reason", "attributes", "score", "sources"} <= set(item)
    assert set(reply["usage"]) == {
        "calls",
        "prompt_tokens",
        "completion_tokens",
        "cached_tokens",
        "seconds",
        "cost",
    }
    assert (files / "shop" / "traces" / f"{reply['session']}.jsonl").exists()


def test_a_session_goes_on(run, files):
    build(run, files)
    _, out, _ = run("recommend", "-w", files / "shop", "-m", "a comedy", "--json")
    session = json.loads(out)["session"]
    _, out, _ = run(
        "recommend", "-w", files / "shop", "-m", "forget the genres", "--session", session, "--json"
    )
    shown = {item["title"] for item in json.loads(out)["items"]}
    assert shown == {"Alpha", "Beta", "Gamma", "Delta"}  # the two of before come again, as there is room


@pytest.mark.parametrize(
    ("items", "log", "said"),
    [
        ("id,year\n1,1990\n2,1991\n3,1992\n4,1999\n", LOG, ["items.csv", "title"]),
        (ITEMS + "2,Again,Drama,1991\n", LOG, ["items.csv:6", "'2'", "line 3"]),
        (b"\x00\x01\x02\xff\xfe\x80", LOG, ["items.csv:1", "NUL"]),
        (ITEMS, "user,item\n", ["log.csv", "no rows"]),
        (ITEMS, "", ["log.csv", "empty"]),
        (ITEMS, LOG.replace(",3\n", ",lots\n", 1), ["log.csv:2:rating", "lots"]),
        (ITEMS, LOG + "u9,77,1,3\n" * 9, ["log.csv:26", "'77'", "9 of 33", "item = "]),
        (ITEMS, "who,what\nann,tea\nbob,milk\n", ["log.csv", "user"]),
    ],
    ids=[
        "no title column",
        "id twice",
        "no text",
        "header only",
        "empty file",
        "rating",
        "unknown item",
        "no known column",
    ],
)
def test_bad_files_are_refused_by_line_and_nothing_is_left(run, files, items, log, said):
    (files / "items.csv").write_bytes(items if isinstance(items, bytes) else items.encode())
    (files / "log.csv").write_text(log)
    assert_refused(build(run, files), *said)
    assert not (files / "shop").exists()


def test_bad_rows_can_be_left_out_and_are_kept_in_a_file(run, files):
    (files / "log.csv").write_text(LOG + "u9,77,1,3\n")
    status, _, err = build(run, files, "--skip-bad-rows")
    assert status == 0, err
    assert "left out 1 bad rows" in err
    assert "77" in (files / "log.csv.rejected.jsonl").read_text()


def test_what_is_taken_is_said(run, files):
    (files / "items.csv").write_bytes(
        ITEMS.replace("title", "heading").replace("Alpha", "Alph\xe9").encode("latin-1")
    )
    (files / "log.csv").write_text(LOG.replace("item", "thing") + "u9,77,1,3\n")
    status, _, err = build(run, files)
    assert status == 0, err
    assert "byte 0xe9 is not UTF-8, so the file is read as cp1252" in err
    assert 'write title = "..." under [items]' in err
    assert "thing → item" in err
    assert "1 interactions name no item of the catalogue and are left out" in err


def test_overrides_change_what_a_column_is(run, files):
    (files / "said.toml").write_text('[items]\nignore = ["year"]\n[items.kinds]\ngenres = "category"\n')
    _, _, err = build(run, files, "--overrides", files / "said.toml")
    manifest = json.loads((files / "shop" / "versions" / "1" / "manifest.json").read_text())
    attributes = manifest["catalog_schema"]["attributes"]
    stated = [(one["name"], one["kind"]) for one in attributes if one["provenance"] != "computed"]
    assert stated == [("genres", "category")], err


def test_wrong_options_are_named(run, files, tmp_path):
    build(run, files)
    shop = files / "shop"
    assert_refused(run("build", "--workspace", tmp_path / "x"), "--data NAME")
    assert_refused(
        run("build", "--data", "ml-100", "--workspace", tmp_path / "x"), "'ml-100'", "did you mean 'ml-100k'"
    )
    assert_refused(build(run, files, "--recommender", "sasrek", "--seed", "1"), "sasrek", "sasrec")
    assert_refused(run("recommend", "-w", tmp_path / "none", "-m", "x"), "no workspace", "tastemaker build")
    assert_refused(run("recommend", "-w", shop), "--message")
    assert_refused(run("recommend", "-w", shop, "-m", "x", "-k", "0"), "k is 0")
    assert_refused(run("recommend", "-w", shop, "--liked", "Omega"), "'Omega' is not in the catalogue")
    assert_refused(run("recommend", "-w", shop, "-m", "x", "--llm", "gpt4"), "rules, local")
    assert_refused(run("recommend", "-w", shop, "-m", "x", "--llm", "openai:gpt-4.1-mini"), "OPENAI_API_KEY")
    assert_refused(run("train", "--model", "nothing", "-w", shop), "'nothing'", "popularity")


def test_train_lists_the_recommenders(run):
    status, out, _ = run("train", "--list")
    assert status == 0
    assert "sasrec" in out
    assert "popularity" in out


def test_doctor_says_what_to_run_next(run, files):
    status, out, _ = run("doctor", "-w", files / "none", "--llm", "rules")
    assert status == 0
    assert "next: tastemaker build" in out
    build(run, files)
    _, out, _ = run("doctor", "-w", files / "shop", "--llm", "rules")
    assert "4 items, 24 interactions" in out


@pytest.mark.wire
@pytest.mark.parametrize("command", [("chat",), ("recommend", "-m", "a comedy")])
def test_an_unreachable_model_is_named_with_what_to_do(run, files, command):
    build(run, files)
    gone = "http://127.0.0.1:9/v1#nothing"
    assert_refused(run(*command, "-w", files / "shop", "--llm", gone), "no answer from", gone, "--llm rules")


@pytest.mark.wire
def test_a_wrong_key_is_named_without_the_key(run, files, monkeypatch):
    from tastemaker.agent.llm.local_server import ensure_local_server

    build(run, files)
    server = ensure_local_server("smollm2-135m")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789")
    result = run("recommend", "-w", files / "shop", "-m", "x", "--llm", f"{server.base_url}#{server.model}")
    assert_refused(result, "refused", "check the key")
    assert "0123456789" not in result[2]


def test_what_a_person_likes_is_kept_shown_and_erased(run, files):
    assert build(run, files)[0] == 0
    shop = ("-w", files / "shop")
    assert run("recommend", *shop, "--person", "anna", "--liked", "Alpha")[0] == 0
    assert "likes: Alpha" in run("person", "anna", *shop)[1]
    status, _, err = run("person", "anna", *shop, "--erase")
    assert (status, "forgot" in err) == (0, True)
    assert "likes: -" in run("person", "anna", *shop)[1]


def test_a_stopped_training_says_how_to_go_on(run, files, monkeypatch):
    def stopped(*_, **__):
        raise TrainingInterrupted("stopped; run the same again to continue from there")

    build(run, files)
    monkeypatch.setattr("tastemaker.tools.workspace.build.add_recommender", stopped)
    status, _, err = run("train", "--workspace", files / "shop", "--model", "popularity")
    assert status == 130
    assert err.splitlines()[-1] == "stopped; run the same again to continue from there"


def test_a_file_that_cannot_be_written_is_one_line(run, files, monkeypatch):
    build(run, files)
    (files / "taken").mkdir()
    export = "person", "ann", "--workspace", files / "shop", "--export"
    assert_refused(run(*export, files / "taken"), str(files / "taken"), "name a file")

    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("tastemaker.ui.cli.person.write_atomically", full)
    assert_refused(run(*export, files / "ann.json"), str(files / "ann.json"), "free some space")


def test_own_judged_requests_teach_the_ranking_and_wrong_ones_are_refused_with_their_line(run, files):
    asked = {
        "id": "r1",
        "message": "a quiet evening with tea",
        "relevant": {"2": ["Beta", "gone"], "1": ["3"]},
    }
    later = {**asked, "id": "r2", "message": "but shorter", "earlier": ["a quiet evening with tea"]}
    judged = files / "judged.jsonl"
    judged.write_text(f"{json.dumps(asked)}\n{json.dumps(later)}\n")
    status, out, err = build(run, files, "--judged", judged)
    assert status == 0, err
    assert "judged requests: 2 learned from" in out + err
    assert "1 of the items named" in out + err
    status, out, err = run(
        "recommend",
        "--workspace",
        files / "shop",
        "-m",
        "a quiet evening with tea",
        "--llm",
        "rules",
        "-k",
        "1",
    )
    assert status == 0, err
    assert "Beta" in out
    judged.write_text(json.dumps({**asked, "message": " "}))
    assert_refused(build(run, files, "--judged", judged), "judged.jsonl", "message")
    assert_refused(build(run, files, "--judged", files / "none.jsonl"), "no such file")
