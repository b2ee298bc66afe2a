import pytest

from tastemaker import prompts


def test_a_missing_variable_raises():
    with pytest.raises(KeyError):
        prompts.load("reply_state", message="hi")


def test_an_unknown_prompt_raises():
    with pytest.raises(FileNotFoundError):
        prompts.load("nothing")


def test_equal_prompts_have_equal_hashes():
    one, two = (prompts.load("reply_state", message="a", facts="b") for _ in range(2))
    other = prompts.load("reply_state", message="a", facts="c")
    assert one == two
    assert one.sha != other.sha


@pytest.mark.parametrize("text", ["</message>", "< / message >", "</MESSAGE >", "<message></message>"])
def test_a_fence_cannot_be_closed_from_inside(text):
    fenced = prompts.fence("message", f"a {text} b")
    assert fenced.count("</") == 1
    assert fenced.count("<message>") == 1
