"""Decodes pictures of all kinds that are scored, whatever their names say: what a file begins with tells its kind.

The codes stay as a file stores them, so that a picture of 20,000 pixels takes no more memory than it must; `picture`
makes luminance of them, a window at a time. Libraries decode: Pillow (JPEG, WebP, and 8 bits in PNG, TIFF and AVIF),
imagecodecs (gain-map JPEG, PQ AVIF, and 16 bits in PNG and TIFF) and OpenEXR.
"""

import io
import os
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from autohdr.codes import Code
from autohdr.develop.spaces import between, to_xyz, xyz_of
from autohdr.errors import MissingError, PhotoError
from autohdr.files.whole import read_bytes
from autohdr.pictures.pixel_codes import DIFFUSE_WHITE
from autohdr.raw.discover import EXTENSIONS

Form = Literal["encoded", "pq", "linear"]
KNOWN = "EXR, PQ AVIF, gain-map JPEG, JPEG, PNG, TIFF or WebP"
_GAIN_MAPS = (b"http://ns.adobe.com/hdr-gain-map/1.0/", b"urn:iso:std:iso:ts:21496:-1\0")
_PQ, _HLG, _BT2020, _P3 = 16, 18, 9, 12  # ITU-T H.273
_ORIENTATION = 0x0112  # Exif
_TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}
"""Quarter turns to the left by Exif's orientation, and whether the result is mirrored."""

_DAMAGED = (OSError, ValueError, RuntimeError, SyntaxError, EOFError, LookupError, struct.error)
"""What the libraries raise where a file is damaged; Pillow a SyntaxError of a PNG."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The codes of a picture, with what they mean."""

    codes: NDArray[Any]
    """(H, W, 3), as stored: uint8, uint16, float16 or float32."""
    form: Form
    """`encoded`: sRGB codes for a display; `pq`: SMPTE ST 2084; `linear`: light."""
    scale: float
    """What a code is multiplied by: to 0 to 1 where it is encoded or PQ, to cd/m2 where it is linear."""
    to_bt709: NDArray[np.float64] | None = None
    """(3, 3), from linear light in the picture's primaries to BT.709's; None where they are BT.709's."""

    @property
    def hdr(self) -> bool:
        """Whether it is meant for HDR displays."""
        return self.form != "encoded"


def decode(path: Path, *, hdr: bool) -> Decoded:
    """Decodes a picture.

    Args:
        path: the file.
        hdr: whether a gain-map JPEG is taken as the HDR picture that it holds, or as its SDR base.

    Raises:
        PhotoError: it is missing, no picture of a known kind, damaged or truncated.
        MissingError: the package that reads its kind is not installed.
        FileError: it cannot be read.
    """
    if path.is_dir():
        raise PhotoError(f"{path} is a folder; name one picture", code=Code.UNSUPPORTED)
    if path.suffix.lower() in EXTENSIONS:
        raise PhotoError(f"{path} is a RAW file, which has no look yet; export it as a picture", code=Code.UNSUPPORTED)
    data = read_bytes(path)
    if data is None:
        raise PhotoError(f"{path} does not exist; name a picture ({KNOWN})", code=Code.MISSING_FILE)
    try:
        return _decoder(data, hdr)(path, data)
    except (*_DAMAGED, Image.DecompressionBombError) as error:
        raise _refused(path, data, error) from error


def is_hdr(path: Path) -> bool:
    """Whether a file is an HDR picture: EXR, PQ AVIF or gain-map JPEG. What cannot be read is none.

    Raises:
        FileError: it cannot be read.
    """
    data = b"" if path.is_dir() else read_bytes(path) or b""
    return _is_exr(data) or _transfer(data) == _PQ or _has_gain_map(data)


def _decoder(data: bytes, hdr: bool) -> Callable[[Path, bytes], Decoded]:
    if _is_exr(data):
        return _exr
    if _transfer(data) in (_PQ, _HLG):
        return _pq_avif
    if hdr and _has_gain_map(data):
        return _gain_map
    return _deep if _is_deep(data) else _plain


def _exr(path: Path, data: bytes) -> Decoded:
    try:
        import Imath
        import OpenEXR
    except ModuleNotFoundError as error:
        raise _missing("OpenEXR", "OpenEXR files") from error
    with _quiet():
        header, planes = _channels(path, OpenEXR.InputFile, Imath.PixelType(Imath.PixelType.FLOAT))
    window = header["dataWindow"]
    size = window.max.y - window.min.y + 1, window.max.x - window.min.x + 1
    light = np.stack([np.frombuffer(plane, np.float32).reshape(size) for plane in planes], axis=-1)
    if not (np.isfinite(light.min()) and np.isfinite(light.max())):
        raise PhotoError(f"{path} holds NaN or infinite light; set such pixels to 0 or clip them, and save it again")
    if light.min() < 0 and light.min() < -0.01 * light.max():
        raise PhotoError(f"{path} holds negative light ({light.min():.3g}); set such pixels to 0, and save it again")
    primaries = header.get("chromaticities")
    matrix = None if primaries is None else _from_chromaticities(primaries)
    return Decoded(light, "linear", float(header.get("whiteLuminance", 1.0)), matrix)


def _channels(path: Path, library: Callable[[str], Any], kind: Any) -> tuple[dict[str, Any], list[bytes]]:
    """The header of an OpenEXR file, and the values of R, G and B.

    Args:
        path: the file.
        library: `OpenEXR.InputFile`; not `OpenEXR.File`, which prints to standard output what it cannot read.
        kind: of the values.
    """
    file = library(str(path))
    try:
        header = file.header()
        if not {"R", "G", "B"} <= (names := set(header["channels"])):
            raise PhotoError(
                f"{path} holds channels {', '.join(sorted(names))}; expected R, G and B: save it as RGB",
                code=Code.UNSUPPORTED,
            )
        return header, file.channels(["R", "G", "B"], kind)
    finally:
        file.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Takes away standard error meanwhile, to which OpenEXR writes what it cannot read; the error says it anyway."""
    with ExitStack() as undone:
        with suppress(OSError):  # there is no standard error
            kept = os.dup(2)
            undone.callback(os.close, kept)
            undone.callback(os.dup2, kept, 2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            undone.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
        yield


def _from_chromaticities(primaries: Any) -> NDArray[np.float64] | None:
    """The matrix to BT.709 of OpenEXR's chromaticities, without adaptation; None where they are BT.709's."""
    red, green, blue, white = (
        xyz_of((point.x, point.y)) for point in (primaries.red, primaries.green, primaries.blue, primaries.white)
    )
    columns: NDArray[np.float64] = np.stack([red, green, blue], axis=1)
    matrix = np.asarray(np.linalg.inv(to_xyz("srgb")) @ (columns * np.linalg.solve(columns, white)), np.float64)
    return None if np.allclose(matrix, np.eye(3), atol=2e-3) else matrix


def _pq_avif(path: Path, data: bytes) -> Decoded:
    if _transfer(data) == _HLG:
        raise PhotoError(f"{path} is an AVIF with HLG, which has no absolute luminance; save it with PQ")
    codes = _imagecodecs("PQ AVIF").avif_decode(data)[..., :3]
    flags = data[data.index(b"av1C") + 6]  # AV1-ISOBMFF 2.3: high_bitdepth, twelve_bit
    bits = 8 if not flags & 0x40 else 12 if flags & 0x20 else 10
    primaries = int.from_bytes(_nclx(data)[:2], "big")
    spaces: dict[int, Literal["bt2020", "display-p3"]] = {_BT2020: "bt2020", _P3: "display-p3"}
    matrix = between(spaces[primaries], "srgb") if primaries in spaces else None
    return Decoded(codes, "pq", 1 / (2**bits - 1), matrix)


def _gain_map(path: Path, data: bytes) -> Decoded:
    # libultrahdr 1.4 answers in the primaries of the base, which it tells apart as sRGB, Display P3 and BT.2020.
    light = _imagecodecs("gain-map JPEG").ultrahdr_decode(data)[..., :3]
    with Image.open(io.BytesIO(data)) as opened:
        turns, mirrored = _TURNS.get(opened.getexif().get(_ORIENTATION, 1), (0, False))
        matrix = _base_primaries(opened.info.get("icc_profile"))
    light = np.rot90(light, turns)
    return Decoded(light[:, ::-1] if mirrored else light, "linear", DIFFUSE_WHITE, matrix)


def _base_primaries(profile: bytes | None) -> NDArray[np.float64] | None:
    """The matrix from the primaries that a profile is of to BT.709's: the nearest of those that libultrahdr knows."""
    if not profile:
        return None
    red = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.red_colorant
    if red is None:
        return None
    spaces: tuple[Literal["srgb", "display-p3", "bt2020"], ...] = ("srgb", "display-p3", "bt2020")
    reds = {space: between(space, "prophoto")[:, 0] for space in spaces}
    found = np.linalg.inv(to_xyz("prophoto")) @ np.array(red[0])
    nearest = min(spaces, key=lambda space: float(np.abs(reds[space] - found).sum()))
    return None if nearest == "srgb" else between(nearest, "srgb")


def _plain(path: Path, data: bytes) -> Decoded:
    _refuse_hdr_png(path, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # it is the user's own picture
        with Image.open(io.BytesIO(data)) as opened:
            profile = opened.info.get("icc_profile")
            picture = ImageOps.exif_transpose(opened)
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        raise PhotoError(f"{path} holds {picture.mode} pixels, not colours; save it as RGB", code=Code.UNSUPPORTED)
    if profile and picture.mode in ("RGB", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return _encoded(ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"))
    return _encoded(picture.convert("RGB"))


def _encoded(picture: Any) -> Decoded:
    return Decoded(np.asarray(picture), "encoded", 1 / 255)


def _deep(path: Path, data: bytes) -> Decoded:
    _refuse_hdr_png(path, data)
    library = _imagecodecs("pictures of 16 bits")
    codes = library.png_decode(data) if data.startswith(b"\x89PNG") else library.tiff_decode(data)
    if codes.dtype != np.uint16:
        raise PhotoError(f"{path} holds {codes.dtype} pixels; save it as 16 bits, or its light as EXR")
    codes = np.ascontiguousarray(np.repeat(codes[..., None], 3, 2) if codes.ndim == 2 else codes[..., :3])
    with Image.open(io.BytesIO(data)) as opened:
        profile = opened.info.get("icc_profile")
    if profile:
        codes = library.cms_transform(codes, profile, library.cms_profile("srgb"), colorspace="rgb")
    return Decoded(codes, "encoded", 1 / 65535)


def _refuse_hdr_png(path: Path, data: bytes) -> None:
    at = data.find(b"cICP", 0, 4096) if data.startswith(b"\x89PNG") else -1
    if at > 0 and data[at + 5] in (_PQ, _HLG):
        raise PhotoError(f"{path} is a PNG with PQ or HLG; save it as an AVIF with PQ", code=Code.UNSUPPORTED)


def _is_exr(data: bytes) -> bool:
    return data.startswith(b"\x76\x2f\x31\x01")


def _has_gain_map(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff") and any(mark in data for mark in _GAIN_MAPS)


def _is_deep(data: bytes) -> bool:
    """Whether it is a PNG or TIFF of more than 8 bits."""
    if data.startswith(b"\x89PNG"):
        return len(data) > 24 and data[24] == 16
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return False
    with Image.open(io.BytesIO(data)) as opened:
        bits: Any = getattr(opened, "tag_v2", {}).get(258, (8,))
        return max(bits if isinstance(bits, tuple) else (bits,)) > 8


def _is_avif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and b"avi" in data[8:64]


def _nclx(data: bytes) -> bytes:
    """What an AVIF says of its colours: primaries and transfer, 2 bytes each; empty where it says nothing."""
    if not _is_avif(data) or (at := data.find(b"colrnclx")) < 0:
        return b""
    return data[at + 8 : at + 12]


def _transfer(data: bytes) -> int:
    colours = _nclx(data)
    return struct.unpack(">HH", colours)[1] if len(colours) == 4 else 0


def _imagecodecs(kind: str) -> Any:
    try:
        import imagecodecs
    except ModuleNotFoundError as error:
        raise _missing("imagecodecs", kind) from error
    return imagecodecs


def _missing(package: str, kind: str) -> MissingError:
    return MissingError(f'{package}, which reads {kind}, is not installed; run: pip install "autohdr[pictures]"')


def _refused(path: Path, data: bytes, error: Exception) -> PhotoError:
    if isinstance(error, Image.DecompressionBombError):
        return PhotoError(f"{path} has more pixels than can be decoded at once; compare a crop or a smaller copy")
    known = _is_exr(data) or data[:3] == b"\xff\xd8\xff" or data[:4] == b"\x89PNG" or _is_avif(data)
    if known or data[:4] in (b"II*\0", b"MM\0*") or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return PhotoError(
            f"{path} is truncated or damaged and cannot be decoded; copy or save it again", code=Code.TRUNCATED
        )
    return PhotoError(f"{path} is not a picture that can be read; expected {KNOWN}", code=Code.UNSUPPORTED)
