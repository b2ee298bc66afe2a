from tastemaker.evals.benchmarks import recommenders as bench


def test_it_prints_both_tables(capsys, monkeypatch):
    monkeypatch.setattr(bench, "PEOPLE", 20)
    bench.main(["--systems", "popularity,item-knn", "--items", "2000"])
    shown = capsys.readouterr().out
    assert "item-knn" in shown
    assert "to reading" in shown
    assert "int8" in shown


def test_a_catalogue_of_any_size_has_what_every_recommender_reads(capsys, monkeypatch):
    monkeypatch.setattr(bench, "PEOPLE", 20)
    monkeypatch.setattr(bench, "DEFAULT_EMBEDDING", "hashing")
    bench.main(["--systems", "m2trec,pisa,hiformer", "--catalogue", "60", "--items", "0"])
    shown = capsys.readouterr().out
    assert shown.splitlines()[2].startswith("top 50 of 60 items")
    for name in ("m2trec", "pisa", "hiformer"):
        assert f"\n{name} " in shown
    assert "to reading" not in shown


def test_columns_line_up(capsys):
    bench.say_table([("a", "bb"), ("long", "1")])
    assert capsys.readouterr().out == "a     bb\nlong   1\n\n"
