import pytest

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.set_options import read_settings


def test_dots_go_deeper_and_values_are_json_or_text():
    assert read_settings(["training.epochs=3", "training.clip=0.5", "size=8", "loss=gbce", "x=null"], "") == {
        "training": {"epochs": 3, "clip": 0.5},
        "size": 8,
        "loss": "gbce",
        "x": None,
    }


@pytest.mark.parametrize(
    ("pairs", "least", "said"),
    [
        (["size"], 1, "'size': write NAME=VALUE"),
        (["size=8"], 2, "'size=8': write NAME=VALUE"),
        (["training=3", "training.epochs=4"], 1, "training was set to 3 before"),
    ],
)
def test_what_is_wrong_is_named(pairs, least, said):
    with pytest.raises(ConfigError, match=said):
        read_settings(pairs, "NAME=VALUE", least)
