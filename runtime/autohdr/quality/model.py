"""The file of a quality model: one `.onnx` that says in its own metadata how it is fed and what it learnt from.

The graph takes `pixels` (N, 3, size, size), packed as `canvas` says, and gives `features` (N, 1 + 2 count): the score,
then the score and the weight of each patch; weights of a model that judges patches do not sum to 1. The file is sealed
and checked as the models of sliders are.
"""

import json
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from autohdr.errors import ModelError, SettingsError
from autohdr.files.whole import read_bytes
from autohdr.model.head import Head
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME, QUALITY_KEY, ModelFile, ModelInfo
from autohdr.model.onnx_file import looked_at
from autohdr.quality.canvas import Canvas
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec

Architecture = Literal["vtamiq", "pieapp"]
FORMAT = 1
"""The number of a quality model's format, raised whenever an older runtime could not use a newer file rightly, or a
newer one an older file."""
_OWN = Path(__file__).with_name("model.onnx")
_FLOAT = 1  # TensorProto.DataType


@dataclass(frozen=True, slots=True)
class QualityInfo:
    """What a quality model says of itself in its metadata."""

    name: str
    architecture: Architecture
    """`vtamiq` judges a picture as a whole, `pieapp` each patch, too."""
    inputs: Inputs
    patches: Patches
    """The patches of one square; of large pictures a scorer looks at several."""
    perfect: float
    """The score of two pictures that are the same, JOD: 10 where the model has learnt that well."""
    trained_on: dict[str, Any]
    """Plain JSON: data, recipe, seed, agreement."""
    package_version: str
    """The version of the autohdr that exported the model."""
    opset: int
    """ONNX operator set of the graph."""
    proof: dict[str, Any] = field(default_factory=dict)
    """Plain JSON: how far its scores are from the trained network's, in JOD."""

    @property
    def canvas(self) -> Canvas:
        """How its input is packed."""
        return Canvas(self.patches.side, self.patches.count)

    @property
    def judges_patches(self) -> bool:
        """Whether each patch has a score of its own."""
        return self.architecture == "pieapp"

    @property
    def features(self) -> int:
        """Numbers that the graph gives for a pair of pictures."""
        return 1 + 2 * self.patches.count

    def to_json(self) -> str:
        """The metadata property's text."""
        told = {
            "format": FORMAT,
            "name": self.name,
            "architecture": self.architecture,
            "inputs": self.inputs.to_dict(),
            "patches": self.patches.to_dict(),
            "perfect": self.perfect,
            "trained_on": self.trained_on,
            "autohdr": self.package_version,
            "opset": self.opset,
            "proof": self.proof,
        }
        return json.dumps(told, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "QualityInfo":
        """The info that `to_json` wrote.

        Raises:
            ModelError: the text is damaged, or from another version.
        """
        try:
            told = json.loads(text)
            if told["format"] != FORMAT:
                step = "update autohdr" if told["format"] > FORMAT else "export it again with this version"
                raise ModelError(
                    f"is in format {told['format']}, this autohdr ({version('autohdr')}) knows {FORMAT}; {step}"
                )
            if (kind := told["architecture"]) not in get_args(Architecture):
                raise ModelError(f"is a {kind}, which this autohdr ({version('autohdr')}) does not know; update it")
            return cls(
                str(told["name"]),
                kind,
                Inputs.from_dict(told["inputs"]),
                Patches.from_dict(told["patches"]),
                float(told["perfect"]),
                dict(told["trained_on"]),
                str(told["autohdr"]),
                int(told["opset"]),
                dict(told["proof"]),
            )
        except (ValueError, KeyError, TypeError, SettingsError) as error:
            raise ModelError("has damaged autohdr metadata; export it again with autohdr export") from error


@dataclass(frozen=True, slots=True)
class QualityFile:
    """A quality model's file that was found and understood."""

    path: Path
    digest: str
    """SHA-256 of the file, the first 12 hexadecimal digits."""
    info: QualityInfo
    data: bytes = field(repr=False)

    def describe(self) -> dict[str, Any]:
        """What the file says of itself: plain JSON."""
        told = json.loads(self.info.to_json())
        return {"path": str(self.path), "sha256": self.digest, "size": len(self.data), **told}

    def for_engines(self) -> ModelFile:
        """Returns the model's file in the form that engines take: they go by its bytes, digest, and sizes of input and
        output.

        What else a model of sliders has stands empty.
        """
        info, sliders = self.info, len(SLIDERS)
        spec = InputSpec(size=info.canvas.size)
        told = ModelInfo(info.name, spec, info.trained_on, info.package_version, info.opset, info.features)
        head = Head(np.zeros((sliders, info.features), np.float32), np.zeros(sliders, np.float32))
        return ModelFile(self.path, self.digest, told, head, {}, self.data)


def default_model() -> Path | None:
    """The quality model that comes with autohdr; None where none does."""
    return _OWN if _OWN.is_file() else None


def is_quality_model(path: Path) -> bool:
    """Whether a file has the metadata of a quality model, whole or damaged.

    Raises:
        FileError: it cannot be read.
    """
    return QUALITY_KEY.encode() in (read_bytes(path) or b"")


def read_quality_model(path: Path) -> QualityFile:
    """Reads a quality model's file with what it says of itself, and its bytes.

    Raises:
        ModelError: there is no such file, or it is no ONNX model, or no quality model of ours, or damaged.
        FileError: it cannot be read.
    """
    if path.is_dir():
        raise ModelError(f"{path} is a folder; name the quality model itself, an .onnx made by autohdr export")
    data = read_bytes(path)
    if data is None:
        raise ModelError(f"{path} does not exist; expected a quality model, an .onnx made by autohdr export")
    return check(data, path)


def check(data: bytes, path: Path) -> QualityFile:
    """A quality model's file of these bytes.

    Raises:
        ModelError: as of `read_quality_model`.
    """
    said = looked_at(data, path, QUALITY_KEY)
    try:
        info = QualityInfo.from_json(said.texts[QUALITY_KEY])
    except ModelError as error:
        raise ModelError(f"{path} {error}") from error
    size = info.canvas.size
    expected = [(INPUT_NAME, _FLOAT, (None, 3, size, size)), (OUTPUT_NAME, _FLOAT, (None, info.features))]
    if said.tensors != expected:
        raise ModelError(f"{path} has inputs and outputs {said.tensors}; expected {expected}: export it again")
    return QualityFile(path, said.digest, info, data)
