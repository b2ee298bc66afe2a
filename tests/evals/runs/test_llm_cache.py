import pytest

from tastemaker.evals.runs.llm_cache import RememberingModel
from tastemaker.retrieval.errors import DataError

SCHEMA = {"title": "t", "type": "object"}
ASKED = [("user", "hello")]


def test_the_same_question_is_asked_once_by_whatever_run(fake_model, tmp_path):
    fake_model.enqueue({"said": "one\u2028two"})
    first = RememberingModel(fake_model, tmp_path / "answers.jsonl")
    told = first.complete(SCHEMA, ASKED, 10)
    again = RememberingModel(fake_model, tmp_path / "answers.jsonl")
    assert again.complete(SCHEMA, ASKED, 10) == told == first.complete(SCHEMA, ASKED, 10)
    assert len(fake_model.history) == 1
    assert told.usage.calls == 1
    assert again.name == fake_model.name


@pytest.mark.parametrize(
    "other", [({"title": "u"}, ASKED, 10), (SCHEMA, [("user", "bye")], 10), (SCHEMA, ASKED, 11)]
)
def test_another_question_is_another_answer(fake_model, tmp_path, other):
    fake_model.enqueue({"n": 1})
    fake_model.enqueue({"n": 2})
    model = RememberingModel(fake_model, tmp_path / "answers.jsonl")
    model.complete(SCHEMA, ASKED, 10)
    assert model.complete(*other).value == {"n": 2}


def test_a_line_that_a_kill_cut_short_is_asked_again(fake_model, tmp_path):
    file = tmp_path / "answers.jsonl"
    for number in (1, 2):
        fake_model.enqueue({"n": number})
        RememberingModel(fake_model, file).complete(SCHEMA, [("user", str(number))], 10)
    file.write_bytes(file.read_bytes()[:-9])
    fake_model.enqueue({"n": 3})
    model = RememberingModel(fake_model, file)
    assert model.complete(SCHEMA, [("user", "2")], 10).value == {"n": 3}
    assert model.complete(SCHEMA, [("user", "1")], 10).value == {"n": 1}
    assert RememberingModel(fake_model, file).complete(SCHEMA, [("user", "2")], 10).value == {"n": 3}


def test_another_file_is_refused_with_its_line(fake_model, tmp_path):
    (tmp_path / "notes.txt").write_text("hello\n")
    with pytest.raises(DataError, match=r"notes\.txt:1: no kept answer"):
        RememberingModel(fake_model, tmp_path / "notes.txt")
