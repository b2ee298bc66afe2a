"""RQ-VAE: an autoencoder whose middle is cut into codes level by level, trained together.

Zeghidour et al., "SoundStream" (TASLP 2021), as TIGER (Rajput et al., NeurIPS 2023) and MiniOneRec use it for
item ids. The codebooks begin as a k-means of the first batch, without which most codes are never used, and
the weights that gave the most distinct ids, and of those that used most codes, are kept, not those of the lowest loss:
which codes a longer training leaves unused is not alike on all processors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from tastemaker.recommenders.semantic_ids.residual_kmeans import ResidualKMeans, encode_residuals
from tastemaker.recommenders.semantic_ids.tokenizer import CentresTokenizer, Codes, Frozen, Vectors

HIDDEN, MIDDLE = (128, 64), 32
"""Widths of the encoder between the vectors and the middle, and of the middle; the decoder mirrors them."""
STEPS, CHECK_EVERY = 600, 50
BATCH = 2048
LEARNING_RATE = 1e-3
COMMITMENT = 0.25
"""How strongly the encoder is drawn to its codes, beside the codes to it."""


@dataclass(frozen=True)
class ResidualAutoencoder(CentresTokenizer):
    """Residual codes of a learned, narrower vector.

    Attributes:
        weights, biases: of the encoder's layers.
        centres: float32[levels, codes, MIDDLE].
    """

    weights: tuple[Vectors, ...]
    biases: tuple[Vectors, ...]
    centres: Vectors

    name: ClassVar[str] = "rq-vae"

    @classmethod
    def fit(cls, vectors: Vectors, levels: int, codes: int, seed: int) -> Self:
        """Train for :data:`STEPS` steps."""
        random = np.random.default_rng(seed)
        widths = (vectors.shape[1], *HIDDEN, MIDDLE)
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.manual_seed(seed)
            encoder, decoder = _network(widths), _network(widths[::-1])
            with torch.no_grad():
                middle = encoder(torch.from_numpy(vectors)).numpy()
            start = ResidualKMeans.fit(middle, levels, codes, seed)
            centres = nn.Parameter(torch.from_numpy(start.centres))
            optimizer = torch.optim.AdamW(
                [*encoder.parameters(), *decoder.parameters(), centres], LEARNING_RATE, weight_decay=0.0
            )
            best, most = cls._read(encoder, centres), (-1, -1)
            for step in range(STEPS + 1):
                if step % CHECK_EVERY == 0:
                    now = cls._read(encoder, centres)
                    made = now.encode(vectors)
                    used = sum(len(np.unique(level)) for level in made.T)
                    told = len(np.unique(made, axis=0)), used
                    if told >= most:  # of equals the longer trained
                        best, most = now, told
                drawn = random.permutation(len(vectors))[:BATCH]
                optimizer.zero_grad()
                loss = _loss(torch.from_numpy(vectors[drawn]), encoder, decoder, centres)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
        return best

    @classmethod
    def _read(cls, encoder: nn.Sequential, centres: Tensor) -> Self:
        layers = [layer for layer in encoder if isinstance(layer, nn.Linear)]
        return cls(
            tuple(layer.weight.detach().numpy().copy() for layer in layers),
            tuple(layer.bias.detach().numpy().copy() for layer in layers),
            centres.detach().numpy().copy(),
        )

    def encode(self, vectors: Vectors) -> Codes:
        """The encoder, then the nearest centre level by level."""
        x = vectors
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = (np.maximum(x, 0) if number else x) @ weight.T + bias
        return encode_residuals(x, self.centres)

    def code_vectors(self) -> Vectors:
        """The centres."""
        return self.centres

    def arrays(self) -> Frozen:
        """Weights, biases and centres."""
        layers = {f"weight{number}": weight for number, weight in enumerate(self.weights)}
        layers |= {f"bias{number}": bias for number, bias in enumerate(self.biases)}
        return {**layers, "centres": self.centres}

    @classmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """From weights, biases and centres."""
        count = sum(name.startswith("weight") for name in arrays)
        weights = tuple(arrays[f"weight{number}"] for number in range(count))
        return cls(weights, tuple(arrays[f"bias{number}"] for number in range(count)), arrays["centres"])


def _network(widths: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(len(widths) - 1):
        layers += [nn.ReLU()] if number else []
        layers += [nn.Linear(widths[number], widths[number + 1])]
    return nn.Sequential(*layers)


def _loss(vectors: Tensor, encoder: nn.Sequential, decoder: nn.Sequential, centres: Tensor) -> Tensor:
    """Reconstruction plus, per level, how far the codes are from what they stand for."""
    middle = encoder(vectors)
    rest, chosen = middle, torch.zeros_like(middle)
    apart = torch.zeros(())
    for own in centres:
        nearest = own[torch.cdist(rest.detach(), own.detach()).argmin(1)]
        apart = apart + (rest.detach() - nearest).square().mean()
        apart = apart + COMMITMENT * (rest - nearest.detach()).square().mean()
        chosen, rest = chosen + nearest, rest - nearest.detach()
    passed = middle + (chosen - middle).detach()  # the gradient goes by the codes straight through
    loss: Tensor = (decoder(passed) - vectors).square().mean() + apart / len(centres)
    return loss
