"""Books instead of films: any columns will do. ``python examples/books.py``"""

import tempfile
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.ingest.interactions_file import load_interactions
from tastemaker.retrieval.ingest.items_file import load_items
from tastemaker.tools.workspace.build import build_workspace

BOOKS = """id,title,author,subjects,pages,blurb
b1,The Salt Road,Ines Moreau,travel|history,320,A caravan across the desert and what it traded
b2,Small Gods of Leeds,Tom Harker,fantasy|comedy,210,Household gods unionise in a northern city
b3,A Theory of Rain,Ada Lindqvist,science|essays,180,Why clouds give up their water and when
b4,The Quiet Ward,Ines Moreau,crime|hospital,290,A night nurse counts one patient too many
b5,Bread Without Hurry,Jo Kessler,cooking,150,Loaves that rise overnight
b6,The Harbour Case,Tom Harker,crime|sea,330,A diver finds a car where no car could be
"""
LOG = "user,item\n" + "".join(
    f"r{reader},b{1 + (reader + step) % 6}\n" for reader in range(12) for step in range(3)
)

folder = Path(tempfile.mkdtemp())
(folder / "books.csv").write_text(BOOKS)
(folder / "read.csv").write_text(LOG)
catalog = load_items(folder / "books.csv")
workspace = build_workspace(
    folder / "library",
    catalog,
    load_interactions(folder / "read.csv", catalog),
    recommender="ease",
    embedding="hashing",
    progress=False,
)
with Tastemaker(workspace) as tm:
    session = tm.session(liked=["The Quiet Ward"])
    print(session.send("another crime story under 350 pages").text)
    print("known now:", session.profile.likes, [str(one) for one in session.profile.constraints])
