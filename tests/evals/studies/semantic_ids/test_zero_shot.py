import csv
import json

import numpy as np
import pytest

from tastemaker.evals.studies.semantic_ids import zero_shot

COLOURS = "amber coral ebony green indigo maroon ochre purple".split()
SMALL = {
    **zero_shot.SETTINGS,
    "levels": 4,
    "codes": 8,
    "directions": 8,
    "size": 16,
    "training": {"epochs": 3, "patience": 3, "batch_size": 16},
}


def shop(kinds: list[str]) -> dict[str, dict[str, str]]:
    """Items of each colour; ids run colour by colour."""
    titles = [f"{colour} {colour} {kind}" for colour in COLOURS for kind in kinds]
    return {str(row): {"title": title} for row, title in enumerate(titles)}


@pytest.fixture
def files(tmp_path):
    home, away = shop(["cup", "plate", "bowl", "spoon"]), shop(["scarf", "glove", "hat", "boot"])
    random = np.random.default_rng(1)
    own = [int(random.integers(8)) * 4 for _ in range(60)]
    log = {
        str(person): [str(first + step) for step in random.permutation(4)] for person, first in enumerate(own)
    }
    rows = [[first, first + 1, first + 2, first + 3] for first in range(0, 32, 4)]
    paths = {name: tmp_path / f"{name}.json" for name in ("log", "items", "row-items")}
    for name, content in (("log", log), ("items", home), ("row-items", away)):
        paths[name].write_text(json.dumps(content))
    paths["rows"] = tmp_path / "rows.csv"
    with paths["rows"].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["history_item_id", "item_id"])
        writer.writerows([str(row[:3]), row[3]] for row in rows)
    return paths


def test_a_shop_of_the_same_colours_is_ranked_by_them(files, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(zero_shot, "SETTINGS", SMALL)
    arguments = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    zero_shot.main([*arguments, "--embedding", "hashing", "--json", str(tmp_path / "r.json")])
    assert "8 rows, 32 items; target in the history: 0.000" in capsys.readouterr().out
    report = json.loads((tmp_path / "r.json").read_text())
    systems = report["systems"]
    assert systems["popularity"]["hr@10"] == 0  # a target that nobody took ties with all that nobody took
    assert systems["rpg, trained elsewhere"]["hr@10"] >= 0.75
    assert systems["popularity"]["ours_minus_this"]["low"] > 0
