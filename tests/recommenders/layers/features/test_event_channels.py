from dataclasses import replace

import pytest
import torch

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.features.event_channels import MeanChannel, TimedChannel

DAY = 86_400.0


def _events(*lengths: int, longest: int = 2) -> Sequences:
    times = 1e9 + DAY * torch.arange(longest, dtype=torch.float64).expand(len(lengths), -1)
    return Sequences(
        torch.zeros(len(lengths), longest, dtype=torch.int64), torch.tensor(lengths), times, times
    )


@pytest.fixture(params=[MeanChannel, lambda: TimedChannel(8, 2)])
def channel(request):
    torch.manual_seed(0)
    return request.param()


def test_padding_is_not_seen_and_no_events_are_zeros(channel):
    vectors = torch.randn(1, 4, 8)
    batch = torch.cat([vectors, torch.randn(1, 4, 8)])
    batch[0, 2:] = 99
    padded = channel(batch, _events(2, 0, longest=4))
    torch.testing.assert_close(padded[0], channel(vectors[:, :2], _events(2))[0])
    assert padded.shape[1] == channel.tokens
    assert (padded[1] == 0).all()


def test_the_stream_looks_less_at_what_lies_long_ago():
    torch.manual_seed(0)
    channel = TimedChannel(8, 2)
    vectors, events = torch.randn(1, 2, 8, requires_grad=True), _events(2)
    pulls = []
    for days in (1, 3650):
        times = events.timestamps.clone()
        times[0, 0] = times[0, 1] - days * DAY
        last = channel(vectors, replace(events, timestamps=times))[0, 0]
        pulls.append(torch.autograd.grad(last.square().sum(), vectors)[0][0, 0].norm())
    assert pulls[1] < 0.8 * pulls[0]
