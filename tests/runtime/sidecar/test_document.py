import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Document
from autohdr.sidecar.properties import RDF

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
    document = parse(xmp(content="<crs:Whites2012>+1<!-- 2 -->3</crs:Whites2012>"))
    assert document.get("Whites2012") == "+13"


@pytest.mark.parametrize("text", ["", "nan", "inf", "1_0", "0x10", "1e3", "++1", "1,5"])
def test_what_is_not_a_plain_number_is_no_value(xmp: Xmp, text: str) -> None:
    assert parse(xmp(f'crs:Exposure2012="{text}"')).values() == {}


def test_a_setting_that_is_given_twice_has_no_value(xmp: Xmp) -> None:
    document = parse(xmp('crs:Exposure2012="+0.50"', "<crs:Exposure2012>+1.50</crs:Exposure2012>"))
    assert document.get("Exposure2012") is None
    assert document.has("Exposure2012")


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


@pytest.mark.parametrize(
    ("version", "predates"), [("6.7", True), ("15.3", True), ("15.4", False), ("15.10", False), ("16.0", False)]
)
def test_hdr_editing_came_with_process_version_15_4(xmp: Xmp, version: str, predates: bool) -> None:
    assert parse(xmp(f'crs:ProcessVersion="{version}"')).predates_hdr == predates


def test_without_a_process_version_the_names_of_the_settings_tell(xmp: Xmp) -> None:
    assert parse(xmp('crs:Exposure="+0.50" crs:Saturation="5"')).outdated is not None
    assert parse(xmp('crs:Exposure="+0.50" crs:Exposure2012="+0.50"')).outdated is None
    assert parse(xmp('xmp:Rating="5"')).outdated is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a",
        b"\xff\xfe<",
        b"<a>\xff</a>",
        b"<a/>",
        b"<a/><b/>",
        b'<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>',
        b"<a>" * 100_000,
        b"<a b='" + b"c" * (20 << 20) + b"'/>",
        b"\0" * 100,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_xmp_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(SidecarError, match=r"^IMG_1\.xmp .*[^.\n]$"):
        Document.parse(data, "IMG_1.xmp")


def test_a_file_beyond_64_mib_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(SidecarError, match="larger than 64 MiB"):
        Document.read(path)


def test_an_entity_bomb_is_refused_before_it_is_expanded(xmp: Xmp) -> None:
    entities = '<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    begin = time.monotonic()
    for comment in ("", "<!-- a --><?b c?>"):
        with pytest.raises(SidecarError, match="document type"):
            parse(comment + f"<!DOCTYPE x [{entities}]>" + xmp('crs:Exposure2012="&e29;"'))
    assert time.monotonic() - begin < 1.0


def test_an_external_entity_is_never_opened(xmp: Xmp, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("+0.50")
    bomb = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>' + xmp(content="<crs:Vibrance>&e;</crs:Vibrance>")
    with pytest.raises(SidecarError, match="document type"):
        parse(bomb)


def test_there_is_no_document_where_there_is_no_file(tmp_path: Path) -> None:
    assert Document.read(tmp_path / "IMG_1.xmp") is None


def test_a_million_repetitions_of_one_property_are_read_in_bounded_time() -> None:
    place = f'<r:RDF xmlns:r="{RDF}"><r:Description>' + "<a/>" * 1_000_000 + "</r:Description></r:RDF>"
    begin = time.monotonic()
    assert parse(place).values() == {}
    assert time.monotonic() - begin < 60.0
