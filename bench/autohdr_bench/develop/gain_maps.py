"""Reads gain-map JPEGs that Camera Raw has written: both renditions of one edit, and its settings.

Adobe's gain-map specification 1.0 (`hdrgm`): the map is the file's second picture by its MPF index (CIPA DC-007), and
HDR = (SDR + offset) 2 ** gain - offset, with the gain between the two ends of its range by the map's code to the power
of 1 / gamma. Light is linear in the primaries of the base's ICC profile: sRGB, Display P3 or ProPhoto RGB.
"""

import contextlib
import io
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from autohdr.develop import Settings
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.spaces import Primaries, between
from autohdr.develop.transfer import decode
from autohdr.errors import PhotoError
from autohdr.files.whole import read_bytes
from autohdr.sidecar.xmp.document import Document

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_EXTENSION = re.compile(rb"\xff\xe1(..)http://ns\.adobe\.com/xmp/extension/\0.{40}", re.DOTALL)
"""The head of a piece of extended XMP: what has no room in 64 KiB, long masks for one. Its length is in the group."""
_PROPHOTO_GAMMA = 1.8


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """Holds one edit as Camera Raw rendered it, in linear Display P3."""

    name: str
    raw: str
    """The name of the RAW file that it is an edit of; empty where that is not said."""
    settings: Settings
    sdr: NDArray[np.float32]
    """(H, W, 3), the SDR rendition, 0 to 1."""
    hdr: NDArray[np.float32]
    """(H, W, 3), the HDR rendition, 1 = diffuse white."""


def read(path: Path, edge: int) -> Edit:
    """Reads the edit in a gain-map JPEG, averaged to at most `edge` pixels.

    Raises:
        FileError: the file cannot be read.
        PhotoError: it holds no gain map or no settings.
        SidecarError: its settings make no sense.
    """
    data = read_bytes(path) or b""
    second = _second(data) or b""
    own = next((text for text in _XMP.findall(_joined(data)) if b"HDREditMode" in text), None)
    about = next((text for text in _XMP.findall(second) if b"hdrgm:GainMapMax" in text), None)
    if own is None or about is None:
        raise PhotoError(f"{path} is no HDR edit with a gain map; export one as JPEG with HDR Output from Lightroom")
    document = Document.parse(own, str(path))
    base = Image.open(io.BytesIO(data))
    primaries, sdr = _light(base)
    code = Image.open(io.BytesIO(second)).convert("RGB").resize(base.size, Image.Resampling.BILINEAR)
    hdr = _gained(sdr, (np.asarray(code) / 255).astype(np.float32), about.decode())
    into = between(primaries, "display-p3").T.astype(np.float32)
    small = (np.maximum(reduced(light, edge) @ into, 0) for light in (sdr, hdr))
    return Edit(path.name, document.get("RawFileName") or "", Settings.read(document, str(path)), *small)


def _joined(data: bytes) -> bytes:
    """A file, and behind it the pieces of its extended XMP as one."""
    ends = [(head.end(), head.start() + 2 + int.from_bytes(head[1], "big")) for head in _EXTENSION.finditer(data)]
    if not ends:
        return data
    whole = b"".join(data[start:end] for start, end in ends)
    return data[: ends[0][0]] + whole


def _second(data: bytes) -> bytes | None:
    """The second picture of a file by its MPF index; None where there is none."""
    start = data.find(b"MPF\0") + 4
    if start < 4 or data[start : start + 2] not in (b"MM", b"II"):
        return None
    order = ">" if data[start : start + 2] == b"MM" else "<"
    with contextlib.suppress(struct.error):  # cut off
        return _listed(data, start, order)
    return None


def _listed(data: bytes, start: int, order: str) -> bytes | None:
    """The second picture of an MPF index, whose byte-order mark is at `start`."""
    (directory,) = struct.unpack_from(f"{order}I", data, start + 4)
    (count,) = struct.unpack_from(f"{order}H", data, start + directory)
    for index in range(count):
        tag, _, _, entries = struct.unpack_from(f"{order}HHII", data, start + directory + 2 + 12 * index)
        if tag == 0xB002:
            _, size, offset = struct.unpack_from(f"{order}III", data, start + entries + 16)
            return data[start + offset : start + offset + size]
    return None


def _light(base: Image.Image) -> tuple[Primaries, NDArray[np.float32]]:
    """The primaries of a picture and its linear light."""
    name = ""
    if profile := base.info.get("icc_profile"):
        name = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.profile_description or ""
    encoded = (np.asarray(base.convert("RGB")) / 255).astype(np.float32)
    if "ProPhoto" in name:
        return "prophoto", (encoded**_PROPHOTO_GAMMA).astype(np.float32)
    return "display-p3" if "P3" in name else "srgb", decode(encoded).astype(np.float32)


def _gained(sdr: NDArray[np.float32], code: NDArray[np.float32], about: str) -> NDArray[np.float32]:
    """The HDR rendition of a base and the map's codes, 0 to 1, by the map's XMP."""

    def each(name: str, default: float) -> NDArray[np.float32]:
        if listed := re.search(rf"<hdrgm:{name}>(.*?)</hdrgm:{name}>", about, re.DOTALL):
            return np.array(re.findall(r"<rdf:li>([^<]*)", listed[1]), np.float32)
        single = re.search(rf'hdrgm:{name}="([^"]*)"', about)
        return np.full(3, float(single[1]) if single else default, np.float32)

    lowest, highest = each("GainMapMin", 0.0), each("GainMapMax", 1.0)
    gain = lowest + (highest - lowest) * code ** (1 / each("Gamma", 1.0))
    return np.maximum((sdr + each("OffsetSDR", 1 / 64)) * 2**gain - each("OffsetHDR", 1 / 64), 0)
