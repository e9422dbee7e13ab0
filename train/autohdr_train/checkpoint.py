"""Trained networks on disk, in Hugging Face's folder layout, each with a card that says what it learnt from.

`config.json` (the transformer, plus an `autohdr` block), `model.safetensors`, `preprocessor_config.json` (size, mean,
std, plus the whole input spec), `README.md` (the card).
"""

import dataclasses
import json
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError
from transformers import ViTConfig

from autohdr.errors import ModelError, SettingsError
from autohdr.files import write_atomically
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr_train.card import card
from autohdr_train.folders import is_there
from autohdr_train.model import SliderNet, from_config

WEIGHTS = "model.safetensors"
FORMAT = 2
"""Of the `autohdr` block; raised whenever an older autohdr could not use a newer checkpoint rightly."""

_TOLD_ELSEWHERE = ("architectures", "problem_type", "id2label", "label2id", "dtype", "transformers_version")
"""Keys of a transformer's config that do not decide how it computes."""

_KEYS = [slider.key for slider in SLIDERS]


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A trained network with all that is needed to use and to describe it."""

    network: SliderNet
    spec: InputSpec
    name: str
    trained_on: dict[str, Any]
    """Data, recipe, epochs done, scores: plain JSON, or dataclasses of it, which come back as plain JSON."""


def has_checkpoint(folder: Path) -> bool:
    """Whether `folder` holds a checkpoint, ours or another's, that a new run would overwrite."""
    return is_there(folder / WEIGHTS) or is_there(folder / "config.json")


def is_ours(folder: Path) -> bool:
    """Whether `folder` is a checkpoint that autohdr-train made, rather than another ViT in the same layout."""
    try:
        return "autohdr" in json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint into `folder`, made if it is missing; an earlier one of the same run is replaced.

    Each file is replaced whole, and the weights, without which there is no checkpoint, come after the configuration.
    In a run that does not change, so a crash at any moment leaves a checkpoint that loads, or none.

    Raises:
        FileError: the disk is full, or the folder may not be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    described = architecture(checkpoint.network)
    trained_on = plain(checkpoint.trained_on | {"network": described})
    config = checkpoint.network.config.to_diff_dict() | {
        "architectures": ["ViTForImageClassification"],
        "problem_type": "regression",
        "id2label": dict(enumerate(_KEYS)),
        "label2id": {key: index for index, key in enumerate(_KEYS)},
        "autohdr": {
            "format": FORMAT,
            "sliders": _KEYS,
            "name": checkpoint.name,
            **{key: value for key, value in described.items() if key != "vit"},
        },
    }
    preprocessor = {
        "do_resize": True,
        "size": {"height": checkpoint.spec.size, "width": checkpoint.spec.size},
        "do_normalize": True,
        "image_mean": list(checkpoint.spec.mean),
        "image_std": list(checkpoint.spec.std),
        "autohdr": checkpoint.spec.to_dict(),
    }
    weights = {key: value.detach().cpu().contiguous() for key, value in checkpoint.network.folded().items()}
    metadata = {"format": "pt", "autohdr": version("autohdr"), "trained_on": json.dumps(trained_on)}
    write_atomically(folder / "config.json", _json(config))
    write_atomically(folder / "preprocessor_config.json", _json(preprocessor))
    write_atomically(folder / WEIGHTS, _ordered(safetensors.torch.save(weights, metadata)))
    write_atomically(folder / "README.md", card(checkpoint.name, checkpoint.spec, trained_on).encode())


def load(folder: Path) -> Checkpoint:
    """The checkpoint that `save` wrote, on the CPU, ready to infer.

    Raises:
        ModelError: there is none, it is not ours, from a newer autohdr, or damaged.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        ours = config.pop("autohdr", None)
        if ours is None:
            raise ModelError(f"{folder} holds a model that autohdr-train did not make; use it as --start to train")
        if ours["format"] > FORMAT:
            raise ModelError(f"{folder} is of format {ours['format']}, this autohdr knows {FORMAT}; update autohdr")
        if ours["sliders"] != _KEYS:
            raise ModelError(f"{folder} predicts {ours['sliders']}; expected {_KEYS}")
        preprocessor = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
        spec = InputSpec.from_dict(preprocessor["autohdr"])
        network = rebuild({**ours, "vit": config}, spec)
        with safetensors.safe_open(folder / WEIGHTS, framework="pt") as file:
            network.load_state_dict({key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118  # no mapping
            trained_on = json.loads(file.metadata()["trained_on"])
    except FileNotFoundError as error:
        missing = Path(error.filename or WEIGHTS).name
        raise ModelError(f"{folder} has no {missing}; expected the --out folder of autohdr-train") from error
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError, SettingsError) as error:
        raise ModelError(f"{folder} holds a damaged checkpoint ({error}); train it again") from error
    return Checkpoint(network.eval(), spec, ours["name"], trained_on)


def architecture(network: SliderNet) -> dict[str, Any]:
    """What `rebuild` needs, plain JSON: the transformer's config, the head, and what the network has besides."""
    vit = {key: value for key, value in network.config.to_diff_dict().items() if key not in _TOLD_ELSEWHERE}
    return plain({"vit": vit, "head": network.head, **network.describe()})


def rebuild(described: dict[str, Any], spec: InputSpec) -> SliderNet:
    """A network as `architecture` describes it, for inputs of `spec`, with random weights.

    Raises:
        KeyError, TypeError, ValueError: it is no such description.
    """
    network = SliderNet(from_config(ViTConfig.from_dict(described["vit"])), described["head"])
    network.restore(described, spec)
    return network


def plain(value: Any) -> Any:
    """Dataclasses, tuples and NaN as plain JSON types: objects, lists, null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(dataclasses.asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _ordered(data: bytes) -> bytes:
    """A safetensors file with its metadata sorted: the library writes it in another order each time."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the format wants the tensors at a multiple of 8
    return len(text).to_bytes(8, "little") + text + data[start:]


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()
