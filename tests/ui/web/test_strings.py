"""Everything that the page says has its words in every language, with the same names to fill in."""

import ast
import re
from pathlib import Path

import pytest

from tastemaker.ui.web import strings
from tastemaker.ui.web.strings import LANGUAGES, language, preferred, t, translations

FOLDER = Path(strings.__file__).parent
BRAND = FOLDER.parent / "views" / "brand.py"


def said_in_code() -> set[str]:
    found = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "t"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def test_what_the_code_says_is_translated_and_nothing_else_is():
    known = set(translations())
    assert said_in_code() <= known
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in [*FOLDER.rglob("*.py"), *FOLDER.glob("*.js"), BRAND]
    )
    assert not [words for words in known if words not in code]


@pytest.mark.parametrize("words", translations())
def test_every_language_fills_in_the_same_names(words):
    names = re.findall(r"{(\w+)}", words)
    said = translations()[words]
    assert set(said) == set(LANGUAGES) - {"en"}
    for other in said.values():
        assert sorted(re.findall(r"{(\w+)}", other)) == sorted(names)


def test_a_page_speaks_the_language_that_the_browser_asks_for():
    assert [preferred(one) for one in ("fr", "xx, es;q=0.5", "de;q=bad, fr;q=0.1", "*")] == [
        "fr",
        "es",
        "fr",
        "en",
    ]
    with language("de"):
        assert t("Without {value}", value="Horror") == "Ohne Horror"
        assert t("not in the file") == "not in the file"
    assert t("Like") == "Like"
