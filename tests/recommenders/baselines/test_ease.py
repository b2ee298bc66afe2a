import numpy as np
import pytest

from tastemaker.recommenders import Query, Vocabulary
from tastemaker.recommenders.baselines import ease as module
from tastemaker.recommenders.baselines.ease import EASE
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError, WorkspaceError


def random_log(n_users=40, n_items=6):
    taken = np.random.default_rng(0).random((n_users, n_items)) < 0.5
    user, item = np.nonzero(taken)
    return taken.astype(float), Interactions.from_columns([str(u) for u in user], item, range(len(user)))


def test_weights_are_those_of_a_ridge_regression_per_item(tmp_path):
    """What the closed form stands for: each item predicted from all others, with an L2 penalty."""
    taken, log = random_log()
    weights = EASE.fit(Vocabulary("abcdef"), log, tmp_path / "x", settings={"regularisation": 7}).arrays()
    for target in range(6):
        others = [item for item in range(6) if item != target]
        x = taken[:, others]
        expected = np.linalg.solve(x.T @ x + 7 * np.eye(5), x.T @ taken[:, target])
        np.testing.assert_allclose(weights["weights"][others, target], expected, atol=1e-6)
        assert weights["weights"][target, target] == 0


def test_scores_add_up_the_historys_weights(tmp_path):
    _, log = random_log()
    model = EASE.fit(Vocabulary("abcdef"), log, tmp_path / "x", settings={"half_life": 1})
    weights = model.arrays()["weights"]
    np.testing.assert_allclose(
        model.scores(Query(history=("c", "a"))), 0.5 * weights[2] + weights[0], rtol=1e-5
    )


def test_a_catalogue_too_large_is_refused_with_advice(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_ITEMS", 5)
    with pytest.raises(DataError, match=r"at most 5 items.*has 6; use item-knn"):
        EASE.fit(Vocabulary("abcdef"), random_log()[1], tmp_path / "x")


def test_weights_of_another_size_are_refused():
    with pytest.raises(WorkspaceError, match="train it again"):
        EASE.from_arrays({}, Vocabulary("abc"), np.ones(3), {"weights": np.zeros((2, 2), np.float32)})
    with pytest.raises(WorkspaceError, match="train it again"):
        EASE.from_arrays({}, Vocabulary("abc"), np.ones(3), {})


def test_a_matrix_that_cannot_be_solved_is_an_error_of_ours():
    with pytest.raises(DataError, match="larger regularisation"):
        module._inverse(np.array([[1.0, 2.0], [2.0, 1.0]]))
