"""Everybody's list into one Parquet file: ``python examples/batch.py``"""

import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from small_shop import small_shop

from tastemaker.tools.workspace.batch_ranking import rank_people

folder = Path(tempfile.mkdtemp())
report = rank_people(small_shop(folder), folder / "recs.parquet", k=3, progress=False)
print(report.people, "people")
print(pq.read_table(folder / "recs.parquet").to_pylist()[0])
