"""The main job through its own commands: edits, training, export, labels."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from transformers import ViTConfig, ViTModel

from autohdr import SLIDERS
from autohdr.engines.prove.difference import TOLERANCES
from autohdr.model.onnx_file import read_model
from autohdr.raw.prepare import prepare
from autohdr.sidecar import read_labels
from autohdr.sliders import settings
from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported, export_onnx
from autohdr_export.nodes import nodes
from autohdr_export.report import text
from autohdr_export.wanted import Wanted
from autohdr_scenes import write_shoot
from autohdr_train.network.checkpoint import load
from tests.export.conftest import with_head


def run(verb: str, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", "autohdr", verb, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def small_vit(folder: Path) -> Path:
    """A small untrained ViT of 64 pixels in Hugging Face's layout, so that this test takes a minute and not an hour."""
    torch.manual_seed(0)
    config = ViTConfig(
        hidden_size=96, num_attention_heads=3, intermediate_size=192, num_hidden_layers=4, image_size=64, patch_size=8
    )
    ViTModel(config, add_pooling_layer=False).save_pretrained(folder)
    processor = {"image_mean": [0.4] * 3, "image_std": [0.25] * 3, "size": {"height": 64, "width": 64}}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shoot that the simulated photographer has edited."""
    folder = tmp_path_factory.mktemp("edited") / "shoot"
    write_shoot(folder, 500, seed=1, size=(96, 144), unlabelled=0.02)
    return folder


def test_a_network_trained_on_one_shoot_labels_another_better_than_the_mean(edited: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    start = small_vit(tmp_path / "start")
    run(
        "train", edited, "--out", model, "--recipe", "scratch", "--start", start, "--epochs", "40",
        "--cache", tmp_path / "cache",
    )  # fmt: skip
    run("export", model, "--out", tmp_path / "model.onnx")

    other = tmp_path / "other"
    write_shoot(other, 100, seed=2, size=(96, 144))
    truth = {path: read_labels(path.with_suffix(".xmp")).values for path in sorted(other.glob("*.dng"))}
    for path in truth:
        path.with_suffix(".xmp").unlink()
    printed = run("label", other, "--model", tmp_path / "model.onnx", "--json")
    told = [json.loads(line) for line in printed.splitlines()]
    results = [line for line in told if line["type"] == "photo"]
    assert told[-1]["labelled"] == len(results) == 100

    checkpoint = load(model)
    alone = [result for result in results if result["series"] is None]
    assert alone, "those of a series have one look"
    for result in alone:
        pixels = torch.from_numpy(prepare(result["path"], checkpoint.spec)[None])
        with torch.inference_mode():
            expected = settings(checkpoint.network(pixels)[0].numpy())
        for slider in SLIDERS:  # both round to what a sidecar holds, and may fall to either side of half a step
            assert result["sliders"][slider.key] == pytest.approx(expected[slider.key], abs=1.001 * slider.step)

    learnt = [read_labels(path).values for path in sorted(edited.glob("*.xmp"))]
    for slider in SLIDERS:
        wanted = np.array([truth[Path(result["path"])][slider.key] for result in results])
        given = np.array([result["sliders"][slider.key] for result in results])
        mean = np.mean([values[slider.key] for values in learnt])
        assert np.abs(given - wanted).mean() < np.abs(mean - wanted).mean(), slider.name
        if slider.name == "Exposure":
            assert 1 - ((given - wanted) ** 2).sum() / ((wanted - wanted.mean()) ** 2).sum() > 0.5


def test_int8_is_calibrated_on_a_shoot_and_named_for_its_engine(
    exported: Exported, photos: Path, tmp_path: Path
) -> None:
    model = tmp_path / "calm.onnx"
    # Random weights are hard to quantise; a head that moves the sliders less is within the tolerance.
    with_head(exported.path, model, weight=lambda weight: weight / 30)
    printed = text(export_onnx(model, wanted=Wanted("int8", "trt", photos)))
    assert "Difference from float32 over 32 photos of the shoot:" in printed
    assert "Speed: not timed here." in printed
    info = read_model(tmp_path / "calm-int8-trt.onnx").info
    assert (info.precision, info.target, info.proof["calibration"]) == ("int8", "trt", 96)
    assert info.proof["faster"] == "not timed here; trt needs a GPU"
    assert nodes(onnx.load(tmp_path / "calm-int8-trt.onnx"))["compute"]["int8"] >= 8


def test_int8_that_differs_too_much_is_refused_with_what_was_tried(
    exported: Exported, photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "m.onnx"
    with pytest.raises(ExportError, match=r"small\.onnx: int8 for trt is refused: static S8.*nothing was written"):
        export_onnx(exported.path, out, Wanted("int8", "trt", photos))
    assert not out.exists()


def test_bfloat16_is_proven_in_openvino(exported: Exported, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="ONNX Runtime's CPU provider does not compute in bfloat16")
    out = tmp_path / "bf16.onnx"
    # bfloat16 has three digits, and random weights use them all.
    with_head(exported.path, tmp_path / "calm.onnx", weight=lambda weight: weight / 30)
    made = export_onnx(tmp_path / "calm.onnx", out, Wanted("bfloat16"))
    proof = read_model(out).info.proof
    assert proof["engine"] == "openvino"
    assert nodes(onnx.load(out))["compute"]["bfloat16"] > 10
    assert made.made.proof is not None
    assert all(part.within(TOLERANCES["bfloat16"]) for part in made.made.proof.compared)
