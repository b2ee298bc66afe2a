"""Slots of understandings, and the labelled messages themselves."""

from tastemaker.agent.nlu.understanding import Mention, Understanding
from tastemaker.evals.studies.labelled_messages import Half, read_messages
from tastemaker.evals.studies.understanding import Counts, same, slots, spread
from tastemaker.retrieval.filters.conditions import Constraint, Op


def condition(op, value, field="year"):
    return Understanding(constraints=(Constraint(field=field, op=op, value=value),))


def test_equal_meanings_are_equal_slots(film_catalog):
    after = slots(condition(Op.AFTER, 1985), film_catalog)
    assert after == slots(condition(Op.AT_LEAST, 1986), film_catalog)
    assert slots(condition(Op.ANY_OF, ("comedy",), "genres"), film_catalog) == slots(
        condition(Op.IS, "Comedy", "genres"), film_catalog
    )
    both = Understanding(
        constraints=(
            Constraint(field="year", op=Op.AT_LEAST, value=1980),
            Constraint(field="year", op=Op.AT_MOST, value=1989),
        )
    )
    assert slots(both, film_catalog) == slots(condition(Op.BETWEEN, (1980, 1989)), film_catalog)


def test_titles_are_compared_without_case_and_article_but_with_sentiment(film_catalog):
    one = slots(Understanding(mentions=(Mention(title="The Rock"),)), film_catalog)
    assert one == slots(Understanding(mentions=(Mention(title="rock"),)), film_catalog)
    assert one != slots(Understanding(mentions=(Mention(title="rock", sentiment="seen"),)), film_catalog)


def test_a_wish_is_right_when_half_of_its_words_are(film_catalog):
    gold, half, less = (
        slots(Understanding(wish=wish), film_catalog)[0]
        for wish in ("a heist gone wrong", "heist that went wrong", "heist among old silent friends")
    )
    assert same(half, gold)
    assert not same(less, gold)


def test_counts_by_hand():
    counts = Counts()
    counts.add(found=[("forget", "year"), ("forget", "genres")], wanted=[("forget", "year")])
    counts.add(found=[], wanted=[("forget", "cast")])
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)


def test_the_shipped_set_is_what_it_says():
    messages = read_messages()
    assert len(messages) >= 200
    assert sum(one.hard for one in messages) * 2 >= len(messages)
    assert len({one.message for one in messages}) == len(messages)
    for one in messages:
        for mention in one.meant.mentions:
            assert mention.title in one.message or mention.place, one.message


def test_the_halves_are_of_about_equal_size_and_difficulty():
    messages = read_messages()
    fit = [one for one in messages if one.half is Half.FIT]
    assert 0.4 < len(fit) / len(messages) < 0.6
    assert 0.35 < sum(one.hard for one in fit) / len(fit) < 0.65


def test_a_sample_is_spread_over_the_set():
    messages = read_messages()
    assert spread(messages, None) == messages
    sample = spread(messages, 50)
    assert len(sample) == len({one.message for one in sample}) == 50
    assert {one.hard for one in sample} == {True, False}
