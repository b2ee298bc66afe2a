import numpy as np
import pytest

from tastemaker.recommenders.ridge import Ridge


def test_without_penalty_a_line_is_found_again():
    random = np.random.default_rng(0)
    inputs = random.normal(size=(50, 3)).astype(np.float32)
    slopes = random.normal(size=(3, 2)).astype(np.float32)
    ridge = Ridge.fit(inputs, inputs @ slopes + 5, penalty=0)
    assert ridge.slopes == pytest.approx(slopes, abs=1e-4)
    assert ridge.predict(inputs[:4]) == pytest.approx(inputs[:4] @ slopes + 5, abs=1e-3)


def test_a_large_penalty_leaves_the_mean():
    inputs = np.eye(4, dtype=np.float32)
    targets = np.arange(8, dtype=np.float32).reshape(4, 2)
    ridge = Ridge.fit(inputs, targets, penalty=1e9)
    assert ridge.predict(inputs[0]) == pytest.approx([3, 4], abs=1e-4)


def test_the_same_as_an_independent_implementation():
    from sklearn.linear_model import Ridge as Peer

    random = np.random.default_rng(1)
    inputs, targets = random.normal(size=(30, 5)), random.normal(size=(30, 2))
    ridge = Ridge.fit(inputs.astype(np.float32), targets.astype(np.float32), penalty=3)
    assert ridge.predict(inputs.astype(np.float32)) == pytest.approx(
        Peer(alpha=3).fit(inputs, targets).predict(inputs), abs=1e-4
    )
