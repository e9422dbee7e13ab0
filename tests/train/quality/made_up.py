"""A tiny set of pairs whose scores follow from the noise in them, as light in memory."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.quality.display import Domain
from autohdr_train.quality.sets.pair import Pair

Picture = NDArray[np.float32]


def pairs(contents: int = 4, levels: int = 6, domains: tuple[Domain, ...] = ("sdr", "hdr")) -> list[Pair]:
    """Each content of each domain with noise of every level, ever lower scores."""
    return [
        Pair(
            Path(f"{domain}-{content}"),
            Path(f"{domain}-{content}-{level}"),
            10.0 - 1.2 * level,
            None,
            "made up",
            f"{domain}-{content}",
            domain,
            "noise",
            level,
        )
        for domain in domains
        for content in range(contents)
        for level in range(1, levels + 1)
    ]


def light(pair: Pair, size: int = 64) -> tuple[Picture, Picture]:
    """Light of reference and distorted picture, as a bank keeps it: a ramp and bars, and noise by level."""
    rng = np.random.default_rng(sum(pair.content.encode()))
    across, down = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    tilt = rng.random(2)
    plain = 0.1 + 0.4 * (tilt[0] * across + tilt[1] * down) + 0.2 * (np.sin(20 * across) > 0)
    reference = np.repeat(plain[:, :, None], 3, axis=2).astype(np.float32)
    noise = np.random.default_rng(pair.level).normal(0, 0.02 * pair.level, reference.shape)
    test = np.clip(reference + noise, 0.0, 1.0).astype(np.float32)
    white = 1.0 if pair.domain == "sdr" else 800.0
    return white * reference, white * test
