"""Checkpoints: what is saved comes back, opens in transformers, and is never half there."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import ViTModel

from autohdr.errors import ModelError
from autohdr.files.whole import write_atomically
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import score
from autohdr_train.network.checkpoint import (
    OTHERS,
    Checkpoint,
    architecture,
    has_checkpoint,
    is_ours,
    load,
    rebuild,
    save,
)
from autohdr_train.network.model import SliderNet
from autohdr_train.network.weights import dump
from autohdr_train.recipes.recipe import autohdr2024


@pytest.fixture
def trained(network: SliderNet, spec: InputSpec) -> Checkpoint:
    labels = np.random.default_rng(0).uniform(-1, 1, (5, 8))
    labels[:, 6] = np.nan
    trained_on = {
        "data": "numbers",
        "start": "nothing",
        "photos": {"train": 4, "held_out": 1},
        "groups": {"train": 2, "held_out": 1},
        "left_out": {"no sidecar": 3},
        "notes": ["a note"],
        "recipe": autohdr2024(),
        "steps": 2,
        "scores": score(np.zeros((5, 8)), labels, np.zeros(8)),
    }
    network.describe_tones(spec)
    torch.nn.init.trunc_normal_(network.classifier.weight, std=0.02)
    return Checkpoint(network, spec, "a name", trained_on)


def test_what_is_saved_comes_back(trained: Checkpoint, tmp_path: Path) -> None:
    save(tmp_path / "m", trained)
    back = load(tmp_path / "m")
    assert (back.spec, back.name, back.network.head) == (trained.spec, "a name", "linear")
    pixels = torch.rand(2, 3, 32, 32)
    assert torch.equal(back.network(pixels), trained.network.eval()(pixels))
    assert back.trained_on["recipe"]["rate"] == 5e-4
    assert back.trained_on["scores"][6]["mae"] is None


def test_the_same_checkpoint_gives_the_same_bytes(trained: Checkpoint, tmp_path: Path) -> None:
    save(tmp_path / "a", trained)
    save(tmp_path / "b", load(tmp_path / "a"))
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_transformers_opens_its_transformer(trained: Checkpoint, tmp_path: Path) -> None:
    save(tmp_path, trained)
    theirs = ViTModel.from_pretrained(tmp_path, add_pooling_layer=False)
    pixels = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(theirs(pixels).last_hidden_state[:, 0], trained.network.eval().token(pixels))


def test_a_balanced_head_is_saved_with_the_same_answers(trained: Checkpoint, tmp_path: Path) -> None:
    trained.network.balance(torch.linspace(-0.2, 0.2, 8), torch.linspace(0.02, 0.3, 8))
    save(tmp_path, trained)
    pixels = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(load(tmp_path).network(pixels), trained.network.eval()(pixels))


def test_a_network_without_features_is_not_saved(network: SliderNet, trained: Checkpoint, tmp_path: Path) -> None:
    network.features = None
    with pytest.raises(ValueError, match="gives no features"):
        save(tmp_path / "m", trained)
    assert not (tmp_path / "m").exists()


def test_the_card_says_what_it_learnt_from(trained: Checkpoint, tmp_path: Path) -> None:
    save(tmp_path, trained)
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("---\nlibrary_name: transformers\n")
    for part in (
        "a name",
        "numbers",
        "3 (no sidecar)",
        "a note",
        "Recipe `autohdr2024`, 2 steps done, seed 0: ",
        "4 photos",
    ):
        assert part in text
    assert all(f"| {slider.name} |" in text for slider in SLIDERS)
    assert "| Vibrance | 0 | - | - | - | - |" in text


def test_the_card_of_few_edits_says_that_all_were_learnt(trained: Checkpoint, tmp_path: Path) -> None:
    trained.trained_on.update(photos={"train": 5, "held_out": 0}, groups={"train": 3, "held_out": 0}, folds=4)
    save(tmp_path, trained)
    text = (tmp_path / "README.md").read_text()
    assert "Learnt from all 5 photos of 3 groups. Scored in 4 folds" in text


def test_a_description_says_how_to_build_the_network_again(trained: Checkpoint) -> None:
    again = rebuild(json.loads(json.dumps(architecture(trained.network))), trained.spec)
    again.load_state_dict(trained.network.folded())
    pixels = torch.rand(2, 3, 32, 32)
    assert torch.equal(again.eval()(pixels), trained.network.eval()(pixels))


@pytest.mark.parametrize("fails_at", range(4))
def test_a_crash_leaves_the_checkpoint_before_or_none(
    trained: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    fresh, existing = tmp_path / "fresh", tmp_path / "existing"
    save(existing, trained)
    before = load(existing).network.classifier.weight.detach().clone()
    written = 0

    def crash(path: Path, data: bytes) -> None:
        nonlocal written
        if written == fails_at:
            raise KeyboardInterrupt
        written += 1
        write_atomically(path, data)

    monkeypatch.setattr("autohdr_train.network.checkpoint.write_atomically", crash)
    trained.network.classifier.weight.data.add_(1.0)
    for folder in (fresh, existing):
        written = 0
        with pytest.raises(KeyboardInterrupt):
            save(folder, trained)
    weights = load(existing).network.classifier.weight
    assert torch.equal(weights, before) or torch.equal(weights, before + 1.0)
    if (fresh / "model.safetensors").exists():
        load(fresh)
    else:
        with pytest.raises(ModelError, match="has no"):
            load(fresh)


def test_a_checkpoint_is_told_from_an_empty_folder_and_from_others(
    trained: Checkpoint, tmp_path: Path, foreign_vit: Path
) -> None:
    assert not has_checkpoint(tmp_path)
    assert not is_ours(tmp_path)
    save(tmp_path, trained)
    assert has_checkpoint(tmp_path)
    assert is_ours(tmp_path)
    assert has_checkpoint(foreign_vit)
    assert not is_ours(foreign_vit)


def test_what_others_made_is_refused_with_the_next_step(foreign_vit: Path) -> None:
    with pytest.raises(ModelError, match="use it as --start"):
        load(foreign_vit)


@pytest.mark.parametrize("change", [{"format": 99}, {"format": 3}, {"sliders": ["Exposure2012"]}])
def test_another_format_and_other_sliders_are_refused(
    trained: Checkpoint, tmp_path: Path, change: dict[str, Any]
) -> None:
    save(tmp_path, trained)
    config = json.loads((tmp_path / "config.json").read_text())
    config["autohdr"] |= change
    (tmp_path / "config.json").write_text(json.dumps(config))
    others = [(tmp_path / name).read_bytes() for name in OTHERS]
    weights = trained.network.folded()
    (tmp_path / "model.safetensors").write_bytes(dump(weights, {"autohdr": "99", "trained_on": "{}"}, others))
    with pytest.raises(ModelError, match=r"update autohdr|train it again|expected"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_missing_and_damaged_files_are_refused(trained: Checkpoint, tmp_path: Path, name: str) -> None:
    save(tmp_path, trained)
    (tmp_path / name).write_bytes(b"{damaged")
    with pytest.raises(ModelError, match="damaged checkpoint"):
        load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match="has no"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_a_flipped_bit_anywhere_is_refused(trained: Checkpoint, tmp_path: Path, name: str) -> None:
    save(tmp_path, trained)
    path, whole = tmp_path / name, (tmp_path / name).read_bytes()
    for place in range(0, len(whole), 1 + len(whole) // 200):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(ModelError, match=r"damaged|update autohdr|did not make"):
            load(tmp_path)
    path.write_bytes(whole)
    load(tmp_path)
