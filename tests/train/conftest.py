"""Small stand-ins: a ViT of 32-pixel input in Hugging Face's layout, a shoot of eight photos, random tensors."""

import json
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
import safetensors.torch
import torch

import autohdr_train.data.bank
from autohdr.spec import InputSpec
from autohdr_train.data.bank import Bank, open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.network.style import Style
from tests.edited import SPEC, shoot, spec
from tests.photographs import write_photographs
from tests.small_vit import small_config
from tests.train.heads import pictures

SMALL = InputSpec(size=32)
"""The spec of `bank`."""


@pytest.fixture
def network() -> SliderNet:
    """A small network with a linear head, always the same."""
    torch.manual_seed(0)
    return SliderNet(from_config(small_config()), "linear")


@pytest.fixture
def seen() -> torch.Tensor:
    """Pixels (12, 3, 32, 32) of coloured pictures over four stops, as `heads.SPEC` says."""
    return pictures()


@pytest.fixture
def labels() -> torch.Tensor:
    """(12, 8), scaled, by nobody."""
    return 0.3 * torch.randn(12, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def style() -> Style:
    """A style of six learnt and four plain features, every size another."""
    torch.manual_seed(0)
    style = Style(6, 4).double()
    for weight in style.parameters():
        weight.data += 0.3 * torch.randn_like(weight)
    return style.requires_grad_(False)


@pytest.fixture(scope="session")
def foreign_vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ViT as others publish them: with its processor config, and without anything of ours."""
    folder = tmp_path_factory.mktemp("vit")
    torch.manual_seed(1)
    weights = {f"vit.{key}": value for key, value in from_config(small_config()).state_dict().items()}
    safetensors.torch.save_file(weights, folder / "model.safetensors", {"format": "pt"})
    config = small_config().to_diff_dict() | {"architectures": ["ViTForImageClassification"]}
    (folder / "config.json").write_text(json.dumps(config))
    processor = {"image_mean": SPEC.mean, "image_std": SPEC.std, "size": {"height": 32, "width": 32}}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


@pytest.fixture
def photos() -> TensorDataset:
    """Twelve random pictures in three groups, whose Exposure is their brightness; every third has no Contrast."""
    random = np.random.default_rng(0)
    level = random.uniform(-0.5, 0.5, 12)
    pixels = (level[:, None, None, None] + 0.1 * random.standard_normal((12, 3, 32, 32))).astype(np.float32)
    labels = np.zeros((12, 8), dtype=np.float32)
    labels[:, 0] = level
    labels[::3, 1] = np.nan
    return TensorDataset(pixels, labels, [f"g{index % 3}" for index in range(12)], np.full(12, np.nan))


@pytest.fixture(scope="session")
def radiance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six small radiance images that look nothing like each other."""
    folder = tmp_path_factory.mktemp("radiance")
    for number in range(6):
        random = np.random.default_rng(number)
        light = random.lognormal(0.0, 1.0 + 0.3 * number, (16, 32, 3)).repeat(4, 0).repeat(4, 1).astype(np.float32)
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        with OpenEXR.File(header, {"RGB": light}) as file:
            file.write(str(folder / f"place{number}.exr"))
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def small_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos that take milliseconds to simulate."""
    monkeypatch.setattr(autohdr_train.data.bank, "SIZE", (64, 96))


@pytest.fixture
def bank(radiance: Path, cache: Path, small_photos: None) -> Bank:
    """24 photos to learn from, 12 to score."""
    return open_bank(radiance, cache, SMALL, train=24, held_out=12)


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `tests.photographs` makes them."""
    return write_photographs(tmp_path_factory.mktemp("photographs"))


__all__ = ["SPEC", "shoot", "spec"]
