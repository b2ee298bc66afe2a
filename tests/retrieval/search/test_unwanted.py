import numpy as np
import pytest

from tastemaker.retrieval.search.close_look import NAMES
from tastemaker.retrieval.search.unwanted import BARE, DESCRIBED


def _features(**columns):
    row = np.zeros((1, len(NAMES)), np.float32)
    for name, value in {"query_words": np.log1p(7), "query_everyday": 0.6, **columns}.items():
        row[0, NAMES.index(name)] = value
    return row


@pytest.mark.parametrize("correction", [DESCRIBED, BARE])
def test_what_is_turned_down_costs_an_item_its_place(correction):
    clean, unwanted = _features(), _features(unwanted=0.3, unwanted_words=1.0)
    odds = correction.of(np.zeros(2, np.float32), np.concatenate([clean, unwanted]))
    assert odds[1] < odds[0] == 0


@pytest.mark.parametrize("columns", [{"title_key": 1.0}, {"title_said": 0.8}, {"query_words": np.log1p(2)}])
def test_a_title_or_a_few_keywords_turn_nothing_down(columns):
    assert DESCRIBED.of(np.float32([1]), _features(unwanted=0.3, unwanted_words=1.0, **columns)) == [1]
