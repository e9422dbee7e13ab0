"""The model file: one `.onnx` that says in its own metadata what it needs and what it was trained on."""

import json
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import ModelError, SettingsError
from autohdr.mode import HDR, Mode
from autohdr.model.head import Activation, Head
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec

METADATA_KEY = "autohdr"
"""Name of the ONNX metadata property that holds `ModelInfo.to_json()`."""
HEAD_KEY = "autohdr.head"
"""Name of the one that holds `Learnt.to_text()`."""
QUALITY_KEY = "autohdr.quality"
"""Name of the one that a quality model has in place of both; `autohdr.quality.model` reads it."""
FORMAT = 3
"""The number of a model file's format, raised whenever an older runtime could not use a newer file rightly, or a newer
one an older file. 3: the graph gives features, and the head is beside it."""
INPUT_NAME = "pixels"
"""float32 (N, 3, size, size)."""
OUTPUT_NAME = "features"
"""float32 (N, F)."""
DEFAULT_MODEL = Path(__file__).parents[1] / "default" / "model.onnx"
"""The model that comes with autohdr; the card beside it says what it learnt from."""

Precision = Literal["float32", "float16", "bfloat16", "int8"]
"""What the transformer of a model is computed in, as its graph says; the rest of it stays float32."""

_SLIDERS = [{"key": slider.key, "limit": slider.limit} for slider in SLIDERS]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model file says of itself in its metadata."""

    name: str
    spec: InputSpec
    trained_on: dict[str, Any]
    """Plain JSON: data, recipe, seed, scores."""
    package_version: str
    """The version of the autohdr that exported the model."""
    opset: int
    """ONNX operator set of the graph."""
    features: int
    """Numbers that the network gives for a photo."""
    learnt: int = 0
    """The first of them so many are learnt over made-up photographers; the others are plain: what is measured in the
    picture, or a transformer's class token."""
    activation: Activation = "linear"
    """What the network's own head ends with."""
    precision: Precision = "float32"
    target: str | None = None
    """The engine that an int8 model was made for: what is fast differs by engine. None is any."""
    proof: dict[str, Any] = field(default_factory=dict)
    """Plain JSON: how far it is from the trained network, in sliders, and over what; empty if nobody measured."""
    mode: Mode = HDR
    """The HDR mode of the edits that the model has learnt, and so of those that it makes."""

    def to_json(self) -> str:
        """The metadata property's text."""
        return json.dumps(
            {
                "format": FORMAT,
                "name": self.name,
                "sliders": _SLIDERS,
                "input": self.spec.to_dict(),
                "trained_on": self.trained_on,
                "autohdr": self.package_version,
                "opset": self.opset,
                "features": self.features,
                "learnt": self.learnt,
                "activation": self.activation,
                "precision": self.precision,
                "target": self.target,
                "proof": self.proof,
                "mode": self.mode.to_dict(),
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> "ModelInfo":
        """The info that `to_json` wrote.

        Raises:
            ModelError: the text is not ours, is from a newer autohdr or one before 0.1.0, or is for other sliders.
        """
        try:
            data = json.loads(text)
            if data["format"] > FORMAT:
                raise ModelError(
                    f"was made by autohdr {data['autohdr']} in format {data['format']}, this autohdr "
                    f"({version('autohdr')}) knows format {FORMAT}; update autohdr"
                )
            if data["format"] < FORMAT:
                raise ModelError("gives sliders where this autohdr needs features; export it again with this version")
            if data["sliders"] != _SLIDERS:
                raise ModelError("predicts other sliders than this autohdr writes; export it again with this version")
            if (precision := data["precision"]) not in get_args(Precision):
                raise ModelError(
                    f"is in {precision}, which this autohdr ({version('autohdr')}) does not know; update it"
                )
            features, learnt, activation = int(data["features"]), int(data["learnt"]), data["activation"]
            if not 0 <= learnt <= features or not features or activation not in get_args(Activation):
                raise ValueError(f"{learnt} of {features} features are learnt, the head is {activation}")
            return cls(
                str(data["name"]),
                InputSpec.from_dict(data["input"]),
                dict(data["trained_on"]),
                str(data["autohdr"]),
                int(data["opset"]),
                features,
                learnt,
                activation,
                precision,
                data["target"],
                dict(data["proof"]),
                Mode.from_dict(data["mode"]),
            )
        except SettingsError as error:
            raise ModelError(f"asks for an input that this autohdr cannot make: {error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError("has damaged autohdr metadata; export it again with autohdr export") from error


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that was found and understood: what an engine opens."""

    path: Path
    digest: str
    """SHA-256 of the file, the first 12 hexadecimal digits: two models of one name are two models."""
    info: ModelInfo
    head: Head = field(repr=False)
    """The network's own, which makes its sliders where no style does."""
    prior: dict[str, NDArray[np.float32]] = field(repr=False)
    """What is expected of photographers, as `head.Learnt` has it."""
    data: bytes = field(repr=False)
    """What the file held when it was read. Engines load this, and do not open the file again: what was checked is what
    runs, and libraries cannot open every name that a file may have."""

    def without_data(self) -> "ModelFile":
        """Returns what is known of the file without its bytes, which an open engine has its own way of."""
        return replace(self, data=b"")

    @property
    def label(self) -> str:
        """Name and digest of the network, as sidecars record them."""
        return f"{self.info.name} {self.network}"

    @property
    def network(self) -> str:
        """The digest of the float32 file, whatever precision this one is in: styles belong to that."""
        if self.info.precision == "float32":
            return self.digest
        return str(self.info.proof.get("reference", self.digest))


def find_model(path: Path | None) -> Path:
    """The model file that the user means: the default for None, else a file, or the one in a folder: its `model.onnx`,
    else the only `.onnx`.

    Raises:
        ModelError: there is none, or it is not clear which.
    """
    if path is None:
        path = DEFAULT_MODEL
    if path.is_dir():
        if (float32 := path / "model.onnx").is_file():
            return float32
        files = sorted(path.glob("*.onnx"))
        if not files and (path / "model.safetensors").is_file():
            raise ModelError(f"{path} holds a trained model that is not exported yet; run: autohdr export {path}")
        if len(files) != 1:
            raise ModelError(f"{path} holds {len(files)} .onnx files; expected one, or name the file itself")
        return files[0]
    if not path.is_file():
        raise ModelError(f"{path} does not exist; expected an .onnx file made by autohdr export, or its folder")
    return path
