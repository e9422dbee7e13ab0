import codecs
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Document, develop, merge
from autohdr.sidecar.xmp.properties import CRS, OURS, RDF
from tests.runtime.sidecar.canonical import without

Xmp = Callable[..., str]


def clark(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"{{{CRS}}}{name}": str(value) for name, value in settings.items()}


def taken_back(merged: bytes, original: bytes, changes: Mapping[str, str]) -> bytes:
    """`merged` with the old values put back and the added attributes cut out."""
    before = Document.parse(original)
    old = {key: before.properties[key].text for key in changes if key in before.properties}
    restored = merge(merged, old)
    for key in changes.keys() - old.keys():
        name = key.rpartition("}")[2].encode()
        restored, count = re.subn(
            rb"\s+[a-z0-9]+:" + name + rb'="' + re.escape(changes[key].encode()) + b'"', b"", restored
        )
        assert count == 1
    for namespace in (CRS, OURS):
        if namespace.encode() not in original:
            restored = re.sub(rb'\s+xmlns:[a-z0-9]+="' + re.escape(namespace.encode()) + b'"', b"", restored)
    return restored


def test_a_real_document_keeps_every_other_byte(real: Path, settings: dict[str, float]) -> None:
    original = real.read_bytes()
    changes = {**clark(develop(settings)), f"{{{OURS}}}Model": "test"}

    merged = merge(original, changes)

    after = Document.parse(merged)
    assert {key: after.properties[key].text for key in changes} == changes
    assert without(merged, set(changes)) == without(original, set(changes))
    assert taken_back(merged, original, changes) == original
    assert merge(merged, changes) is merged


def test_a_real_document_that_is_broken_is_refused(broken: Path) -> None:
    with pytest.raises(SidecarError):
        merge(broken.read_bytes(), clark({"Vibrance": "+7"}))


@pytest.mark.parametrize(
    "attributes",
    [
        "crs:Vibrance='0' xmp:Label = 'a > b \"c\" &#xA; d'",
        'xmp:Label="&lt;/rdf:Description>" crs:Vibrance="0"',
        'crs:Vibrance\n=\n"0" xmp:Label="crs:Vibrance=&quot;0&quot;"',
        'crs:Vibrance="0"   xmp:Label="ü€😀"\t',
    ],
)
def test_one_value_changes_within_its_quotes(xmp: Xmp, attributes: str) -> None:
    original = xmp(attributes)
    begin = original.index("0", original.index("crs:Vibrance", original.index(attributes)))
    merged = merge(original.encode(), clark({"Vibrance": "+7"})).decode()
    assert merged == original[:begin] + "+7" + original[begin + 1 :]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<crs:Vibrance>0</crs:Vibrance>", "<crs:Vibrance>+7</crs:Vibrance>"),
        ("<crs:Vibrance></crs:Vibrance >", "<crs:Vibrance>+7</crs:Vibrance >"),
        ("<crs:Vibrance/>", "<crs:Vibrance>+7</crs:Vibrance>"),
        ("<crs:Vibrance\n/>", "<crs:Vibrance>+7</crs:Vibrance>"),
        ("<crs:Vibrance><![CDATA[0]]></crs:Vibrance>", "<crs:Vibrance>+7</crs:Vibrance>"),
        (f'<c:Vibrance xmlns:c="{CRS}">0</c:Vibrance>', f'<c:Vibrance xmlns:c="{CRS}">+7</c:Vibrance>'),
        (f'<Vibrance xmlns="{CRS}">0</Vibrance>', f'<Vibrance xmlns="{CRS}">+7</Vibrance>'),
    ],
)
def test_an_element_gets_another_content(xmp: Xmp, before: str, after: str) -> None:
    tail = "<!-- <crs:Vibrance>0</crs:Vibrance> --><xmp:Label><![CDATA[<a>&]]></xmp:Label>"
    assert merge(xmp(content=before + tail).encode(), clark({"Vibrance": "+7"})) == xmp(content=after + tail).encode()


def test_a_value_that_is_right_already_is_left_as_it_is_spelled(xmp: Xmp) -> None:
    original = xmp("crs:Vibrance='&#43;7'", "<crs:Saturation> +7<!-- a --></crs:Saturation>").encode()
    assert merge(original, clark({"Vibrance": "+7", "Saturation": "+7"})) is original
    assert b"&#43;7" in merge(original, clark({"Vibrance": "+7", "Saturation": "+7", "Whites2012": "0"}))


@pytest.mark.parametrize(
    "content",
    [
        "<crs:Vibrance><rdf:Seq><rdf:li>0</rdf:li></rdf:Seq></crs:Vibrance>",
        '<crs:Vibrance rdf:value="0"/>',
        "<crs:Vibrance>0<!-- mine --></crs:Vibrance>",
        "<crs:Vibrance>0</crs:Vibrance><crs:Vibrance>0</crs:Vibrance>",
    ],
)
def test_a_form_that_would_lose_something_is_refused(xmp: Xmp, content: str) -> None:
    with pytest.raises(SidecarError, match=r"^IMG_1\.xmp has "):
        merge(xmp(content=content).encode(), clark({"Vibrance": "+7"}), "IMG_1.xmp")


def test_new_settings_join_the_description_that_has_some() -> None:
    original = (
        f'<r:RDF xmlns:r="{RDF}"><r:Description r:about="" xmlns:x="u:x" x:a="1"/>\n'
        f"<r:Description xmlns:c='{CRS}' r:about=''\n\n  c:Tint='1' ><x/></r:Description></r:RDF>"
    )
    merged = merge(original.encode(), clark({"Vibrance": "+7"})).decode()
    assert merged == original.replace("c:Tint='1'", "c:Tint='1'\n\n  c:Vibrance=\"+7\"")


@pytest.mark.parametrize("declared", [f'xmlns="{CRS}"', 'xmlns:crs="u:other" xmlns:crs2="u:third"'])
def test_a_prefix_that_means_something_else_is_not_taken_over(declared: str) -> None:
    inner = "<crs:Vibrance>5</crs:Vibrance>" if "crs=" in declared else "<y:a xmlns:y='u:y'/>"
    original = f'<r:RDF xmlns:r="{RDF}" {declared}><r:Description>{inner}</r:Description></r:RDF>'.encode()
    merged = merge(original, clark({"Vibrance": "+7"}))
    assert Document.parse(merged).get("Vibrance") == "+7"
    assert without(merged, set(clark({"Vibrance": ""}))) == without(original, set())


@pytest.mark.parametrize("rdf", ["<r:RDF {}/>", "<r:RDF {}></r:RDF>", "<r:RDF {}> <!-- a -->\r\n</r:RDF>", "<RDF {}/>"])
def test_a_document_without_any_description_gets_one(rdf: str) -> None:
    colon = ":r" if "r:" in rdf else ""
    original = ('<x:xmpmeta xmlns:x="adobe:ns:meta/">' + rdf.format(f'xmlns{colon}="{RDF}"') + "</x:xmpmeta>").encode()
    merged = merge(original, clark({"Vibrance": "+7"}))
    assert Document.parse(merged).values() == {"Vibrance": 7.0}
    assert merge(merged, clark({"Vibrance": "+7"})) is merged


@pytest.mark.parametrize(
    ("mark", "codec", "declaration"),
    [
        (codecs.BOM_UTF8, "utf-8", ""),
        (codecs.BOM_UTF16_LE, "utf-16-le", ""),
        (codecs.BOM_UTF16_BE, "utf-16-be", '<?xml version="1.0" encoding="UTF-16"?>'),
        (b"", "utf-16-le", '<?xml version="1.0" encoding="UTF-16LE"?>'),
        (b"", "utf-16-be", ""),
        (b"", "utf-16-be", "\n<!-- no mark, no declaration -->"),
        (b"", "utf-16-le", " "),
        (b"", "utf-32-be", "\n"),
        (codecs.BOM_UTF32_LE, "utf-32-le", ""),
        (b"", "iso8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>"),
        (b"", "utf-8", "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>"),
    ],
)
def test_encoding_line_ends_and_packet_stay(xmp: Xmp, mark: bytes, codec: str, declaration: str) -> None:
    text = declaration + xmp('xmp:Label="é" crs:Vibrance="0"').replace("\n", "\r\n") + " " * 40 + "<?xpacket end='w'?>"
    original = mark + text.encode(codec)
    merged = merge(original, clark({"Vibrance": "+7"}))
    assert merged == mark + text.replace('crs:Vibrance="0"', 'crs:Vibrance="+7"').encode(codec)


def test_a_new_document_has_camera_raws_form() -> None:
    lines = merge(None, clark({"Exposure2012": "+0.50", "Vibrance": "0"})).decode().split("\n")
    assert lines == [
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="autohdr">',
        f' <rdf:RDF xmlns:rdf="{RDF}">',
        '  <rdf:Description rdf:about=""',
        f'    xmlns:crs="{CRS}"',
        '   crs:Exposure2012="+0.50"',
        '   crs:Vibrance="0"/>',
        " </rdf:RDF>",
        "</x:xmpmeta>",
        "",
    ]
