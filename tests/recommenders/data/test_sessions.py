import numpy as np
import pytest

from tastemaker.recommenders.data.session_batches import collate, example
from tastemaker.recommenders.data.sessions import SessionHistory, known_items

HOUR = 3600.0
TIMES = 1e9 + HOUR * np.array([0.0, 0.1, 24.0, 24.1, 48.0])
HISTORY = SessionHistory.of(np.array([7, 8, 7, 9, 8]), TIMES, gap=HOUR)


def test_memory_is_what_act_r_says():
    known = known_items(HISTORY, now=float(HISTORY.times[-1]) + 24, decay=0.5, most=10)
    active = {7: 72**-0.5 + 48**-0.5, 8: 72**-0.5 + 24**-0.5, 9: 48**-0.5}
    assert known.rows.tolist() == [8, 7, 9]
    assert known.activation == pytest.approx([active[row] / sum(active.values()) for row in (8, 7, 9)])
    assert known.uses.tolist() == [2, 2, 1]
    assert known.ages == pytest.approx([24, 48, 48])
    assert known.spread.tolist() == [1, 1, 0]  # of the earlier sessions with 8, the first, 7 stood in it too


def test_a_session_is_weighed_by_what_came_before_it_alone():
    whole = example(HISTORY, 1e6, 5, 5, 0.5, np.empty(0, np.int64))
    early = example(HISTORY.until(2), 1e6, 5, 5, 0.5, np.array([3]))
    for one, other in zip(early.activation, whole.activation, strict=False):
        np.testing.assert_array_equal(one, other)
    assert [own.tolist() for own in whole.sessions] == [[7, 8], [7, 9], [8]]
    assert whole.activation[1][0] == pytest.approx(0.5)  # 7 had half of it, 9 was new
    assert whole.activation[1][1] < 0.01


def test_padding_is_masked():
    alone = example(HISTORY.until(1), 1e6, 5, 5, 0.5, np.array([3]))
    batch = collate([alone, example(HISTORY, 1e6, 5, 5, 0.5, np.array([3, 4]))])
    assert batch.real[0].sum() == 2
    assert batch.is_known.sum(1).tolist() == [2, 3]
    assert batch.targets.tolist() == [3, 3, 4]
    assert len(batch.only(batch.lengths > 1)) == 1
