"""Structures such as Lightroom writes them, for tests."""

from autohdr.sidecar.xmp.properties import CRS, RDF
from autohdr.sidecar.xmp.values import Structure, Value

SCOPE = f'xmlns:crs="{CRS}" xmlns:rdf="{RDF}"'


def curve(*points: str, name: str = "ToneCurvePV2012") -> Structure:
    """A tone curve through points such as "0, 0"."""
    items = "".join(f"\n     <rdf:li>{point}</rdf:li>" for point in points)
    return Structure(f"<crs:{name} {SCOPE}>\n    <rdf:Seq>{items}\n    </rdf:Seq>\n   </crs:{name}>")


CURVE = curve("0, 12", "64, 60", "255, 250")
LOOK = Structure(
    f'<crs:Look {SCOPE}>\n    <rdf:Description crs:Name="Vivid &amp; &#169;" crs:Amount="0.8" crs:UUID="0F">\n'
    '    <crs:Group>\n     <rdf:Alt>\n      <rdf:li xml:lang="x-default">Pro&#64257;les</rdf:li>\n     </rdf:Alt>\n'
    '    </crs:Group>\n    <crs:Parameters>\n     <rdf:Description crs:Version="15.0" crs:Saturation="+7">\n'
    "     <crs:ToneCurvePV2012>\n      <rdf:Seq>\n       <rdf:li>0, 0</rdf:li>\n       <rdf:li>255, 255</rdf:li>\n"
    "      </rdf:Seq>\n     </crs:ToneCurvePV2012>\n     </rdf:Description>\n    </crs:Parameters>\n"
    "    </rdf:Description>\n   </crs:Look>"
)
ALSO: dict[str, Value] = {
    "CameraProfile": "Camera Vivid",
    "WhiteBalance": "Custom",
    "Temperature": "5600",
    "Tint": "+6",
    "Sharpness": "60",
    "ToneCurveName2012": "Custom",
    "ToneCurvePV2012": CURVE,
    "Look": LOOK,
}
"""All kinds of what a label may hold beside sliders and mode."""
