"""Simulates series: bursts, brackets and panoramas of one place, as people take them within seconds.

The exposure triangle that the photos state is that of how they were exposed: the exposure time follows.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.camera import SHUTTER, Camera
from autohdr_scenes.metering import centre_weighted
from autohdr_scenes.panorama import crop, view
from autohdr_scenes.photographers import Photographer
from autohdr_scenes.scene import Scene, shrink
from autohdr_scenes.shot import SimulatedPhoto, take

Kind = Literal["burst", "bracket", "panorama"]

THIRD = 1.0 / 3.0
"""Steps in which cameras expose, stops."""
STOPS = (0.0, -2.0, 2.0, -4.0, 4.0)
"""The exposures of a bracket's frames in stops, in the order in which cameras take them."""
NEXT = 0.35
"""Share of the field by which a panorama goes on."""
FIELDS = (45.0, 75.0)
"""Degrees that the longer side covers, of a place that is a panorama; of a flat picture, `ZOOM` of it is shown."""
ZOOM = 0.5


@dataclass(frozen=True, slots=True)
class Ways:
    """How steady the hand, the light and the meter are."""

    turn: float = 0.03
    """Deviation of the framing from photo to photo of a burst, as a share of the field."""
    light: float = 0.1
    """Stops by which the light changes from photo to photo."""
    meter: float = 0.25
    """Deviation of the meter's choice from the last one, stops."""
    pause: tuple[int, int] = (1, 6)
    """Seconds from photo to photo of a burst: at least, and at most."""


def take_series(
    kind: Kind,
    scene: Scene,
    camera: Camera,
    rng: np.random.Generator,
    count: int,
    start: float,
    *,
    size: tuple[int, int] = (320, 480),
    ways: Ways | None = None,
    photographer: Photographer | None = None,
) -> list[SimulatedPhoto]:
    """Takes the photos of one series, in order.

    Args:
        kind: what is done.
        scene: a panorama, or a flat picture.
        camera: which camera, how set.
        rng: decides all that is left to chance.
        count: photos, 1 to 5 of a bracket.
        start: capture time of the first, seconds since 1970.
        size: height and width, pixels.
        ways: None for the usual ones; brackets and panoramas are taken from a tripod, in steady light.
        photographer: as of `take`.
    """
    how = ways or Ways()
    aim, field = rng.uniform(-0.4, 0.4, 2), float(rng.uniform(*FIELDS))
    aim[0] -= 0.5 * NEXT * (count - 1) if kind == "panorama" else 0.0
    metered = centre_weighted(shrink(_framed(scene, aim, field, size).linear, 96)) * 2.0 ** rng.normal(0.0, 0.35)
    light, wobble, captured, photos = 0.0, 0.0, start, []
    for number in range(count):
        framed = _framed(scene, aim, field, size)
        steps = STOPS[number] if kind == "bracket" else round(wobble / THIRD) * THIRD
        lit = replace(framed, linear=framed.linear * np.float32(2.0**light))
        photo = take(lit, camera, metered * 2.0**steps, rng, captured, photographer)
        asked = steps if kind == "bracket" else 0.0
        shot = replace(photo.frame.shot, exposure_time=SHUTTER * 2.0**steps, compensation=asked, focal_length=35.0)
        photos.append(replace(photo, frame=replace(photo.frame, shot=shot)))
        if kind == "burst":
            aim = aim + rng.normal(0.0, how.turn, 2)
            light += float(rng.normal(0.0, how.light))
            wobble = float(rng.normal(0.0, how.meter)) - light
            captured += float(rng.integers(*how.pause, endpoint=True))
        elif kind == "panorama":
            aim = aim + np.array([NEXT, 0.0])
            captured += 2.0
        else:
            captured += number % 2
    return photos


def _framed(scene: Scene, aim: NDArray[np.float64], field: float, size: tuple[int, int]) -> Scene:
    """The picture that is seen at an aim (across, down), in fields from the middle."""
    if scene.panorama:
        linear = view(scene.linear, float(aim[0]) * field, float(-aim[1]) * field * 0.3, field, size)
    else:
        place = np.clip(0.5 + aim * ZOOM, 0.0, 1.0)
        linear = crop(scene.linear, ZOOM, float(place[1]), float(place[0]), size)
    return Scene(linear, scene.name, scene.group)
