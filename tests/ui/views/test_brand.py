"""A brand from a file, and what is wrong with one."""

from pathlib import Path

import pytest

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.views.brand import Brand, read_brand


def write(folder: Path, text: str) -> Path:
    (folder / "brand.toml").write_text(f"[brand]\n{text}\n")
    return folder / "brand.toml"


def test_what_is_said_is_taken_and_the_rest_is_ours(tmp_path):
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    brand = read_brand(
        write(tmp_path, 'name = "Tea & Co"\nlogo = "logo.svg"\naccent = "#aa3300"\nitems = "teas"')
    )
    assert (brand.name, brand.items, brand.greeting) == ("Tea & Co", "teas", Brand().greeting)
    assert brand.logo.startswith("data:image/svg+xml;base64,")
    assert brand.style == ":root{--tm-accent:#aa3300}"
    assert Brand().style == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "x"', r"brand\.colour.*allowed are name"),
        ('accent = "red;} body{"', r"brand\.accent"),
        ('logo = "none.svg"', "cannot read the logo"),
        ('logo = "brand.toml"', r"give one of \.svg"),
        ("name = ", "cannot read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said):
        read_brand(write(tmp_path, text))
