"""A list by a superlative, and what goes on from it."""

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.filters.conditions import describe


def test_the_talk_goes_on_from_a_list_by_a_superlative(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        session = tm.session()
        years = [item.attributes["year"] for item in session.send("the three newest films since 1980").items]
        assert len(years) == 3
        session.send("no comedies")
        standing = {describe(one) for one in session.profile.constraints}
        assert standing == {"year at least 1980", "genres not Comedy"}
        assert [one.condition.value for one in session.profile.request.prefer] == [min(years)]


def test_the_one_at_the_end_leaves_nothing_behind(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        session = tm.session()
        assert len(session.send("the newest film").items) == 1
        assert not session.profile.constraints
        assert session.profile.request.is_empty()
