import pytest

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.facets.definition import (
    Bound,
    FacetKind,
    Meaning,
    facets_from,
    read_facets,
    shipped_facets,
)


def facet(body: str) -> str:
    return f'[facets.pace]\nkind = "category"\nvalues = ["slow", "fast"]\n{body}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no facet is defined"),
        ("x = [", "not TOML"),
        ('[facets.a]\nkind = "colour"', "kind 'colour' is not allowed; .*number, level, category, tags"),
        ('[facets.a]\nkind = "tags"', "has no values"),
        ('[facets.a]\nkind = "number"\nvalues = ["x"]', "is a number and has no values"),
        (facet("[facets.pace.says]\nsloow = ['x']"), "'sloow' is no value of it; did you mean 'slow'"),
        (facet("[facets.pace.says]\nslow = ['x', 'x']"), "lists 'x' twice"),
        (facet("[facets.pace.says]\nslow = ['x']\n[facets.pace.implies]\nslow = ['x']"), "'x' in two places"),
        (facet("[facets.pace.says]\nslow = ['(x']"), "brackets must be closed"),
        (facet("[facets.pace.says]\nslow = ['']"), "none of them empty"),
        (facet("says = 3"), "says of .* must be a table"),
        (facet("colour = 3"), "no setting 'colour'"),
        (
            '[facets.a]\nkind = "level"\nvalues = ["no", "yes"]\n[facets.a.says]\n"at least 2" = ["x"]',
            "outside its 2 steps",
        ),
        (
            '[facets.a]\nkind = "level"\nvalues = ["no", "yes"]\n[facets.a.says]\n"much" = ["x"]',
            "is no condition on a level",
        ),
        (
            '[facets.a]\nkind = "number"\n[facets.a.says]\n"at least 2" = ["x"]\n"at most 2" = ["X"]',
            "'X' in two places",
        ),
        ('[facets.title]\nkind = "number"', "cannot be the name"),
        ('[facets."a b"]\nkind = "number"', "cannot be the name"),
        (
            '[facets.a]\nkind = "category"\nvalues = ["x", "Unknown"]',
            "lists 'unknown', which every facet may be",
        ),
        ('[facets.a]\nkind = "category"\n[facets.a.values]\n" " = "nothing"', "has an empty value"),
        ('[facets.a]\nkind = "number"\ngrammar = "weight"', "grammar 'weight' is not allowed"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        facets_from(text, "mine.toml")
    assert str(caught.value).startswith("mine.toml: ")


def test_a_missing_file_and_a_missing_set_are_named(tmp_path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_facets(tmp_path / "none.toml")
    with pytest.raises(DataError, match="no facet set 'flims' is shipped; did you mean 'films'") as told:
        shipped_facets("flims")
    assert "allowed: books, films, games, generic, products, recipes;" in str(told.value)


def test_the_films_are_complete() -> None:
    films = shipped_facets()
    asked = [facet for facet in films.facets.values() if not facet.computed]
    assert len(asked) == 24
    assert all(facet.question for facet in asked)
    assert films.facets["violence"].kind is FacetKind.LEVEL
    assert len({saying.phrase for facet in films.facets.values() for saying in facet.sayings}) > 5_000


def test_opposites() -> None:
    films = shipped_facets().facets
    assert films["violence"].opposite(Meaning(Bound.AT_LEAST, (2.0,))) == Meaning(Bound.AT_MOST, (1.0,))
    assert films["moods"].opposite(Meaning(Bound.ANY_OF, ("sad",))) == Meaning(Bound.NONE_OF, ("sad",))
    assert films["colour"].opposite(Meaning(Bound.ANY_OF, ("black and white",))) == Meaning(
        Bound.ANY_OF, ("colour",)
    )
    assert films["runtime"].opposite(Meaning(Bound.AT_MOST, (77.0,))) is None
