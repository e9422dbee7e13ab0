"""The transformer's lessons: its token comes to know what it is asked."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from autohdr.errors import LearningError
from autohdr_train.default import backbone
from autohdr_train.default.backbone import teach
from autohdr_train.network.model import from_config
from tests.small_vit import small_config

Lesson = tuple[NDArray[np.float16], Tensor, Tensor, Tensor]


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """Pixels, tones, content and edits of 64 photos; content is whether the first of four patches is light."""
    monkeypatch.setattr(backbone, "BATCH", 16)
    monkeypatch.setattr(backbone, "RATE", 3e-3)
    random = np.random.default_rng(0)
    corners = random.choice([-1.0, 1.0], (64, 2, 2))
    pixels = corners.repeat(16, 1).repeat(16, 2)[:, None] + 0.3 * random.standard_normal((64, 3, 32, 32))
    content = torch.from_numpy(corners[:, 0, 0])[:, None].float()
    tones = torch.from_numpy(corners.mean(axis=(1, 2)))[:, None].float()
    return pixels.astype(np.float16), tones, content, torch.cat([tones, content * tones], dim=1)


@pytest.fixture
def vit() -> nn.Module:
    torch.manual_seed(0)
    return from_config(small_config())


def losses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Each term of the loss from now on, content and edits in turn."""
    seen: list[float] = []

    def heard(answer: Tensor, truth: Tensor) -> Tensor:
        loss = functional.smooth_l1_loss(answer, truth)
        seen.append(loss.item())
        return loss

    monkeypatch.setattr(backbone, "functional", SimpleNamespace(smooth_l1_loss=heard))
    return seen


def test_both_losses_fall(monkeypatch: pytest.MonkeyPatch, vit: nn.Module, lesson: Lesson) -> None:
    seen = losses(monkeypatch)
    teach(vit, *lesson, epochs=30, seed=0)
    content, edits = np.reshape(seen, (30, 4, 2)).mean(axis=1).T
    assert content[-1] < 0.5 * content[0]
    assert edits[-1] < 0.5 * edits[0]
    assert all(torch.isfinite(weight).all() for weight in vit.parameters())


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(vit: nn.Module, lesson: Lesson) -> None:
    results = []
    for seed in (1, 1, 2):
        taught = copy.deepcopy(vit)
        teach(taught, *lesson, epochs=1, seed=seed)
        results.append(taught.state_dict())
    assert all(torch.equal(value, results[1][name]) for name, value in results[0].items())
    assert any(not torch.equal(value, results[2][name]) for name, value in results[0].items())
    assert any(not torch.equal(value, vit.state_dict()[name]) for name, value in results[0].items())


def test_a_loss_that_is_no_number_ends_in_one_sentence(vit: nn.Module, lesson: Lesson) -> None:
    pixels, tones, content, edits = lesson
    with pytest.raises(LearningError, match="the loss became nan in epoch 1"):
        teach(vit, pixels, tones, content * float("nan"), edits, epochs=1, seed=0)
