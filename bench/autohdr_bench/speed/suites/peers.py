"""What people would use instead, from a RAW file to its sliders: the recipe of AutoHDR (2024), and shorter ways.

AutoHDR (2024), the project before this one, develops each file with rawpy (demosaic, 8 bits, auto-brightness), resizes
the picture and asks a ViT in PyTorch. The small network here is the one that comes with autohdr, with the same weights,
in PyTorch.
"""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from autohdr.raw.binning import bin_planes
from autohdr.spec import InputSpec
from autohdr_train.network.model import SliderNet, scratch
from autohdr_train.network.start import default

SPEC = InputSpec()

Develop = Callable[[Path], NDArray[np.float32]]
"""A RAW file to a network's input (3, 224, 224)."""


def developed(path: Path, *, half_size: bool) -> NDArray[np.float32]:
    """The input (3, 224, 224) of AutoHDR (2024): rawpy's picture, resized by area with our own kernel, which takes a
    few milliseconds of the seconds."""
    import rawpy  # after autohdr, which has it loaded with one OpenMP thread

    with rawpy.imread(io.BytesIO(path.read_bytes())) as raw:
        picture = raw.postprocess(use_camera_wb=True, half_size=half_size)
    return resized(picture)


def preview(path: Path) -> NDArray[np.float32]:
    """The input (3, 224, 224) from the JPEG that the camera put into the file, by Pillow."""
    import rawpy

    with rawpy.imread(str(path)) as raw:
        data = raw.extract_thumb().data
    image = Image.open(io.BytesIO(data)).convert("RGB")
    small = np.asarray(image.resize((SPEC.size, SPEC.size), Image.Resampling.BILINEAR, reducing_gap=2.0))
    return _scaled(small / 255)


def has_preview(path: Path) -> bool:
    """Whether `preview` can read it."""
    try:
        preview(path)
    except Exception:  # LibRaw's and Pillow's errors share no base class
        return False
    return True


def resized(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture (H, W, 3) of 8 bits as a network's input (3, 224, 224), in [-1, 1]."""
    return _scaled(bin_planes(picture.astype(np.uint16), np.full(3, 255, np.uint16), SPEC.size) / 255)


def _scaled(picture: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.ascontiguousarray(((picture - 0.5) / 0.5).transpose(2, 0, 1), dtype=np.float32)


def large_network() -> SliderNet:
    """A ViT-base as AutoHDR (2024) has it, with random weights: how long it takes does not depend on them."""
    return scratch("base", SPEC, "tanh", seed=0).eval()


def small_network() -> SliderNet:
    """The network that comes with autohdr."""
    return default().network


@torch.inference_mode()
def answers(network: SliderNet, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sliders (N, 8), scaled, of inputs (N, 3, 224, 224), in PyTorch."""
    found: NDArray[np.float32] = network(torch.from_numpy(pixels)).numpy()
    return found


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way from files to sliders."""

    develop: Develop
    network: SliderNet
    threads: int = 1
    """How many threads develop files side by side; above 1 the network is given all of them at once."""

    def __call__(self, paths: Sequence[Path]) -> NDArray[np.float32]:
        """Sliders (N, 8), scaled."""
        if self.threads == 1:
            return np.concatenate([answers(self.network, self.develop(path)[None]) for path in paths])
        with ThreadPoolExecutor(self.threads) as pool:
            return answers(self.network, np.stack(list(pool.map(self.develop, paths))))


def recipes(paths: Sequence[Path], threads: int) -> dict[str, Recipe]:
    """The recipes that can read all of these files, by name; that of AutoHDR (2024) is the first."""
    large, small = large_network(), small_network()
    full, half = partial(developed, half_size=False), partial(developed, half_size=True)
    found = {
        "AutoHDR (2024)": Recipe(full, large),
        "AutoHDR (2024), batched": Recipe(full, large, max(2, threads)),
        "rawpy, small network": Recipe(full, small),
        "half_size, small network": Recipe(half, small),
    }
    if all(has_preview(path) for path in set(paths)):
        found["preview, small network"] = Recipe(preview, small)
    return found
