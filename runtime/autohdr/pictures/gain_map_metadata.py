"""Makes the segments that tell readers of a gain map: ISO 21496-1, hdrgm XMP with its container, and the MPF index.

Sources: ISO 21496-1:2025 (annex C: the binary block in an APP2 segment `urn:iso:std:iso:ts:21496:-1`, version alone in
the base, all of it in the map), Adobe's "Gain map" specification 1.0 (`hdrgm`), Android's Ultra HDR image format 1.0
(the container directory in the base's XMP), CIPA DC-007 (MPF: offsets count from the byte-order mark inside its
segment). Readers look for one of the four at least, and differ in which.
"""

import struct
from dataclasses import dataclass

from autohdr.pictures.jpeg import APP2, SOFTWARE, segment, xmp_segment

_ISO = b"urn:iso:std:iso:ts:21496:-1\0"
_DENOMINATOR = 1_000_000
_EACH_CHANNEL, _COLOURS_OF_THE_BASE = 0x80, 0x40


@dataclass(frozen=True, slots=True)
class GainMap:
    """Holds what a reader must know of a gain map; its gamma is 1, and its three channels share one range."""

    lowest: float
    """log2 of the gain that code 0 stands for."""
    highest: float
    """log2 of the gain that code 255 stands for."""
    offset: float
    """Added to SDR and HDR before the ratio."""
    headroom: float
    """Stops above its white that a display needs for all of the HDR rendition."""


def base_segments(map_length: int) -> list[bytes]:
    """Makes the segments of the base: XMP with the container of both pictures, and which version of ISO 21496-1 this
    is."""
    items = (
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" '
        f'Item:Length="{map_length}"/></rdf:li>'
    )
    document = (
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" '
        'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
        'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" '
        f'xmp:CreatorTool="{SOFTWARE}" hdrgm:Version="1.0">'
        f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory></rdf:Description>"
    )
    return [xmp_segment(document), segment(APP2, _ISO + struct.pack(">HH", 0, 0))]


def map_segments(about: GainMap) -> list[bytes]:
    """Makes the segments of the gain map: hdrgm XMP and the ISO 21496-1 block."""
    return [_hdrgm(about), segment(APP2, _ISO + iso_block(about))]


def iso_block(about: GainMap) -> bytes:
    """Makes the metadata of ISO 21496-1: versions, flags, both headrooms, then five fractions for each channel."""
    block = struct.pack(">HHB", 0, 0, _EACH_CHANNEL | _COLOURS_OF_THE_BASE) + _fractions(0.0, about.headroom)
    return block + 3 * _fractions(about.lowest, about.highest, 1.0, about.offset, about.offset)


def mpf_segment(base_length: int, map_length: int, start: int) -> bytes:
    """Makes the index of the two pictures. `start` is where this segment begins, and `base_length` ends the base."""
    entries = struct.pack(">IIIHH", 0x00030000, base_length, 0, 0, 0)  # the primary one; its offset is 0 by definition
    entries += struct.pack(">IIIHH", 0, map_length, base_length - (start + 8) if base_length else 0, 0, 0)
    fields = struct.pack(">HHI4s", 0xB000, 7, 4, b"0100")
    fields += struct.pack(">HHII", 0xB001, 4, 1, 2)
    fields += struct.pack(">HHII", 0xB002, 7, len(entries), 8 + 2 + 3 * 12 + 4)
    return segment(APP2, b"MPF\0" + b"MM\0*" + struct.pack(">IH", 8, 3) + fields + bytes(4) + entries)


def _hdrgm(about: GainMap) -> bytes:
    # Attributes alone, not a list for each channel: libultrahdr 1.4 finds nothing in the latter.
    values = {
        "BaseRenditionIsHDR": "False",
        "GainMapMin": f"{about.lowest:.6f}",
        "GainMapMax": f"{about.highest:.6f}",
        "Gamma": "1.0",
        "OffsetSDR": f"{about.offset:.6f}",
        "OffsetHDR": f"{about.offset:.6f}",
        "HDRCapacityMin": "0.0",
        "HDRCapacityMax": f"{about.headroom:.6f}",
    }
    listed = " ".join(f'hdrgm:{name}="{value}"' for name, value in values.items())
    namespace = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'
    return xmp_segment(f'<rdf:Description rdf:about="" {namespace} {listed}/>')


def _fractions(*values: float) -> bytes:
    return b"".join(struct.pack(">iI", round(value * _DENOMINATOR), _DENOMINATOR) for value in values)
