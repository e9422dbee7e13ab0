"""Reads and writes the pictures of the made data set: 8-bit PNG in SDR, half-float OpenEXR in cd/m2 in HDR."""

import hashlib
import io
import secrets
from pathlib import Path

import numpy as np
import OpenEXR
from numpy.typing import NDArray
from PIL import Image

from autohdr.files.whole import write_atomically
from autohdr.quality.display import HDR, SDR, Domain
from autohdr_scenes.panorama import read_exr
from autohdr_train.quality.made.curves import Array, codes_of, light_of

SUFFIX: dict[Domain, str] = {"sdr": ".png", "hdr": ".exr"}


def stored(codes: Array, domain: Domain) -> NDArray[np.uint8] | NDArray[np.float16]:
    """Returns what a file holds of codes (H, W, 3): 8-bit codes in SDR, cd/m2 as half floats in HDR."""
    if domain == "sdr":
        return np.round(np.clip(codes, 0.0, 1.0) * 255).astype(np.uint8)
    return light_of(codes, domain).astype(np.float16)


def luminance(pixels: NDArray[np.uint8] | NDArray[np.float16], domain: Domain) -> NDArray[np.float32]:
    """Returns what the eye gets, (H, W, 3) in cd/m2, of what a file holds, on the standard display of its domain."""
    return SDR.luminance(pixels / 255.0) if domain == "sdr" else HDR.shown(pixels)


def write(path: Path, pixels: NDArray[np.uint8] | NDArray[np.float16]) -> str:
    """Writes what `stored` returned, whole or not at all, and returns the SHA-256 of the file."""
    data = _png(pixels) if path.suffix == ".png" else _exr(path, pixels)
    write_atomically(path, data)
    return hashlib.sha256(data).hexdigest()


def read_codes(path: Path, domain: Domain) -> Array:
    """Returns the codes (H, W, 3), 0 to 1, of a file that `write` wrote.

    Raises:
        SettingsError: an OpenEXR file cannot be read.
    """
    if domain == "sdr":
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"), np.float64) / 255
    return codes_of(read_exr(path).astype(np.float64), domain)


def _png(pixels: NDArray[np.uint8] | NDArray[np.float16]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=4)
    return file.getvalue()


def _exr(path: Path, pixels: NDArray[np.uint8] | NDArray[np.float16]) -> bytes:
    """The bytes of an OpenEXR file, by way of a temporary one: the library writes to names alone."""
    temporary = path.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    try:
        with OpenEXR.File(header, {"RGB": np.ascontiguousarray(pixels)}) as file:
            file.write(str(temporary))
        return temporary.read_bytes()
    finally:
        temporary.unlink(missing_ok=True)
