import json
import shlex
from itertools import pairwise

import pytest

from tastemaker.recommenders.frozen_config import frozen_configs, read_frozen_config
from tastemaker.recommenders.registry import recommender_class
from tastemaker.retrieval.errors import ConfigError


@pytest.mark.parametrize("name", frozen_configs())
def test_what_comes_with_the_package_fits_its_model(name):
    config = read_frozen_config(name)
    kind = recommender_class(config.model)
    assert kind.config_class.model_validate(config.settings) == kind.config_class.model_validate(
        _typed_settings(config.model, config.command)
    )


def _typed_settings(model, command):
    """What the ``--set`` words of a command say, as the command line reads them."""
    words, found = shlex.split(command), {}
    for pair in (after for word, after in pairwise(words) if word == "--set"):
        name, value = pair.split("=")
        place, *path = found, *name.removeprefix(f"{model}.").split(".")
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = json.loads(value)
    return found


def test_a_wrong_name_lists_the_right_ones():
    with pytest.raises(ConfigError, match="did you mean 'sasrec_ml1m'"):
        read_frozen_config("sasrec_ml1")


def test_a_file_of_ones_own_is_read_and_a_wrong_one_refused(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('model = "hstu"\npaper = "p"\ndata = "d"\ncommand = "c"\n[settings]\nsize = 32\n')
    assert read_frozen_config(str(own)).settings == {"size": 32}
    own.write_text("model = 3")
    with pytest.raises(ConfigError, match="model"):
        read_frozen_config(str(own))
    own.write_text("model = ")
    with pytest.raises(ConfigError, match="not one"):
        read_frozen_config(str(own))
