"""The sidecar that a simulated photographer's Lightroom leaves beside a photo.

Only for making shoots: it plays the photographer, so it is kept apart from the sidecars that autohdr writes.
"""

from datetime import UTC, datetime

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS

_X = "adobe:ns:meta/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"


def photographer_xmp(values: NDArray[np.float64], captured: float | None = None) -> bytes:
    """A whole XMP document with one HDR edit, the way Lightroom Classic lays it out.

    Args:
        values: (8,), sliders in Lightroom's units; each is written as the nearest value that a sidecar can hold, and
            NaN is left out.
        captured: capture time, seconds since 1970.

    Raises:
        ValueError: a value is infinite.
    """
    meta = etree.Element(f"{{{_X}}}xmpmeta", nsmap={"x": _X})
    meta.set(f"{{{_X}}}xmptk", "Adobe XMP Core 7.0-c000 1.000000, 0000/00/00-00:00:00        ")
    rdf = etree.SubElement(meta, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    about = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap={"xmp": _XMP, "crs": _CRS})
    about.set(f"{{{_RDF}}}about", "")
    if captured is not None:
        about.set(f"{{{_XMP}}}CreateDate", datetime.fromtimestamp(captured, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    settings = {
        "Version": "16.3",
        "ProcessVersion": "15.4",
        "WhiteBalance": "As Shot",
        **{
            slider.key: slider.spell(float(value))
            for slider, value in zip(SLIDERS, values, strict=True)
            if not np.isnan(value)
        },
        "HDREditMode": "1",
        "HDRMaxValue": "+2.30",  # stops above SDR white that the edit may use
        "HasSettings": "True",
        "AlreadyApplied": "False",
    }
    for key, value in settings.items():
        about.set(f"{{{_CRS}}}{key}", value)
    etree.indent(meta, space=" ")
    return bytes(etree.tostring(meta, encoding="utf-8")) + b"\n"
