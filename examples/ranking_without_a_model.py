"""The recommender alone, without a conversation: ``python examples/ranking_without_a_model.py``"""

import tempfile
from pathlib import Path

from small_shop import small_shop

from tastemaker.recommenders import Query, load_recommender

shop = small_shop(Path(tempfile.mkdtemp()), recommender="ease")
model = load_recommender(shop.recommenders / "ease", shop.catalog)
for item_id, score in model.top(Query(history=("t1", "s1")), k=3):
    print(f"{score:.3f}  {shop.catalog[item_id].title}")
