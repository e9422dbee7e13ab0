"""Makes the network that training begins with: the default one, our checkpoint, another ViT, or random weights."""

import dataclasses
from pathlib import Path

from autohdr.errors import ModelError
from autohdr.spec import Encoding, InputSpec, Source
from autohdr_train.network.checkpoint import Checkpoint, is_ours, load
from autohdr_train.network.model import SIZES, Head, SliderNet, pretrained, scratch

DEFAULT = "default"
"""The start that is the network which comes with autohdr."""
FOLDER = Path(__file__).parents[1] / "default" / "network"
"""The folder of the default network's checkpoint, which `autohdr.model.info.DEFAULT_MODEL` was exported from."""


def default() -> Checkpoint:
    """The network that comes with autohdr.

    Raises:
        ModelError: it is damaged; then autohdr is to be installed again.
    """
    try:
        return load(FOLDER)
    except ModelError as error:
        raise ModelError(f"{error}; it is autohdr's own, so install autohdr again") from error


def begin(
    start: str, encoding: Encoding | None, source: Source | None, head: Head, seed: int
) -> tuple[SliderNet, InputSpec]:
    """The network to train and the input that it needs. The default network and checkpoints of ours keep their own
    head.

    Args:
        start: `default`, one of `SIZES`, a checkpoint of ours or another ViT by folder, or a hub id.
        encoding: of the input; None leaves the start's own, or `srgb`.
        source: of the input; None leaves the start's own, or `raw`.
        head: of a network that has none yet.
        seed: of random weights.

    Raises:
        ModelError: it cannot be loaded.
    """
    if start in SIZES:
        spec = InputSpec(source=source or "raw", encoding=encoding or "srgb")
        return scratch(start, spec, head, seed=seed), spec
    if start == DEFAULT or is_ours(Path(start)):
        checkpoint = default() if start == DEFAULT else load(Path(start))
        network, own = checkpoint.network, checkpoint.spec
    else:
        network, own = pretrained(start, encoding, head, seed=seed)
    spec = dataclasses.replace(own, source=source or own.source, encoding=encoding or own.encoding)
    network.read(spec)
    network.free()
    return network, spec


def describe_start(start: str) -> str:
    """Names the start for a card, without its path on this machine."""
    if start in SIZES:
        return f"{start}, random weights"
    if start == DEFAULT:
        return "the default model"
    return f"weights of {Path(start).name if Path(start).is_dir() else start}"
