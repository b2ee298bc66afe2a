import json

import numpy as np
import pytest

from tastemaker.evals.studies.sessions.repeat_consumption import figures, main, read_baskets


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "baskets.json"
    baskets = {str(person): [[person % 4, 4], [person % 4, 5], [person % 4, 4]] for person in range(12)}
    path.write_text(json.dumps(baskets))
    return path


def test_figures_are_worked_by_hand():
    known = np.array([True, True, False, False])
    all_, ndcg, repeats, new, offered = figures(np.array([1, 2]), np.array([0, 1, 2]), known)
    assert (all_, repeats, new, offered) == (pytest.approx(2 / 3), 0.5, 1.0, 0.5)
    assert ndcg == 1.0  # both places of the list hit
    assert np.isnan(figures(np.array([1]), np.array([1]), known)[3])


def test_the_last_basket_is_asked_and_neither_it_nor_the_one_before_is_counted(file):
    baskets = read_baskets(file)
    query, target = baskets.asked[1]
    assert query.history == ("1", "4", "1", "5")
    assert target.tolist() == [1, 4]
    assert len(baskets.log) == 12 * 4
    assert len(baskets.without_last()) == 12 * 2


def test_the_report_says_what_was_run(file, tmp_path, capsys):
    out = tmp_path / "report.json"
    main(
        ["--file", str(file), "--systems", "popularity,personal frequency", "--limit", "5", "--out", str(out)]
    )
    report = json.loads(out.read_text())
    assert report["command"].endswith(
        "--file baskets.json --systems 'popularity,personal frequency' --limit 5 --out report.json"
    )
    assert report["people"] == 5
    assert "personal frequency" in capsys.readouterr().out
