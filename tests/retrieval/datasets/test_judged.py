from tastemaker.retrieval.datasets.judged import read_shipped_judgements


def test_the_shipped_requests_name_films_once_each_and_other_data_sets_have_none():
    judged = read_shipped_judgements("ml-100k")
    known = {str(number) for number in range(1, 1683)}
    assert len(judged) > 2_500
    for one in judged:
        named = (*one.fits, *one.arguable, *one.wrong)
        assert one.fits
        assert len(set(named)) == len(named)
        assert known.issuperset(named)
        assert len(one.wordings) >= 2
        assert all(wording.strip() == wording for wording in one.wordings)
    assert read_shipped_judgements("ml-1m") == ()
