import re
from importlib import resources

from tastemaker.retrieval.datasets.asks import shipped_asks


def test_the_shipped_asks_are_short_phrases_of_the_films_and_other_data_sets_have_none():
    asks = shipped_asks("ml-100k")
    assert set(asks) == {str(number) for number in range(1, 1683)}
    phrases = [phrase for own in asks.values() for phrase in own]
    assert all(3 <= len(phrase.split()) <= 14 for phrase in phrases)
    assert not [phrase for phrase in phrases if re.search(r"https?:|[<>{}\[\]\n]", phrase)]
    assert max(map(len, asks.values())) <= 19
    assert shipped_asks("ml-1m") == {}


def test_the_file_is_where_the_package_looks():
    assert (resources.files("tastemaker.retrieval") / "data" / "ml-100k-asks.jsonl").is_file()
