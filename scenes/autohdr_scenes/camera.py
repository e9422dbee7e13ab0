"""A simulated camera: what its sensor, its meter and its converter make of a scene.

Light falls through three colour filters on photosites that count electrons: `electrons = full well * light`, with
saturation at 1. Counting adds shot noise (variance equal to the count), reading adds Gaussian noise of fixed size. Both
are drawn as one Gaussian, which at the counts that survive a read noise of some electrons is close to the Poisson law.
After: EMVA Standard 1288, the linear camera model.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import XYZ_FROM_SRGB
from autohdr.raw.frame import RawFrame
from autohdr.shot.shot import Shot
from autohdr.system.kernel import kernel
from autohdr_scenes.scene import Scene

PHASES: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "RGGB": ((0, 1), (3, 2)),
    "BGGR": ((2, 3), (1, 0)),
    "GRBG": ((1, 0), (2, 3)),
    "GBRG": ((3, 2), (0, 1)),
}
"""Filters of a 2x2 cell: 0 red, 1 green of the red rows, 2 blue, 3 green of the blue rows, as LibRaw numbers them."""

OTHER_CELLS: dict[str, tuple[tuple[int, ...], ...]] = {
    "X-Trans": (
        (1, 1, 0, 1, 1, 2),
        (1, 1, 2, 1, 1, 0),
        (2, 0, 1, 0, 2, 1),
        (1, 1, 2, 1, 1, 0),
        (1, 1, 0, 1, 1, 2),
        (0, 2, 1, 2, 0, 1),
    ),
    "monochrome": ((1,),),
}
"""Filters that are not Bayer's; one that sees all light alike stands as green. Random cameras have none of them."""

BASE_ISO = 100.0
APERTURE = 8.0
"""F-number of every simulated photo."""
SHUTTER = 1 / 125
"""Exposure time at a meter's choice, seconds."""
MAKE = "autohdr"
"""Who makes the simulated cameras."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera body with the settings of one photo."""

    name: str = "Simulated One"
    black: int = 512
    """Level that no light is recorded at, in steps of the converter."""
    bits: int = 14
    """Bits of the converter, which saturates at `white`."""
    phase: str = "RGGB"
    """The layout of the colour filter, a key of `PHASES` or `OTHER_CELLS`; "linear" for three full planes."""
    white_balance: tuple[float, ...] = (2.0, 1.0, 1.6)
    """Gains that make the light of the scene neutral; green is 1."""
    daylight: tuple[float, ...] = (2.1, 1.0, 1.5)
    """White balance gains of the camera in D65."""
    mixing: tuple[tuple[float, float, float], ...] = ((0.74, 0.24, 0.02), (0.15, 0.73, 0.12), (0.04, 0.26, 0.70))
    """Linear sRGB to white-balanced camera colours, three or four; rows sum to 1. Made up, with the overlap that real
    filters have."""
    full_well: float = 40000.0
    """Electrons at saturation, at ISO 100."""
    read_noise: float = 4.0
    """Standard deviation, electrons."""
    iso: float = BASE_ISO
    """Gain: twice the number saturates at half of the electrons."""

    @property
    def white(self) -> int:
        """Level at which it saturates: a little below the converter's end, as in real cameras."""
        return int((1 << self.bits) - 1 - (1 << (self.bits - 6)))

    @property
    def pattern(self) -> NDArray[np.uint8] | None:
        """(P, Q), as `RawFrame` has it; None for three planes."""
        return None if self.phase == "linear" else np.array({**PHASES, **OTHER_CELLS}[self.phase], dtype=np.uint8)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(3, C), white-balanced camera colours to linear sRGB; rows sum to 1."""
        return np.linalg.pinv(np.array(self.mixing))

    @property
    def xyz_to_camera(self) -> NDArray[np.float64]:
        """(C, 3), CIE XYZ to camera colours, as DNG's ColorMatrix1 for D65."""
        mixed: NDArray[np.float64] = np.array(self.mixing) @ np.linalg.inv(XYZ_FROM_SRGB)
        return mixed / np.array(self.daylight)[:, None]

    @property
    def saturation(self) -> float:
        """Electrons at which this setting saturates."""
        return self.full_well * BASE_ISO / self.iso


BODIES: tuple[Camera, ...] = (
    Camera(),
    Camera(
        name="Simulated Two",
        black=128,
        bits=12,
        daylight=(1.9, 1.0, 1.7),
        mixing=((0.66, 0.30, 0.04), (0.12, 0.78, 0.10), (0.02, 0.20, 0.78)),
        full_well=24000.0,
        read_noise=6.0,
    ),
    Camera(
        name="Simulated Three",
        black=1024,
        daylight=(2.4, 1.0, 1.4),
        mixing=((0.80, 0.18, 0.02), (0.20, 0.66, 0.14), (0.05, 0.30, 0.65)),
        full_well=75000.0,
        read_noise=2.5,
    ),
)
"""Made-up cameras of small, middle and large sensors."""


def random_camera(rng: np.random.Generator) -> Camera:
    """One of `BODIES` under some light, with a phase and an ISO of its own."""
    body = BODIES[rng.integers(len(BODIES))]
    # From tungsten (more blue gain) to shade (more red gain), with a little tint.
    warmth, tint = rng.uniform(-0.45, 0.2), rng.normal(0.0, 0.04)
    red, _, blue = body.daylight
    return replace(
        body,
        phase=list(PHASES)[rng.integers(len(PHASES))],
        white_balance=(max(1.0, red * 2.0 ** (warmth + tint)), 1.0, max(1.0, blue * 2.0 ** (-warmth + tint))),
        iso=float(BASE_ISO * 2.0 ** int(rng.choice([0, 0, 0, 1, 2, 3, 4]))),
    )


def expose(
    scene: Scene,
    camera: Camera,
    exposure: float,
    rng: np.random.Generator | None,
    flip: int = 0,
    captured: float | None = None,
) -> RawFrame:
    """The RAW frame that a camera records of a scene.

    Args:
        scene: light, cut to whole 2x2 cells.
        camera: which camera, how set.
        exposure: sensor light at which green saturates is 1; this is the factor from the scene's scale to it.
        rng: draws the noise; None leaves it out.
        flip: how the camera was held, as `RawFrame.flip`; the scene is given upright.
        captured: capture time, seconds since 1970.
    """
    linear = on_sensor(scene.linear, flip)
    linear = linear[: linear.shape[0] // 2 * 2, : linear.shape[1] // 2 * 2]
    pattern = camera.pattern
    shape = linear.shape if pattern is None else linear.shape[:2]
    noise = np.zeros((1, 1, 1), dtype=np.float32)
    if rng is not None:
        noise = rng.standard_normal(shape, dtype=np.float32).reshape(*linear.shape[:2], -1)
    weights = np.array(camera.mixing) * exposure / np.array(camera.white_balance)[:, None]
    data = np.empty((*linear.shape[:2], 1 if pattern is not None else 3), dtype=np.uint16)
    filters = np.zeros((2, 2), dtype=np.int64) if pattern is None else pattern.astype(np.int64)
    if len(camera.mixing) == 3:
        filters[filters == 3] = 1  # the second green
    noisy = rng is not None
    levels = (float(camera.black), float(camera.white), camera.saturation, camera.read_noise)
    _expose(linear, weights, filters, noise, noisy, *levels, data)
    return RawFrame(
        data=data[..., 0] if pattern is not None else data,
        pattern=pattern,
        black=np.full(4, float(camera.black)),
        white=np.full(4, float(camera.white)),
        white_balance=np.array(camera.white_balance),
        matrix=camera.matrix,
        flip=flip,
        shot=Shot(
            iso=camera.iso,
            aperture=APERTURE,
            exposure_time=SHUTTER,
            captured=captured,
            make=MAKE,
            model=camera.name,
        ),
        dng=True,  # as `write_dng` writes it
    )


def developed(linear: NDArray[np.float32], camera: Camera, exposure: float) -> NDArray[np.float32]:
    """What the best development could make of a photo: exposed, clipped as the sensor clips, but without noise.

    White-balanced channels end at 1, the level at which all of them are known, so blown light is white.

    Args:
        linear: the scene's light (H, W, 3).
        camera: which camera, how set.
        exposure: as in `expose`.

    Returns:
        Linear sRGB (H, W, 3), zero or more; 1 is sensor saturation.
    """
    mixed = linear @ (np.array(camera.mixing, dtype=np.float32) * np.float32(exposure)).T
    clipped = np.minimum(mixed, np.float32(1.0))
    return np.maximum(clipped @ camera.matrix.astype(np.float32).T, np.float32(0.0))


def on_sensor(upright: NDArray[np.float32], flip: int) -> NDArray[np.float32]:
    """An upright picture (H, W, 3) as the sensor sees it in a camera held so that `flip` sets it right again."""
    turned = upright.transpose(1, 0, 2) if flip & 4 else upright
    turned = turned[::-1] if flip & 2 else turned
    return np.ascontiguousarray(turned[:, ::-1] if flip & 1 else turned)


@kernel(nogil=True)
def _expose(linear, weights, filters, noise, noisy, black, white, saturation, read, out):  # type: ignore[no-untyped-def]
    span = white - black
    for i in range(linear.shape[0]):
        for j in range(linear.shape[1]):
            for plane in range(out.shape[2]):
                c = filters[i % filters.shape[0], j % filters.shape[1]] if out.shape[2] == 1 else plane
                light = (
                    weights[c, 0] * linear[i, j, 0] + weights[c, 1] * linear[i, j, 1] + weights[c, 2] * linear[i, j, 2]
                )
                if noisy:
                    electrons = light * saturation
                    light += noise[i, j, plane] * np.sqrt(electrons + read * read) / saturation
                level = np.rint(black + span * light)
                out[i, j, plane] = np.uint16(min(max(level, 0.0), white))
