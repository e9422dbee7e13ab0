"""Black-and-white edits, in the ways that programs write them."""

import pytest

from autohdr.sidecar import Document
from autohdr.sidecar.settings.treatment import black_and_white, converted

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" {attributes}>{below}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
LOOK = "<crs:Look><rdf:Description {attributes}>{below}</rdf:Description></crs:Look>"
PARAMETERS = "<crs:Parameters><rdf:Description {attributes}/></crs:Parameters>"


def document(attributes: str = "", below: str = "") -> Document:
    return Document.parse(XMP.format(attributes=attributes, below=below).encode())


def look(attributes: str, parameters: str = "") -> Document:
    return document(below=LOOK.format(attributes=attributes, below=PARAMETERS.format(attributes=parameters)))


@pytest.mark.parametrize(
    "told",
    [
        document('crs:ConvertToGrayscale="True"'),
        document(below="<crs:ConvertToGrayscale>True</crs:ConvertToGrayscale>"),
        document('crs:CameraProfile="Camera ACROS v2"'),
        look('crs:Name="Adobe Monochrome" crs:Amount="1" crs:Stubbed="true"'),
        look('crs:Name="Adaptive B&amp;W"'),
        look('crs:Name="Adobe Monochrom"'),
        look('crs:Name="x" crs:UUID="0CFE8F8AB5F63B2A73CE0B0077D20817"'),
        look('crs:Name="Ilford Delta 100"', 'crs:ConvertToGrayscale="True"'),
        document(below="<crs:Look rdf:parseType='Resource'><crs:Name>B&amp;W 10</crs:Name></crs:Look>"),
    ],
)
def test_a_treatment_or_a_profile_makes_it_black_and_white(told: Document) -> None:
    assert converted(told)
    assert black_and_white(told)


@pytest.mark.parametrize(
    "told",
    [
        document('crs:ConvertToGrayscale="False" crs:CameraProfile="Adobe Standard" crs:Saturation="-99"'),
        look('crs:Name="Adobe Color" crs:SupportsMonochrome="true"', 'crs:ConvertToGrayscale="False"'),
        document(below="<crs:Look/>"),
        document(
            below="<crs:MaskGroupBasedCorrections><rdf:Seq><rdf:li crs:ConvertToGrayscale='True'/></rdf:Seq>"
            "</crs:MaskGroupBasedCorrections>"
        ),
    ],
)
def test_all_else_is_in_colour(told: Document) -> None:
    assert not black_and_white(told)


def test_saturation_at_its_lowest_is_black_and_white_and_does_something() -> None:
    told = document('crs:Saturation="-100"')
    assert (black_and_white(told), converted(told)) == (True, False)
