import numpy as np
import pytest
import torch

from tastemaker.recommenders.conversation.choice_model import Choice, ChoiceModel, fit_choices

ITEMS = 40


def chosen_by(utility, n, drawn, seed=0, features=3):
    """``n`` choices among ITEMS items each, made with the chance softmax(utility); ``drawn`` alternatives kept."""
    random = np.random.default_rng(seed)
    choices = []
    for _ in range(n):
        items = random.normal(size=(ITEMS, features)).astype(np.float16)
        chance = np.exp(utility(items.astype(np.float64)))
        picked = random.choice(ITEMS, p=chance / chance.sum())
        others = np.delete(items, picked, axis=0)
        kept = random.choice(len(others), drawn, replace=False)
        choices.append(Choice(items[[picked]], others[kept]))
    return choices


TRUE = np.array([1.2, -0.6, 0.0])


@pytest.mark.parametrize("drawn", [ITEMS - 1, 8])
def test_known_weights_are_found_again_from_all_alternatives_and_from_a_sample(drawn):
    model = fit_choices(chosen_by(lambda x: x @ TRUE, 1500, drawn), bent=False, decay=0)
    assert model.weights.detach().numpy() == pytest.approx(
        TRUE, abs=0.12
    )  # weighing up for what was not drawn would give 1.49 for 1.2


def test_the_network_finds_what_weights_cannot():
    def near_zero(items):
        return -2 * items[:, 0] ** 2

    choices, fresh = chosen_by(near_zero, 600, 12), chosen_by(near_zero, 300, ITEMS - 1, seed=1)

    def hits(model):
        best = [
            model.utilities(np.concatenate([one.chosen, one.others]).astype(np.float32)).argsort()[-5:]
            for one in fresh
        ]
        return sum(0 in rows for rows in best)

    straight, bent = fit_choices(choices, bent=False), fit_choices(choices, bent=True)
    assert hits(bent) > 1.5 * hits(straight)


def test_a_strong_penalty_keeps_weights_small():
    choices = chosen_by(lambda x: x @ TRUE, 200, 12)
    weak, strong = (fit_choices(choices, bent=False, decay=decay).weights.norm() for decay in (0, 10))
    assert strong < 0.2 * weak


def test_several_items_of_one_choice_count_each():
    once = chosen_by(lambda x: x @ TRUE, 60, 12)
    split = [Choice(one.chosen, one.others) for one in once for _ in range(2)]
    joined = [Choice(np.repeat(one.chosen, 2, axis=0), one.others) for one in once]
    found = [fit_choices(choices, bent=False).weights.detach().numpy() for choices in (split, joined)]
    assert found[0] == pytest.approx(found[1], abs=1e-3)


def test_equal_seeds_give_equal_models_and_leave_other_random_numbers_alone():
    choices = chosen_by(lambda x: x @ TRUE, 80, 12)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one = fit_choices(choices, seed=3)
    assert torch.equal(torch.rand(3), expected)
    two, other = fit_choices(choices, seed=3), fit_choices(choices, seed=4)
    x = np.ones((2, 3), np.float32)
    assert one.utilities(x).tolist() == two.utilities(x).tolist()
    assert one.utilities(x).tolist() != other.utilities(x).tolist()


def test_back_from_arrays():
    model = fit_choices(chosen_by(lambda x: x @ TRUE, 40, 12))
    again = ChoiceModel.from_arrays({**model.arrays(), "counts": np.zeros(2)})
    x = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    assert again.utilities(x).tolist() == model.utilities(x).tolist()
    assert not again.training


def test_utilities_by_hand():
    model = ChoiceModel(2)  # the network is at zero before it is fitted
    with torch.no_grad():
        model.weights.copy_(torch.tensor([2.0, -1.0]))
    assert model.utilities(np.array([[1, 0], [3, 100]], np.float32)).tolist() == [2, -94]


def test_a_mean_of_models_gives_the_mean_of_their_utilities():
    choices = chosen_by(lambda x: x @ TRUE, 60, 12)
    models = [fit_choices(choices, seed=seed, networks=1) for seed in (1, 2, 3)]
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    expected = np.mean([model.utilities(x) for model in models], axis=0)
    assert ChoiceModel.mean_of(models).utilities(x) == pytest.approx(expected, abs=1e-5)
