from tastemaker.evals.benchmarks import beam


def test_it_prints_a_line_per_model(capsys):
    beam.main(["--items", "200", "--asked", "2"])
    shown = capsys.readouterr().out
    assert "minionerec: top 50 of 200 items" in shown
    for name in ("mmgrec", "onepiece", "synergen"):
        assert name in shown
