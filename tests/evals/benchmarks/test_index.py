"""The benchmark's own parts, at a size that tests can afford."""

from tastemaker.evals.benchmarks.index import FILTERS, HEAD, build_ratio, searches
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder


def test_every_filter_is_measured_beside_both_peers(tmp_path):
    measured = searches(tmp_path, 300, 16, with_chroma=True)
    assert [row[:2] for row in measured.rows] == [("300", name) for name in FILTERS]
    assert all(len(row) == len(HEAD) and all(row) for row in measured.rows)
    assert {row[HEAD.index("recall@10")] for row in measured.rows} == {"1.000"}
    assert measured.vector_bytes == 300 * 16 * 4
    assert measured.resident_bytes > 10**7


def test_a_build_is_timed_beside_encoding(tmp_path, film_catalog):
    alone, whole = build_ratio(tmp_path, film_catalog, item_texts(film_catalog), HashingEmbedder())
    assert 0 < alone < whole
