import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.token_states import FRAME, KEY, VALUE, token_states
from tastemaker.recommenders.models.recformer import Recformer, RecformerConfig
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.index.bert_encoder import BertEncoder

SIZE, INNER = 12, 24
WORDS = "[PAD] [UNK] [CLS] [SEP] item title words amber brass coral 0 1 2".split()


class SmallModel:
    """A language model of two layers with random weights, behind the embedder's door."""

    name = "small"

    def __init__(self) -> None:
        from tokenizers import Tokenizer
        from tokenizers.models import WordLevel
        from tokenizers.normalizers import Lowercase
        from tokenizers.pre_tokenizers import BertPreTokenizer
        from tokenizers.processors import TemplateProcessing

        words = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
        words.normalizer, words.pre_tokenizer = Lowercase(), BertPreTokenizer()
        words.post_processor = TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        random = np.random.default_rng(0)
        square, wide = (SIZE, SIZE), (INNER, SIZE)
        shapes = {
            "attention.self.query": square,
            "attention.self.key": square,
            "attention.self.value": square,
            "attention.output.dense": square,
            "intermediate.dense": wide,
            "output.dense": wide[::-1],
        }
        weights = {
            f"embeddings.{part}_embeddings.weight": (20, SIZE) for part in ("word", "position", "token_type")
        }
        for layer in range(2):
            for name, shape in shapes.items():
                weights |= {
                    f"encoder.layer.{layer}.{name}.weight": shape,
                    f"encoder.layer.{layer}.{name}.bias": shape[:1],
                }
        norms = ["embeddings.LayerNorm"] + [
            f"encoder.layer.{layer}.{part}.LayerNorm"
            for layer in range(2)
            for part in ("attention.output", "output")
        ]
        weights |= {f"{norm}.{part}": (SIZE,) for norm in norms for part in ("weight", "bias")}
        drawn = {name: random.normal(0, 0.3, shape).astype(np.float32) for name, shape in weights.items()}
        config = {"num_attention_heads": 3, "num_hidden_layers": 2, "layer_norm_eps": 1e-12}
        self._bert = BertEncoder(config, drawn, words)

    def layers(self) -> BertEncoder:
        return self._bert

    def encode(self, texts):
        return np.stack([self._bert.encode(text) for text in texts])

    def encode_query(self, text):
        return self._bert.encode(text)


def test_tokens_know_what_is_a_key_and_what_a_value():
    read = token_states([[("title", "amber"), ("words", "brass coral")]], SmallModel(), 6, 1)
    assert read.kinds.tolist() == [[FRAME, KEY, VALUE, KEY, VALUE, FRAME]]  # cut, and closed nevertheless


@pytest.mark.parametrize("trained", [1, 2])
def test_before_training_an_item_is_what_the_language_model_makes_of_its_text(ring, walks, trained, tmp_path):
    model_of, settings = SmallModel(), {"tokens": 16, "trained_layers": trained, "second_stage": 0}
    one_step = {"epochs": 1, "patience": 1, "learning_rate": 1e-12, "batch_size": 1000}
    model = train(
        "recformer",
        ring,
        walks,
        tmp_path / "m",
        settings={**settings, "training": one_step},
        embedder=model_of,
    )
    expected = model_of.encode(["title item 0 words amber", "title item 1 words brass"])
    np.testing.assert_allclose(model.model.items.vectors[:2], expected, atol=2e-3)


def test_the_latest_item_comes_first_and_earlier_ones_are_read(ring, walks, small, embedder, tmp_path):
    model = train("recformer", ring, walks, tmp_path / "m", settings=small["recformer"], embedder=embedder)
    forth, back = (model.scores(Query(history=ids)) for ids in (("i1", "i2"), ("i2", "i1")))
    assert not np.allclose(forth, back, atol=1e-3)
    np.testing.assert_array_equal(  # four are read
        model.scores(Query(history=("i7", "i1", "i2", "i3", "i4"))),
        model.scores(Query(history=("i1", "i2", "i3", "i4"))),
    )
    states = model.model.items.states
    assert states.dtype == torch.float16


def test_a_wish_is_read_beside_the_history_and_a_new_item_like_its_twin(ring, embedder, small, tmp_path):
    random = np.random.default_rng(0)
    log = [(f"u{u}", 4 * (u % 2) + i, s) for u in range(80) for s, i in enumerate(random.integers(4, size=6))]
    columns = Interactions.from_columns(*zip(*log, strict=True))
    settings = {**small["recformer"], "training": {"epochs": 1, "patience": 1, "learning_rate": 1e-9}}
    train("recformer", ring, columns, tmp_path / "m", settings=settings, embedder=embedder)
    twin = Item("twin", ring["i4"].title, ring["i4"].attributes)
    grown = load_recommender(tmp_path / "m", Catalog([*ring, twin], ring.schema), embedder, grown=True)
    wish = Query(text="ebony")
    assert grown.read(wish).notes == ()
    assert {scored.id for scored in grown.top(wish, 2)} == {"i4", "twin"}
    both = grown.scores_batch([Query(history=("i1",), text="ebony"), Query(history=("i1",))])
    assert both[0, 4] > both[1, 4]
    np.testing.assert_allclose(both[1], grown.scores(Query(history=("i1",))), rtol=1e-4, atol=1e-4)


def test_item_vectors_stand_still_in_the_second_stage(ring, walks, embedder, small, tmp_path):
    content = ItemContent(ring, embedder)
    table = Recformer.item_table(content, walks, RecformerConfig(tokens=8), 0, tmp_path / "c", False)
    items = RecformerConfig(tokens=8).compose(table).eval().items
    first = items.matrix().clone()
    with torch.no_grad():
        items.encoder.kind.add_(torch.randn_like(items.encoder.kind))
    items.fixed = True
    assert torch.equal(items.matrix(), first)
    items.fixed = False
    assert not torch.allclose(items.matrix(), first)
