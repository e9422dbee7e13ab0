"""Looking inside a network: where its class token looks, by layer and head, and what its head weighs."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from autohdr.encoding import srgb
from autohdr.files.folders import make_folder
from autohdr.files.whole import write_atomically
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet

FOLDER = "inside"
PHOTOS = 4
"""Photos that attention is shown over: the first of the scored ones that show different places."""
SHARPEST = 0.995
"""Quantile of an attention map that is drawn at full strength."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The pictures that are kept of one network."""

    photos: NDArray[np.int64]
    """(P,), rows of the scored photos."""
    attention: NDArray[np.float32]
    """(P, layers, heads, rows, columns): from the class token to each patch; sums to 1 with what it gives itself."""
    weights: NDArray[np.float32]
    """(8, D): the head's linear layer, labels scaled to [-1, 1]."""


def attention(network: SliderNet, pixels: torch.Tensor) -> NDArray[np.float32]:
    """The attention from the class token to each patch (N, layers, heads, rows, columns), of network inputs (N, 3, S,
    S).
    """
    network.eval()
    device = next(network.parameters()).device
    before = network.config._attn_implementation
    network.vit.set_attn_implementation("eager")  # type: ignore[operator]  # the others do not tell
    with torch.inference_mode():
        given = network.vit(pixel_values=pixels.to(device), output_attentions=True).attentions
    network.vit.set_attn_implementation(before)  # type: ignore[operator]
    maps = torch.stack([layer[:, :, 0, 1:] for layer in given], dim=1).float().cpu().numpy()
    side = int(network.config.image_size) // int(network.config.patch_size)
    return maps.reshape(*maps.shape[:3], side, side)


def spread_out(groups: list[str], count: int = PHOTOS) -> NDArray[np.int64]:
    """The first photos (P,) of so many different places, filled up with the first others where there are fewer."""
    first = list({group: row for row, group in reversed(list(enumerate(groups)))}.values())
    others = [row for row in range(len(groups)) if row not in first]
    return np.array(sorted((sorted(first) + others)[:count]), dtype=np.int64)


def keep_inside(out: Path, key: str, network: SliderNet, test: TensorDataset) -> None:
    """Keep what is to be seen of a network, by its cell's key.

    Raises:
        FileError: the folder cannot be written to.
    """
    make_folder(out / FOLDER, "--out")
    photos = spread_out(test.groups)
    pixels = torch.stack([test[int(row)][0] for row in photos])
    buffer = io.BytesIO()
    # Half floats: what is drawn has 256 levels.
    maps = attention(network, pixels).astype(np.float16)
    np.savez(buffer, photos=photos, attention=maps, weights=_weights(network))
    write_atomically(out / FOLDER / f"{key}.npz", buffer.getvalue())


def read_inside(out: Path, key: str) -> Inside | None:
    """What was kept of a cell's network; None where nothing was."""
    path = out / FOLDER / f"{key}.npz"
    if not path.is_file():
        return None
    with np.load(path) as kept:
        return Inside(kept["photos"], kept["attention"].astype(np.float32), kept["weights"].astype(np.float32))


def _weights(network: SliderNet) -> NDArray[np.float32]:
    return network.folded()["classifier.weight"].detach().float().cpu().numpy()


def thumbnail(linear: NDArray[np.float32]) -> bytes:
    """A developed picture (h, w, 3) as a JPEG file: what a standard display shows, clipped where the sensor is."""
    levels = np.rint(255 * srgb(linear)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "JPEG", quality=75)
    return buffer.getvalue()


def veil(share: NDArray[np.float32]) -> bytes:
    """An attention map (rows, columns) as a PNG file, clear where the network looks and dark where it does not."""
    top = max(float(np.quantile(share, SHARPEST)), 1e-9)
    dark = np.rint(230 * (1.0 - np.clip(share / top, 0.0, 1.0))).astype(np.uint8)
    return _png(Image.fromarray(np.stack([np.zeros_like(dark), dark], axis=-1), "LA"))


def strip(weights: NDArray[np.float32]) -> bytes:
    """Weights (8, D) as a PNG file of 8 rows, blue below zero and red above, each row against its own largest; columns
    in the order of their size over all rows."""
    relative = weights / np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-12)
    order = np.argsort(-np.abs(relative).sum(axis=0))
    strength = relative[:, order, None]
    warm, cold, none = np.array([208, 64, 40]), np.array([32, 96, 200]), np.array([245, 245, 245])
    colours = none + np.abs(strength) * (np.where(strength > 0, warm, cold) - none)
    return _png(Image.fromarray(np.rint(colours).astype(np.uint8), "RGB"))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
