"""The exported file: whole, described, equal to what was trained, the same each time; else no file at all."""

import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from autohdr.engines.network import open_network
from autohdr.engines.prove.difference import Difference
from autohdr.engines.prove.inputs import adversarial
from autohdr.engines.prove.speed import Speed
from autohdr.errors import ModelError, SettingsError
from autohdr.model.info import HEAD_KEY, METADATA_KEY, ModelInfo, Precision
from autohdr.model.onnx_file import read_model
from autohdr.model.seal import SEAL_KEY
from autohdr.sliders import LIMITS, SLIDERS
from autohdr_export import exporting as module
from autohdr_export import float32 as basing
from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported, export_onnx
from autohdr_export.graph.file import to_bytes
from autohdr_export.lower.lowered import Lowered
from autohdr_export.prove.judge import judge
from autohdr_export.prove.samples import samples, simulated
from autohdr_export.prove.trial import Speeds, Yardstick
from autohdr_export.wanted import Wanted
from autohdr_export.words import Target
from autohdr_train.network.checkpoint import load
from autohdr_train.network.tones import SIZE
from tests.export.conftest import SPEC, changed, head_of

HALF = Wanted("float16")


def dimensions(value: onnx.ValueInfoProto) -> list[int | str]:
    return [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]


def test_it_takes_pixels_and_gives_features_for_any_number_of_photos(exported: Exported, half: Exported) -> None:
    for path in (exported.path, half.path):
        model = onnx.load(path)
        (pixels,), (features,) = model.graph.input, model.graph.output
        assert (pixels.name, dimensions(pixels)) == ("pixels", ["batch", 3, 32, 32])
        assert (features.name, dimensions(features)) == ("features", ["batch", SIZE + 24])
        assert {value.type.tensor_type.elem_type for value in (pixels, features)} == {TensorProto.FLOAT}
        assert [opset.version for opset in model.opset_import] == [20]


def test_it_says_what_it_is(exported: Exported, checkpoint: Path) -> None:
    entry, head, sealed = onnx.load(exported.path).metadata_props
    info = ModelInfo.from_json(entry.value)
    saved = load(checkpoint)
    assert (entry.key, head.key, sealed.key) == (METADATA_KEY, HEAD_KEY, SEAL_KEY)
    assert (info.features, info.learnt, info.activation) == (SIZE + 24, 0, "linear")
    assert info.proof["features_below"] > 0  # a percentile of a picture of two levels may fall on either
    assert (info.name, info.spec, info.trained_on, info.opset) == ("small", saved.spec, saved.trained_on, 20)
    assert (info.precision, info.target, info.proof["reference"]) == ("float32", None, "torch")
    for slider in SLIDERS:  # the tenth of a tolerance at least, so that rounding is not written into the file
        assert info.proof["below"][slider.key] == (0.0002 if slider.unit == "EV" else 0.005)


def test_it_is_one_file_without_a_trace_of_the_machine(exported: Exported, half: Exported) -> None:
    for path in (exported.path, half.path):
        data = path.read_bytes()
        for word in (b"stack_trace", b"site-packages", str(Path.cwd()).encode(), os.fsencode(Path.home())):
            assert word not in data
    assert [path.name for path in exported.path.parent.iterdir()] == ["small.onnx"]


def test_the_same_weights_give_the_same_bytes(
    exported: Exported, half: Exported, checkpoint: Path, tmp_path: Path
) -> None:
    again = export_onnx(checkpoint, tmp_path / "again.onnx")
    assert again.path.read_bytes() == exported.path.read_bytes()
    assert export_onnx(again.path, wanted=HALF).path.read_bytes() == half.path.read_bytes()


def test_the_runtime_gives_what_torch_gives(exported: Exported, checkpoint: Path) -> None:
    saved = load(checkpoint)
    pixels = adversarial(saved.spec, 9)
    with open_network(exported.path, "cpu") as network:
        got = network.predict(pixels)
    with torch.inference_mode():
        expected = saved.network(torch.from_numpy(pixels)).numpy()
    assert expected.std(axis=0).min() > 0.05  # else being equal would say little
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_a_network_that_differs_is_refused_and_no_file_is_left(
    exported: Exported, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basing, "trace", lambda *_: onnx.load(exported.path))  # tracing again takes long
    monkeypatch.setattr(basing, "against_torch", lambda *_: Difference(np.array([[0.003, *[0.0] * 7]])))
    with pytest.raises(ExportError, match=r"differs from the trained one by Exposure 0.003 EV; .*nothing was written"):
        export_onnx(checkpoint, tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []


def test_half_precision_is_what_it_says_and_gives_the_same_sliders(exported: Exported, half: Exported) -> None:
    found = read_model(half.path).info
    assert (found.name, found.precision, found.target) == ("small", "float16", None)
    weights = [tensor for tensor in onnx.load(half.path).graph.initializer if tensor.data_type == TensorProto.FLOAT16]
    assert sum(tensor.ByteSize() for tensor in weights) > 0.25 * half.size
    pixels = simulated(SPEC, 5)
    with open_network(exported.path, "cpu") as before, open_network(half.path, "cpu") as after:
        apart = np.abs(after.predict(pixels) - before.predict(pixels)) * LIMITS
    assert apart.max() > 0  # else it would not be half precision
    assert (apart <= HALF.tolerance.limits).all()


def test_the_proof_is_in_the_file(exported: Exported, half: Exported) -> None:
    proof = read_model(half.path).info.proof
    assert proof["reference"] == read_model(exported.path).digest
    assert proof["over"] == {"photos": 64, "simulated": True, "extremes": 40}
    assert proof["share"] > 0.6
    assert 0.5 < proof["size"] < 0.8
    for part, photos in (("photos", 64), ("extremes", 40)):
        assert 0 < proof["features"][part] < 0.1
        for slider in SLIDERS:
            found = proof[part][slider.key]
            assert 0 < found["p99"] <= found["worst"] <= (0.01 if slider.unit == "EV" else 0.25)
            assert sum(found["histogram"]) == photos


def test_a_layer_whose_weights_overflow_is_left_wide_by_name(exported: Exported, tmp_path: Path) -> None:
    model = tmp_path / "outlier.onnx"
    bias = "vit.layers.0.mlp.fc1.bias"
    changed(exported.path, bias, lambda values: np.where(np.arange(48) == 3, -1e6, values), model)
    made = export_onnx(model, wanted=HALF)
    assert made.path == tmp_path / "outlier-fp16.onnx"
    assert made.made.told["wide"][bias] == "a weight of 1e+06 overflows float16"


def follow(model: onnx.ModelProto, *nodes: onnx.NodeProto) -> None:
    """Puts nodes behind a graph's own features, which they find as `alone`."""
    for node in model.graph.node:
        for index, name in enumerate(node.output):
            node.output[index] = {"features": "alone"}.get(name, name)
    model.graph.node.extend(nodes)


def shifted(by: float) -> Callable[..., Lowered]:
    """Lowers to models whose Whites are `by` off, in Lightroom's units."""

    def lower(given: onnx.ModelProto, *_: object) -> Lowered:
        model = onnx.ModelProto()
        model.CopyFrom(given)
        whites = by * (np.arange(8) == 4) / 100
        shift = np.linalg.lstsq(head_of(model).weight, np.nan_to_num(whites))[0] + 0 * by
        model.graph.initializer.append(numpy_helper.from_array(shift.astype(np.float32), "shift"))
        follow(model, helper.make_node("Add", ["alone", "shift"], ["features"]))
        return Lowered(model, model, "by hand", 1.0)

    return lower


@pytest.mark.parametrize(
    ("by", "reason"), [(0.3, r"the sliders differ by Whites 0.3, over 64 photos; expected at most 0.01 EV and 0.25"),
                       (np.nan, "the network answers with NaN or infinity, over 64 photos")]
)  # fmt: skip
def test_a_corrupted_candidate_is_refused_and_the_file_that_was_there_stays(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: float, reason: str
) -> None:
    out = tmp_path / "m.onnx"
    out.write_bytes(exported.path.read_bytes())
    monkeypatch.setattr(module, "lower", shifted(by))
    with pytest.raises(ExportError, match=f"small.onnx: in float16 {reason}.*nothing was written"):
        export_onnx(exported.path, out, HALF)
    assert out.read_bytes() == exported.path.read_bytes()
    assert list(tmp_path.iterdir()) == [out]


def test_a_graph_that_mixes_the_photos_of_a_batch_is_refused(exported: Exported) -> None:
    """Alone, each photo gets the right sliders."""
    model, over = onnx.load(exported.path), samples(SPEC, HALF)
    model.graph.initializer.append(numpy_helper.from_array(np.array([0]), "first"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(0.5, np.float32), "part"))
    follow(
        model,
        helper.make_node("ReduceMean", ["alone", "first"], ["of_all"], keepdims=1),
        helper.make_node("Add", ["alone", "of_all"], ["both"]),
        helper.make_node("Mul", ["both", "part"], ["features"]),
    )
    with pytest.raises(ExportError, match="a batch of 7 from each photo alone"):
        judge(to_bytes(model), HALF, over, Yardstick(exported.made.data, "cpu", over))


def int8(exported: Exported, times: float, by: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judges a candidate that takes `times` as long as float32, and whose Whites are `by` off."""
    over = dataclasses.replace(samples(SPEC, HALF), real=True)
    speeds = Speeds(Speed(0.040, 0.040), Speed(0.040 * times, 0.040 * times))
    monkeypatch.setattr(Yardstick, "time", lambda *_: speeds)
    lowered, yardstick = shifted(by)(onnx.load(exported.path)), Yardstick(exported.made.data, "cpu", over)
    judge(to_bytes(lowered.model), Wanted("int8", "cpu", Path("shoot")), over, yardstick)


def test_int8_that_is_not_faster_is_refused_with_both_times(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    int8(exported, 0.5, 0.9, monkeypatch)
    with pytest.raises(ExportError, match=r"not faster on engine cpu: 44 ms a photo, in float32 40 ms$"):
        int8(exported, 1.1, 0.9, monkeypatch)


def test_int8_that_differs_and_is_not_faster_is_refused_for_both(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ExportError, match=r"Whites 1.5, over 64 photos; expected .*; and it is not faster on engine"):
        int8(exported, 1.1, 1.5, monkeypatch)


def test_another_ending_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not end in \.onnx"):
        export_onnx(checkpoint, tmp_path / "photo.dng")


def test_a_folder_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no config\.json"):
        export_onnx(tmp_path)


def test_only_a_float32_model_is_taken_as_a_source(half: Exported, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is in float16; expected the float32 model"):
        export_onnx(half.path, tmp_path / "m.onnx", HALF)


def test_a_file_that_is_not_ours_is_never_replaced(exported: Exported, tmp_path: Path) -> None:
    out = tmp_path / "other.onnx"
    out.write_bytes(b"somebody's model")
    with pytest.raises(SettingsError, match="is no model of autohdr's; name another file"):
        export_onnx(exported.path, out, HALF)
    assert out.read_bytes() == b"somebody's model"


def test_the_model_that_is_exported_is_never_replaced(exported: Exported) -> None:
    with pytest.raises(SettingsError, match="is the model that is to be exported"):
        export_onnx(exported.path, exported.path, HALF)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (("int8", None, Path("shoot")), "name it with --for"),
        (("int8", "cpu", None), "--int8 needs photos"),
        (("float16", "cpu", None), "--for cpu belongs to --int8"),
        (("float32", None, Path("shoot")), "--calibrate belongs to"),
    ],
)
def test_what_does_not_go_together_is_refused(
    settings: tuple[Precision, Target | None, Path | None], reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        Wanted(*settings)


def test_a_damaged_checkpoint_is_not_exported(checkpoint: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(checkpoint, damaged)
    weights = bytearray((damaged / "model.safetensors").read_bytes())
    for place in (len(weights) // 2, len(weights) * 3 // 4):
        weights[place] ^= 0x40
    (damaged / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match=r"damaged.*train it again"):
        export_onnx(damaged)
    assert not list(damaged.glob("*.onnx"))
