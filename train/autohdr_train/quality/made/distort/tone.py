"""Gets tone and colour wrong: exposure, contrast, saturation, white balance, lost ends, and faults of tone mapping."""

import numpy as np
import torch

from autohdr.quality.display import Domain
from autohdr_train.quality.made.curves import LUMA, Array, codes_of, light_of, luminance, white
from autohdr_train.quality.made.distort.detail import array, smoothed, tensor


def exposed(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Multiplies light by `2 ** level`: brighter above 0, darker below."""
    return codes_of(light_of(codes, domain) * 2.0**level, domain)


def contrasted(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Multiplies the distance of every code from the mean code by `level`."""
    mean = codes.mean()
    return mean + (codes - mean) * level


def saturated(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Multiplies the distance of every code from its pixel's luma by `level`."""
    luma = (codes @ LUMA)[..., None]
    return luma + (codes - luma) * level


def cast(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Multiplies red by `2 ** level` and blue by `2 ** -level`, or the other way round, and keeps mean luminance."""
    sign = rng.choice([-1.0, 1.0])
    light = light_of(codes, domain)
    turned = light * 2.0 ** (sign * level * np.array([1.0, 0.0, -1.0]))
    return codes_of(turned * luminance(light).mean() / max(luminance(turned).mean(), 1e-9), domain)


def highlights_clipped(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Clips codes at what `level` percent of the pixels' brightest channels lie below."""
    return np.minimum(codes, np.percentile(codes.max(axis=-1), level))


def shadows_crushed(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Takes light below t, which `level` percent of luminances lie below, to 0, and `t..2 t` evenly to `0..2 t`."""
    light = light_of(codes, domain)
    start = np.percentile(luminance(light), level)
    return codes_of(np.where(light < 2 * start, np.maximum(2 * (light - start), 0.0), light), domain)


def highlights_flattened(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Divides light L by `(1 + L / s) / (1 + g / s)`: s is `level` times diffuse white, g the geometric mean of L."""
    light = light_of(codes, domain)
    bright, shoulder = luminance(light), level * white(domain)
    return codes_of(light * (1 + _middle(bright) / shoulder) / (1 + bright / shoulder), domain)


def halos(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Multiplies blurred log luminance's contrast by `level`, and what the blur left by `1.5 - level / 2`.

    The blur is a Gaussian of 12 pixels. That is local tone mapping with a base that does not follow edges, which
    get halos.
    """
    light = light_of(codes, domain)
    log = np.log2(luminance(light) + 0.01)
    base = smoothed(log, 12.0)
    mapped = base.mean() + (base - base.mean()) * level + (log - base) * (1.5 - level / 2)
    return codes_of(light * 2.0 ** (mapped - log), domain)


def coarse_gain_map(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Rebuilds light from a rendition of half its contrast and a gain map of 6 bits that is too coarse.

    The rendition is `white * sqrt(L / white)`. The map, log2 of light over rendition, is averaged over blocks of
    `level` pixels, shifted by a quarter of them, and interpolated linearly.
    """
    light = light_of(codes, domain)
    offset = white(domain) / 64
    base = white(domain) * np.sqrt(light / white(domain))
    gain = tensor(np.log2((light + offset) / (base + offset)))
    small = torch.nn.functional.avg_pool2d(gain, int(level), ceil_mode=True)
    low, span = float(small.min()), max(float(small.max() - small.min()), 1e-6)
    stored = torch.round((small - low) / span * 63) / 63 * span + low
    size = (small.shape[2] * int(level), small.shape[3] * int(level))
    back = torch.nn.functional.interpolate(stored, size=size, mode="bilinear")
    shift, (height, width) = int(level) // 4, codes.shape[:2]
    back = torch.nn.functional.pad(back, (shift, 0, shift, 0), mode="replicate")[..., :height, :width]
    return codes_of(np.maximum((base + offset) * 2.0 ** array(back) - offset, 0.0), domain)


def _middle(bright: Array) -> float:
    """The geometric mean of luminance, cd/m2."""
    return float(np.exp(np.log(bright + 0.01).mean()))
