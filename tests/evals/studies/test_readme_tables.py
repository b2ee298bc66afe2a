import json

import pytest

from tastemaker.evals.studies.readme_tables import main
from tastemaker.retrieval.errors import DataError


def _value(mean):
    return {"mean": mean, "low": mean - 0.01, "high": mean + 0.012}


@pytest.fixture
def results(tmp_path):
    own = {"HR@10": _value(0.2), "NDCG@10": _value(0.1)}
    report = {
        "format": "tastemaker-next-item",
        "data": {"name": "log.txt", "items": 3416},
        "people": {"asked": 6040},
        "command": "tastemaker eval next-item",
        "systems": {"popularity": {"filtered": own}, "ease": {"filtered": own}},
        "differences": {"ease": {"NDCG@10": _value(-0.005)}},
    }
    (tmp_path / "a.json").write_text(json.dumps(report))
    (tmp_path / "b.json").write_text('{"format": "another"}')
    return tmp_path


def test_a_folders_evaluations_as_markdown(results, capsys):
    main([str(results)])
    assert capsys.readouterr().out.splitlines() == [
        "log.txt: 6,040 people, 3,416 items; `tastemaker eval next-item`",
        "",
        "| system | HR@10 | NDCG@10 | NDCG@10 less the baseline's |",
        "| --- | --- | --- | --- |",
        "| popularity | .200 [.190, .212] | .100 [.090, .112] | baseline |",
        "| ease | .200 [.190, .212] | .100 [.090, .112] | -.005 [-.015, +.007] |",
    ]


def test_what_is_no_result_is_named(results):
    with pytest.raises(DataError, match="no such file"):
        main([str(results / "nosuch.json")])
