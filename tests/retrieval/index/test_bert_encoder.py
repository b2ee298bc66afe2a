"""A small BERT in NumPy gives the vectors that sentence-transformers gives, and leaves other models to it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tastemaker.retrieval.index.bert_encoder import BertEncoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "tense", "thriller", "court", "##room"]
TEXTS = ["a tense thriller", "  Courtroom  ", "", "unheard of", "a tense thriller " * 50]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with random weights, cut at 16 pieces."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    own, made = (tmp_path_factory.mktemp(name) for name in ("bert", "model"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=48,
        max_position_embeddings=20,
    )
    BertModel(config).save_pretrained(own)
    (own / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizerFast(str(own / "vocab.txt")).save_pretrained(own)
    transformer = Transformer(str(own), max_seq_length=16)
    SentenceTransformer(modules=[transformer, Pooling(24), Normalize()], device="cpu").save(str(made))
    return made


def test_vectors_are_those_of_sentence_transformers(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu").encode(TEXTS, normalize_embeddings=True)
    light = BertEncoder.open(folder)
    assert light is not None
    ours = np.array([light.encode(text) for text in TEXTS])
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("config.json", "model_type", "mpnet"),
        ("config.json", "hidden_act", "relu"),
        ("1_Pooling/config.json", "pooling_mode", "cls"),
        ("config_sentence_transformers.json", "default_prompt_name", "query"),
    ],
)
def test_another_kind_of_model_is_left_alone(
    folder: Path, tmp_path: Path, file: str, name: str, value: object
) -> None:
    for one in folder.rglob("*"):
        if one.is_file():
            (tmp_path / one.relative_to(folder)).parent.mkdir(exist_ok=True)
            (tmp_path / one.relative_to(folder)).write_bytes(one.read_bytes())
    assert BertEncoder.open(tmp_path) is not None
    said = json.loads((tmp_path / file).read_text())
    (tmp_path / file).write_text(json.dumps({**said, name: value}))
    assert BertEncoder.open(tmp_path) is None


def test_a_query_imports_no_pytorch(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tastemaker.retrieval.index.embedder import Embedder;"
        f"assert Embedder(Path({str(folder)!r})).encode_query('a tense thriller').shape == (24,);"
        "sys.exit(int(bool({'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys())))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
