"""Packs a scene for the page, which develops it: light in half precision, and what is measured of the whole photo.

"AHS1", the length of a header (uint32, little endian), the header as JSON, padded with blanks so that what follows
begins at a multiple of 8, then the light: float16, little endian, `height * width * 3`, row by row. The header holds
`width`, `height`, `sensor_white`, `measures` (log2, as `autohdr.develop.measures.Measures` names them) and `pivot` (of
Contrast) of the photo as shot, and `camera`, which another white balance needs; null for a finished picture. All of it
is measured on the light in half precision, so that both developers begin with the same numbers.
"""

import json
import struct
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from autohdr.develop import CameraColour, Scene
from autohdr.develop.kernels import prepare
from autohdr.develop.kernels.reduce import reduced
from autohdr.review.half import pack, unpack

MAGIC = b"AHS1"
_HEAD = struct.Struct("<4sI")
_ALIGNED = 8
_ROWS = 64


def write(scene: Scene, edge: int | None = None) -> bytes:
    """Packs a scene as a scene file.

    Args:
        scene: of a photo.
        edge: the longest edge that the page shall get, pixels; a larger scene is reduced to it. None keeps its size.

    Raises:
        PhotoError: the light is empty or not finite.
    """
    light = scene.light if edge is None else reduced(scene.light, edge)
    packed = np.ascontiguousarray(pack(light), "<f2")
    return _head(_header(replace(scene, light=unpack(packed)))) + packed.tobytes()


def write_light(scene: Scene) -> bytearray:
    """Packs a scene as `write`, without what is measured of it: for a page that has a smaller one of the same photo.

    It takes little memory beside the scene and the answer.
    """
    height, width = scene.light.shape[:2]
    head = _head({"width": width, "height": height})
    data = bytearray(len(head) + 2 * scene.light.size)
    data[: len(head)] = head
    to = np.frombuffer(data, "<f2", offset=len(head)).reshape(scene.light.shape)
    for first in range(0, height, _ROWS):
        to[first : first + _ROWS] = pack(scene.light[first : first + _ROWS])
    return data


def _head(told: dict[str, Any]) -> bytes:
    header = json.dumps(told).encode("ascii")
    header += b" " * (-(_HEAD.size + len(header)) % _ALIGNED)
    return _HEAD.pack(MAGIC, len(header)) + header


def read(data: bytes) -> Scene:
    """Returns the scene that `write` packed, with its light in half precision's steps.

    Raises:
        ValueError: it is no scene file, or a part of one.
    """
    if len(data) < _HEAD.size or not data.startswith(MAGIC):
        raise ValueError(f"a scene file begins with {data[:4]!r}; expected {MAGIC!r}")
    start = _HEAD.size + _HEAD.unpack_from(data)[1]
    header: dict[str, Any] = json.loads(data[_HEAD.size : start]) if start <= len(data) else {}
    shape = header.get("height", 0), header.get("width", 0), 3
    if not header or len(data) - start != 2 * shape[0] * shape[1] * 3:
        raise ValueError(f"a scene file of {len(data)} bytes does not fit its header; expected the whole file")
    light = unpack(np.frombuffer(data, "<f2", offset=start).reshape(shape).astype(np.float16))
    return Scene(light, header["sensor_white"], _camera(header["camera"]))


def _header(scene: Scene) -> dict[str, Any]:
    photo = prepare.Photo.of(scene)
    height, width = scene.light.shape[:2]
    camera = (
        None
        if scene.camera is None
        else {
            "neutral": scene.camera.neutral.tolist(),
            "camera_from_xyz": [matrix.tolist() for matrix in scene.camera.camera_from_xyz],
            "temperatures": list(scene.camera.temperatures),
        }
    )
    return {
        "width": width,
        "height": height,
        "sensor_white": scene.sensor_white,
        "measures": asdict(photo.measures),
        "pivot": prepare.pivot(photo),
        "camera": camera,
    }


def _camera(held: dict[str, Any] | None) -> CameraColour | None:
    if held is None:
        return None
    matrices = tuple(np.array(matrix, np.float64) for matrix in held["camera_from_xyz"])
    return CameraColour(np.array(held["neutral"], np.float64), matrices, tuple(held["temperatures"]))
