"""The loop learns, repeats itself, also through a kill."""

import copy
import dataclasses
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes import loop, unfinished
from autohdr_train.recipes.curve import Curve
from autohdr_train.recipes.objective import Supervised
from autohdr_train.recipes.recipe import Recipe, scratch
from autohdr_train.recipes.unfinished import Unfinished

RECIPE = Recipe("test", head="linear", epochs=2, batch=4, optimiser="adam", rate=3e-3)
FULL = dataclasses.replace(scratch(), epochs=2, batch=4)


def train(network: SliderNet, spec: InputSpec, photos: TensorDataset, recipe: Recipe, **settings: Any) -> Curve:
    return loop.train(network, spec, Supervised(photos, recipe), **settings)


def test_it_learns_what_brightness_says(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    groups = np.array(photos.groups)
    rest, held_out = (photos.subset(np.flatnonzero(part)) for part in (groups != "g0", groups == "g0"))
    curve = train(network, spec, rest, dataclasses.replace(RECIPE, epochs=15), watch=held_out)
    assert [point.step for point in curve] == list(range(0, 31, 2))
    assert curve[-1].r2 is not None
    assert curve[-1].r2[0] > 0.5
    assert curve[1].loss is not None
    assert curve[-1].loss is not None
    assert curve[-1].loss < 0.3 * curve[1].loss


@pytest.mark.parametrize("recipe", [RECIPE, FULL], ids=["plain", "everything on"])
def test_the_same_seed_gives_the_same_weights(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, recipe: Recipe
) -> None:
    one, other = copy.deepcopy(network), network
    train(one, spec, photos, recipe)
    train(other, spec, photos, recipe)
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in one.state_dict().items())


def test_the_average_of_the_weights_is_what_is_left(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    plain, averaged = copy.deepcopy(network), copy.deepcopy(network)
    train(plain, spec, photos, RECIPE)
    train(averaged, spec, photos, dataclasses.replace(RECIPE, average=0.9))
    assert not torch.equal(plain.classifier.weight, averaged.classifier.weight)
    torch.testing.assert_close(plain.classifier.weight, averaged.classifier.weight, atol=0.05, rtol=0)


def test_a_slider_without_any_label_is_not_learnt(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    photos.labels[:, 2:] = np.nan
    before = network.classifier.bias[2:].detach().clone()
    train(network, spec, photos, RECIPE)
    assert torch.equal(network.classifier.bias[2:], before)


def test_a_loss_that_explodes_stops_with_a_sentence(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    network.classifier.weight.data.fill_(float("inf"))
    with pytest.raises(LearningError, match="lower learning rate"):
        train(network, spec, photos, RECIPE)


def test_steps_count_instead_of_epochs_and_looks_come_when_asked(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    watch = photos.subset(np.arange(4))
    curve = train(network, spec, photos, RECIPE, steps=7, watch=watch, watch_every=3)
    assert [point.step for point in curve] == [0, 3, 6, 7]
    assert curve[0].loss is None
    assert all(point.predicted is not None and point.predicted.shape == (4, 8) for point in curve)


def test_stopping_early_is_a_part_of_the_same_plan(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    recipe = dataclasses.replace(FULL, average=None)
    watch, early, late = photos.subset(np.arange(4)), copy.deepcopy(network), copy.deepcopy(network)
    short = train(early, spec, photos, recipe, steps=8, until=5, watch=watch, watch_every=1)
    long = train(late, spec, photos, recipe, steps=8, watch=watch, watch_every=1)
    for one, other in zip(short, long, strict=False):
        np.testing.assert_array_equal(one.predicted, other.predicted)
    assert len(short) == 6


KILLED = """
import sys
from pathlib import Path
import numpy as np
import torch
from autohdr.spec import InputSpec
from autohdr_train.recipes import loop
from autohdr_train.recipes import unfinished
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.recipes.curve import write_log
from autohdr_train.recipes.objective import Supervised
from autohdr_train.recipes.recipe import Recipe
from tests.small_vit import small_config

class Slow:
    def __init__(self, pixels, seconds):
        self.pixels, self.seconds = pixels, seconds
    def __getitem__(self, index):
        import time
        time.sleep(self.seconds)
        return self.pixels[index]

unfinished.KEEP_EVERY = 0.0
torch.manual_seed(0)
random = np.random.default_rng(0)
pixels = random.standard_normal((12, 3, 32, 32)).astype(np.float32)
labels = random.uniform(-0.5, 0.5, (12, 8)).astype(np.float32)
photos = TensorDataset(Slow(pixels, float(sys.argv[2])), labels, ["g"] * 12, np.full(12, np.nan))
held_out = TensorDataset(pixels, labels, ["h"] * 12, np.full(12, np.nan))
recipe = Recipe("test", head="linear", epochs=12, batch=4, rate=1e-3, weight_decay=0.1, layer_decay=0.8, warm_up=0.2,
                cosine=True, clip=1.0, average=0.9, augment=("turn", "exposure"), balanced=True, loss="huber")
network, out = SliderNet(from_config(small_config()), "linear"), Path(sys.argv[1])
with unfinished.Unfinished(out, {"run": 1}) as run:
    write_log(out, loop.train(network, InputSpec(size=32), Supervised(photos, recipe), watch=held_out,
                              stage=run.stage("training")))
    (out / "weights").write_bytes(b"".join(value.numpy().tobytes() for value in network.state_dict().values()))
"""


def test_a_run_that_is_killed_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    """A real kill, in the middle of the run."""

    def command(out: Path, pause: float) -> list[str]:
        return [sys.executable, "-c", KILLED, str(out), str(pause)]

    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run(command(whole, 0.0), check=True, env=environment, cwd=root)
    kept = broken / "unfinished" / "training.pt"
    with subprocess.Popen(command(broken, 0.02), env=environment, cwd=root) as process:
        while not kept.exists() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    parts = unfinished.Stage(kept).restore()
    assert parts is not None
    assert 0 < parts["step"] < 36
    assert not (broken / "weights").exists()
    subprocess.run(command(broken, 0.0), check=True, env=environment, cwd=root)
    for name in ("weights", "log.jsonl"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes(), name
    assert not (broken / "unfinished").exists()


def test_a_run_that_diverged_is_not_gone_on_with(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "KEEP_EVERY", 0.0)
    network.classifier.weight.data.fill_(float("inf"))
    with pytest.raises(LearningError), Unfinished(tmp_path, {"run": 1}) as run:
        loop.train(network, spec, Supervised(photos, RECIPE), stage=run.stage("training"))
    assert not (tmp_path / "unfinished").exists()
