"""Two documents hold the same edit, however it is spelled and whatever stands at its default beside it."""

import pytest

from autohdr.sidecar import Document
from autohdr.sidecar.settings.alike import alike, covers

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
)
CURVE = "<crs:ToneCurvePV2012><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>{}</rdf:li></rdf:Seq></crs:ToneCurvePV2012>"


def document(settings: str, inside: str = "") -> Document:
    text = f'{HEAD}crs:ProcessVersion="15.4" {settings}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
    return Document.parse(text.encode())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('crs:Exposure2012="+0.50"', 'crs:Exposure2012="0.5" crs:Contrast2012="0"', True),
        ('crs:Exposure2012="+0.50"', 'crs:Exposure2012="+0.51"', False),
        ('crs:Exposure2012="+0.50"', 'crs:Exposure2012="+0.50" crs:CropLeft="0.1"', False),
        ('crs:CameraProfile="One"', 'crs:CameraProfile="Two"', False),
    ],
)
def test_plain_settings(one: str, other: str, same: bool) -> None:
    assert alike(document(one), document(other)) is same
    assert alike(document(other), document(one)) is same


@pytest.mark.parametrize(
    ("one", "other", "all_of_it"),
    [
        (
            'crs:Exposure2012="0.5" crs:CropLeft="0.1" crs:Texture="3"',
            'crs:Exposure2012="+0.50" crs:CropLeft="0.2"',
            True,
        ),
        ('crs:Exposure2012="0.5"', 'crs:Exposure2012="+0.50" crs:CropLeft="0.2"', False),
        ('crs:Exposure2012="0.6" crs:CropLeft="0.2"', 'crs:Exposure2012="+0.50" crs:CropLeft="0.2"', False),
        ('crs:Exposure2012="0.5"', 'crs:Exposure2012="+0.50" crs:HDREditMode="1"', False),
        ('crs:Exposure2012="0.5" crs:Contrast2012="0"', 'crs:Exposure2012="0.5"', True),
    ],
)
def test_one_holds_all_of_another(one: str, other: str, all_of_it: bool) -> None:
    assert covers(document(one), document(other)) is all_of_it


def test_curves() -> None:
    bent = document("", CURVE.format("200, 255"))
    assert alike(bent, document('crs:Contrast2012="0"', CURVE.format("200, 255")))
    assert not alike(bent, document("", CURVE.format("201, 255")))
    assert not alike(bent, document('crs:ToneCurvePV2012="200, 255"'))
