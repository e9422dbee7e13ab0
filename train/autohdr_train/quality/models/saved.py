"""A quality model on disk: its weights, sealed, with all that is needed to feed it and to say what it learnt from.

One file, `safetensors`, whose metadata hold `quality`: JSON of the architecture, its sizes, its inputs and patches.
"""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError

from autohdr.errors import ModelError, SettingsError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr_train.network.weights import dump, parse
from autohdr_train.quality.models import pieapp, vtamiq

Architecture = Literal["vtamiq", "pieapp"]
Network = vtamiq.VTAMIQ | pieapp.PieAPP
Sizes = vtamiq.Sizes | pieapp.Sizes
FORMAT = 1
"""The number of the JSON's format; raised whenever an older autohdr could not use a newer model rightly."""


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """A quality model with its preprocessing and its history."""

    network: Network
    inputs: Inputs
    patches: Patches
    """Where it looks when it scores."""
    trained_on: dict[str, Any]
    """Data, recipe and agreement, plain JSON."""

    @property
    def architecture(self) -> Architecture:
        """The word for its kind."""
        return "vtamiq" if isinstance(self.network, vtamiq.VTAMIQ) else "pieapp"

    def describe(self) -> dict[str, Any]:
        """Plain JSON of all but the weights."""
        return {
            "format": FORMAT,
            "architecture": self.architecture,
            "sizes": dataclasses.asdict(self.network.sizes),
            "inputs": self.inputs.to_dict(),
            "patches": self.patches.to_dict(),
            "trained_on": self.trained_on,
        }


def make(sizes: Sizes, *, seed: int) -> Network:
    """A network of those sizes with random weights, the same for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return vtamiq.VTAMIQ(sizes) if isinstance(sizes, vtamiq.Sizes) else pieapp.PieAPP(sizes)


def save(path: Path, saved: Saved) -> None:
    """Writes a model whole, or not at all.

    Raises:
        FileError: it cannot be written.
    """
    write_atomically(path, dump(saved.network.state_dict(), {"quality": json.dumps(saved.describe(), sort_keys=True)}))


def load(path: Path) -> Saved:
    """The model that `save` wrote, in evaluation mode.

    Raises:
        ModelError: it is missing, damaged, not ours, or from a newer version.
        FileError: it cannot be read.
    """
    if (data := read_bytes(path)) is None:
        raise ModelError(f"{path} does not exist; train a quality model, or name another")
    try:
        weights, metadata = parse(data)
        told = json.loads(metadata["quality"])
        if told["format"] > FORMAT:
            raise ModelError(f"{path} is from a newer autohdr; update autohdr")
        network = make(_sizes(told["architecture"], told["sizes"]), seed=0)
        network.load_state_dict(weights)
    except (ValueError, KeyError, TypeError, RuntimeError, SafetensorError, SettingsError) as error:
        raise ModelError(
            f"{path} is damaged or no quality model of autohdr's; train it again, or name another"
        ) from error
    network.eval()
    return Saved(network, Inputs.from_dict(told["inputs"]), Patches.from_dict(told["patches"]), told["trained_on"])


def _sizes(architecture: Architecture, told: dict[str, Any]) -> Sizes:
    if architecture == "vtamiq":
        return vtamiq.Sizes(**told)
    return pieapp.Sizes(**{**told, "widths": tuple(told["widths"])})
