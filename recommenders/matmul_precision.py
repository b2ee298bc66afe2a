"""Which number type this machine multiplies matrices in fastest."""

from __future__ import annotations

import torch


def fastest_matmul() -> torch.dtype:
    """bfloat16 where the processor multiplies it natively, else float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32
