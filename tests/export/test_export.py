"""The exported file: whole, described, equal to what was trained, and the same each time."""

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from click.testing import CliRunner

from autohdr.engines.network import open_network
from autohdr.errors import ModelError, SettingsError
from autohdr.model import METADATA_KEY, ModelInfo
from autohdr_export import export as module
from autohdr_export.cli import main
from autohdr_export.errors import ExportError
from autohdr_export.export import Exported, export_onnx
from autohdr_export.parity import Parity, inputs
from autohdr_train.checkpoint import load


def dimensions(value: onnx.ValueInfoProto) -> list[int | str]:
    return [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]


def test_it_takes_pixels_and_gives_sliders_for_any_number_of_photos(exported: Exported) -> None:
    model = onnx.load(exported.path)
    (pixels,), (sliders,) = model.graph.input, model.graph.output
    assert (pixels.name, dimensions(pixels)) == ("pixels", ["batch", 3, 32, 32])
    assert (sliders.name, dimensions(sliders)) == ("sliders", ["batch", 8])
    assert [opset.version for opset in model.opset_import] == [20]


def test_it_says_what_it_is(exported: Exported, checkpoint: Path) -> None:
    (entry,) = onnx.load(exported.path).metadata_props
    info = ModelInfo.from_json(entry.value)
    saved = load(checkpoint)
    assert entry.key == METADATA_KEY
    assert (info.name, info.spec, info.trained_on, info.opset) == ("small", saved.spec, saved.trained_on, 20)


def test_it_is_one_file_without_a_trace_of_the_machine(exported: Exported) -> None:
    data = exported.path.read_bytes()
    assert exported.size == len(data)
    assert [path.name for path in exported.path.parent.iterdir()] == ["small.onnx"]
    for word in (b"stack_trace", b"site-packages", str(Path.cwd()).encode(), os.fsencode(Path.home())):
        assert word not in data


def test_the_same_weights_give_the_same_bytes(exported: Exported, checkpoint: Path, tmp_path: Path) -> None:
    again = export_onnx(checkpoint, tmp_path / "again.onnx")
    assert again.path.read_bytes() == exported.path.read_bytes()


def test_the_runtime_gives_what_torch_gives(exported: Exported, checkpoint: Path) -> None:
    saved = load(checkpoint)
    pixels = inputs(saved.spec, 9)
    with open_network(exported.path, "cpu") as network:
        got = network.predict(pixels)
    with torch.inference_mode():
        expected = saved.network(torch.from_numpy(pixels)).numpy()
    assert expected.std(axis=0).min() > 0.05  # else being equal would say little
    np.testing.assert_allclose(got, expected, atol=1e-5)
    assert exported.parity.within


def test_a_network_that_differs_is_refused_and_no_file_is_left(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "compare", lambda *_: Parity(np.array([0.02, *[0.0] * 7])))
    with pytest.raises(ExportError, match=r"differs from the trained one by Exposure 0.02 EV.*nothing was written"):
        export_onnx(checkpoint, tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not end in \.onnx"):
        export_onnx(checkpoint, tmp_path / "photo.dng")


def test_a_folder_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no config\.json"):
        export_onnx(tmp_path)


def test_the_command_says_what_it_wrote_and_how_equal_it_is(checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "m.onnx"
    result = CliRunner().invoke(main, [str(checkpoint), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "Largest difference from torch at batches 1, 2, 7, 32: Exposure " in result.output
    assert f"Wrote {out} (" in result.output
    assert out.is_file()


def test_a_mistake_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_the_help_holds_an_example() -> None:
    assert "Example: autohdr-export " in CliRunner().invoke(main, ["--help"]).output
