"""The default model's training, in small: places apart, a card that says so, and a model that can be taught."""

from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from autohdr.spec import InputSpec
from autohdr_train.data.bank import open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.default import backbone, episodes, examples, training
from autohdr_train.network.checkpoint import load
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import Head, SliderNet, from_config
from autohdr_train.recipes.head import begin_head
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
NUMBERS = ["--photos", "100", "--held-out", "20", "--epochs", "1", "--episodes", "4"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, small_photos: None) -> None:
    """A training that takes seconds."""

    def scratch(_size: str, _spec: InputSpec, head: Head, *, seed: int) -> SliderNet:
        torch.manual_seed(seed)
        return SliderNet(from_config(small_config()), head)

    monkeypatch.setattr(training, "scratch", scratch)
    monkeypatch.setattr(training, "SPEC", SPEC)
    monkeypatch.setattr(training, "TEACHERS", 4)
    monkeypatch.setattr(backbone, "BATCH", 25)
    monkeypatch.setattr(examples, "BLANK", 8)
    for name, value in {"EDITS": (5, 10), "ASKED": 30, "TOGETHER": 6, "POOL": 12, "KEPT": 2}.items():
        monkeypatch.setattr(episodes, name, value)


def run(photographs: Path, cache: Path, out: Path, *more: str) -> str:
    arguments = ["--photographs", str(photographs), "--cache", str(cache), "--out", str(out), *NUMBERS, *more]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def seeing(small: None, radiance: Path, photographs: Path, cache: Path, tmp_path: Path) -> Path:
    """A model that has learnt to see, and its own sliders."""
    output = run(photographs, cache, tmp_path / "m", "--radiance", str(radiance))
    assert "mean label" in output
    return tmp_path / "m"


def test_whole_sources_and_places_are_held_out_and_the_card_names_them(seeing: Path) -> None:
    facts = load(seeing).trained_on
    assert facts["photos"]["train"] + facts["photos"]["held_out"] == 12
    assert facts["groups"]["train"] + facts["groups"]["held_out"] == 4
    recipe = facts["recipe"]
    assert [recipe[key] for key in ("name", "seed", "epochs", "episodes")] == ["default", 0, 1, 4]
    assert facts["start"] == "tiny, random weights"
    assert [row["photos"] for row in facts["scores"]] == [4 * facts["photos"]["held_out"]] * 8
    card = (seeing / "README.md").read_text(encoding="utf-8")
    held_out = facts["notes"][2].removeprefix("Sources held out: ").split(", ")
    assert len(held_out) == facts["groups"]["held_out"]
    assert all(source in card for source in held_out)
    assert "Radiance images held out: place" in card


def test_the_credits_are_those_of_what_was_learnt_from(seeing: Path) -> None:
    facts = load(seeing).trained_on
    rows = (seeing / "CREDITS.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sum(int(row.rsplit(",", 1)[1]) for row in rows) == facts["photos"]["train"]
    held_out = facts["notes"][2].removeprefix("Sources held out: ").split(", ")
    assert not {row.split(",")[0] for row in rows} & set(held_out)


def test_its_answers_end_and_have_errors(seeing: Path) -> None:
    network = load(seeing).network
    assert network.most is not None
    assert network.error is not None
    pixels = 20.0 * torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert (network(pixels).abs() <= network.most + 1e-6).all()
    assert (network.error.sum(dim=0) > 0).all()


def test_own_sliders_can_be_learnt_alone_and_leave_the_features(
    seeing: Path, photographs: Path, cache: Path, tmp_path: Path
) -> None:
    run(photographs, cache, tmp_path / "n", "--start", str(seeing))
    first, second = load(seeing), load(tmp_path / "n")
    assert second.trained_on["start"] == "weights of m"
    one, other = first.network.state_dict(), second.network.state_dict()
    assert all(torch.equal(values, other[name]) for name, values in one.items() if not name.startswith("classifier"))
    torch.testing.assert_close(one["classifier.weight"], other["classifier.weight"])


def test_without_epochs_the_transformer_is_kept_and_features_go_on(
    seeing: Path, radiance: Path, photographs: Path, cache: Path, tmp_path: Path
) -> None:
    more = ["--start", str(seeing), "--radiance", str(radiance), "--epochs", "0"]
    run(photographs, cache, tmp_path / "n", *more)
    one, other = (load(folder).network.state_dict() for folder in (seeing, tmp_path / "n"))
    kept = {name for name, values in one.items() if torch.equal(values, other[name])}
    assert {name for name in one if name.startswith(("vit.", "tones."))} <= kept
    assert not {name for name in one if name.startswith("features.linear")} & kept


@pytest.mark.usefixtures("small")
def test_without_epochs_there_have_to_be_features(
    radiance: Path, photographs: Path, cache: Path, tmp_path: Path
) -> None:
    arguments = ["--photographs", str(photographs), "--cache", str(cache), "--out", str(tmp_path / "m"), *NUMBERS]
    arguments += ["--radiance", str(radiance), "--epochs", "0", "--start", "tiny"]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 2
    assert "no features to go on from" in result.stderr


def test_what_results_can_be_trained_further_and_learns_a_style(
    seeing: Path, radiance: Path, photographs: Path, cache: Path, tmp_path: Path
) -> None:
    run(photographs, cache, tmp_path / "n", "--start", str(seeing), "--radiance", str(radiance))
    first, second = load(seeing), load(tmp_path / "n")
    weights = [checkpoint.network.state_dict()["vit.layernorm.weight"] for checkpoint in (first, second)]
    assert not torch.equal(*weights)
    bank = open_bank(radiance, cache, SPEC, train=100, held_out=20, procedural=training.PROCEDURAL)
    brightness = np.array([np.log2(bank.train.picture(index).mean()) for index in range(60)])
    labels = np.repeat(-0.1 * (brightness[:, None] + 3.0), 8, axis=1).astype(np.float32)
    photos = TensorDataset(bank.train.pixels[:60], labels, bank.train.groups[:60], np.full(60, np.nan))
    edited, others = photos.subset(np.arange(20)), photos.subset(np.arange(20, 60))
    first.network.free()
    begin_head(first.network, SPEC, edited, seed=0)
    error = np.abs(predict(first.network, others)[:, 0] / 5.0 - others.labels[:, 0]).mean()
    assert error < 0.5 * np.abs(others.labels[:, 0] - edited.labels[:, 0].mean()).mean()


@pytest.mark.usefixtures("small")
def test_the_same_command_gives_the_same_model(radiance: Path, photographs: Path, cache: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(photographs, cache, tmp_path / name, "--radiance", str(radiance))
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == (tmp_path / "b" / "model.safetensors").read_bytes()


def test_a_folder_without_radiance_images_is_one_sentence(tmp_path: Path, photographs: Path) -> None:
    arguments = ["--radiance", str(tmp_path), "--photographs", str(photographs), "--cache", str(tmp_path / "c")]
    arguments += ["--out", str(tmp_path / "m")]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 2
    assert "holds no .exr" in result.stderr
    assert not (tmp_path / "m").exists()


def test_a_folder_that_holds_a_model_is_refused_before_anything_is_simulated(
    tmp_path: Path, radiance: Path, photographs: Path
) -> None:
    (tmp_path / "config.json").write_text("{}")
    arguments = ["--radiance", str(radiance), "--photographs", str(photographs), "--cache", str(tmp_path / "c")]
    arguments += ["--out", str(tmp_path)]
    result = CliRunner().invoke(training.main, arguments)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
    assert not (tmp_path / "c").exists()
