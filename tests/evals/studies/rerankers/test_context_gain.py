import numpy as np
import pytest

from tastemaker.evals.studies.rerankers.context_gain import log_loss, read_ratings, without_context
from tastemaker.evals.studies.rerankers.feature_interactions import difference


def test_ratings_are_read_with_what_was_known_of_the_moment(tmp_path):
    file = tmp_path / "ratings.txt"
    file.write_text(
        "userid,itemid,rating,Time,Location,Companion\n7,tt2,4,Weekend,NA,Family\n7,tt1,1,NA,NA,NA\n"
    )
    catalog, log = read_ratings(file, 0)
    at = int(np.flatnonzero(log.item == catalog.row("tt2"))[0])
    told = {name: str(values[at]) for name, values in log.context.items()}
    assert told == {"Time": "Weekend", "Location": "", "Companion": "Family", "person": "7"}
    assert log.rating[at] == 4
    assert set(without_context(log).context) == {"person"}


def test_a_gap_is_zero_between_equals_and_sure_between_right_and_wrong():
    labels = np.tile(np.array([0, 1], np.float32), 20)
    people = np.repeat(np.arange(10), 4)
    right = labels * 0.8 + 0.1
    assert difference([right], [right], labels, people, 20) == (0, 0, 0)
    assert difference([right], [1 - right], labels, people, 20) == (1, 1, 1)
    assert log_loss(np.array([0.5, 1.0], np.float32), np.array([1, 0], np.float32)) == pytest.approx(
        [np.log(2), -np.log(1e-6)], rel=1e-3
    )
