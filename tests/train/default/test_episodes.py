"""Episodes: features on which new photographers' edits are told better than before."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor

from autohdr_train.default import episodes
from autohdr_train.default.episodes import learn_style, make_pool
from autohdr_train.default.made_up import MadeUp
from autohdr_train.network.features import Features
from autohdr_train.network.style import Style
from autohdr_train.network.tones import SIZE

PHOTOS, WIDTH = 80, 4


@pytest.fixture
def photos() -> tuple[Tensor, Tensor, MadeUp]:
    """Class tokens, standardised tones and photographers of photos that differ in a few hidden ways."""
    random = np.random.default_rng(0)
    hidden = random.standard_normal((PHOTOS, 5))
    tones = -5.0 + 1.5 * hidden @ random.standard_normal((5, SIZE)) + 0.1 * random.standard_normal((PHOTOS, SIZE))
    content = np.tanh(hidden @ random.standard_normal((5, 12)))
    tokens = torch.from_numpy(hidden[:, :WIDTH].astype(np.float32))
    standard = torch.from_numpy(((tones - tones.mean(0)) / tones.std(0)).astype(np.float32))
    auto = np.array([0.2, 6, -60, 45, 15, -20, 15, 0]) + hidden[:, :1] * np.array([0.5, 0, 10, 7, 5, 5, 0, 1])
    return tokens, standard, MadeUp(tones, content, auto, broad=1.0)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"EDITS": (10, 20), "ASKED": 40, "TOGETHER": 8, "POOL": 24, "KEPT": 20}.items():
        monkeypatch.setattr(episodes, name, value)


def untrained() -> tuple[Features, Style]:
    torch.manual_seed(0)
    features = Features(WIDTH, SIZE, learnt=True)
    return features, Style(features.learnt, features.plain)


@torch.inference_mode()
def error(features: Features, style: Style, photos: tuple[Tensor, Tensor, MadeUp]) -> float:
    """Mean squared error about photographers whom the training has not met, from twenty edits."""
    tokens, tones, made_up = photos
    pool = make_pool(made_up, (99,), 24)
    seen = features(tokens, tones)[:, : features.learnt]
    mean, _ = style.expect(seen[:20], pool.values[:, :20], seen[20:])
    return float(((mean - pool.values[:, 20:]).square() * pool.uses[:, None]).mean())


def test_a_few_steps_tell_new_photographers_better(photos: tuple[Tensor, Tensor, MadeUp]) -> None:
    features, style = untrained()
    before = error(features, style, photos)
    learn_style(features, style, *photos, steps=60, seed=0)
    assert error(features, style, photos) < 0.8 * before
    assert all(torch.isfinite(weight).all() for weight in [*features.parameters(), *style.parameters()])


def test_every_weight_is_learnt_the_same_for_the_same_seed(photos: tuple[Tensor, Tensor, MadeUp]) -> None:
    start, results = untrained(), []
    for seed in (1, 1, 2):
        features, style = copy.deepcopy(start)
        torch.manual_seed(seed + 10)  # which must not matter
        learn_style(features, style, *photos, steps=3, seed=seed)
        results.append(
            {**features.state_dict(), **{f"style.{key}": value for key, value in style.state_dict().items()}}
        )
    learnt = [name for part in start for name, _ in part.named_parameters()]
    assert all(torch.equal(value, results[1][name]) for name, value in results[0].items())
    assert any(not torch.equal(value, results[2][name]) for name, value in results[0].items())
    before = {**start[0].state_dict(), **{f"style.{key}": value for key, value in start[1].state_dict().items()}}
    unmoved = [name for name in results[0] if torch.equal(results[0][name], before[name])]
    assert set(unmoved) == {"token_mean", "token_std"}
    assert len(learnt) == len(before) - 2


def test_a_pool_is_the_photographers_in_units_of_each_slider(photos: tuple[Tensor, Tensor, MadeUp]) -> None:
    pool, random = make_pool(photos[2], (3,), 5), np.random.default_rng((3,))
    assert (pool.values.shape, pool.labels.shape, pool.uses.shape) == ((5, PHOTOS, 8), (5, PHOTOS, 8), (5, 8))
    units = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 10.0, 5.0, 4.0])
    for values, labels, uses in zip(*(part.numpy() for part in pool), strict=True):
        edits = photos[2].photographer(random)
        np.testing.assert_allclose(values * units, edits.values, rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(labels * units, edits.labels, rtol=1e-5, atol=1e-4)
        np.testing.assert_array_equal(uses, edits.uses)
