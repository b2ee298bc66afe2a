"""Sessions in PostgreSQL and the index in a Chroma server, as several machines would share them.

``python examples/servers.py postgresql://user:password@localhost/shop http://localhost:8000``; with no addresses it
goes without both, in memory and in a folder.
"""

import sys
import tempfile
from pathlib import Path

from small_shop import small_shop

from tastemaker.agent import Tastemaker
from tastemaker.tools.workspace.build import build_workspace

sessions, store = (sys.argv[1:3] + ["memory", None][len(sys.argv[1:3]) :])[:2]
folder = Path(tempfile.mkdtemp())
local = small_shop(folder)
shop = build_workspace(
    folder / "shared",
    local.catalog,
    local.interactions,
    recommender="popularity",
    embedding="hashing",
    store=store,
    progress=False,
)
with Tastemaker(shop, sessions=sessions) as one, Tastemaker(shop, sessions=sessions) as other:
    talk = one.session()
    print(talk.send("a stove under 60").text)
    print("seen by the other process:", len(other.session(talk.id).messages), "messages")
