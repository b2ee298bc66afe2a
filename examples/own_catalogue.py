"""From two CSV files to an answer, without any download: ``python examples/own_catalogue.py``."""

import tempfile
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.ingest.interactions_file import load_interactions
from tastemaker.retrieval.ingest.items_file import load_items
from tastemaker.tools.workspace.build import build_workspace

ITEMS = """id,title,kind,materials,price,description
t1,Trail tent,shelter,nylon|aluminium,249,A two-person tent for windy ridges
t2,Garden tarp,shelter,cotton,39,A wide sail against sun and drizzle
s1,Winter bag,sleep,down|nylon,189,A sleeping bag warm enough for snow
s2,Summer blanket,sleep,wool,45,A light blanket for mild nights
c1,Gas stove,cooking,steel|aluminium,59,A small stove that boils water in three minutes
c2,Iron pan,cooking,steel,35,A heavy pan for eggs and bread over a fire
"""
LOG = "user,item\n" + "".join(
    f"u{user},{item}\n" for user in range(8) for item in ("t1", "s1", "c1", "t2", "s2", "c2")[user % 3 :]
)

folder = Path(tempfile.mkdtemp())
(folder / "items.csv").write_text(ITEMS)
(folder / "log.csv").write_text(LOG)
catalog = load_items(folder / "items.csv")
log = load_interactions(folder / "log.csv", catalog)
workspace = build_workspace(
    folder / "shop", catalog, log, recommender="popularity", embedding="hashing", progress=False
)
with Tastemaker(workspace) as tm:
    session = tm.session(liked=["Trail tent"])
    print(session.send("something warm to sleep in under 100 euros, no wool").text)
    print(session.send("then something for cooking, wool is fine").text)
