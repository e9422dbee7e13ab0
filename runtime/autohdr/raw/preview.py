"""The preview that a camera or a DNG converter put into a RAW file, as linear light: quick to read, but developed.

It went through the camera's exposure, white balance, noise reduction and tone curve, and ends at display white. Its
brightness is not that of the scene: a photo taken one stop darker is darker here by what the tone curve makes of it. A
network that is fed previews cannot know the exposure, which is why sensor data are the default source.
docs/adr/0005-previews-are-a-source-of-their-own.md
"""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from autohdr.codes import Code
from autohdr.encoding import XYZ_FROM_SRGB
from autohdr.errors import RawError
from autohdr.raw.binning import bin_planes
from autohdr.raw.decode import read_thumbnail
from autohdr.raw.frame import FLIPS
from autohdr.raw.linear import upright

DARK = 8.0
"""Largest mean of a black bar, of 255; the JPEG's ringing reaches into it."""

_STEP = "use a model that was trained on RAW data"

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
"""JPEG's markers before the coded picture and after it."""

_WHITE = 65535
_CODES = np.arange(256) / 255
_SRGB_LIGHT = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)
"""Light of each 8-bit code: the inverse sRGB curve (IEC 61966-2-1)."""
_ADOBE_LIGHT = _CODES ** (563 / 256)
"""The linear light of each code in Adobe RGB (1998), section 4.3.4.2."""
_XYZ_FROM_ADOBE = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
"""Linear Adobe RGB (1998) to CIE XYZ, both with a white of D65; section 4.3.5.3."""
_SRGB_FROM_ADOBE = np.linalg.inv(XYZ_FROM_SRGB) @ _XYZ_FROM_ADOBE


def read_preview(path: Path, size: int) -> NDArray[np.float64]:
    """The largest preview of one RAW file, averaged to `size` x `size` pixels; only a small part of the file is read.

    It is (size, size, 3), linear light with sRGB primaries, upright; 1 is display white.

    The JPEG is decoded at the smallest of 1/8, 1/4, 1/2 and full size that has `size` pixels both ways, which averages
    coded values; what remains is averaged as light. It counts as sRGB unless an ICC profile, or Exif's mark of Adobe
    RGB, says otherwise.

    Raises:
        RawError: the file cannot be read, or holds no preview, a smaller or a damaged one.
    """
    thumbnail = read_thumbnail(path)
    if thumbnail is None:
        raise RawError(f"{path}: holds no preview that LibRaw can read; {_STEP}", code=Code.NO_PREVIEW)
    try:
        image = _jpeg(thumbnail.data.tobytes()) if thumbnail.data.ndim == 1 else Image.fromarray(thumbnail.data)
        if min(image.size) < size:
            width, height = image.size
            sentence = f"{path}: its preview has {width} x {height} pixels, fewer than the model's {size}; {_STEP}"
            raise RawError(sentence, code=Code.NO_PREVIEW)
        image.draft(None, (size, size))
        exif = _exif(image)
        linear = _averaged(image, exif, thumbnail.shape, size)
        flip: int = FLIPS.get(exif.get(ExifTags.Base.Orientation, 0), thumbnail.flip)
        return upright(linear, flip)
    except RawError:
        raise
    except Exception as error:  # Pillow raises many kinds for a damaged JPEG, Exif block or profile
        raise RawError(
            f"{path}: its preview is damaged ({type(error).__name__}: {error}); copy it from the card again, or {_STEP}"
        ) from error


def _jpeg(data: bytes) -> JpegImageFile:
    if data.rfind(_END) < data.rfind(_SCAN):  # decoders fill up what is missing without a word
        raise ValueError("its end is missing")
    return JpegImageFile(io.BytesIO(data))


def _exif(image: Image.Image) -> Image.Exif:
    """The preview's own Exif data. To a JPEG that does not begin with any, LibRaw adds some, with the orientation."""
    blocks = [data for marker, data in getattr(image, "applist", []) if marker == "APP1" and data[:6] == b"Exif\0\0"]
    exif = Image.Exif()
    exif.load(blocks[-1] if blocks else b"")
    return exif


def _is_adobe_rgb(exif: Image.Exif) -> bool:
    try:
        return bool(exif.get_ifd(ExifTags.IFD.Interop).get(ExifTags.Interop.InteropIndex) == "R03")
    except KeyError:  # Pillow before 13, where nothing is said
        return False


def _averaged(image: Image.Image, exif: Image.Exif, shape: float, size: int) -> NDArray[np.float64]:
    """Linear light (size, size, 3), sRGB primaries, not turned; `shape` is the sensor's width by its height."""
    light, matrix = _SRGB_LIGHT, np.eye(3)
    if profile := image.info.get("icc_profile"):
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
        assert converted is not None, "only a conversion in place gives none"
        image = converted
    elif _is_adobe_rgb(exif):
        light, matrix = _ADOBE_LIGHT, _SRGB_FROM_ADOBE
    pixels = _without_bars(np.asarray(image.convert("RGB")), shape)
    samples = np.rint(_WHITE * light).astype(np.uint16).take(pixels)
    averages = bin_planes(samples, np.full(3, _WHITE, np.uint16), size)
    return averages / _WHITE @ matrix.T


def _without_bars(pixels: NDArray[np.uint8], shape: float) -> NDArray[np.uint8]:
    """The picture (H, W, 3) without the black bars that fill up a preview of another shape than the sensor's.

    A preview of another shape without bars is another crop of the photo and stays as it is.
    """
    height, width, _ = pixels.shape
    if (width < height) != (shape < 1):  # stored upright
        shape = 1 / shape
    if width / height > shape:
        return _without_bars(pixels.transpose(1, 0, 2), 1 / shape).transpose(1, 0, 2)
    bar = int((height - width / shape) / 2)
    if bar == 0 or max(pixels[:bar].mean(), pixels[-bar:].mean()) > DARK:
        return pixels
    return pixels[bar + 1 : -bar - 1]  # bar and picture share a row
