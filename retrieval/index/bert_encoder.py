"""One text through a small BERT in NumPy: what a search needs, without the seconds that PyTorch takes to import.

The vectors are those of sentence-transformers to a few millionths; a model of any other kind is left to it.
Source: Devlin et al., "BERT" (NAACL 2019); Reimers and Gurevych, "Sentence-BERT" (EMNLP 2019).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController
    from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

STEPS = ("Transformer", "Pooling", "Normalize")
"""The modules of a sentence-transformers model that this computes, by the ends of their names."""
PLAIN = {"model_type": "bert", "hidden_act": "gelu"}
POOLED = ({"pooling_mode_mean_tokens"}, {"mean"})
"""By the mean, as older and newer versions of sentence-transformers write it."""
NEEDED = ("model.safetensors", "tokenizer.json", "config.json", "modules.json", "sentence_bert_config.json")
CONSTANT = math.sqrt(0.5)


class BertEncoder:
    """A BERT with mean pooling and unit length, one text at a time, in one thread.

    Args:
        config: of the transformer.
        weights: float32 arrays by name.
        tokenizer: of the same model, set to cut at the model's length.
    """

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Array], tokenizer: Tokenizer) -> None:
        dense = {name.removesuffix(".weight") for name in weights if name.startswith("encoder.layer.")}
        # Turned once, since BLAS takes a third longer for a few rows times a matrix that lies the other way.
        self._turned = {
            name: np.ascontiguousarray(weights[f"{name}.weight"].T)
            for name in dense
            if f"{name}.weight" in weights and weights[f"{name}.weight"].ndim == 2
        }
        self._weights = {
            name: array for name, array in weights.items() if name.removesuffix(".weight") not in self._turned
        }
        self._tokenizer = tokenizer
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])

    @classmethod
    def open(cls, folder: Path) -> BertEncoder | None:
        """The model of a sentence-transformers folder; None where it is of a kind that this does not compute."""
        if not all((folder / name).is_file() for name in NEEDED):
            return None
        config = _read(folder / "config.json")
        length = _length(folder, config)
        if length is None or not _is_plain(folder, config):
            return None
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        weights = load_file(folder / "model.safetensors")
        if any(array.dtype != np.float32 for name, array in weights.items() if name.endswith("weight")):
            return None
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(length)
        tokenizer.no_padding()
        return cls(config, weights, tokenizer)

    def encode(self, text: str) -> Array:
        """The unit vector of a text, float32[d]; long texts are cut at the model's length."""
        vector: Array = self.encode_all([text])[0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> Array:
        """Unit vectors, float32[n, d], all tokens in one matrix: for a few short texts half the time of one by one."""
        pieces = [self._tokenizer.encode(text.strip()).ids for text in texts]
        ends = np.cumsum([len(ids) for ids in pieces])
        parts = [slice(end - len(ids), end) for ids, end in zip(pieces, ends.tolist(), strict=True)]
        with self._threads.limit(limits=1, user_api="blas"):  # threads wait for each other on a busy machine
            states = np.concatenate([self._embed(ids) for ids in pieces])
            for layer in range(self._layers):
                states = self._layer(states, f"encoder.layer.{layer}", parts)
        means = np.stack([states[part].mean(axis=0) for part in parts])
        vectors: Array = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        return vectors

    @cached_property
    def _threads(self) -> ThreadpoolController:
        from threadpoolctl import ThreadpoolController

        return ThreadpoolController()

    def _embed(self, ids: list[int]) -> Array:
        """float32[tokens, d]."""
        part = "embeddings.{}_embeddings.weight".format
        words, places = self._weights[part("word")][ids], self._weights[part("position")][: len(ids)]
        return self._norm(words + places + self._weights[part("token_type")][0], "embeddings")

    def _layer(self, states: Array, name: str, parts: Sequence[slice]) -> Array:
        """float32[tokens, d] -> float32[tokens, d]; each part of the tokens is a text."""
        attended = self._linear(
            self._attend(states, f"{name}.attention.self", parts), f"{name}.attention.output.dense"
        )
        states = self._norm(states + attended, f"{name}.attention.output")
        inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
        return self._norm(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output")

    def _attend(self, states: Array, name: str, parts: Sequence[slice]) -> Array:
        """Each token looks at those of its own text."""
        query, key, value = (self._linear(states, f"{name}.{part}") for part in ("query", "key", "value"))
        return np.concatenate([self._mixed(query[part], key[part], value[part]) for part in parts])

    def _mixed(self, *projections: Array) -> Array:
        """Query, key and value, each float32[tokens, d] -> float32[tokens, d]."""
        tokens = len(projections[0])
        # each float32[heads, tokens, d / heads]
        query, key, value = (one.reshape(tokens, self._heads, -1).transpose(1, 0, 2) for one in projections)
        scores = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(query.shape[-1]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed: Array = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return mixed.transpose(1, 0, 2).reshape(tokens, -1)

    def _linear(self, states: Array, name: str) -> Array:
        result: Array = states @ self._turned[name] + self._weights[f"{name}.bias"]
        return result

    def _norm(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        weight, bias = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        result: Array = centred / deviation * weight + bias
        return result


def _gelu(states: Array) -> Array:
    from scipy.special import erf

    result: Array = states * np.float32(0.5) * (1 + erf(states * np.float32(CONSTANT)))
    return result


def _is_plain(folder: Path, config: Mapping[str, Any]) -> bool:
    """Whether a model is this kind of BERT, pooled by the mean, without prompts of its own."""
    steps = [str(module["type"]) for module in _read(folder / "modules.json")]
    pooling = _read(folder / "1_Pooling" / "config.json")
    modes = {name for name, used in pooling.items() if name.startswith("pooling_mode_") and used is True}
    modes |= {pooling["pooling_mode"]} if "pooling_mode" in pooling else set()
    own = _read(folder / "config_sentence_transformers.json")
    return (
        len(steps) == len(STEPS)
        and all(step.endswith(end) for step, end in zip(steps, STEPS, strict=True))
        and PLAIN.items() <= config.items()
        and config.get("position_embedding_type", "absolute") == "absolute"
        and modes in POOLED
        and not own.get("default_prompt_name")
    )


def _length(folder: Path, config: Mapping[str, Any]) -> int | None:
    """Tokens a text is cut at; None where the texts would need more care than the tokenizer takes."""
    said = _read(folder / "sentence_bert_config.json")
    length = said.get("max_seq_length") or _read(folder / "tokenizer_config.json").get("model_max_length")
    if said.get("do_lower_case") or not isinstance(length, int):
        return None
    return min(length, int(config.get("max_position_embeddings", length)))


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
