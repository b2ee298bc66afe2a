"""AdamW that touches only the rows of a matrix that a step used; what makes a million items trainable."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn


class RowAdamW(torch.optim.AdamW):
    """AdamW; for parameters with a sparse gradient, rows without one are left as they are.

    Their moments wait too, so a rare row moves by its own gradients alone. Dense
    gradients are treated as AdamW treats them.
    """

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step for all parameters that have a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None and parameter.grad.is_sparse:
                    self._step_rows(parameter, group)
                    parameter.grad = None
        super().step(closure)

    def _step_rows(self, parameter: nn.Parameter, group: dict[str, Any]) -> None:
        gradient = _coalesce(parameter)
        rows, values = gradient.indices()[0], gradient.values()
        state = self.state[parameter]
        if not state:
            state |= {"step": torch.zeros(()), "exp_avg": _zeros(parameter), "exp_avg_sq": _zeros(parameter)}
        state["step"] += 1
        (beta1, beta2), step = group["betas"], state["step"].item()
        mean = state["exp_avg"][rows].lerp_(values, 1 - beta1)
        square = state["exp_avg_sq"][rows].lerp_(values.square(), 1 - beta2)
        state["exp_avg"][rows], state["exp_avg_sq"][rows] = mean, square
        width = (square.sqrt() / math.sqrt(1 - beta2**step)).add_(group["eps"])
        moved = parameter[rows] * (1 - group["lr"] * group["weight_decay"])
        parameter[rows] = moved.addcdiv_(mean, width, value=-group["lr"] / (1 - beta1**step))


def clip_gradients(parameters: Iterable[nn.Parameter], norm: float) -> None:
    """Scale all gradients down together where their common norm is above ``norm``; sparse ones included."""
    own = [p for p in parameters if p.grad is not None]
    if not any(p.grad is not None and p.grad.is_sparse for p in own):
        nn.utils.clip_grad_norm_(own, norm)
        return
    values = [_coalesce(p).values() if p.grad is not None and p.grad.is_sparse else p.grad for p in own]
    total = torch.stack([value.norm() for value in values if value is not None]).norm()
    for value in values:
        if value is not None:
            value.mul_((norm / (total + 1e-6)).clamp(max=1.0))


def _coalesce(parameter: nn.Parameter) -> Tensor:
    """The sparse gradient with each row once, put back so that changes of its values count."""
    if parameter.grad is None or not parameter.grad.is_sparse:
        raise TypeError("the parameter has no sparse gradient")
    if not parameter.grad.is_coalesced():
        parameter.grad = parameter.grad.coalesce()
    return parameter.grad


def _zeros(parameter: Tensor) -> Tensor:
    return torch.zeros_like(parameter, requires_grad=False)
