"""Fit the search's learned ranker and query adapter on what people typed, and score them by folds.

``python -m tastemaker.evals.studies.search_ranker --msrd W Q --tomt W P --recipe W R [--write] [--cache F]``

Each option names a workspace and a file: queries with graded films, posts that describe a film (their
``redial`` ids), requests with five options. Adapter and ranker are fitted on the other folds wherever a
figure is printed, and the ranker on features of adapters that had not seen the query. ``--write`` fits both
on everything and puts them under ``retrieval/data``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.encoder_weights import weights_file
from tastemaker.retrieval.search.close_look import NAMES, CloseLook
from tastemaker.retrieval.search.known import known_share
from tastemaker.retrieval.search.learned_ranker import FAR, FILE, LearnedRanker
from tastemaker.retrieval.search.query_adapter import NAME as ADAPTER
from tastemaker.retrieval.search.query_adapter import QueryAdapter
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.retrieval.search.text_relevance import TextRelevance
from tastemaker.tools.workspace.workspace import Workspace

FOLDS = 5
RANK = 8
"""Of the adapter; 32 and 128 are no better out of fold."""
ADAPTER_EPOCHS, ADAPTER_RATE, ADAPTER_DECAY = 5, 2e-3, 0.3
HIDDEN, EPOCHS, RATE, DECAY, DROPOUT = 16, 10, 4e-3, 1e-2, 0.1
MAX_CANDIDATES = 160
"""Candidates of a query that the fit looks at: all relevant ones, then the best by words and meaning."""
PAIRS = 60
RECIPE_WEIGHT = 10.0
"""There are few of them, and they are what a natural request looks like."""
DATA = Path(__file__).parents[2] / "retrieval"

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]


@dataclass
class Asked:
    """One query: its set, text, relevant rows, and rows to choose from where not all of them."""

    name: str
    key: str
    text: str
    relevant: Rows
    n_relevant: int
    only: Rows | None = None
    described: bool = False
    weight: float = 1.0
    rows: Rows | None = None
    features: Matrix | None = None
    scores: Matrix | None = None

    @property
    def fold(self) -> int:
        """By what is asked for, so that two posts about one film are never apart."""
        told = str(self.relevant.tolist()) if self.name == "tomt" else self.key
        return int(hashlib.sha256(told.encode()).hexdigest(), 16) % FOLDS


class Remembered:
    """An embedder that keeps its vectors in a file, so that a second fit encodes nothing."""

    def __init__(self, own: TextEmbedder, path: Path | None) -> None:
        self.name = own.name
        self._own = own
        self._path = path
        self._known: dict[str, Vectors] = {}
        if path and path.exists():
            with np.load(path) as arrays:
                self._known = dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, d]."""
        new = sorted({text for text in texts if _key(text) not in self._known}, key=len)
        for start in range(0, len(new), 256):
            part = new[start : start + 256]
            self._known.update(zip(map(_key, part), self._own.encode(part), strict=True))
        return np.stack([self._known[_key(text)] for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[d]."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def save(self) -> None:
        """Write what is known."""
        if self._path:
            with replace_file(self._path) as file:
                np.savez(file, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures; with ``--write`` also fit on everything."""
    parser = argparse.ArgumentParser(description="Fit the search's ranker and score it by folds.")
    for name in READERS:
        parser.add_argument(f"--{name}", nargs=2, metavar=("WORKSPACE", "FILE"))
        parser.add_argument(f"--limit-{name}", type=int)
    parser.add_argument("--cache", type=Path, help="keep vectors of queries in this file (.npz)")
    parser.add_argument("--without", nargs="*", default=[], help="features to leave out, for comparison")
    parser.add_argument("--folds", type=int, default=FOLDS, help="score only so many folds")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    asked, encoder = list[Asked](), ""
    adapters: list[QueryAdapter] = []
    opened = list[tuple[Retriever, CloseLook, list[Asked]]]()
    for name, reader in READERS.items():
        if not getattr(chosen, name):
            continue
        place, file = getattr(chosen, name)
        workspace = Workspace.open(place)
        workspace.__dict__["embedder"] = embedder = Remembered(workspace.embedder, chosen.cache)
        retriever, encoder = workspace.retriever(), workspace.embedder.name
        own = reader(Path(file), retriever)
        if name == "tomt":
            embedder.encode([one.text for one in own])
            adapters = [_fitted_adapter(own, retriever, fold) for fold in range(FOLDS + 1)]
        own = own[: getattr(chosen, f"limit_{name}")]
        embedder.encode([one.text for one in own])
        embedder.save()
        look = CloseLook(
            retriever.catalog,
            retriever.ways,
            known_share(retriever.catalog, workspace.interactions.counts(len(retriever.catalog))),
            retriever.sample,
        )
        opened.append((retriever, look, own))
        asked += own
        say(f"{name}: {len(own)} queries")
    for retriever, look, own in opened:
        for one in own:
            look.adapter = (
                adapters[one.fold] if adapters and one.name == "tomt" else adapters[-1] if adapters else None
            )
            _look(one, look, retriever)
        say(f"{own[0].name}: looked at, relevant found {np.mean([_reached(one) for one in own]):.3f}")
        embedder.save()
    columns = [n for n, name in enumerate(NAMES) if name not in chosen.without]
    for fold in range(chosen.folds):
        ranker = _fitted([one for one in asked if one.fold != fold], columns, seed=fold)
        for one in asked:
            if one.fold == fold and one.features is not None:
                one.scores = ranker.scores(one.features[:, columns])
        say(f"fold {fold}: {_figures([one for one in asked if one.scores is not None])}")
    if chosen.write:
        _fitted(asked, list(range(len(NAMES))), seed=0).save(DATA / FILE)
        if adapters:
            _write_adapter(adapters[-1], encoder)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _msrd(path: Path, retriever: Retriever) -> list[Asked]:
    found = []
    for row in _sorted(path):
        known = [item for item in row["relevant"] if item in retriever.catalog]
        described = not row["title_in_query"] and row["n_relevant"] >= 5
        found.append(
            Asked(
                "msrd",
                row["id"],
                row["query"],
                retriever.catalog.rows(known),
                row["n_relevant"],
                described=described,
                weight=2.0 if described else 1.0,
            )
        )
    return sorted(found, key=lambda one: not one.described)  # so that a limit keeps the rarer ones


def _tomt(path: Path, retriever: Retriever) -> list[Asked]:
    posts = [row for row in _sorted(path) if row["redial"] and not row["title_in_text"]]
    return [
        Asked("tomt", row["id"], _post(row), retriever.catalog.rows([row["redial"]]), 1, weight=1.5)
        for row in posts
    ]


def _recipe(path: Path, retriever: Retriever) -> list[Asked]:
    return [
        Asked(
            "recipe",
            row["id"],
            row["request"],
            retriever.catalog.rows([row["answer"]]),
            1,
            retriever.catalog.rows(row["options"]),
            described="negated" in row["kinds"],
            weight=RECIPE_WEIGHT,
        )
        for row in _sorted(path)
    ]


READERS: dict[str, Callable[[Path, Retriever], list[Asked]]] = {
    "msrd": _msrd,
    "tomt": _tomt,
    "recipe": _recipe,
}


def _post(row: dict[str, Any]) -> str:
    return re.sub(r"\[[^\]]*\]", " ", row["title"]).strip() + ". " + str(row["text"])


def _sorted(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())


def _key(text: str) -> str:
    return hashlib.sha256(text[:2000].encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _look(one: Asked, look: CloseLook, retriever: Retriever) -> None:
    """Fill in candidates and features, as the search would find them."""
    relevance = TextRelevance.unranked(look, retriever.ways, one.text)
    if one.only is None:
        keep = np.ones(len(retriever.catalog), dtype=np.bool_)
        one.rows = np.unique(np.concatenate(list(retriever.candidates(relevance, keep))))
    else:
        one.rows = one.only
    one.features = look.features(relevance.query, one.rows, relevance.words)


def _reached(one: Asked) -> float:
    if one.rows is None:
        return 0.0
    return float(np.isin(one.relevant, one.rows).sum() / one.n_relevant)


def _figures(asked: Iterable[Asked]) -> str:
    groups: dict[str, list[list[float]]] = {}
    for one in asked:
        if one.rows is None or one.scores is None:
            continue
        order = one.rows[np.argsort(-one.scores, kind="stable")]
        gains = np.isin(order[:10], one.relevant)
        if one.name == "msrd":
            worth = 1 / np.log2(np.arange(2, 12))
            value = [float((gains * worth[: len(gains)]).sum() / worth[: min(10, one.n_relevant)].sum())]
        else:
            value = [float(gains[:1].any()), float(gains.any())]
        groups.setdefault(one.name, []).append(value)
        if one.described or one.name == "msrd":
            groups.setdefault(
                f"{one.name} {('rest', 'described')[one.described] if one.name == 'msrd' else 'negated'}", []
            ).append(value)
    return "; ".join(
        f"{name} {np.round(np.mean(values, axis=0), 3).tolist()}" for name, values in groups.items()
    )


def _fitted_adapter(asked: Sequence[Asked], retriever: Retriever, left_out: int) -> QueryAdapter:
    """An adapter under which the items meant are likeliest among all items; fold ``left_out`` is not seen."""
    own = [one for one in asked if one.fold != left_out]
    queries = torch.tensor(np.stack([retriever.ways.index.embed(one.text) for one in own]))
    items = torch.tensor(np.asarray(retriever.ways.index.vectors))
    meant = torch.tensor([int(one.relevant[0]) for one in own])
    torch.manual_seed(left_out)
    size = queries.shape[1]
    up = torch.zeros(size, RANK, requires_grad=True)
    down = (torch.randn(size, RANK) * 0.05).requires_grad_()
    sharp = torch.tensor(float(np.log(20))).requires_grad_()
    adam = torch.optim.AdamW(
        [{"params": [up, down], "weight_decay": ADAPTER_DECAY}, {"params": [sharp], "weight_decay": 0}],
        lr=ADAPTER_RATE,
    )
    for _ in range(ADAPTER_EPOCHS):
        for batch in _batches(len(own), 128):
            turned = torch.nn.functional.normalize(queries[batch] + queries[batch] @ down @ up.T, dim=1)
            loss = torch.nn.functional.cross_entropy(sharp.exp() * (turned @ items.T), meant[batch])
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
    return QueryAdapter(up.detach().numpy(), down.detach().numpy())


def _write_adapter(adapter: QueryAdapter, encoder: str) -> None:
    with replace_file(DATA / "data" / weights_file(ADAPTER, encoder)) as file:
        np.savez(file, up=adapter.up.astype(np.float16), down=adapter.down.astype(np.float16))


class _Net(torch.nn.Module):
    def __init__(self, mean: Matrix, spread: Matrix) -> None:
        super().__init__()
        self.mean, self.spread = torch.tensor(mean), torch.tensor(spread)
        self.line = torch.nn.Linear(len(mean), 1, bias=False)
        self.hidden = torch.nn.Linear(len(mean), HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1, bias=False)
        self.drop = torch.nn.Dropout(DROPOUT)
        torch.nn.init.zeros_(self.line.weight)
        torch.nn.init.zeros_(self.out.weight)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        near = ((features - self.mean) / self.spread).clamp(-FAR, FAR)
        scores: torch.Tensor = (self.line(near) + self.out(self.drop(torch.tanh(self.hidden(near)))))[..., 0]
        return scores


def _fitted(asked: Sequence[Asked], columns: list[int], seed: int) -> LearnedRanker:
    """A ranker fitted with a softmax over candidates and LambdaRank's weights (Burges, 2010) for the first places."""
    torch.manual_seed(seed)
    packed = [
        _packed(one, columns)
        for one in asked
        if one.rows is not None and np.isin(one.relevant, one.rows).any()
    ]
    features = torch.zeros(len(packed), MAX_CANDIDATES, len(columns))
    gains, there = (
        torch.zeros(len(packed), MAX_CANDIDATES),
        torch.zeros(len(packed), MAX_CANDIDATES, dtype=torch.bool),
    )
    weights = torch.tensor([weight for _, _, weight in packed])
    for n, (own, gain, _) in enumerate(packed):
        features[n, : len(own)], gains[n, : len(own)] = torch.tensor(own), torch.tensor(gain)
        there[n, : len(own)] = True
    flat = features[there].numpy()
    net = _Net(flat.mean(axis=0), flat.std(axis=0) + 1e-3)
    adam = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(packed) // 64)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in _batches(len(packed), 64):
            loss = (_loss(net(features[batch]), gains[batch], there[batch]) * weights[batch]).mean()
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            pace.step()
    parts = [
        net.mean,
        net.spread,
        net.line.weight[0],
        net.hidden.weight.T,
        net.hidden.bias,
        net.out.weight[0],
    ]
    return LearnedRanker(tuple(NAMES[n] for n in columns), *(part.detach().numpy() for part in parts))


def _batches(n: int, size: int) -> list[torch.Tensor]:
    order = torch.randperm(n)
    return [order[start : start + size] for start in range(0, n, size)]


def _packed(one: Asked, columns: list[int]) -> tuple[Matrix, Matrix, float]:
    """The candidates that the fit looks at: relevant ones, then the best by a simple sum."""
    if one.rows is None or one.features is None:
        raise ValueError(f"{one.key} was not looked at yet")
    gains = np.isin(one.rows, one.relevant).astype(np.float32)
    simple = sum(one.features[:, NAMES.index(name)] for name in ("bm25f", "meaning", "adapted", "sentence"))
    order = np.argsort(-(simple + 1e3 * gains), kind="stable")[:MAX_CANDIDATES]
    return one.features[order][:, columns], gains[order], one.weight


def _loss(scores: torch.Tensor, gains: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    scores = scores.masked_fill(~there, -1e4)
    odds = torch.log_softmax(scores, dim=1).masked_fill(~there, 0)
    likely = -(gains / gains.sum(1, keepdim=True).clamp(min=1) * odds).sum(1)
    with torch.no_grad():
        rank = scores.argsort(1, descending=True).argsort(1).float()
        worth = 1 / torch.log2(rank + 2)
        ideal = torch.cumsum(1 / torch.log2(torch.arange(2.0, 12.0)), 0)[gains.sum(1).clamp(1, 10).long() - 1]
    top = torch.topk(scores.detach() + 1e5 * gains, min(PAIRS, scores.shape[1]), 1).indices
    own, gain, at, here = (x.gather(1, top) for x in (scores, gains, worth, there.float()))
    weight = (
        (gain[:, :, None] - gain[:, None]).clamp(min=0) * (at[:, :, None] - at[:, None]).abs() * here[:, None]
    )
    pairs = (weight * torch.nn.functional.softplus(own[:, None] - own[:, :, None])).sum((1, 2)) / ideal
    return 0.3 * likely + pairs


if __name__ == "__main__":
    main()
