from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Document
from autohdr.sidecar.xmp.properties import RDF, XMP

Xmp = Callable[..., str]


def parse(text: str) -> Document:
    return Document.parse(text.encode())


def test_a_setting_is_read_from_an_attribute_and_from_an_element(xmp: Xmp) -> None:
    document = parse(xmp('crs:Exposure2012="+0.50"', "<crs:Shadows2012> +12\n</crs:Shadows2012>"))
    assert document.values() == {"Exposure2012": 0.5, "Shadows2012": 12.0}


def test_any_prefix_and_several_descriptions_are_read() -> None:
    document = parse(
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:c='http://ns.adobe.com/camera-raw-settings/1.0/'>"
        "<r:Description c:Vibrance='+3'/><r:Description><c:HDREditMode>1</c:HDREditMode></r:Description></r:RDF>"
    )
    assert document.values() == {"Vibrance": 3.0}
    assert document.hdr


def test_a_nested_looks_parameters_are_not_the_photos(xmp: Xmp) -> None:
    look = (
        '<crs:Look><rdf:Description crs:Name="Adobe Color"><crs:Parameters><rdf:Description crs:Exposure2012="-2.00"'
        ' crs:ProcessVersion="5.0" crs:HDREditMode="1"/></crs:Parameters></rdf:Description></crs:Look>'
    )
    document = parse(xmp(content=look))
    assert document.values() == {}
    assert document.process_version is None
    assert not document.hdr
    assert document.edited() == {"Look"}


def test_a_comment_within_a_value_is_not_part_of_it(xmp: Xmp) -> None:
    document = parse(xmp(content="<crs:Whites2012>+1<!-- 2 -->3<?p 4?></crs:Whites2012>"))
    assert document.get("Whites2012") == "+13"


@pytest.mark.parametrize(
    "text", ["+0.50", "&#x2B;0&#46;50", "&#43;.5", " +0.5\n", "0.500000", "00.5", "\t0.50\r\n", "+0.5&#32;"]
)
def test_however_a_number_is_spelled_it_is_read(xmp: Xmp, text: str) -> None:
    assert parse(xmp(f'crs:Exposure2012="{text}"')).values() == {"Exposure2012": 0.5}
    assert parse(xmp(content=f"<crs:Exposure2012>{text}</crs:Exposure2012>")).values() == {"Exposure2012": 0.5}
    assert parse(xmp(f'crs:Exposure2012="-{text.strip().removeprefix("+")}"')).get("Exposure2012") is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1_0",
        "0x10",
        "1e1",
        "1e3",
        "++1",
        "1,5",
        "0,50",
        "1/2",
        "٣",
        "½",
        "\u22125",
        ".",
    ],
)
def test_what_is_not_a_plain_number_is_no_value(xmp: Xmp, text: str) -> None:
    assert parse(xmp(f'crs:Exposure2012="{text}"')).values() == {}


def test_a_setting_that_is_given_twice_has_no_value(xmp: Xmp) -> None:
    document = parse(xmp('crs:Exposure2012="+0.50"', "<crs:Exposure2012>+1.50</crs:Exposure2012>"))
    assert document.get("Exposure2012") is None
    assert document.has("Exposure2012")


def test_entities_of_xml_itself_are_read(xmp: Xmp) -> None:
    document = parse(
        xmp('xmp:Label="&lt;&amp;&gt;&quot;&apos;&#x1F600;"', "<xmp:Rating>&#53;<![CDATA[<&]]></xmp:Rating>")
    )
    assert document.get("Label", XMP) == "<&>\"'😀"
    assert document.get("Rating", XMP) == "5<&"


@pytest.mark.parametrize(
    "form",
    [
        '<crs:Exposure2012 rdf:parseType="Resource"><rdf:value>+0.50</rdf:value></crs:Exposure2012>',
        '<crs:Exposure2012 rdf:parseType="Literal">+0.50</crs:Exposure2012>',
        '<crs:Exposure2012 rdf:resource="+0.50"/>',
        '<crs:Exposure2012 xml:lang="x-default">+0.50</crs:Exposure2012>',
        "<crs:Exposure2012><rdf:Alt><rdf:li xml:lang='x-default'>+0.50</rdf:li></rdf:Alt></crs:Exposure2012>",
        "<crs:Exposure2012><rdf:Description><rdf:value>+0.50</rdf:value></rdf:Description></crs:Exposure2012>",
    ],
)
def test_a_slider_that_is_no_plain_value_is_there_and_has_no_value(xmp: Xmp, form: str) -> None:
    document = parse(xmp(content=form))
    assert document.values() == {}
    assert document.has("Exposure2012")
    assert document.edited() == {"Exposure2012"}


@pytest.mark.parametrize(
    "place",
    [
        '<crs:Look rdf:parseType="Resource"><crs:Exposure2012>-2.00</crs:Exposure2012></crs:Look>',
        '<crs:Look crs:Exposure2012="-2.00"/>',
        '<crs:Preset><rdf:Description><crs:Parameters rdf:parseType="Resource"><crs:Exposure2012>-2.00'
        "</crs:Exposure2012></crs:Parameters></rdf:Description></crs:Preset>",
        '<crs:MaskGroupBasedCorrections><rdf:Seq><rdf:li><rdf:Description crs:Exposure2012="-2.00"/></rdf:li></rdf:Seq>'
        "</crs:MaskGroupBasedCorrections>",
        '<rdf:Description crs:Exposure2012="-2.00"/>',
        '<u:Other xmlns:u="u:u" xmlns:crs="u:v" crs:Exposure2012="-2.00"/>',
        '<crs:Exposure2012 xmlns:crs="u:v">-2.00</crs:Exposure2012>',
        "<!-- <crs:Exposure2012>-2.00</crs:Exposure2012> -->",
        '<?crs crs:Exposure2012="-2.00"?>',
        "<xmp:Label><![CDATA[<crs:Exposure2012>-2.00</crs:Exposure2012>]]></xmp:Label>",
    ],
)
def test_what_stands_elsewhere_is_not_the_photos(xmp: Xmp, place: str) -> None:
    document = parse(xmp(content=place))
    assert not document.has("Exposure2012")
    assert parse(xmp('crs:Exposure2012="+0.50"', place)).values() == {"Exposure2012": 0.5}


def test_a_structures_text_changes_with_all_that_is_in_it(xmp: Xmp) -> None:
    """And with nothing else: neither prefixes nor indentation nor comments."""
    mask = '<crs:M><rdf:Seq><rdf:li crs:a="1">x</rdf:li><rdf:li/></rdf:Seq></crs:M>'
    texts = {form: parse(xmp(content=form)).settings()["M"].text for form in (mask, mask.replace(">", ">\n <!-- -->"))}
    assert len(set(texts.values())) == 1
    for old, new in (("1", "2"), ("crs:a", "a"), ("x<", "y<"), ("<rdf:li/>", ""), ("rdf:Seq", "rdf:Bag")):
        assert parse(xmp(content=mask.replace(old, new))).settings()["M"].text not in texts.values()
    twice = parse(xmp(content=mask + mask.replace("1", "2"))).settings()["M"]
    assert twice.text != parse(xmp(content=mask + mask)).settings()["M"].text
    assert not twice.simple


@pytest.mark.parametrize("text", ["True", "0", "true", ""])
def test_hdr_is_on_for_one_alone(xmp: Xmp, text: str) -> None:
    assert not parse(xmp(f'crs:HDREditMode="{text}"')).hdr


def test_bookkeeping_is_no_edit(xmp: Xmp) -> None:
    names = (
        'crs:Version="16.3" crs:ProcessVersion="15.4" crs:HasSettings="False" crs:RawFileName="A.CR2" xmp:Rating="5"'
    )
    assert not parse(xmp(names)).has_develop_settings
    assert parse(xmp(names + ' crs:CropTop="0.1"')).has_develop_settings


@pytest.mark.parametrize("version", ["6.7", "10.0", "11.0", "15.4", "6.10"])
def test_process_versions_since_2012_are_current(xmp: Xmp, version: str) -> None:
    assert parse(xmp(f'crs:ProcessVersion="{version}"')).outdated is None


@pytest.mark.parametrize("version", ["5.0", "5.7", "6.6", "2", "ocps-1.0", ""])
def test_earlier_and_unknown_process_versions_are_outdated(xmp: Xmp, version: str) -> None:
    assert parse(xmp(f'crs:ProcessVersion="{version}" crs:Exposure2012="0.00"')).outdated is not None


def test_what_is_said_of_a_process_version_fits_on_a_line(xmp: Xmp) -> None:
    outdated = parse(xmp(f'crs:ProcessVersion="{"9&#10;" * 100_000}"')).outdated
    assert outdated is not None
    assert len(outdated) < 100
    assert outdated.isprintable()


@pytest.mark.parametrize(
    ("version", "predates"), [("6.7", True), ("15.3", True), ("15.4", False), ("15.10", False), ("16.0", False)]
)
def test_hdr_editing_came_with_process_version_15_4(xmp: Xmp, version: str, predates: bool) -> None:
    assert parse(xmp(f'crs:ProcessVersion="{version}"')).predates_hdr == predates


def test_without_a_process_version_the_names_of_the_settings_tell(xmp: Xmp) -> None:
    assert parse(xmp('crs:Exposure="+0.50" crs:Saturation="5"')).outdated is not None
    assert parse(xmp('crs:Exposure="+0.50" crs:Exposure2012="+0.50"')).outdated is None
    assert parse(xmp('xmp:Rating="5"')).outdated is None


@pytest.mark.parametrize("content", ["<a/>", f"<a><b><r:RDF xmlns:r='{RDF}'/></b></a>", f"<r:RDF xmlns:r='{RDF}/'/>"])
def test_what_holds_no_rdf_is_no_sidecar(content: str) -> None:
    with pytest.raises(SidecarError, match=r"^IMG_1\.xmp has 0 rdf:RDF elements, expected one: .*; move it away$"):
        Document.parse(content.encode(), "IMG_1.xmp")


def test_two_packets_in_one_document_are_refused() -> None:
    with pytest.raises(SidecarError, match="has 2 rdf:RDF elements"):
        parse(f"<a xmlns:r='{RDF}'><r:RDF/><r:RDF/></a>")


def test_there_is_no_document_where_there_is_no_file(tmp_path: Path) -> None:
    assert Document.read(tmp_path / "IMG_1.xmp") is None
