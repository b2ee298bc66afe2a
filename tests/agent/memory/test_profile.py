from tastemaker.agent import TasteProfile
from tastemaker.retrieval.filters.constraints import Constraint, Op


def where(field, op, value):
    return Constraint(field=field, op=op, value=value)


def test_a_like_takes_a_dislike_back_and_the_other_way_round():
    profile = TasteProfile().with_dislike("1").with_like("1")
    assert (profile.likes, profile.dislikes) == (("1",), ())
    assert profile.with_dislike("1").taste() == ()


def test_disliking_what_was_shown_rejects_it():
    profile = TasteProfile().with_shown(["1", "2"]).with_dislike("2")
    assert profile.rejected == ("2",)
    assert profile.hidden_ids() == {"2"}


def test_what_was_shown_is_hidden_from_when_others_are_asked_for():
    shown = TasteProfile().with_shown(["1", "2"])
    assert shown.hidden_ids() == set()
    assert shown.withholding_shown().with_shown(["3"]).hidden_ids() == {"1", "2"}


def test_a_positive_constraint_replaces_the_older_one_on_its_field():
    first, second = where("genres", Op.IS, "Comedy"), where("genres", Op.ANY_OF, ("Drama", "Western"))
    assert TasteProfile().with_constraint(first).with_constraint(second).constraints == (second,)


def test_negative_constraints_add_up():
    no_horror, no_war = where("genres", Op.IS_NOT, "Horror"), where("genres", Op.IS_NOT, "War")
    assert TasteProfile().with_constraint(no_horror).with_constraint(no_war).constraints == (
        no_horror,
        no_war,
    )


def test_asking_for_what_was_excluded_lifts_the_exclusion():
    no_horror, horror = where("genres", Op.IS_NOT, "Horror"), where("genres", Op.IS, "horror")
    assert TasteProfile().with_constraint(no_horror).with_constraint(horror).constraints == (horror,)


def test_a_lower_and_an_upper_bound_belong_together_until_they_cross():
    low, high = where("year", Op.AT_LEAST, 1980), where("year", Op.AT_MOST, 1990)
    both = TasteProfile().with_constraint(low).with_constraint(high)
    assert both.constraints == (low, high)
    later = where("year", Op.AT_LEAST, 2000)
    assert both.with_constraint(later).constraints == (later,)


def test_only_the_newest_wishes_stay():
    profile = TasteProfile().with_wish("a").with_wish("b").with_wish("c").with_wish("b")
    assert profile.wishes == ("c", "b")
