"""Cases to look through: what stands on a page, that no text of a case is code, and what goes into files."""

import json
import re

import pytest

from tastemaker.evals.browse.browser import case_browser
from tastemaker.evals.browse.case_record import detail, index_line

EVIL = '</script><img src=x onerror="alert(1)"><!--'


def row(case, value, items=("1", "2"), text="Try this.", **more):
    reply = {"said": ["Hello", f"case {case} {EVIL}"], "mentioned": ["9"], "items": list(items), "text": text}
    return {
        "case": case,
        "group": f"g{case}",
        "items": list(items),
        "gold": ["2", "9"],
        "new": ["2"],
        "gold_outside": ["Gone (1990)"],
        "metrics": {"ndcg@10": value, "recall@10": value},
        "slices": {"turn": "0" if case == "a" else "1-2", "name": EVIL},
        "speakers": ["recommender", "seeker"],
        "replies": [reply],
        **more,
    }


@pytest.fixture
def runs():
    return {
        "old": [row("a", 1.0), row("b", 0.0), row("c", None)],
        "new": [row("a", 0.5, items=("9", "3")), row("b", 0.0, error="broke"), row("d", 1.0)],
    }


def made(runs, **more):
    return case_browser(runs, ["ndcg@10"], baseline="old", titles={"1": "Heat", "2": EVIL}, **more)


def test_the_list_has_every_case_of_any_run_with_its_values(runs):
    head = json.loads(made(runs).head)
    assert [one["id"] for one in head["cases"]] == ["a", "b", "c", "d"]
    assert [one["values"] for one in head["cases"]] == [
        [[1.0], [0.5]],
        [[0.0], [0.0]],
        [[None], None],
        [None, [1.0]],
    ]
    assert [one["failed"] for one in head["cases"]][1] == [False, True]
    assert head["slices"] == [{"name": "turn", "values": ["0", "1-2"]}]  # one value alone is no filter
    assert (head["runs"], head["baseline"], head["titles"]["1"]) == (["old", "new"], 0, "Heat")


def test_a_case_holds_the_conversation_once_and_each_answer(runs):
    told = json.loads(made(runs).pieces[0])["a"]
    assert [who for who, _ in told["talk"]] == ["recommender", "seeker"]
    assert (told["gold"], told["repeated"], told["missing"]) == (["2"], ["9"], ["Gone (1990)"])
    assert told["mentioned"] == ["9"]
    assert [one["items"] for one in told["runs"]] == [["1", "2"], ["9", "3"]]
    assert told["runs"][0]["talk"] == [["system", "Try this.", ["1", "2"]]]
    assert json.loads(made(runs).pieces[0])["d"]["runs"][0] is None


def test_conversations_that_went_their_own_way_stand_with_each_run():
    turns = [{"said": [f"{who} {n}"], "items": ["1"], "text": "so"} for who in "xy" for n in range(2)]
    simulated = [
        {"case": "p", "gold": ["1"], "items": ["1"], "replies": turns[place : place + 2]} for place in (0, 2)
    ]
    told = detail(simulated)
    assert told["talk"] == []
    assert [one[1] for one in told["runs"][1]["talk"]] == ["y 0", "so", "y 1", "so"]
    assert index_line("p", simulated, ["success"], [])["label"] == "x 0"


def test_no_text_of_a_case_is_code(runs):
    browser = made(runs)
    for text in (browser.head, *browser.pieces):
        assert not re.search(r"[<>&']", text)
    assert json.loads(browser.head)["titles"]["2"] == EVIL


def test_what_is_too_large_for_a_page_goes_into_files_of_that_size(runs, tmp_path):
    runs = {
        name: [{**one, "trace": [{"kind": "text", "text": "long " * 900}]} for one in own]
        for name, own in runs.items()
    }
    whole = made(runs)
    assert (whole.folder, whole.files) == ("", {})
    size = max(len(json.dumps(one)) for one in json.loads(whole.pieces[0]).values()) + 400
    browser = made(runs, most_bytes=size, folder="beside")
    head = json.loads(browser.head)
    assert browser.pieces == ()
    assert head["folder"] == "beside"
    assert {one["piece"] for one in head["cases"]} == set(range(head["pieces"]))
    assert head["pieces"] > 1
    assert max(map(len, browser.files.values())) <= size + 40
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "999.js").write_text("old")
    browser.write_files(tmp_path)
    assert sorted(path.name for path in (tmp_path / "beside").iterdir()) == sorted(browser.files)
    for name, content in browser.files.items():
        number, told = re.fullmatch(r"tastemakerCases\((\d+),(.*)\);\n", content.decode(), re.DOTALL).groups()
        assert name == f"{int(number) + 1:03}.js"
        json.loads(told)


def test_a_list_that_is_too_large_goes_into_files_as_well(runs):
    browser = made(runs, most_bytes=300)
    head = json.loads(browser.head)
    assert head["cases"] == []
    lists = [content for name, content in sorted(browser.files.items()) if int(name[:3]) > head["pieces"]]
    assert len(lists) == head["lists"]
    told = [json.loads(content.decode().partition(",")[2][:-3]) for content in lists]
    assert [one["id"] for part in told for one in part] == ["a", "b", "c", "d"]


def test_rows_without_lists_are_not_looked_through():
    assert case_browser({"judged": [{"case": "a"}]}, ["grounded"], baseline="judged") is None
