import pytest

from tastemaker.recommenders import RECOMMENDERS, Popularity, load_recommender, train
from tastemaker.retrieval.errors import ConfigError, WorkspaceError


def test_an_unknown_name_lists_the_allowed(ring, walks, tmp_path):
    with pytest.raises(ConfigError, match="did you mean 'sasrec'") as error:
        train("sasrek", ring, walks, tmp_path / "m")
    assert all(name in str(error.value) for name in RECOMMENDERS)


def test_an_empty_folder_says_what_to_run(tmp_path):
    with pytest.raises(WorkspaceError, match="tastemaker train"):
        load_recommender(tmp_path)


def test_a_model_of_another_kind_is_refused_by_a_class(ring, walks, tmp_path, small):
    train("sasrec", ring, walks, tmp_path / "m", settings=small["sasrec"] | {"training": {"epochs": 1}})
    with pytest.raises(WorkspaceError, match="'sasrec', not a 'popularity'"):
        Popularity.load(tmp_path / "m")
