"""Makes of a trained quality model an ONNX file for `autohdr quality`, proven to score as the trained one does."""

import dataclasses
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autohdr.errors import ModelError, SettingsError
from autohdr.files.folders import is_there, make_folder
from autohdr.files.whole import write_atomically
from autohdr.model.info import QUALITY_KEY
from autohdr.quality.canvas import Canvas
from autohdr.quality.model import QualityFile, QualityInfo, check, read_quality_model
from autohdr_export.errors import ExportError
from autohdr_export.graph.file import to_bytes
from autohdr_export.graph.trace import OPSET, to_onnx
from autohdr_export.prove.session import run
from autohdr_train.quality.models.pieapp import PieAPP
from autohdr_train.quality.models.saved import Network, Saved, load

TOLERANCE = 0.01
"""JOD by which scores may be apart from torch's."""
BATCHES = (1, 2, 3)
"""Pairs of pictures that are scored at once in the proof: 1 and 2 catch a batch that was baked in while tracing."""
SUFFIX = ".safetensors"
"""Ending of the name of the file that training leaves."""


@dataclass(frozen=True, slots=True, eq=False)
class ExportedQuality:
    """What was written."""

    path: Path
    replaced: bool
    """An earlier export was there."""
    file: QualityFile
    difference: float
    """The largest difference from torch, JOD."""

    def __str__(self) -> str:
        wrote = "Replaced" if self.replaced else "Wrote"
        return (
            f"Largest difference from torch: {self.difference:.2g} JOD, over {sum(BATCHES)} extreme pairs.\n"
            f"{wrote} {self.path} ({len(self.file.data) / 1e6:.1f} MB). "
            f"Next: autohdr quality REFERENCE TEST --model {self.path}"
        )


class Unpacked(nn.Module):
    """A quality network that takes what `autohdr.quality.canvas` packs, and answers in one row of numbers."""

    def __init__(self, network: Network, canvas: Canvas) -> None:
        super().__init__()
        self.network, self.canvas = network, canvas

    def forward(self, pixels: Tensor) -> Tensor:
        """Score, scores of patches and their weights (B, 1 + 2 N) of packed pairs (B, 3, size, size). Weights of a
        model that judges patches do not sum to 1, so that more patches than one square holds can be put together."""
        side, count, across = self.canvas.side, self.canvas.count, self.canvas.across
        rows = pixels.reshape(-1, 3, across, side, across, side)
        cells = rows.permute(0, 2, 4, 1, 3, 5).reshape(-1, across**2, 3, side, side)  # (B, C, 3, s, s)
        told = cells[:, 2 * count : 2 * count + self.canvas.places, :2].permute(0, 1, 3, 4, 2)  # (B, P, s, s, 2)
        uv = told.reshape(-1, self.canvas.places * side**2, 2)[:, :count]  # (B, N, 2)
        reference, test = cells[:, :count], cells[:, count : 2 * count]
        if isinstance(self.network, PieAPP):
            local, weights, _ = self.network.judge(reference, test)
            score = (local * weights).sum(dim=1) / weights.sum(dim=1)
        else:
            score, local, weights, _ = self.network(reference, test, uv)
        return torch.cat([score[:, None], local, weights], dim=1)


def is_quality(source: Path) -> bool:
    """Whether this is the file of a trained quality model, by its name and kind."""
    return source.suffix == SUFFIX and source.is_file()


def export_quality(source: Path, out: Path | None = None) -> ExportedQuality:
    """Writes a quality model's file, after comparing its scores with torch's.

    Args:
        source: the file that training left.
        out: the `.onnx`, replaced if it is there and a quality model of ours; None for the source's name.

    Raises:
        ModelError: there is no such model, or it is damaged.
        SettingsError: `out` is no name for a model, or something else is there.
        ExportError: the scores differ by more than `TOLERANCE`; nothing was written.
        EngineError: ONNX Runtime is not installed.
        FileError: the file cannot be written.
    """
    path = _destination(source, out)
    file, difference = _made(load(source), source)
    make_folder(path.parent, "--out")
    replaced = is_there(path)
    write_atomically(path, file.data)
    return ExportedQuality(path, replaced, dataclasses.replace(file, path=path), difference)


def _made(saved: Saved, source: Path) -> tuple[QualityFile, float]:
    canvas = Canvas(saved.patches.side, saved.patches.count)
    model = to_onnx(Unpacked(saved.network, canvas), canvas.size)
    difference = _from_torch(model.SerializeToString(), saved, canvas)
    if not difference <= TOLERANCE:
        raise ExportError(
            f"{source}: the exported model's scores differ from the trained one's by {difference:.3g} JOD; expected at "
            f"most {TOLERANCE}; nothing was written, please report this"
        )
    proof = {"reference": "torch", "pairs": sum(BATCHES), "batches": list(BATCHES), "jod_below": _up(difference)}
    info = QualityInfo(
        *(source.stem, saved.architecture, saved.inputs, saved.patches, _of_the_same(saved), saved.trained_on),
        *(version("autohdr"), OPSET, proof),
    )
    _describe(model, info)
    return check(to_bytes(model), source), difference


def _describe(model: onnx.ModelProto, info: QualityInfo) -> None:
    del model.metadata_props[:]
    model.metadata_props.add(key=QUALITY_KEY, value=info.to_json())


def _from_torch(graph: bytes, saved: Saved, canvas: Canvas) -> float:
    """The largest difference of a score in ONNX Runtime from torch's, JOD; infinite where one is not finite."""
    random = np.random.default_rng(0)
    sets = [[_extreme(saved, random) for _ in range(batch)] for batch in BATCHES]
    packed = [np.stack([canvas.packed(*parts) for parts in batch]) for batch in sets]
    found = np.concatenate([features[:, 0] for (features,) in run(graph, packed)])
    with torch.inference_mode():
        batches = [[torch.from_numpy(np.stack(part)) for part in zip(*batch, strict=True)] for batch in sets]
        expected = torch.cat([saved.network.eval()(*batch).score for batch in batches]).numpy()
    apart = np.abs(found.astype(np.float64) - expected)
    return float(apart.max()) if np.isfinite(apart).all() else math.inf


def _of_the_same(saved: Saved) -> float:
    """The score of two pictures that are the same, whatever they show: both models judge differences alone."""
    patches, _, uv = (torch.from_numpy(part)[None] for part in _extreme(saved, np.random.default_rng(1)))
    with torch.inference_mode():
        return round(float(saved.network.eval()(patches, patches, uv).score), 4)


def _extreme(saved: Saved, random: np.random.Generator) -> list[NDArray[np.float32]]:
    """Patches of two pictures and their places: light from 0.005 to 10000 cd/m2, and a few or all pixels otherwise."""
    places = saved.patches.places(*random.integers(saved.patches.side, 4000, 2))
    shape = (len(places.uv) * saved.patches.side, saved.patches.side, 3)
    light = 10.0 ** random.uniform(-2.5, 4.2, shape)
    noise = random.random(shape) < random.random()
    test = np.where(noise, 10.0 ** random.uniform(-2.5, 4.2, shape), light)
    patches = (saved.inputs.of(part).reshape(3, -1, *2 * (saved.patches.side,)) for part in (light, test))
    return [*(np.ascontiguousarray(part.transpose(1, 0, 2, 3)) for part in patches), places.uv]


def _up(value: float) -> float:
    """The next number of one digit: the same weights give the same bytes wherever float32 is computed otherwise."""
    value = max(value, TOLERANCE / 100)
    step = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return float(f"{math.ceil(value / step - 1e-9) * step:.1g}")


def _destination(source: Path, out: Path | None) -> Path:
    out = source.with_suffix(".onnx") if out is None else out
    if out.suffix != ".onnx":
        raise SettingsError(f"--out {out} does not end in .onnx; expected the name of the model file to write")
    if is_there(out):
        try:
            read_quality_model(out)
        except ModelError as error:
            raise SettingsError(
                f"{out} is there and is no quality model of autohdr's; name another with --out"
            ) from error
    return out
