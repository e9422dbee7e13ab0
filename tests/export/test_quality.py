"""Exported quality models score as the trained ones do, on every engine of this machine, without torch."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from autohdr.cli.main import main
from autohdr.engines.registry import ENGINES
from autohdr.errors import EngineError, ModelError, SettingsError
from autohdr.quality import scorer
from autohdr.quality.canvas import Canvas
from autohdr.quality.inputs import Inputs
from autohdr.quality.model import read_quality_model
from autohdr.quality.patches import Patches
from autohdr.quality.picture import Picture, read_pair
from autohdr.quality.scorer import Scorer
from autohdr_export import export
from autohdr_export.quality import Unpacked
from autohdr_train.quality.models import pieapp, vtamiq
from autohdr_train.quality.models.saved import Network, Saved, make, save
from tests.json_lines import read

TINY = vtamiq.Sizes(width=32, heads=2, mlp=48, layers=2, registers=2, table=5, groups=1, blocks=2)
SIZES: dict[str, tuple[vtamiq.Sizes | pieapp.Sizes, Patches]] = {
    "vtamiq": (TINY, Patches(side=16, count=40)),
    "pieapp": (pieapp.Sizes(widths=(4,) * 11, hidden=8, side=32), Patches(side=32, count=12)),
}
MODELS = pytest.mark.parametrize("kind", list(SIZES))


def lively(kind: str) -> Network:
    """Random weights whose scores move with the pictures by some JOD."""
    network = make(SIZES[kind][0], seed=1)
    with torch.no_grad():
        for name, values in network.named_parameters():
            if "regression" in name or "scorer" in name or "weigher" in name:
                values.mul_(3.0)
    network.scale.set(6.0, 2.0)
    return network.eval()


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("quality")
    found = {}
    for kind, (_, patches) in SIZES.items():
        saved = Saved(lively(kind), Inputs(norm="255"), patches, {"data": "none"})
        save(folder / f"{kind}.safetensors", saved)
        found[kind] = export(folder / f"{kind}.safetensors").path
    return found


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Picture, Picture]:
    random = np.random.default_rng(3)
    clean = 128 + 90 * np.sin(np.arange(150) / 9)[:, None, None] * np.ones((1, 210, 3))
    noisy = clean + 60 * random.standard_normal(clean.shape) * (np.arange(210) > 105)[None, :, None]
    for name, values in (("a.png", clean), ("b.png", noisy)):
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(tmp_path / name)
    return read_pair(tmp_path / "a.png", tmp_path / "b.png")


def by_torch(kind: str, pair: tuple[Picture, Picture]) -> Any:
    """What the trained network answers, fed as training feeds it."""
    patches, inputs = SIZES[kind][1], Inputs(norm="255")
    places = patches.places(*pair[0].shape)
    cut = [torch.from_numpy(patches.cut(inputs.of(shown.luminance()), places))[None] for shown in pair]
    with torch.inference_mode():
        return lively(kind)(*cut, torch.from_numpy(places.uv)[None])


@MODELS
@pytest.mark.parametrize("engine", list(ENGINES))
def test_every_engine_gives_torchs_score(
    exported: dict[str, Path], pair: tuple[Picture, Picture], kind: str, engine: str, tmp_path: Path
) -> None:
    expected = by_torch(kind, pair)
    try:
        with Scorer.open(exported[kind], engine, tmp_path) as opened:
            found = opened.score(*pair)
    except EngineError as error:
        pytest.skip(str(error))
    assert found.jod == pytest.approx(float(expected.score), abs=0.01)
    np.testing.assert_allclose(found.local, expected.local[0], atol=0.02)
    np.testing.assert_allclose(found.weights, expected.weights[0], atol=1e-3)
    assert found.weights.sum() == pytest.approx(1, abs=1e-3)


def test_large_pictures_are_looked_at_again(
    exported: dict[str, Path], pair: tuple[Picture, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pair as a large one: 150 x 210 pixels are three times as many patches as a square of PieAPP's holds."""
    monkeypatch.setattr(scorer, "LEARNT", 8000)
    with Scorer.open(exported["pieapp"], "cpu") as opened:
        found = opened.score(*pair)
    patches, inputs = replace(SIZES["pieapp"][1], count=36), Inputs(norm="255")
    places = patches.places(*pair[0].shape)
    cut = [torch.from_numpy(patches.cut(inputs.of(shown.luminance()), places))[None] for shown in pair]
    with torch.inference_mode():
        expected = lively("pieapp")(*cut, torch.from_numpy(places.uv)[None])
    assert len(found.local) == 36
    assert found.jod == pytest.approx(float(expected.score), abs=0.01)
    with Scorer.open(exported["vtamiq"], "cpu") as opened:
        looked = opened.score(*pair)
        monkeypatch.setattr(scorer, "LEARNT", 256 * 256)
        once = opened.score(*pair)
    assert len(looked.local) == 4 * len(once.local)
    np.testing.assert_array_equal(looked.places.corners[:40], once.places.corners)
    assert looked.local[0] == pytest.approx(once.jod, abs=1e-3)
    assert looked.jod == pytest.approx(looked.local.mean(), abs=1e-4)


@MODELS
def test_the_same_picture_is_perfect(exported: dict[str, Path], pair: tuple[Picture, Picture], kind: str) -> None:
    with Scorer.open(exported[kind], "cpu") as opened:
        found = opened.score(pair[0], pair[0])
    assert found.jod == pytest.approx(found.perfect, abs=1e-3)


@MODELS
def test_the_command_scores_without_torch(exported: dict[str, Path], pair: tuple[Picture, Picture], kind: str) -> None:
    words = ["quality", str(pair[0].path), str(pair[1].path), "--model", str(exported[kind]), "--json"]
    code = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'onnx'): sys.modules[name] = None\n"
        f"from autohdr.cli.main import main; main({[*words, '--engine', 'cpu']!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (found,) = read("quality", done.stdout)
    assert found["jod"] == pytest.approx(float(by_torch(kind, pair).score), abs=0.01)
    assert found["model"].startswith(f"{kind} ")
    assert found["engine"] == "cpu"


def test_a_picture_smaller_than_a_patch_is_one_sentence(exported: dict[str, Path], tmp_path: Path) -> None:
    Image.new("RGB", (40, 20)).save(tmp_path / "a.png")
    words = ["quality", *[str(tmp_path / "a.png")] * 2, "--model", str(exported["pieapp"]), "--engine", "cpu"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 3
    assert "a.png has 40 x 20 pixels; this model needs at least 32 each way: compare larger copies" in done.stderr


def test_auto_builds_no_plan_for_two_pictures(exported: dict[str, Path], pair: tuple[Picture, Picture]) -> None:
    with Scorer.open(exported["vtamiq"]) as opened:
        assert opened.engine.name in scorer.QUICK
        assert opened.score(*pair).jod == pytest.approx(float(by_torch("vtamiq", pair).score), abs=0.01)


def test_a_map_of_patches_is_of_jod(exported: dict[str, Path], pair: tuple[Picture, Picture], tmp_path: Path) -> None:
    words = ["quality", str(pair[0].path), str(pair[1].path), "--engine", "cpu", "--json"]
    for kind, of in (("pieapp", "jod"), ("vtamiq", "ssim")):
        where = tmp_path / f"{kind}.png"
        done = CliRunner().invoke(main, [*words, "--model", str(exported[kind]), "--map", str(where)])
        assert json.loads(done.stdout)["map_of"] == of
        assert where.is_file()


def test_patches_that_lose_most_are_seen(exported: dict[str, Path], pair: tuple[Picture, Picture]) -> None:
    with Scorer.open(exported["pieapp"], "cpu") as opened:
        score = opened.score(*pair)
    assert score.lost(pair[0].shape) is not None
    score = replace(score, perfect=10.0)
    score.local[:] = 10
    score.local[-1] = 4  # the last patch lies at the lower right
    score.weights[:] = 1 / 12
    lost = score.lost(pair[0].shape)
    assert lost is not None
    assert lost.shape == pair[0].shape
    assert np.argmax(lost.mean(axis=0)) > 150
    assert lost.max() == pytest.approx(6, abs=1.5)


@MODELS
def test_what_is_packed_is_unpacked(kind: str) -> None:
    """The module that is traced answers as the network does, of cells and places that stand where they should."""
    patches = SIZES[kind][1]
    canvas, random = Canvas(patches.side, patches.count), np.random.default_rng(0)
    sets = [random.standard_normal((patches.count, 3, *2 * (patches.side,))).astype(np.float32) for _ in range(2)]
    uv = random.random((patches.count, 2)).astype(np.float32)
    packed = canvas.packed(sets[0], sets[1], uv)
    assert packed.shape == (3, canvas.size, canvas.size)
    network = lively(kind)
    with torch.inference_mode():
        found = Unpacked(network, canvas)(torch.from_numpy(packed)[None])[0]
        expected = network(*(torch.from_numpy(part)[None] for part in (*sets, uv)))
    torch.testing.assert_close(found[0], expected.score[0])
    torch.testing.assert_close(found[1 : 1 + patches.count], expected.local[0])
    weights = found[1 + patches.count :]
    torch.testing.assert_close(weights / weights.sum(), expected.weights[0])


@pytest.mark.parametrize(("side", "count"), [(16, 512), (16, 384), (64, 1), (64, 256), (32, 7)])
def test_the_square_has_room_for_all(side: int, count: int) -> None:
    canvas = Canvas(side, count)
    assert canvas.across**2 >= 2 * count + canvas.places > (canvas.across - 1) ** 2
    assert canvas.places * side**2 >= count


@MODELS
def test_the_file_says_what_it_is_and_damage_is_found(exported: dict[str, Path], kind: str, tmp_path: Path) -> None:
    file = read_quality_model(exported[kind])
    assert file.info.architecture == kind
    assert file.info.inputs == Inputs(norm="255")
    assert file.info.patches == SIZES[kind][1]
    assert file.info.trained_on == {"data": "none"}
    assert file.info.proof["jod_below"] <= 0.01
    data = bytearray(file.data)
    data[len(data) // 2] ^= 1
    (tmp_path / "model.onnx").write_bytes(data)
    with pytest.raises(ModelError, match="is damaged"):
        read_quality_model(tmp_path / "model.onnx")


def test_labelling_refuses_a_quality_model(exported: dict[str, Path]) -> None:
    done = CliRunner().invoke(main, ["label", str(exported["vtamiq"].parent), "--model", str(exported["vtamiq"])])
    assert done.exit_code == 4
    assert "scores pictures; expected a model that predicts sliders" in done.output


def test_inspect_says_what_a_quality_model_is(exported: dict[str, Path]) -> None:
    done = CliRunner().invoke(main, ["inspect", str(exported["vtamiq"])])
    assert "architecture vtamiq" in done.output
    assert "norm 255" in done.output
    (found,) = read("inspect", CliRunner().invoke(main, ["inspect", str(exported["pieapp"]), "--json"]).stdout)
    assert found["type"] == "quality_model"
    assert found["patches"]["count"] == 12


def test_the_command_exports_and_says_what_next(exported: dict[str, Path], tmp_path: Path) -> None:
    source = exported["pieapp"].with_suffix(".safetensors")
    done = CliRunner().invoke(main, ["export", str(source), "--out", str(tmp_path / "q.onnx")])
    assert done.exit_code == 0, done.output
    assert "Next: autohdr quality REFERENCE TEST --model " in done.output
    found = read("export", CliRunner().invoke(main, ["export", str(source), "--json"]).stdout)
    assert [line["type"] for line in found] == ["quality_model", "summary"]


def test_other_precisions_and_foreign_files_are_refused(exported: dict[str, Path], tmp_path: Path) -> None:
    source = exported["pieapp"].with_suffix(".safetensors")
    with pytest.raises(SettingsError, match="float32 alone"):
        export(source, precision="float16")
    (tmp_path / "photo.onnx").write_bytes(b"something else")
    with pytest.raises(SettingsError, match="no quality model of autohdr's"):
        export(source, tmp_path / "photo.onnx")
    with pytest.raises(SettingsError, match=r"does not end in \.onnx"):
        export(source, tmp_path / "photo.jpg")
    (tmp_path / "broken.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError):
        export(tmp_path / "broken.safetensors")
