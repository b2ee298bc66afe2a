import tastemaker.recommenders as room


def test_all_that_is_named_is_there_and_sorted():
    assert list(room.__all__) == sorted(
        room.__all__, key=lambda name: (name[0].islower(), not name.isupper(), name)
    )
    assert all(hasattr(room, name) for name in room.__all__)


def test_everything_shown_has_a_docstring():
    assert all(getattr(room, name).__doc__ for name in room.__all__ if callable(getattr(room, name)))
