import shutil
import zipfile
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import pytest

from tastemaker.retrieval.catalog.schema import STATED, Provenance
from tastemaker.retrieval.datasets import registry as datasets
from tastemaker.retrieval.datasets.editions import Edition
from tastemaker.retrieval.datasets.profiles import read_profiles
from tastemaker.retrieval.datasets.registry import RECIPES, Recipe, dataset_names, fetch_dataset
from tastemaker.retrieval.errors import ConfigError, SourceError
from tastemaker.retrieval.fetch.cache import cache_folder

ITEMS = "1::Usual Suspects, The (1995)::Crime\n2::unknown::unknown\n3::Toys (1992)::Comedy\n"
RATINGS = "2::1::4::20\n1::3::5::10\n1::1::3::11\n"


def archive(path, ratings=RATINGS):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tiny/ratings.dat", ratings)
        file.writestr("tiny/movies.dat", ITEMS)
    return path


@pytest.fixture(autouse=True)
def world(tmp_path, monkeypatch):
    """A tiny data set with GroupLens and a wheel that tests fill; ``world.asked`` lists who was asked."""
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path / "cache"))
    sha256 = datasets.read_movielens(archive(tmp_path / "right.zip")).ratings_sha256()
    recipe = Recipe("https://x/tiny.zip", (Edition(3, 2, 3, sha256),), wheel="w==1", wheel_bytes=1)
    monkeypatch.setattr(datasets, "RECIPES", MappingProxyType({"tiny": recipe}))

    class World:
        grouplens = wheel = None
        asked: ClassVar = []

    def download(url, target, progress):
        World.asked.append("GroupLens")
        if World.grouplens is None:
            raise SourceError("x is unreachable")
        target.parent.mkdir(parents=True, exist_ok=True)
        return shutil.copy(World.grouplens, target) and target

    def wheel_file(requirement, folder, arrived):
        World.asked.append("wheel")
        if World.wheel is None:
            raise SourceError("pip: no such thing")
        return shutil.copy(World.wheel, folder / "w.whl") and folder / "w.whl"

    monkeypatch.setattr(datasets, "download", download)
    monkeypatch.setattr(datasets, "wheel_file", wheel_file)
    return World


def test_grouplens_first_then_the_cache(world, tmp_path):
    world.grouplens = tmp_path / "right.zip"
    first = fetch_dataset("tiny", progress=False)
    again = fetch_dataset("tiny", progress=False)
    assert world.asked == ["GroupLens"]
    assert again.catalog.content_hash == first.catalog.content_hash
    np.testing.assert_array_equal(again.interactions.item, first.interactions.item)
    kept = [file.name for file in cache_folder().rglob("*") if file.is_file() and file.parent.name != "locks"]
    assert kept == ["tiny.v1.npz"]


def test_what_it_holds(world, tmp_path):
    world.grouplens = tmp_path / "right.zip"
    data = fetch_dataset("tiny", progress=False)
    assert [item.title for item in data.catalog] == ["The Usual Suspects (1995)", "unknown", "Toys (1992)"]
    assert data.catalog["1"].attributes == {"year": 1995, "genres": ("Crime",)}
    assert data.catalog["2"].attributes == {}
    assert data.interactions.users == ("1", "2")
    assert [history.tolist() for history in data.interactions.histories()] == [[2, 0], [0]]
    assert data.interactions.rating.tolist() == [5, 3, 4]


def test_the_wheel_when_grouplens_is_away(world, tmp_path):
    world.wheel = tmp_path / "right.zip"
    assert len(fetch_dataset("tiny", progress=False).interactions) == 3
    assert world.asked == ["GroupLens", "wheel"]


def test_a_source_with_other_content_is_refused_and_the_next_one_tried(world, tmp_path):
    world.grouplens = archive(tmp_path / "wrong.zip", RATINGS.replace("::5::", "::2::"))
    world.wheel = tmp_path / "right.zip"
    assert fetch_dataset("tiny", progress=False).interactions.rating.tolist() == [5, 3, 4]


def test_when_all_fail_each_is_named_and_nothing_is_kept(world, tmp_path):
    world.grouplens = archive(tmp_path / "wrong.zip", RATINGS.replace("::5::", "::2::"))
    with pytest.raises(SourceError) as caught:
        fetch_dataset("tiny", path=tmp_path / "none", progress=False)
    said = str(caught.value)
    assert f"[path {tmp_path / 'none'}: " in said
    assert "[GroupLens: refused: sha256" in said
    assert "[wheel w==1: pip: no such thing]" in said
    assert "--path" in said
    assert "\n" not in said
    assert not list(cache_folder().rglob("*.npz"))


def test_a_path_comes_before_everything_else(world, tmp_path):
    world.grouplens = tmp_path / "none"
    assert len(fetch_dataset("tiny", path=str(tmp_path / "right.zip"), progress=False).interactions) == 3
    assert world.asked == []
    fetch_dataset("tiny", progress=False)
    assert world.asked == []


@pytest.mark.parametrize("broken", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_broken_cache_is_fetched_anew(world, tmp_path, broken):
    world.grouplens = tmp_path / "right.zip"
    fetch_dataset("tiny", progress=False)
    kept = next(cache_folder().rglob("*.npz"))
    kept.write_bytes(broken)
    assert len(fetch_dataset("tiny", progress=False).interactions) == 3
    assert world.asked == ["GroupLens", "GroupLens"]


def test_an_unknown_name_lists_the_known():
    with pytest.raises(ConfigError, match=r"no data set 'tinny'; did you mean 'tiny'\?"):
        fetch_dataset("tinny")
    assert dataset_names() == ["tiny"]


def test_ties_in_time_do_not_follow_the_film_numbers(world, tmp_path, monkeypatch):
    ratings = "".join(f"1::{film}::4::7\n" for film in range(1, 201))
    with zipfile.ZipFile(tmp_path / "ties.zip", "w") as file:
        file.writestr("ratings.dat", ratings)
        file.writestr("movies.dat", "".join(f"{film}::F (1990)::Drama\n" for film in range(1, 201)))
    recipe = Recipe("https://x", (Edition(200, 1, 200),))
    monkeypatch.setattr(datasets, "RECIPES", MappingProxyType({"tiny": recipe}))
    rows = fetch_dataset("tiny", path=tmp_path / "ties.zip", progress=False).interactions.item.tolist()
    assert sorted(rows) == list(range(200))
    rising = sum(a < b for a, b in pairwise(rows))
    assert 70 < rising < 130


def test_every_film_of_ml_100k_has_a_shipped_profile():
    profiles = read_profiles("ml-100k")
    assert set(profiles) == {str(number) for number in range(1, 1683)}
    assert profiles["50"]["director"] == ("George Lucas",)
    assert all(set(known) <= {"director", "cast", "themes", "premise"} for known in profiles.values())
    assert all(known["premise"] for known in profiles.values())


def test_every_data_set_says_what_it_must_hold():
    assert list(RECIPES) == ["ml-100k", "ml-1m", "ml-latest-small"]
    assert RECIPES["ml-100k"].editions[0].sha256


@pytest.mark.wire
def test_ml_100k_for_real(monkeypatch):
    monkeypatch.undo()
    data = fetch_dataset("ml-100k", progress=False)
    assert (len(data.catalog), len(data.interactions), len(data.interactions.users)) == (1682, 100_000, 943)
    suspects = next(item for item in data.catalog if item.title == "The Usual Suspects (1995)")
    assert suspects.attributes["director"] == ("Bryan Singer",)
    assert data.catalog.schema.names(STATED) == ["year", "genres", "director", "cast", "themes", "premise"]
    assert suspects.attributes["runtime"] == 106
    assert data.catalog.schema["runtime"].provenance is Provenance.INFERRED
