"""A shop of twelve things for camping, made in a second: what the other examples talk about."""

from pathlib import Path

from tastemaker.retrieval.ingest.interactions_file import load_interactions
from tastemaker.retrieval.ingest.items_file import load_items
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.workspace import Workspace

ITEMS = """id,title,kind,materials,price,description
t1,Trail tent,shelter,nylon|aluminium,249,A two-person tent for windy ridges
t2,Garden tarp,shelter,cotton,39,A wide sail against sun and drizzle
t3,Dome tent,shelter,nylon|fibreglass,129,A tent for four on a meadow
s1,Winter bag,sleep,down|nylon,189,A sleeping bag warm enough for snow
s2,Summer blanket,sleep,wool,45,A light blanket for mild nights
s3,Foam mat,sleep,foam,25,A mat that keeps the cold ground away
c1,Gas stove,cooking,steel|aluminium,59,A small stove that boils water in three minutes
c2,Iron pan,cooking,steel,35,A heavy pan for eggs and bread over a fire
c3,Nesting pots,cooking,aluminium,49,Three pots that fit into each other
l1,Head lamp,light,plastic,29,A lamp that leaves both hands free
l2,Candle lantern,light,steel|glass,22,A warm light for the table
l3,Solar string,light,plastic,19,A chain of small lights for the evening
"""
KINDS = ("t", "s", "c", "l")
LOG = "user,item,timestamp\n" + "".join(
    f"u{user},{kind}{1 + (user + step) % 3},{step}\n" for user in range(24) for step, kind in enumerate(KINDS)
)


def small_shop(folder: Path, recommender: str = "popularity") -> Workspace:
    """Write two CSV files into a folder and build a workspace of them."""
    (folder / "items.csv").write_text(ITEMS)
    (folder / "log.csv").write_text(LOG)
    catalog = load_items(folder / "items.csv")
    log = load_interactions(folder / "log.csv", catalog)
    return build_workspace(
        folder / "shop", catalog, log, recommender=recommender, embedding="hashing", progress=False
    )
