"""Writes JPEG files for SDR, and puts the segments together that a JPEG file is made of.

The encoder is Pillow's (libjpeg-turbo; 1 ms for 512 x 341 pixels, as imagecodecs' takes). Colour is stored at full
size (4:4:4) at quality 90: at that quality half-size colour (4:2:0) saves 16 % of the bytes and costs 1.5 dB (a
photo of 512 x 341 pixels: 102 kB with 35.0 dB, 86 kB with 33.5 dB), and small pictures show it first at coloured edges.
"""

import io
import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import NAME, VERSION
from autohdr.develop.picture import Picture
from autohdr.develop.spaces import DisplayPrimaries
from autohdr.errors import PhotoError
from autohdr.pictures.icc import profile
from autohdr.pictures.pixel_codes import checked, srgb_codes

QUALITY = 90
"""Pillow's scale, 1 to 95."""
SOFTWARE = f"autohdr, {NAME}, version {VERSION}"
"""What a picture says that it was made by."""

LARGEST = 65500
"""Pixels of the longer side of the largest JPEG that libjpeg writes (its JPEG_MAX_DIMENSION)."""
APP1, APP2 = 0xE1, 0xE2
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0\x01\x01"


def jpeg(picture: Picture, quality: int = QUALITY) -> bytes:
    """Makes a JPEG file of a picture, with the ICC profile of its primaries; light above diffuse white is clipped.

    Raises:
        PhotoError: the picture is empty, not finite, or larger than a JPEG can be.
    """
    encoded = compressed(srgb_codes(checked(picture)), quality)
    words = f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="{SOFTWARE}"/>'
    return with_segments(encoded, [xmp_segment(words), icc_segment(picture.primaries)])


def compressed(codes: NDArray[np.uint8], quality: int) -> bytes:
    """Makes a bare JPEG of 8-bit codes (H, W, 3), colour at full size.

    Raises:
        PhotoError: it is larger than a JPEG can be.
    """
    height, width = codes.shape[:2]
    if max(height, width) > LARGEST:
        raise PhotoError(
            f"a picture of {width} x {height} pixels cannot be a JPEG, which has at most {LARGEST} each way; make it "
            "smaller, or write an AVIF"
        )
    file = io.BytesIO()
    Image.fromarray(codes).save(file, "JPEG", quality=quality, subsampling=0)
    return file.getvalue()


def with_segments(encoded: bytes, segments: Iterable[bytes]) -> bytes:
    """Puts further segments into a JPEG, behind the one (JFIF) that has to be the first."""
    start = 2 + 2 + int.from_bytes(encoded[4:6], "big") if encoded[2:4] == b"\xff\xe0" else 2
    return encoded[:start] + b"".join(segments) + encoded[start:]


def segment(marker: int, data: bytes) -> bytes:
    """Makes a segment of a JPEG file: marker, length, data."""
    return struct.pack(">BBH", 0xFF, marker, 2 + len(data)) + data


def xmp_segment(descriptions: str) -> bytes:
    """Makes the segment with an XMP document around these `rdf:Description` elements."""
    document = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"{descriptions}</rdf:RDF></x:xmpmeta>"
    )
    return segment(APP1, _XMP + document.encode())


def icc_segment(primaries: DisplayPrimaries) -> bytes:
    """Makes the segment with the ICC profile of these primaries."""
    return segment(APP2, _ICC + profile(primaries))
