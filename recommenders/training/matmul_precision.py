"""Which number type this machine multiplies matrices in fastest."""

from __future__ import annotations

import torch

WIDE = 128
"""Vectors of this width are worth the conversions to and from a shorter type within an encoder."""


def fastest_matmul() -> torch.dtype:
    """bfloat16 where the processor multiplies it natively, else float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


def encoder_matmul(size: int) -> torch.dtype:
    """The type for an encoder of this width: below :data:`WIDE` the conversions cost what they save."""
    return fastest_matmul() if size >= WIDE else torch.float32
