"""Lists the twenty-five distortions with their five levels in each domain, from nearly invisible to obvious.

Levels were set by what the teachers say of them on twelve references, so that the mean of the first lies near 9.5 JOD
and that of the last is plain to see; `docs/study/quality-data.md` has the table.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from autohdr.quality.display import Domain
from autohdr_train.quality.made.curves import Array
from autohdr_train.quality.made.distort import coding, detail, noise, tone

Distort = Callable[[Array, float, Domain, np.random.Generator], Array]
Levels = tuple[float, float, float, float, float]


class Kind(NamedTuple):
    """Describes one distortion; the formula of its levels is its function's docstring."""

    group: str
    distort: Distort
    sdr: Levels
    hdr: Levels

    def levels(self, domain: Domain) -> Levels:
        """Returns its five levels in a domain."""
        return self.sdr if domain == "sdr" else self.hdr


KINDS: dict[str, Kind] = {
    "noise": Kind("noise", noise.white_noise, (0.03, 0.06, 0.11, 0.18, 0.3), (0.01, 0.02, 0.04, 0.07, 0.12)),
    "colour-noise": Kind("noise", noise.colour_noise, (0.04, 0.08, 0.14, 0.22, 0.35), (0.015, 0.03, 0.05, 0.08, 0.12)),
    "shot-noise": Kind("noise", noise.shot_noise, (600, 200, 70, 25, 8), (1000, 300, 90, 30, 10)),
    "impulses": Kind("noise", noise.impulses, (0.0007, 0.003, 0.012, 0.05, 0.15), (0.0005, 0.002, 0.008, 0.03, 0.1)),
    "blur": Kind("detail", detail.gaussian_blur, (0.6, 1.0, 1.8, 3.0, 5.0), (0.6, 1.0, 1.8, 3.0, 5.0)),
    "lens-blur": Kind("detail", detail.lens_blur, (0.8, 1.5, 2.8, 4.5, 7.0), (0.8, 1.5, 2.8, 4.5, 7.0)),
    "motion-blur": Kind("detail", detail.motion_blur, (3, 5, 9, 15, 25), (3, 5, 9, 15, 25)),
    "upscaled": Kind("detail", detail.upscaled, (1.5, 2.0, 3.0, 5.0, 8.0), (1.5, 2.0, 3.0, 5.0, 8.0)),
    "sharpened": Kind("detail", detail.sharpened, (0.5, 1.0, 2.0, 4.0, 8.0), (0.3, 0.8, 1.6, 3.0, 6.0)),
    "banding": Kind("detail", detail.banding, (28, 16, 10, 6, 4), (80, 44, 26, 16, 9)),
    "jpeg": Kind("coding", coding.jpeg, (60, 25, 12, 6, 2), (85, 60, 35, 18, 7)),
    "jpeg-xl": Kind("coding", coding.jpeg_xl, (2.5, 5.0, 9.0, 15.0, 25.0), (1.0, 2.0, 4.0, 9.0, 20.0)),
    "avif": Kind("coding", coding.avif, (55, 38, 22, 8, 1), (70, 50, 34, 18, 4)),
    "brighter": Kind("tone", tone.exposed, (0.15, 0.35, 0.7, 1.2, 1.8), (0.15, 0.35, 0.7, 1.2, 1.8)),
    "darker": Kind("tone", tone.exposed, (-0.15, -0.35, -0.7, -1.2, -1.8), (-0.15, -0.35, -0.7, -1.2, -1.8)),
    "contrast-raised": Kind("tone", tone.contrasted, (1.1, 1.25, 1.5, 2.0, 2.8), (1.06, 1.15, 1.3, 1.55, 2.0)),
    "contrast-lowered": Kind("tone", tone.contrasted, (0.92, 0.8, 0.62, 0.42, 0.25), (0.94, 0.84, 0.68, 0.48, 0.3)),
    "saturation-raised": Kind("colour", tone.saturated, (1.2, 1.5, 2.0, 3.0, 4.5), (1.2, 1.5, 2.0, 3.0, 4.5)),
    "saturation-lowered": Kind("colour", tone.saturated, (0.85, 0.65, 0.45, 0.2, 0.0), (0.85, 0.65, 0.45, 0.2, 0.0)),
    "cast": Kind("colour", tone.cast, (0.08, 0.2, 0.4, 0.7, 1.1), (0.08, 0.2, 0.4, 0.7, 1.1)),
    "highlights-clipped": Kind("range", tone.highlights_clipped, (96, 88, 76, 62, 45), (97, 93, 88, 78, 62)),
    "shadows-crushed": Kind("range", tone.shadows_crushed, (2, 8, 18, 32, 48), (0.5, 2, 6, 14, 28)),
    "highlights-flattened": Kind("range", tone.highlights_flattened, (4, 1.5, 0.7, 0.3, 0.1), (24, 9, 4, 1.5, 0.5)),
    "halos": Kind("range", tone.halos, (0.9, 0.75, 0.55, 0.35, 0.1), (0.94, 0.83, 0.66, 0.45, 0.15)),
    "gain-map": Kind("range", tone.coarse_gain_map, (2, 4, 8, 16, 64), (2, 4, 8, 16, 64)),
}


def distorted(codes: Array, kind: str, level: int, domain: Domain, rng: np.random.Generator) -> Array:
    """Returns codes (H, W, 3), 0 to 1, distorted in one way at level 1 to 5, clipped to 0 to 1."""
    one = KINDS[kind]
    out: Array = np.clip(one.distort(codes, one.levels(domain)[level - 1], domain, rng), 0.0, 1.0)
    return out
