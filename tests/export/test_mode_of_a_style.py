"""A style makes edits in the mode of the edits that it learnt, through every command, and each of them says so."""

import json
import re
import shutil
from pathlib import Path

import pytest
import safetensors.torch
import torch
from click.testing import CliRunner

from autohdr.cli.inspect import command as inspect
from autohdr.cli.label import command as label
from autohdr.sidecar import Document
from autohdr_export.cli import main as export
from autohdr_scenes import write_shoot
from autohdr_train.cli import main as train
from autohdr_train.network.model import from_config
from tests.small_vit import small_config


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ViT as others publish them."""
    folder = tmp_path_factory.mktemp("vit")
    torch.manual_seed(1)
    weights = {f"vit.{key}": value for key, value in from_config(small_config()).state_dict().items()}
    safetensors.torch.save_file(weights, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(small_config().to_diff_dict()))
    processor = {"image_mean": [0.4] * 3, "image_std": [0.2] * 3, "size": {"height": 32, "width": 32}}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen photos, all of them edited in HDR."""
    folder = tmp_path_factory.mktemp("edited") / "shoot"
    write_shoot(folder, 16, seed=3, size=(64, 96))
    return folder


def some(edited: Path, folder: Path, modes: dict[int, str]) -> Path:
    """A shoot in which these photos are edited, with `HDREditMode` and `HDRMaxValue` as told, and no others."""
    shutil.copytree(edited, folder)
    for number, sidecar in enumerate(sorted(folder.glob("*.xmp"))):
        if number not in modes:
            sidecar.unlink()
            continue
        mode, _, headroom = modes[number].partition(" ")
        text = sidecar.read_text().replace('crs:HDREditMode="1"', f'crs:HDREditMode="{mode}"')
        sidecar.write_text(re.sub('HDRMaxValue="[^"]*"', f'HDRMaxValue="{headroom or "+4.00"}"', text))
    return folder


def done(command: object, *arguments: object) -> str:
    """What a command printed on standard output; it succeeded."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.stdout


def learn(shoot: Path, vit: Path, out: Path, *more: str) -> str:
    recipe = ("--recipe", "autohdr2024", "--epochs", 1)
    return done(train, shoot, "--out", out, "--start", vit, *recipe, "--cache", f"{out}.c", *more)


def labelled(shoot: Path, edits: set[int]) -> list[tuple[str | None, str | None]]:
    """Mode and headroom of each photo that autohdr labelled."""
    sidecars = [path for number, path in enumerate(sorted(shoot.glob("*.xmp"))) if number not in edits]
    documents = [Document.read(path) for path in sidecars]
    return [(one.get("HDREditMode"), one.get("HDRMaxValue")) for one in documents if one is not None]


@pytest.mark.parametrize(
    ("modes", "mode", "written"),
    [
        (dict.fromkeys(range(8), "0"), "SDR", ("0", None)),
        (dict.fromkeys(range(8), "1"), "HDR, 4 stops", ("1", "+4.00")),
        ({**dict.fromkeys(range(5), "1 +2.30"), 5: "1", 6: "0"}, "HDR, 2.3 stops", ("1", "+2.30")),
    ],
)
def test_a_style_writes_the_mode_of_its_edits_and_every_command_says_it(
    edited: Path, vit: Path, tmp_path: Path, modes: dict[int, str], mode: str, written: tuple[str, str | None]
) -> None:
    shoot, style = some(edited, tmp_path / "shoot", modes), tmp_path / "style"
    assert f"mode is {mode}" in learn(shoot, vit, style)
    assert mode in (style / "README.md").read_text()
    assert f"in {mode}" in done(export, style)
    assert mode in done(inspect, style / "model.onnx")
    told = json.loads(done(inspect, style / "model.onnx", "--json"))
    assert told["mode"]["hdr"] == (mode != "SDR")
    assert f"the edits are in {mode}" in done(label, shoot, "--model", style, "--engine", "cpu", "--dry-run")
    *_, summary = done(label, shoot, "--model", style, "--engine", "cpu", "--no-embed", "--json").splitlines()
    assert json.loads(summary)["model"]["mode"] == told["mode"]
    found = labelled(shoot, set(modes))
    assert len(found) == 16 - len(modes)
    assert set(found) == {written}


def test_a_smaller_model_made_of_another_keeps_the_mode(edited: Path, vit: Path, tmp_path: Path) -> None:
    shoot, style = some(edited, tmp_path / "shoot", dict.fromkeys(range(8), "0")), tmp_path / "style"
    learn(shoot, vit, style)
    done(export, style)
    done(export, style / "model.onnx", "--fp16")
    assert "SDR" in done(inspect, style / "model-fp16.onnx")


def test_of_edits_in_both_modes_the_larger_number_is_learnt_and_the_others_are_named(
    edited: Path, vit: Path, tmp_path: Path
) -> None:
    shoot = some(edited, tmp_path / "shoot", {**dict.fromkeys(range(7), "0"), 7: "1", 8: "1"})
    printed = learn(shoot, vit, tmp_path / "style")
    assert "Learning from 7 edited photos; 9 others are left out:" in printed
    assert "2 edited in HDR, such as" in printed
    assert "--keep sdr for the 2 edited in HDR" in printed
    assert "IMG_0008.dng" in printed
    kept = learn(shoot, vit, tmp_path / "kept", "--keep", "sdr")
    assert "Learning from 9 edited photos; 7 others are left out:" in kept
    assert "2 of 9 photos were edited in HDR" in kept
    assert "mode is SDR" in kept
