from __future__ import annotations

import numpy as np
import pytest
import torch

from tastemaker.recommenders.data.sequences import Sequences, pad
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.prefix_tables import PrefixTables, leaf_shares
from tastemaker.recommenders.layers.generative.reasoning_decoder import ReasoningDecoder
from tastemaker.recommenders.layers.generative.rotary_time import DAY, rotary_angles, turn
from tastemaker.recommenders.layers.generative.set_decoder import SetDecoder
from tastemaker.recommenders.layers.generative.task_decoder import TaskDecoder
from tastemaker.recommenders.layers.generative.task_model import TaskModel
from tastemaker.recommenders.layers.generative.token_decoder import TokenDecoder
from tastemaker.recommenders.layers.generative.token_model import TokenModel
from tastemaker.recommenders.losses.group_relative_loss import advantages, token_log_probabilities

ITEMS, LEVELS, COUNT, SIZE = 40, 3, 4, 16


def histories(*rows: list[int]) -> Sequences:
    return pad([np.array(own) for own in rows], [None] * len(rows), 6)


def compose(kind: str, beams: int = 64, seed: int = 0) -> TokenModel:
    torch.manual_seed(seed)
    codes, vectors = torch.randint(COUNT, (ITEMS, LEVELS)), torch.randn(ITEMS, 5)
    codes[1] = codes[0]
    tokens, tables = CodeTokens(codes, COUNT, SIZE), PrefixTables(codes, COUNT)
    sizes = (SIZE, 2, 2, 6, 0.2)
    counts = torch.arange(ITEMS)
    shares = leaf_shares(tables.leaf_of_item, counts, torch.ones(ITEMS, dtype=torch.bool))
    if kind == "tasks":
        tasks = TaskDecoder(tokens, *sizes, texts=5)
        return TaskModel(tasks, vectors, tables, shares, SIZE, beams, 0.0, vectors).eval()
    decoder = {
        "tokens": lambda: TokenDecoder(tokens, *sizes),
        "reasoned": lambda: ReasoningDecoder(tokens, vectors, *sizes, anchors=3, liked=2, steps=2),
        "set": lambda: SetDecoder(tokens, vectors, *sizes, relation=False),
        "related": lambda: SetDecoder(tokens, vectors, *sizes, relation=True),
    }[kind]()
    return TokenModel(decoder, vectors, tables, shares, SIZE, beams).eval()


ORDERED = ("tokens", "reasoned", "tasks")
KINDS = (*ORDERED, "set", "related")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_beam_finds_the_probability_of_every_item_and_they_add_up_to_one(kind):
    model = compose(kind)
    scores = model.scores(histories([3, 9, 30], [7]), model.items.matrix())
    torch.testing.assert_close(scores.exp().sum(1), torch.ones(2))
    read = model.decoder.read(histories([3, 9, 30], [7]))
    states = model.decoder.states(read, model.decoder.tokens.codes[None, :, :-1].expand(2, -1, -1))
    exact = model.shares.clone().expand(2, -1)
    nodes = torch.zeros(ITEMS, dtype=torch.int64)
    for level in range(LEVELS):
        logits = model.decoder.tokens.logits(level, states[:, :, level])
        step, _ = model.tables.step(level, nodes, logits)
        exact = (
            exact + step.gather(2, model.decoder.tokens.codes[None, :, level, None].expand(2, -1, 1))[..., 0]
        )
        nodes = model.tables.nodes[level]
    torch.testing.assert_close(scores, exact)


def test_one_pass_over_a_whole_sequence_is_what_reading_and_going_on_give():
    model = compose("tokens")
    rows = torch.tensor([[3, 9, 30, 5], [7, 7, 2, 0]])
    whole = model.decoder(rows)
    read = model.decoder.read(histories([3, 9, 30], [7, 7]))
    for person, place in ((0, 3), (1, 2)):
        codes = model.decoder.tokens.codes[rows[person, place]]
        apart = model.decoder.states(read, codes[None, None, :-1].expand(2, 1, -1))
        torch.testing.assert_close(apart[person, 0], whole[person, place])


def test_what_comes_later_changes_nothing_before_it():
    model = compose("tokens")
    rows = torch.tensor([[3, 9, 30, 5]])
    later = torch.tensor([[3, 9, 31, 6]])
    torch.testing.assert_close(model.decoder(rows)[:, :3, 0], model.decoder(later)[:, :3, 0])
    assert not torch.allclose(model.decoder(rows)[:, 3], model.decoder(later)[:, 3])


@pytest.mark.parametrize("kind", KINDS)
def test_padding_changes_no_score_and_only_a_sequence_has_an_order(kind):
    model = compose(kind)
    items = model.items.matrix()
    alone = model.scores(histories([3, 9]), items)
    torch.testing.assert_close(model.scores(histories([3, 9], [1, 2, 3, 4, 5]), items)[:1], alone)
    assert torch.allclose(model.scores(histories([9, 3]), items), alone, atol=1e-5) == (kind not in ORDERED)


@pytest.mark.parametrize("beams", [1, 3])
def test_a_narrow_beam_ends_in_allowed_items_and_its_numbers_are_exact(beams):
    wide, narrow = compose("tokens"), compose("tokens", beams)
    sequences, items = histories([3, 9, 30]), wide.items.matrix()
    exact = wide.scores(sequences, items)[0]
    worst = exact.argsort()[:3]
    allowed = torch.zeros(1, ITEMS, dtype=torch.bool)
    allowed[0, worst] = True
    found = narrow.search(sequences, items, allowed)[0]
    reached = torch.isclose(found, exact)
    assert reached[worst].sum() >= 1
    assert len(wide.tables.leaf_of_item[reached].unique()) <= beams
    assert found[reached].min() > found[~reached].max()
    assert (
        found[~reached].argsort().tolist()
        == wide.dense(wide.decoder.read(sequences), items)[0][~reached].argsort().tolist()
    )


def test_items_with_one_id_share_it_by_how_often_they_were_taken():
    model = compose("tokens")
    scores = model.scores(histories([3, 9, 30]), model.items.matrix())[0]
    twice = (scores[1] - scores[0]).exp().item()  # taken once and never, each counted once more
    assert twice == pytest.approx(2, rel=1e-4)


def test_later_items_leave_the_numbers_of_the_others_as_they_were():
    codes = torch.tensor([[0, 0], [0, 1], [1, 0], [0, 2], [2, 3]])
    trained = torch.tensor([True, True, True, False, False])
    before, after = PrefixTables(codes[:3], 4), PrefixTables(codes, 4, trained)
    logits = torch.randn(4)
    for node in (0, 1):
        old, _ = before.step(1, torch.tensor([node]), logits)
        new, _ = after.step(1, torch.tensor([node]), logits)
        known = old > -torch.inf
        torch.testing.assert_close(new[known], old[known])
    new, _ = after.step(1, torch.tensor([2]), logits)
    assert new[0, 3] == 0  # below a new code, the new items are all there is
    counts = torch.tensor([4, 0, 1, 0, 0])
    leaves = torch.tensor([0, 1, 2, 0, 3])
    torch.testing.assert_close(
        leaf_shares(leaves, counts, trained)[:3], leaf_shares(leaves[:3], counts[:3], trained[:3])
    )


def test_reasoning_in_training_is_that_of_serving_and_knows_nothing_of_what_comes():
    model = compose("reasoned")
    decoder = model.decoder
    rows, known = torch.tensor([[3, 9, 30, 5]]), torch.tensor([[2, 3]])
    states, memories = decoder.trace(rows)
    real = torch.arange(memories[0].keys.shape[2]) < 1 + known[..., None] * LEVELS
    thoughts, context = states[:, known[0], 0][:, :, None], decoder.context(rows, known)
    codes = (
        decoder.tokens(decoder.tokens.codes[rows[:, [2, 3]]][..., :-1]) + decoder.position[known][:, :, None]
    )
    for number in range(2):
        found, _ = decoder.think(context, thoughts, number, codes, memories, real)
        thoughts = torch.cat([thoughts, found[:, :, :1]], dim=2)
    for place, history in enumerate(([3, 9], [3, 9, 30])):
        read = decoder.read(histories(history))
        target = decoder.tokens.codes[rows[0, len(history)]]
        torch.testing.assert_close(
            decoder.states(read, target[None, None, :-1])[0, 0], found[0, place], rtol=1e-4, atol=1e-5
        )


def test_anchors_are_items_near_the_latest_and_none_of_the_history():
    decoder = compose("reasoned").decoder
    near = decoder.near @ decoder.near[9]
    near[[3, 9]] = -2
    decoder.liked = 1
    expected = decoder.tokens(decoder.tokens.codes[near.topk(3).indices]).sum(1) + decoder.anchor
    context = decoder.context(torch.tensor([[3, 9, 30]]), torch.tensor([[2]]))
    torch.testing.assert_close(context[0, 0], expected)


def test_rotated_tokens_see_only_how_far_apart_they_are():
    query, key = torch.randn(8), torch.randn(8)

    def product(first: float, second: float) -> float:
        places = torch.tensor([1, 3])
        seconds = torch.tensor([first, second], dtype=torch.float64) * DAY
        own, other = rotary_angles(places, seconds, 4, 2)
        return float(turn(query, own) @ turn(key, other))

    assert product(0, 2.3) == pytest.approx(product(700, 702.3), abs=1e-4)
    assert product(0, 2.3) != pytest.approx(product(0, 2.7), abs=1e-3)


def test_a_search_and_a_ranking_token_change_the_order_and_each_number_stands_alone():
    model = compose("tasks")
    sequences, items = histories([3, 9, 30]), model.items.matrix()
    plain = model.scores(sequences, items)
    wish = torch.randn(1, 5)
    assert not torch.allclose(model.search(sequences, items, None, wish), plain)
    model.rank_weight = 1.0
    ranked = model.scores(sequences, items)
    assert (ranked < plain).all()  # a log-chance was added
    allowed = torch.zeros(1, ITEMS, dtype=torch.bool)
    allowed[0, [4, 7]] = True
    torch.testing.assert_close(model.search(sequences, items, allowed)[0, [4, 7]], ranked[0, [4, 7]])


def test_a_search_alone_is_answered():
    model = compose("tasks")
    never = torch.zeros(1, 0, dtype=torch.float64)
    nobody = Sequences(never.long(), torch.zeros(1).long(), never, never)
    scores = model.search(nobody, model.items.matrix(), None, torch.randn(1, 5))
    torch.testing.assert_close(scores.exp().sum(1), torch.ones(1))


def test_groups_teach_only_where_they_hold_a_hit_and_most_about_the_first_miss():
    gain = advantages(torch.tensor([[False, True, False, False], [False, False, False, False]]))
    assert gain[0].argmax() == 1
    assert gain[0].argmin() == 0
    assert gain[0].mean() == pytest.approx(0, abs=1e-6)
    assert not gain[1].any()


def test_probabilities_of_codes_multiply_to_those_of_items():
    model = compose("tokens")
    sequences = histories([3, 9, 30])
    tokens = token_log_probabilities(model, model.decoder.read(sequences), torch.arange(ITEMS)[None])
    scores = model.scores(sequences, model.items.matrix())
    torch.testing.assert_close(tokens.sum(2) + model.shares, scores)
