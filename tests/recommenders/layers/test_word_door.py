import pytest
import torch

from tastemaker.recommenders.layers.word_door import PENALTIES, WordDoor

PEOPLE, TEXTS, SIZE, ITEMS = 200, 6, 3, 20


def fitted(telling: bool) -> tuple[WordDoor, float, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    items = torch.randn(ITEMS, SIZE)
    words = torch.nn.functional.normalize(torch.randn(PEOPLE, TEXTS), dim=-1)
    chance = torch.full((PEOPLE, ITEMS), 0.2)
    if telling:
        chance = (chance + 0.5 * words @ torch.randn(TEXTS, SIZE) @ items.T).clamp(0, 1)
    door = WordDoor(TEXTS, SIZE, ITEMS)
    penalty = door.fit(words, torch.rand(PEOPLE, ITEMS) < chance, torch.arange(PEOPLE), items)
    return door, penalty, items, chance


def test_words_that_tell_something_move_the_ranking_their_way():
    door, penalty, items, chance = fitted(telling=True)
    assert penalty < 100
    torch.manual_seed(0)
    torch.randn(ITEMS, SIZE)
    words = torch.nn.functional.normalize(torch.randn(PEOPLE, TEXTS), dim=-1)
    scores = door(words) @ items.T + door.shares
    assert torch.corrcoef(torch.stack([scores.flatten(), chance.flatten()]))[0, 1] > 0.8


def test_words_that_tell_nothing_leave_popularity():
    door, penalty, items, _ = fitted(telling=False)
    assert penalty >= PENALTIES[-4]
    moved = (door(torch.eye(TEXTS)) @ items.T).abs().max()
    assert moved < door.shares.std()
    assert door.shares.mean() == pytest.approx(0.2, abs=0.03)
