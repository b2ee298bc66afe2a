"""What every encoder must be: causal or not as it says, equal in batches, and like a slow reference."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import layer_norm, silu

from tastemaker.recommenders.data.sequences import pad
from tastemaker.recommenders.layers.bidirectional_encoder import BidirectionalEncoder
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.decisions.decision_encoder import DecisionEncoder, mean_of_latest
from tastemaker.recommenders.layers.decisions.return_tokens import BalancedReturns, TrendReturns
from tastemaker.recommenders.layers.decisions.state_codebook import StateCodebook
from tastemaker.recommenders.layers.hstu_encoder import BUCKETS, HSTUEncoder, HSTULayer, time_buckets
from tastemaker.recommenders.layers.state_space_duality import scan
from tastemaker.recommenders.layers.time_aware_encoder import TimeAwareEncoder, TimeAwareLayer, log_pauses
from tastemaker.recommenders.layers.time_dropout import show


def _decision(returns, codebook=None):
    encoder = DecisionEncoder(
        size=8, layers=2, heads=2, max_length=5, dropout=0.5, returns=returns, codebook=codebook
    )
    torch.nn.init.normal_(encoder.hidden)
    return encoder


CAUSAL = {
    "decision, balanced": lambda: _decision(BalancedReturns(2, 8)),
    "decision, abstract": lambda: _decision(TrendReturns(2, 8), StateCodebook(4, 8)),
    "transformer": lambda: CausalEncoder(size=8, layers=2, heads=2, max_length=5, dropout=0.5),
    "hstu": lambda: HSTUEncoder(size=8, layers=2, heads=2, max_length=5, dropout=0.5, timeless=0.5),
    "state space": lambda: TimeAwareEncoder(
        size=8, layers=2, heads=2, state=3, max_length=5, dropout=0.5, timeless=0.5
    ),
}
TIMES = np.array([10.0, 20.0, 25.0, 400.0, 9000.0])


@pytest.fixture(params=list(CAUSAL))
def causal(request):
    torch.manual_seed(0)
    return CAUSAL[request.param]().eval()


def test_a_state_sees_nothing_after_it(causal):
    vectors = torch.randn(1, 5, 8)
    changed = vectors.clone()
    changed[:, 3:] = 7.0
    sequences = pad([np.arange(5)], [TIMES], 5)
    later = pad([np.arange(5)], [np.where(np.arange(5) < 4, TIMES, 99999.0)], 5)
    torch.testing.assert_close(causal(vectors, sequences)[:, :3], causal(changed, later)[:, :3])


def test_a_state_sees_what_is_before_it(causal):
    vectors = torch.randn(1, 5, 8)
    changed = vectors.clone()
    changed[:, 0] *= -1.0
    sequences = pad([np.arange(5)], [TIMES], 5)
    moved = (causal(vectors, sequences) - causal(changed, sequences)).abs().amax(-1)
    assert (moved > 1e-5).all()


def test_the_last_state_is_the_last_of_all_states(causal):
    sequences = pad([np.arange(5), np.arange(2)], [TIMES, TIMES[:2]], 5)
    vectors = torch.randn(2, 5, 8)
    everything = causal(vectors, sequences)
    torch.testing.assert_close(
        causal.last(vectors, sequences), torch.stack([everything[0, 4], everything[1, 1]])
    )


def test_the_padding_changes_nothing(causal):
    vectors = torch.randn(2, 5, 8)
    both = causal.last(vectors, pad([np.arange(5), np.arange(2)], [TIMES, TIMES[:2]], 5))
    alone = causal.last(vectors[1:, :2], pad([np.arange(2)], [TIMES[:2]], 5))
    torch.testing.assert_close(both[1:], alone)


@pytest.fixture
def bidirectional():
    torch.manual_seed(0)
    return BidirectionalEncoder(size=8, layers=2, heads=2, max_length=5, dropout=0.5).eval()


def test_a_bidirectional_state_sees_what_is_after_it_but_no_padding(bidirectional):
    vectors = torch.randn(1, 5, 8)
    changed = vectors.clone()
    changed[:, 3] *= -1.0
    whole, part = pad([np.arange(5)], [None], 5), pad([np.arange(3)], [None], 5)
    assert not torch.allclose(bidirectional(vectors, whole)[:, 0], bidirectional(changed, whole)[:, 0])
    short = bidirectional.fill(vectors, torch.arange(5)[None] < 3)
    torch.testing.assert_close(short[:, :3], bidirectional(vectors[:, :3], part))


def test_a_masked_item_is_not_seen(bidirectional):
    vectors = torch.randn(1, 5, 8)
    changed = vectors.clone()
    changed[:, 3] *= -1.0
    real, masked = torch.ones(1, 5, dtype=torch.bool), torch.arange(5)[None] == 3
    torch.testing.assert_close(
        bidirectional.fill(vectors, real, masked), bidirectional.fill(changed, real, masked)
    )


def test_serving_puts_a_mask_after_the_last_item(bidirectional):
    sequences = pad([np.arange(4), np.arange(2)], [None, None], 5)
    vectors = torch.randn(2, 4, 8)
    masked = torch.arange(5) == torch.tensor([[4], [2]])
    longer = torch.cat([vectors, torch.zeros(2, 1, 8)], dim=1)
    filled = bidirectional.fill(longer, torch.arange(5) <= torch.tensor([[4], [2]]), masked)
    torch.testing.assert_close(bidirectional.last(vectors, sequences), filled[masked])


def test_an_hstu_layer_is_its_formula_written_as_a_loop():
    torch.manual_seed(0)
    layer, heads, d, longest = HSTULayer(size=6, heads=2, max_length=4, dropout=0.5).eval(), 2, 6, 4
    torch.nn.init.normal_(layer.by_time)
    x, bucket = torch.randn(1, 3, d), torch.randint(BUCKETS, (1, 3, 3))
    expected = torch.zeros(3, d)
    gate, value, query, key = silu(layer.project(layer.norm(x[0]))).split(d, dim=-1)
    for i in range(3):
        seen = torch.zeros(d)
        for j in range(i + 1):
            bias = layer.by_position[i - j] + layer.by_time[bucket[0, i, j], 0]
            for part in (slice(0, d // heads), slice(d // heads, d)):
                seen[part] += silu(query[i, part] @ key[j, part] + bias) / longest * value[j, part]
        expected[i] = x[0, i] + layer.out(layer_norm(seen, (d,)) * gate[i])
    torch.testing.assert_close(layer(x, bucket)[0], expected)


def test_time_is_told_apart_on_a_log_scale_up_to_the_request():
    sequences = pad([np.arange(3), np.arange(2)], [np.array([100.0, 160.0, 3760.0]), None], 5, [3820.0, None])
    bucket = time_buckets((sequences.timestamps, sequences.next_timestamps))
    assert bucket[0, 0, 0] == bucket[0, 2, 2] < bucket[0, 1, 1] < BUCKETS  # a minute each, and an hour
    assert (bucket[1] == BUCKETS).all()
    assert sequences.next_timestamps[0].tolist() == [160.0, 3760.0, 3820.0]


@pytest.mark.parametrize("chunk", [1, 3, 4, 7, 64])
def test_the_chunked_scan_is_the_recurrence_written_as_a_loop(chunk):
    torch.manual_seed(0)
    inputs, decay = torch.randn(2, 7, 3, 5), -torch.rand(2, 7, 3) * 3
    write, read = torch.randn(2, 7, 4), torch.randn(2, 7, 4)
    state, expected = torch.zeros(2, 3, 4, 5), []
    for t in range(7):
        state = decay[:, t].exp()[..., None, None] * state + torch.einsum(
            "bn,bhp->bhnp", write[:, t], inputs[:, t]
        )
        expected.append(torch.einsum("bn,bhnp->bhp", read[:, t], state))
    torch.testing.assert_close(scan(inputs, decay, write, read, chunk), torch.stack(expected, dim=1))


def test_the_scan_has_a_gradient_even_where_all_is_forgotten():
    inputs, decay = torch.ones(1, 6, 1, 1), torch.full((1, 6, 1), -300.0, requires_grad=True)
    scan(inputs, decay, torch.ones(1, 6, 1), torch.ones(1, 6, 1), chunk=4).sum().backward()
    assert torch.isfinite(decay.grad).all()


def test_a_long_pause_makes_a_state_space_forget():
    torch.manual_seed(0)
    layer = TimeAwareLayer(size=8, heads=2, state=3, dropout=0.5).eval()  # without the pause it keeps all
    torch.nn.init.constant_(layer.rate, -9.0)
    torch.nn.init.constant_(layer.by_pause, 9.0)
    x = torch.randn(1, 9, 8)
    changed = torch.cat([-x[:, :1], x[:, 1:]], dim=1)

    def moved(pause):  # of position 8 by position 0, out of the short convolution's reach
        return (layer(x, pause) - layer(changed, pause))[0, 8].norm().item()

    steady, long = torch.zeros(1, 9), torch.zeros(1, 9)
    long[0, 5] = 1e6
    assert moved(steady) > 1e-4
    assert moved(long) < 1e-6


def test_pauses_are_zero_where_unknown():
    found = log_pauses(torch.tensor([[5.0, 5.0, 6.0, 0.0], [0.0, 0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(found, [[0, 0, np.log(2), 0], [0, 0, 0, 0]], rtol=1e-6)


@pytest.mark.parametrize("kind", ["hstu", "state space"])
def test_an_encoder_told_that_times_mean_nothing_never_looks_at_them(kind):
    torch.manual_seed(0)
    encoder, vectors = CAUSAL[kind]().eval(), torch.randn(1, 5, 8)
    timed, other = (pad([np.arange(5)], [times], 5) for times in (TIMES, TIMES * 1e4))
    assert not torch.allclose(encoder(vectors, timed), encoder(vectors, other), atol=1e-6)
    encoder.timeless = 1.0
    torch.testing.assert_close(encoder(vectors, timed), encoder(vectors, other))


def test_times_are_hidden_in_their_share_of_the_training_sequences():
    torch.manual_seed(0)
    assert show(4000, 0.25, training=True).mean().item() == pytest.approx(0.75, abs=0.03)
    assert show(9, 0.25, training=False).min() == show(9, 0.0, training=True).min() == 1
    assert show(9, 1.0, training=False).max() == 0


def test_a_wish_moves_its_own_state_and_none_before_it():
    torch.manual_seed(0)
    encoder = _decision(BalancedReturns(2, 8)).eval()
    vectors, sequences = torch.randn(1, 5, 8), pad([np.arange(5)], [None], 5)
    aims = torch.full((1, 5, 2), torch.nan)
    plain = encoder(vectors, replace(sequences, aims=aims))
    torch.testing.assert_close(encoder(vectors, sequences), plain)  # unknown is as good as not told
    aims[0, 3] = 0.9
    moved = (encoder(vectors, replace(sequences, aims=aims)) - plain).abs().amax(-1)[0]
    assert (moved[:3] < 1e-6).all()
    assert (moved[3:] > 1e-4).all()


def test_the_latest_are_averaged():
    vectors = torch.randn(2, 6, 3)
    found = mean_of_latest(vectors, window=4)
    torch.testing.assert_close(found[:, 5], vectors[:, 2:6].mean(1))
    torch.testing.assert_close(found[:, 1], vectors[:, :2].mean(1))
