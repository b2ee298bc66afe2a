"""Five catalogues that are no films, each with a conversation by rules.

    python examples/conversations.py > examples/conversations.md

The catalogues are generated, so that nothing in them is anybody's; no language model takes part.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.ingest.items_file import load_items
from tastemaker.tools.workspace.build import build_workspace

Rows = list[dict[str, object]]
SHOWN = 3
WARM = ["Quick", "Warm", "Smoky", "Green", "Golden"]
DISHES = ["bowl", "pan", "soup", "salad"]
TOLD = ["Quiet and plain.", "Large and bright.", "Small, for one person.", "Quiet, for small flats."]

MESSAGES = {
    "Books": (
        "a crime novel under 15 euros, not longer than 350 pages",
        "published since 2015, at least 4 stars",
        "nothing by Ada Moss",
        "the newest",
        "poetry instead, in German",
    ),
    "Games": (
        "a cooperative game for 4 players, under an hour",
        "nothing with dice, and not more complex than 3",
        "for ages 8 and up, below 40 euros",
        "the best rated",
        "why the first?",
    ),
    "Recipes": (
        "something vegetarian in half an hour, I'm allergic to nuts",
        "at most 500 kcal and at least 20 g of protein",
        "no dairy",
        "with lentils",
        "how many recipes take less than 20 minutes?",
    ),
    "A shop": (
        "a kettle under 50 euros, in stock",
        "lighter than 1.2 kg",
        "no white ones",
        "a quiet lamp instead, between 20 and 80 euros",
        "the cheapest",
    ),
    "Jobs": (
        "a remote job in Berlin or Hamburg that pays at least 50k",
        "no night shifts, and at most 3 years of experience",
        "posted since June 2025",
        "the best paid",
        "not Hamburg, and at least 4,500 euros a month",
    ),
}


def books(draw: random.Random) -> Iterator[dict[str, object]]:
    """Novels and poems."""
    authors = ["Ada Moss", "Ben Okri-Lund", "Cleo Hart", "Dana Weiss", "Emil Sand", "Fay Loring"]
    for n in range(120):
        genre = draw.choice(["crime", "crime", "poetry", "romance", "science fiction", "history"])
        place = draw.choice(["harbour", "valley", "archive", "island", "orchard", "station"])
        yield {
            "book_id": n,
            "title": f"The {draw.choice(['Silent', 'Second', 'Hollow', 'Bright', 'Last'])} {place.title()} {n}",
            "author": draw.choice(authors),
            "genre": genre,
            "language": draw.choice(["en", "en", "de", "fr"]),
            "pages": draw.randrange(90, 700, 10),
            "published": f"{draw.randrange(1990, 2026)}-{draw.randrange(1, 13):02}-15",
            "price": f"€{draw.randrange(700, 3000) / 100:.2f}",
            "average_rating": round(draw.uniform(2.8, 4.9), 1),
            "about": f"A {genre} story about an {place} where nobody says what happened that winter.",
        }


def games(draw: random.Random) -> Iterator[dict[str, object]]:
    """Board games."""
    for n in range(100):
        few = draw.choice([1, 2, 2, 3])
        subject = draw.choice(["trains", "gardens", "pirates", "planets", "castles", "bees"])
        yield {
            "game_id": n,
            "name": f"{subject.title()} of {draw.choice(['Lund', 'Orla', 'Brae', 'Voss', 'Tarn'])} {n}",
            "mechanics": "|".join(draw.sample(["dice", "cards", "tiles", "auctions", "drafting"], 2)),
            "cooperative": draw.choice(["yes", "no"]),
            "min_players": few,
            "max_players": few + draw.randrange(1, 5),
            "playtime": f"{draw.randrange(15, 180, 5)} min",
            "min_age": draw.choice([6, 8, 10, 12, 14]),
            "complexity": round(draw.uniform(1, 5), 1),
            "price": f"€{draw.randrange(1200, 9000) / 100:.2f}",
            "rating": round(draw.uniform(5.5, 9.2), 1),
            "about": f"You build and trade among {subject} until the last round.",
        }


def recipes(draw: random.Random) -> Iterator[dict[str, object]]:
    """Dishes with their ingredients."""
    bases = ["lentils", "rice", "noodles", "potatoes", "chickpeas", "tofu"]
    more = [
        "walnuts",
        "almonds",
        "cheddar cheese",
        "coconut milk",
        "spinach",
        "tomatoes",
        "eggs",
        "butter",
        "onions",
    ]
    for n in range(120):
        base = draw.choice(bases)
        vegetarian = draw.random() < 0.7
        held = [
            base,
            *draw.sample(more, 3),
            *([] if vegetarian else [draw.choice(["chicken", "prawns", "bacon"])]),
        ]
        yield {
            "recipe_id": n,
            "title": f"{draw.choice(WARM)} {base} {draw.choice(DISHES)} {n}",
            "ingredients": "|".join(held),
            "vegetarian": "yes" if vegetarian else "no",
            "minutes": draw.randrange(10, 90, 5),
            "calories": draw.randrange(180, 900, 10),
            "protein_g": draw.randrange(5, 45),
            "about": f"A dish of {base} for an evening.",
        }


def shop(draw: random.Random) -> Iterator[dict[str, object]]:
    """Things for a household."""
    kinds = {"kettles": "kettle", "lamps": "lamp", "mugs": "mug", "rugs": "rug"}
    for n in range(140):
        category = draw.choice(list(kinds))
        brand = draw.choice(["Norrland", "Fjell", "Kumo", "Vela"])
        yield {
            "sku": f"S{n}",
            "name": f"{brand} {kinds[category]} {n}",
            "category": category,
            "colour": draw.choice(["white", "black", "oak", "green"]),
            "price": f"€{draw.randrange(800, 15000) / 100:.2f}",
            "weight": f"{draw.randrange(2, 40) / 10} kg",
            "in_stock": draw.choice(["yes", "yes", "no"]),
            "rating": round(draw.uniform(2.5, 4.9), 1),
            "description": draw.choice(TOLD),
        }


def jobs(draw: random.Random) -> Iterator[dict[str, object]]:
    """Advertisements."""
    for n in range(160):
        title = draw.choice(["Data engineer", "Accountant", "Nurse", "UX designer", "Teacher"])
        shift = "Night shifts every other week." if draw.random() < 0.3 else "Regular hours."
        yield {
            "job_id": n,
            "title": title,
            "employer": draw.choice(["Blauwerk", "Kotla", "Nordbank", "City school"]),
            "location": draw.choice(["Berlin", "Hamburg", "Munich", "Leipzig"]),
            "remote": draw.choice(["yes", "no"]),
            "salary": f"€{draw.randrange(32000, 95000, 500):,}",
            "years_experience": draw.randrange(0, 8),
            "posted": f"2025-{draw.randrange(1, 11):02}-{draw.randrange(1, 28):02}",
            "description": f"We look for a {title.lower()} with a calm mind. {shift}",
        }


MAKERS = {"Books": books, "Games": games, "Recipes": recipes, "A shop": shop, "Jobs": jobs}


def hold(name: str, folder: Path) -> Iterator[str]:
    """Build a catalogue and hold its conversation; the lines of its chapter."""
    rows: Rows = list(MAKERS[name](random.Random(7)))  # noqa: S311 (made-up things)
    with (folder / "items.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    catalog = load_items(folder / "items.csv")
    build_workspace(folder / "ws", catalog, embedding="hashing", progress=False)
    yield from (f"## {name}", "", "```text")
    with Tastemaker.open(folder / "ws", llm="rules") as tm:
        session = tm.session()
        for message in MESSAGES[name]:
            reply = session.send(message, k=SHOWN)
            yield f"> {message}"
            yield from (f"  {line}" for line in reply.text.splitlines())
            yield ""
    yield from ("```", "")


def main() -> None:
    """Print the page."""
    lines = [
        "# Conversations with other catalogues than films",
        "",
        "By rules, without a language model, on generated catalogues of 100 to 160 items (three items a list); made by",
        "`python examples/conversations.py > examples/conversations.md`.",
        "",
    ]
    for name in MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            lines += hold(name, Path(folder))
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
