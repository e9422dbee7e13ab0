"""Sends a picture through a lossy file format and back. Levels are the format's own scale of quality."""

import io
from typing import Any

import numpy as np
from PIL import Image

from autohdr.errors import MissingError
from autohdr.quality.display import Domain
from autohdr_train.quality.made.curves import Array


def jpeg(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Stores codes as a JPEG of quality `level` (Pillow's scale), 8 bits in either domain, colour at half size."""
    file = io.BytesIO()
    Image.fromarray(_integers(codes, 8)).save(file, "JPEG", quality=int(level), subsampling=2)
    return np.asarray(Image.open(file), np.float64) / 255


def jpeg_xl(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Stores codes as a JPEG XL at distance `level` (libjxl's scale), 8 bits in SDR, 16 in HDR."""
    codec, bits = _codecs(), 8 if domain == "sdr" else 16
    stored = codec.jpegxl_encode(_integers(codes, bits), distance=level, effort=3, numthreads=1)
    return np.asarray(codec.jpegxl_decode(stored, numthreads=1), np.float64) / (2**bits - 1)


def avif(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Stores codes as an AVIF of quality `level` (libavif's scale), 8 bits in SDR, 10 in HDR."""
    codec, bits = _codecs(), 8 if domain == "sdr" else 10
    stored = codec.avif_encode(_integers(codes, bits), int(level), speed=9, bitspersample=bits, numthreads=1)
    return np.asarray(codec.avif_decode(stored, numthreads=1), np.float64)[..., :3] / (2**bits - 1)


def _integers(codes: Array, bits: int) -> Any:
    """Codes as integers of so many bits."""
    return np.round(np.clip(codes, 0, 1) * (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def _codecs() -> Any:
    try:
        import imagecodecs
    except ModuleNotFoundError as error:
        raise MissingError(
            'imagecodecs, which writes JPEG XL and AVIF, is not installed; run: pip install "autohdr[pictures]"'
        ) from error
    return imagecodecs
