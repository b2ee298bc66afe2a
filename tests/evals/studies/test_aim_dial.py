import numpy as np
import pytest
import torch

from tastemaker.evals.next_item.questions import Question
from tastemaker.evals.studies.aim_dial import DullingWorld, mean_ratings, measure, play_by_aim
from tastemaker.recommenders import Query
from tastemaker.retrieval.catalog.interactions import Interactions


@pytest.mark.parametrize("variant", ["dt4ier", "tadt-csa"])
def test_a_higher_aim_gets_more_in_the_long_run(variant, tmp_path):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    sums = play_by_aim(DullingWorld(), tmp_path / "m", variant, people=300, guests=150)
    torch.set_num_threads(before)
    assert sums[0.1] + 2 < sums[0.5] < sums[0.9] - 2


def test_what_is_measured_is_worked_by_hand():
    world = DullingWorld(n_items=12)
    log = Interactions.from_columns(["u"] * 12, range(12), None, np.arange(12) % 5)
    ratings = mean_ratings(log, 12)
    assert ratings[4] == pytest.approx((4 + 5 * log.rating.mean()) / 6)
    asked = [Question(Query(history=("i0",)), "i3")]
    scores = np.arange(12, dtype=np.float32)[None]
    hit, ndcg, rated = measure(lambda queries: scores[: len(queries)], asked, world.catalog, ratings)
    assert (hit, ndcg) == (1.0, pytest.approx(1 / np.log2(10)))
    assert rated == pytest.approx(ratings[2:].mean())
