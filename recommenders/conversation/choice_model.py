"""Which of all items is chosen, from evidence on each: a conditional logit, with a small network on top.

McFadden, "Conditional logit analysis of qualitative choice behavior" (1974). Alternatives are drawn
at random, each with the same chance: the likelihood of the choice among what was chosen and what was drawn,
*without* weighing up for what was not drawn, leaves the estimates consistent (McFadden, "Modelling the
choice of residential location", 1978). Weighing up does not: it blows the weights up, the more the fewer are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Evidence = npt.NDArray[np.float32]

ALTERNATIVES = 600
"""Items that a choice is compared with, drawn anew for each."""

HIDDEN = 32
NETWORKS = 3
"""Fitted from different starts, and averaged."""
BOUNDS = (-4.0, 6.0)
"""What the network sees of evidence that is far out; the linear part sees all of it."""


@dataclass(frozen=True)
class Choice:
    """One choice that somebody made.

    Attributes:
        chosen: evidence on what was chosen, float16[c, f].
        others: evidence on alternatives that were not, float16[a, f], drawn at random; as many for
            every choice that a model is fitted to.
        weight: what the choice counts beside others.
    """

    chosen: npt.NDArray[np.float16]
    others: npt.NDArray[np.float16]
    weight: float = 1.0


class ChoiceModel(nn.Module):
    """Evidence on an item in, its utility out; the softmax of utilities is the chance to be chosen.

    utility = w . x + network(clip(x)), the network of one hidden layer with SiLU.
    """

    def __init__(self, n_evidence: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(n_evidence))
        # Left as it is: random numbers come from the fit, so that fits in several threads don't meet.
        self.into = nn.utils.skip_init(nn.Linear, n_evidence, hidden)  # type: ignore[no-untyped-call]
        self.out = nn.utils.skip_init(nn.Linear, hidden, 1, bias=False)  # type: ignore[no-untyped-call]
        for layer in (self.into, self.out):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(self, evidence: Tensor) -> Tensor:
        """float32[..., f] -> float32[...]."""
        bent = nn.functional.silu(self.into(evidence.clamp(*BOUNDS)))
        utility: Tensor = evidence @ self.weights + self.out(bent).squeeze(-1)
        return utility

    @classmethod
    @torch.no_grad()
    def mean_of(cls, models: Sequence[ChoiceModel]) -> ChoiceModel:
        """The model whose utilities are the mean of theirs: weights averaged, networks side by side."""
        mean = cls(len(models[0].weights), sum(len(one.into.bias) for one in models))
        mean.weights.copy_(torch.stack([one.weights for one in models]).mean(dim=0))
        mean.into.weight.copy_(torch.cat([one.into.weight for one in models]))
        mean.into.bias.copy_(torch.cat([one.into.bias for one in models]))
        mean.out.weight.copy_(torch.cat([one.out.weight for one in models], dim=1) / len(models))
        return mean.eval()

    @torch.inference_mode()
    def utilities(self, evidence: Evidence) -> npt.NDArray[np.float32]:
        """float32[n_items, f] -> float32[n_items]."""
        scores: npt.NDArray[np.float32] = self(torch.from_numpy(evidence)).numpy()
        return scores

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """All parameters by name."""
        return {f"choice/{name}": value.numpy() for name, value in self.state_dict().items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> ChoiceModel:
        """The model that :meth:`arrays` came from; other arrays are left alone."""
        own = {
            name.removeprefix("choice/"): torch.from_numpy(np.array(value))
            for name, value in arrays.items()
            if name.startswith("choice/")
        }
        model = cls(len(own["weights"]), len(own["into.bias"]))
        model.load_state_dict(own)
        return model.eval()


def fit_choices(
    choices: Sequence[Choice],
    *,
    epochs: int = 8,
    seed: int = 0,
    bent: bool = True,
    decay: float = 1e-3,
    networks: int = NETWORKS,
) -> ChoiceModel:
    """The model under which the choices were most likely: first the weights alone, then all of it.

    Args:
        choices: at least one.
        epochs: of the network.
        seed: of the networks' starts and the order of choices.
        bent: False leaves the network at zero.
        networks: how many to average.
        decay: square penalty on the weights, per choice.
    """
    choices = _level(choices)
    straight = ChoiceModel(choices[0].chosen.shape[1])
    _fit_weights(straight, choices, decay)
    if not bent:
        return straight.eval()
    return ChoiceModel.mean_of([_bent(straight, choices, epochs, [seed, n]) for n in range(networks)])


def _level(choices: Sequence[Choice]) -> list[Choice]:
    """The same with weights of mean one, so that neither penalties nor steps depend on their unit."""
    mean = sum(choice.weight for choice in choices) / len(choices)
    return [replace(choice, weight=choice.weight / mean) for choice in choices]


def _fit_weights(model: ChoiceModel, choices: Sequence[Choice], decay: float) -> None:
    solver = torch.optim.LBFGS([model.weights], max_iter=40, line_search_fn="strong_wolfe")
    batches = [choices[at : at + 64] for at in range(0, len(choices), 64)]

    def closure() -> float:
        solver.zero_grad()
        total = 0.0
        for batch in batches:
            loss = _loss(lambda x: x @ model.weights, batch) * len(batch) / len(choices)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        penalty = decay * model.weights.square().sum()
        penalty.backward()  # type: ignore[no-untyped-call]
        return total + float(penalty.detach())

    solver.step(closure)  # type: ignore[no-untyped-call]


def _bent(straight: ChoiceModel, choices: Sequence[Choice], epochs: int, seed: Sequence[int]) -> ChoiceModel:
    random = np.random.default_rng(seed)
    model = ChoiceModel(len(straight.weights))
    reach = len(straight.weights) ** -0.5
    with torch.no_grad():
        model.weights.copy_(straight.weights)
        for parameter in model.into.parameters():
            start = random.uniform(-reach, reach, tuple(parameter.shape))
            parameter.copy_(torch.from_numpy(start).float())
    _fit_network(model, choices, epochs, random)
    return model


def _fit_network(
    model: ChoiceModel, choices: Sequence[Choice], epochs: int, random: np.random.Generator
) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    for _ in range(epochs):
        order = random.permutation(len(choices))
        for at in range(0, len(order), 32):
            optimizer.zero_grad()
            _loss(model, [choices[i] for i in order[at : at + 32]]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()


def _loss(utility: Callable[[Tensor], Tensor], batch: Sequence[Choice]) -> Tensor:
    """Mean negative log-likelihood of a batch of choices, each against its alternatives, by their weights."""
    others = torch.from_numpy(np.stack([choice.others for choice in batch])).float()
    chosen = torch.from_numpy(np.concatenate([choice.chosen for choice in batch])).float()
    of = torch.from_numpy(np.repeat(np.arange(len(batch)), [len(choice.chosen) for choice in batch]))
    rest = torch.logsumexp(utility(others), dim=1)
    own = utility(chosen)
    missed: Tensor = torch.logaddexp(own, rest[of]) - own
    weights = torch.tensor([choice.weight for choice in batch], dtype=torch.float32)[of]
    loss: Tensor = (weights * missed).mean()
    return loss
