"""Radiance images from files, which of them show the same place, and perspective views cut from panoramas.

A panorama is equirectangular, 2:1: its centre looks at yaw 0, yaw grows to the right, pitch upwards.
"""

import math
from pathlib import Path

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.system.kernel import kernel
from autohdr_scenes.place import same_place
from autohdr_scenes.scene import Scene


def read_exr(path: Path) -> NDArray[np.float32]:
    """Linear light (H, W, 3) of an OpenEXR file. Negative values and NaN become 0, infinities the largest half float.

    Raises:
        SettingsError: the file cannot be read or holds no R, G, B.
    """
    try:
        # A context manager: the file stays open as long as its arrays are used.
        with OpenEXR.File(str(path)) as file:
            channels = file.channels()
            if "RGB" not in channels:
                raise SettingsError(f"{path} holds channels {', '.join(sorted(channels))}; expected R, G and B")
            linear = np.array(channels["RGB"].pixels, dtype=np.float32)
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(f"{path} cannot be read as OpenEXR: {error}") from error
    half_max = float(np.finfo(np.float16).max)
    return np.clip(np.nan_to_num(linear, nan=0.0, posinf=half_max), 0.0, half_max)


def load_radiance(folder: Path) -> list[Scene]:
    """Every `.exr` directly in a folder, by name, grouped by place. Those of 2:1 are panoramas.

    Raises:
        SettingsError: there is none, or one cannot be read.
    """
    paths = sorted(Path(folder).glob("*.exr"))
    if not paths:
        raise SettingsError(f"{folder} holds no .exr radiance images; expected at least one")
    images = {path.stem: read_exr(path) for path in paths}
    places = same_place(images)
    return [
        Scene(linear, name, places[name], panorama=linear.shape[1] == 2 * linear.shape[0])
        for name, linear in images.items()
    ]


def view(
    panorama: NDArray[np.float32], yaw: float, pitch: float, field: float, size: tuple[int, int]
) -> NDArray[np.float32]:
    """A perspective picture (height, width, 3) of a panorama (H, 2H, 3), in linear light.

    Bilinear where the picture magnifies; where it shrinks, an average of as many samples as panorama pixels fall into
    one of its own.

    Args:
        panorama: linear light.
        yaw: where it looks, degrees to the right of the panorama's centre.
        pitch: degrees above the horizon.
        field: angle that its longer side covers, degrees, above 0 and below 180.
        size: height and width, pixels.
    """
    height, width = size
    plane = 2.0 * math.tan(math.radians(field) / 2.0) / max(size)
    samples = max(1, math.ceil(plane * panorama.shape[0] / math.pi))
    out = np.empty((height, width, 3), dtype=np.float32)
    _view(np.ascontiguousarray(panorama), math.radians(yaw), math.radians(pitch), plane, samples, out)
    return out


def random_view(scene: Scene, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
    """A picture as someone on the spot might frame it: mostly level, 35 to 90 degrees wide, three in ten upright.

    Flat pictures are cropped to half to all of what fits.

    Args:
        scene: a panorama or a flat picture.
        rng: decides the framing.
        size: height and width of a landscape picture, pixels; an upright one swaps them.
    """
    height, width = size if rng.random() > 0.3 else (size[1], size[0])
    if scene.panorama:
        # Focal lengths spread evenly on a log scale, as zoom rings are used: 18 to 57 mm on a 36 mm wide sensor.
        focal = math.exp(rng.uniform(math.log(18.0), math.log(57.0)))
        field = 2.0 * math.degrees(math.atan(18.0 / focal))
        pitch = float(np.clip(rng.normal(0.0, 7.0), -25.0, 25.0))
        linear = view(scene.linear, rng.uniform(-180.0, 180.0), pitch, field, (height, width))
    else:
        linear = crop(scene.linear, rng.uniform(0.5, 1.0), rng.random(), rng.random(), (height, width))
    return Scene(linear, scene.name, scene.group)


def crop(
    picture: NDArray[np.float32], zoom: float, down: float, across: float, size: tuple[int, int]
) -> NDArray[np.float32]:
    """Part of a flat picture, resized to (height, width, 3): bilinear, or an average where it shrinks.

    Args:
        picture: linear light (H, W, 3).
        zoom: size of the part, of the largest that fits, above 0 to 1.
        down: its place between the top (0) and the bottom (1).
        across: its place between the left (0) and the right (1).
        size: height and width, pixels.
    """
    height, width = picture.shape[:2]
    scale = min(height / size[0], width / size[1]) * zoom
    top, left = down * (height - size[0] * scale), across * (width - size[1] * scale)
    out = np.empty((*size, 3), dtype=np.float32)
    _resample(np.ascontiguousarray(picture), top, left, scale, math.ceil(scale), out)
    return out


@kernel(nogil=True)
def _bilinear(image, row, column):  # type: ignore[no-untyped-def]
    """R, G, B at pixel coordinates (centres at whole numbers, column >= -1); columns wrap, rows stop at the edge."""
    height, width = image.shape[0], image.shape[1]
    row = min(max(row, 0.0), height - 1.0)
    top, left = int(row), int(column + 1.0) - 1
    y, x = row - top, column - left
    low = min(top + 1, height - 1)
    left = left + width if left < 0 else (left - width if left >= width else left)
    right = left + 1 if left + 1 < width else 0
    a, b, c, d = (1.0 - y) * (1.0 - x), (1.0 - y) * x, y * (1.0 - x), y * x
    red = image[top, left, 0] * a + image[top, right, 0] * b + image[low, left, 0] * c + image[low, right, 0] * d
    green = image[top, left, 1] * a + image[top, right, 1] * b + image[low, left, 1] * c + image[low, right, 1] * d
    blue = image[top, left, 2] * a + image[top, right, 2] * b + image[low, left, 2] * c + image[low, right, 2] * d
    return red, green, blue


@kernel(nogil=True)
def _view(panorama, yaw, pitch, plane, samples, out):  # type: ignore[no-untyped-def]
    height, width = out.shape[0], out.shape[1]
    rows, columns = panorama.shape[0], panorama.shape[1]
    cos_pitch, sin_pitch = math.cos(pitch), math.sin(pitch)
    per_turn, share = columns / (2.0 * math.pi), 1.0 / (samples * samples)
    # In one turn from 0, so that a column lies between -1/2 and two widths, and wraps at most once.
    turned = yaw - 2.0 * math.pi * math.floor(yaw / (2.0 * math.pi))
    for i in range(height):
        for j in range(width):
            red = green = blue = 0.0
            for k in range(samples * samples):
                # The ray through the picture at distance 1: x to the right, y up, z forward.
                x = (j + (k % samples + 0.5) / samples - width / 2.0) * plane
                up = (height / 2.0 - i - (k // samples + 0.5) / samples) * plane
                y = up * cos_pitch + sin_pitch
                z = cos_pitch - up * sin_pitch
                column = (math.atan2(x, z) + turned + math.pi) * per_turn - 0.5
                if column >= columns:
                    column -= columns
                row = (0.5 - math.atan2(y, math.sqrt(x * x + z * z)) / math.pi) * rows - 0.5
                one, two, three = _bilinear(panorama, row, column)
                red, green, blue = red + one, green + two, blue + three
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = red * share, green * share, blue * share


@kernel(nogil=True)
def _resample(image, top, left, scale, samples, out):  # type: ignore[no-untyped-def]
    share = 1.0 / (samples * samples)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            red = green = blue = 0.0
            for k in range(samples * samples):
                row = top + (i + (k // samples + 0.5) / samples) * scale - 0.5
                column = left + (j + (k % samples + 0.5) / samples) * scale - 0.5
                one, two, three = _bilinear(image, row, min(max(column, 0.0), image.shape[1] - 1.0))
                red, green, blue = red + one, green + two, blue + three
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = red * share, green * share, blue * share
