"""Trained networks on disk, in Hugging Face's folder layout, each with a card that says what it learnt from.

`config.json` (the transformer, plus an `autohdr` block), `model.safetensors`, `preprocessor_config.json` (size, mean,
std, plus the whole input spec), `README.md` (the card). A digest in the weights file seals the first three.
"""

import dataclasses
import json
import math
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from transformers import ViTConfig

from autohdr.errors import ModelError, SettingsError
from autohdr.files.folders import is_there
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.mode import HDR, Mode
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr_train.network.card import card
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.network.weights import dump, metadata_of, parse

CONFIG, WEIGHTS = "config.json", "model.safetensors"
OTHERS = (CONFIG, "preprocessor_config.json")
"""What the weights are of no use without, and their digest covers."""
NEW = "new"
"""Folder below a checkpoint's, in which the one that takes its place is whole first."""
FORMAT = 4
"""The number of the `autohdr` block's format; raised whenever an older autohdr could not use a newer checkpoint
rightly, or a newer one an older checkpoint. 4: every network gives features."""

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
    mode: Mode = HDR
    """The HDR mode of the edits that were learnt."""


def has_checkpoint(folder: Path) -> bool:
    """Whether `folder` holds a checkpoint, ours or another's, that a new run would overwrite."""
    return is_there(folder / WEIGHTS) or is_there(folder / CONFIG)


def is_ours(folder: Path) -> bool:
    """Whether `folder` is a checkpoint that autohdr train made, rather than another ViT in the same layout."""
    with suppress(OSError, ValueError):
        if "autohdr" in json.loads((folder / CONFIG).read_text(encoding="utf-8")):
            return True
    with suppress(OSError, ValueError):  # the weights say so as well, where the configuration is damaged
        return "autohdr" in metadata_of((folder / WEIGHTS).read_bytes())
    return False


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint into `folder`, made if it is missing; an earlier one of the same run is replaced.

    Each file is replaced whole, and the weights, without which there is no checkpoint, come after the configuration.
    In a run that does not change, so a crash at any moment leaves a checkpoint that loads, or none.

    Raises:
        FileError: the disk is full, or the folder may not be written to.
        ValueError: the network gives no features.
    """
    if checkpoint.network.features is None:
        raise ValueError("the network gives no features; `plain.give_features` lets it")
    folder.mkdir(parents=True, exist_ok=True)
    described = architecture(checkpoint.network)
    trained_on = plain(checkpoint.trained_on)
    config = checkpoint.network.config.to_diff_dict() | {
        "architectures": ["ViTModel"],
        "autohdr": {
            "format": FORMAT,
            "sliders": _KEYS,
            "name": checkpoint.name,
            "mode": checkpoint.mode.to_dict(),
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
    others = [_json(config), _json(preprocessor)]
    metadata = {"format": "pt", "autohdr": version("autohdr"), "trained_on": json.dumps(trained_on)}
    weights = dump(checkpoint.network.folded(), metadata, others)
    for name, data in zip((*OTHERS, WEIGHTS), (*others, weights), strict=True):
        write_atomically(folder / name, data)
    told = card(checkpoint.name, checkpoint.spec, trained_on, checkpoint.mode)
    write_atomically(folder / "README.md", told.encode())


def load(folder: Path) -> Checkpoint:
    """The checkpoint in a folder, on the CPU, ready to infer. One that was killed while another took its place is that
    other, which is whole in `NEW`.

    Raises:
        ModelError: there is none, it is not ours, from a newer autohdr, or damaged.
    """
    try:
        return load_saved(folder)
    except ModelError:
        if has_checkpoint(folder / NEW):
            return load_saved(folder / NEW)
        raise


def load_saved(folder: Path) -> Checkpoint:
    """The checkpoint that `save` wrote into this very folder.

    Raises:
        ModelError: there is none, it is not ours, from a newer autohdr, or damaged.
        FileError: it cannot be read.
    """
    try:
        *others, data = [_read(folder, name) for name in (*OTHERS, WEIGHTS)]
        if not is_ours(folder):
            raise ModelError(f"{folder} holds a model that autohdr train did not make; use it as --start to train")
        weights, metadata = parse(data, others)
        config, preprocessor = map(json.loads, others)
        ours = config.pop("autohdr")
        if ours["format"] != FORMAT:
            step = "update autohdr" if ours["format"] > FORMAT else "train it again"
            raise ModelError(f"{folder} is of format {ours['format']}, this autohdr knows {FORMAT}; {step}")
        if ours["sliders"] != _KEYS:
            raise ModelError(f"{folder} predicts {ours['sliders']}; expected {_KEYS}")
        spec = InputSpec.from_dict(preprocessor["autohdr"])
        mode = Mode.from_dict(ours.get("mode"))
        network = rebuild({**ours, "vit": config}, spec)
        network.load_state_dict(weights)
        trained_on = json.loads(metadata["trained_on"])
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError, SettingsError) as error:
        raise ModelError(
            f"{folder} holds a damaged checkpoint ({error}); copy it again from where it is whole, or train it again"
        ) from error
    return Checkpoint(network.eval(), spec, ours["name"], trained_on, mode)


def _read(folder: Path, name: str) -> bytes:
    if (data := read_bytes(folder / name)) is None:
        raise ModelError(f"{folder} has no {name}; expected the --out folder of autohdr train")
    return data


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


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()
