"""A model that answers otherwise once it is loaded again is not left behind."""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError
from autohdr.files.whole import write_atomically
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import Checkpoint, has_checkpoint, load, save
from autohdr_train.network.reload import leave, refuse_another
from autohdr_train.network.start import begin
from tests.train.facts import FACTS


def some(spec: InputSpec) -> TensorDataset:
    pixels = np.random.default_rng(0).random((3, 3, spec.size, spec.size)).astype(np.float32)
    return TensorDataset(pixels, np.zeros((3, 8), np.float32), ["", "", ""], np.full(3, np.nan))


def test_a_checkpoint_that_holds_the_network_stays(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    refuse_another(tmp_path, network, some(spec))
    assert has_checkpoint(tmp_path)


def test_another_network_is_refused_and_leaves_no_model(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    with torch.no_grad():
        network.classifier.bias.add_(0.01)
    with pytest.raises(LearningError, match="answers otherwise once it is loaded again"):
        refuse_another(tmp_path, network, some(spec))
    assert not has_checkpoint(tmp_path)


def test_a_checkpoint_that_cannot_be_loaded_leaves_no_model(tmp_path: Path) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "one", FACTS))
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LearningError, match="cannot be loaded again"):
        refuse_another(tmp_path, network, some(spec))
    assert not has_checkpoint(tmp_path)


def test_whenever_it_is_killed_the_old_or_the_new_one_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    old, other = tmp_path / "old", "another encoding, so that each file differs"
    save(old, Checkpoint(network, spec, "old", FACTS))
    changed, encoded = begin("default", "pu21-pmax", None, "linear", 0)
    photos, found = some(encoded), []
    for writes in range(12):
        folder = tmp_path / str(writes)
        shutil.copytree(old, folder)
        left = [writes]

        def killed(path: Path, data: bytes, left: list[int] = left) -> None:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            write_atomically(path, data)

        monkeypatch.setattr("autohdr_train.network.checkpoint.write_atomically", killed)
        monkeypatch.setattr("autohdr_train.network.reload.write_atomically", killed)
        with suppress(KeyboardInterrupt):
            leave(folder, Checkpoint(changed, encoded, other, FACTS), photos)
        found.append(load(folder).name)
    assert found == ["old"] * found.count("old") + [other] * found.count(other)
    assert 4 <= found.count("old") < 12


def test_one_that_is_refused_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network, spec = begin("default", None, None, "linear", 0)
    save(tmp_path, Checkpoint(network, spec, "old", FACTS))
    monkeypatch.setattr("autohdr_train.network.reload.TOLERANCE", -1.0)
    with pytest.raises(LearningError, match="answers otherwise"):
        leave(tmp_path, Checkpoint(network, spec, "new", FACTS), some(spec))
    assert load(tmp_path).name == "old"
    assert not (tmp_path / "new").exists()
