"""Ranking by what judged requests taught, through a workspace that was built with some."""

import numpy as np
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.judged import judged_index
from tastemaker.retrieval.judged.judged_requests import JudgedRequest
from tastemaker.tools.judged import fit_by_judgements
from tastemaker.tools.suit import SuitWeights, Wanted, suit, suit_parts

WISH = "for a rainy sunday with my gran"


@pytest.fixture(scope="module")
def judged(film_catalog):
    return (JudgedRequest((WISH, "rainy sunday, gran is here"), (film_catalog.ids[5], "gone")),)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, build_films, judged):
    return build_films(tmp_path_factory.mktemp("judged") / "films", judged=judged)


@pytest.fixture(scope="module")
def context(workspace):
    opened = workspace.search_context()
    yield opened
    opened.index.close()


def test_what_was_judged_to_fit_is_lifted_and_without_any_all_is_as_before(context, film_workspace):
    wanted = Wanted(texts=[("rainy sunday", 1.0)], said="rainy sunday with gran please")
    parts = suit_parts(context, wanted)
    assert parts["judged"].argmax() == 5
    assert suit(context, wanted, k=12).shares[context.catalog.ids[5]]["judged"] > 0.2
    without = film_workspace.search_context()
    assert "judged" not in suit_parts(without, wanted)
    assert "judged" not in suit_parts(context, wanted, SuitWeights(judged=0))
    for name, part in suit_parts(without, wanted).items():
        np.testing.assert_allclose(parts[name], part, atol=1e-5)


def test_texts_count_by_their_weights_and_are_standardised(context):
    column = fit_by_judgements(context, [(WISH, 1.0), ("star ferry", 0.5)])
    assert column.mean() == pytest.approx(0, abs=1e-4)
    assert column.argmax() == 5
    assert WISH in context.fits


def test_a_rebuild_without_them_forgets_them_and_with_the_same_does_nothing(tmp_path, build_films, judged):
    said = []
    build_films(tmp_path / "w", said, judged=judged)
    assert "judged requests: 1 learned from" in said
    build_films(tmp_path / "w", said, judged=judged)
    assert said[-1].endswith("nothing to do")
    build_films(tmp_path / "w", said, judged=(*judged, JudgedRequest(("a comedy",), judged[0].fits)))
    assert "wordings of judged requests: 1 embedded, 2 kept" in said
    assert build_films(tmp_path / "w", judged=()).judgements is None


def test_a_message_is_answered_by_them_and_the_next_one_goes_on_with_what_was_said(workspace, film_catalog):
    with Tastemaker(workspace) as tm:
        session = tm.session()
        first = session.send("something for a rainy sunday with my gran")
        assert first.items[0].id == film_catalog.ids[5]
        session.send("but a bit funny")
        assert session.profile.request.said == (
            "something for a rainy sunday with my gran",
            "but a bit funny",
        )


def test_too_many_are_refused_before_anything_is_built(tmp_path, build_films, judged, monkeypatch):
    monkeypatch.setattr(judged_index, "MAX_CELLS", 11)
    with pytest.raises(DataError, match="too many"):
        build_films(tmp_path / "w", judged=judged)
    assert not (tmp_path / "w").exists()
