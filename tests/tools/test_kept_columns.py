"""Columns are kept by their texts, within a bound, and nobody can change them for others."""

import numpy as np
import pytest

from tastemaker.tools.kept_columns import KeptColumns


def test_a_text_asked_for_again_is_not_measured_again_and_the_oldest_goes_first():
    measured = []

    def column(text):
        def compute():
            measured.append(text)
            return np.zeros(10, dtype=np.float32)

        return compute

    kept = KeptColumns(most=80)  # two columns of 40 bytes
    for text in ("a", "b", "a", "c", "a", "b"):
        kept.of(text, column(text))
    assert measured == ["a", "b", "c", "b"]
    with pytest.raises(ValueError, match="read-only"):
        kept.of("b", column("b"))[0] = 1
