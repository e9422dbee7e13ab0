"""Changes detail: blurs light as optics do, loses resolution, sharpens, and leaves too few codes."""

import math

import kornia.filters
import numpy as np
import torch
from PIL import Image

from autohdr.quality.display import Domain
from autohdr_train.quality.made.curves import Array, codes_of, light_of


def tensor(picture: Array) -> torch.Tensor:
    """Returns a picture (H, W, C) as kornia takes it, (1, C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]


def array(picture: torch.Tensor) -> Array:
    """Returns a picture of kornia's (1, C, H, W) as (H, W, C)."""
    return np.ascontiguousarray(picture[0].numpy().transpose(1, 2, 0))


def smoothed(picture: Array, sigma: float) -> Array:
    """Returns a picture (H, W, C) blurred by a Gaussian of `sigma` pixels, mirrored at its edges."""
    size = 2 * min(math.ceil(3 * sigma), min(picture.shape[:2]) - 1) + 1
    return array(kornia.filters.gaussian_blur2d(tensor(picture), (size, size), (sigma, sigma)))


def gaussian_blur(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Blurs light by a Gaussian of `level` pixels."""
    return codes_of(smoothed(light_of(codes, domain), level), domain)


def lens_blur(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Averages light over a disc of radius `level` pixels, as a lens out of focus does; its edge is soft by a pixel."""
    reach = math.ceil(level)
    across = torch.arange(-reach, reach + 1, dtype=torch.float64)
    disc = (level + 0.5 - torch.hypot(across[:, None], across[None])).clamp(0.0, 1.0)
    return codes_of(array(kornia.filters.filter2d(tensor(light_of(codes, domain)), (disc / disc.sum())[None])), domain)


def motion_blur(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Averages light along a line of `level` pixels, an odd number, in a random direction."""
    blurred = kornia.filters.motion_blur(tensor(light_of(codes, domain)), int(level), float(rng.uniform(0, 180)), 0.0)
    return codes_of(array(blurred), domain)


def upscaled(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Shrinks codes `level` times by averaging, and enlarges them again by cubic interpolation."""
    height, width = codes.shape[:2]
    small = max(round(width / level), 1), max(round(height / level), 1)
    planes = [Image.fromarray(codes[..., channel].astype(np.float32)) for channel in range(3)]
    back = [
        plane.resize(small, Image.Resampling.BOX).resize((width, height), Image.Resampling.BICUBIC) for plane in planes
    ]
    return np.stack([np.asarray(plane, np.float64) for plane in back], axis=-1)


def sharpened(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Adds `level * (V - blurred V)`, the blur a Gaussian of 1.5 pixels, to every code V."""
    return codes + level * (codes - smoothed(codes, 1.5))


def banding(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Rounds codes to `level` even steps, without dither."""
    return np.round(codes * (level - 1)) / (level - 1)
