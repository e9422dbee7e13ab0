"""Structures as they are taken out of one document and put into another."""

from pathlib import Path

import pytest
from lxml import etree

from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp.properties import CRS, RDF, Property
from autohdr.sidecar.xmp.values import Structure, says, structures_in, value_of
from tests.runtime.sidecar.structures import CURVE, LOOK, SCOPE, curve


def test_each_structure_of_a_real_document_means_the_same_alone_and_elsewhere(real: Path) -> None:
    for name, found in Document.parse(real.read_bytes()).settings().items():
        if found.element is None:
            continue
        value = value_of(found)
        assert isinstance(value, Structure)
        assert (value.text, value.key) == (found.text, f"{{{CRS}}}{name}")
        assert says(found, value)
        again = Document.parse(merge(None, {value.key: value})).properties[value.key]
        assert value_of(again) == value


def test_comments_and_other_marks_stay_behind() -> None:
    text = (
        f"<d><c:A xmlns:c='{CRS}' xmlns:r='{RDF}' xmlns:n='unused'><!-- ë --><?x ë?><r:Seq>\n"
        "<r:li><![CDATA[<ë>]]></r:li></r:Seq></c:A> behind</d>"
    )
    found = Structure.of(etree.fromstring(text)[0])
    assert found.xml == (f'<c:A xmlns:c="{CRS}" xmlns:r="{RDF}"><r:Seq>\n<r:li>&lt;&#235;&gt;</r:li></r:Seq></c:A>')


def test_prefixes_are_declared_where_they_mean_something_else() -> None:
    body = CURVE.xml.partition(">")[2]
    assert CURVE.spelled({"crs": CRS, "rdf": RDF}) == f"<crs:ToneCurvePV2012>{body}".encode()
    assert CURVE.spelled({"crs": "u:other", "rdf": RDF}) == f'<crs:ToneCurvePV2012 xmlns:crs="{CRS}">{body}'.encode()
    assert CURVE.spelled({}) == CURVE.xml.encode()


@pytest.mark.parametrize(
    "xml",
    [
        *("", "text", "<crs:A/>", "<A", "<A></B>", "<é/>", "<A>\N{EURO SIGN}</A>", "<!-- --><A/>", "<A/><B/>"),
        "<!DOCTYPE A [<!ENTITY e 'x'>]><A>&e;</A>",
        "<A>" * 200 + "</A>" * 200,
    ],
)
def test_what_is_no_element_by_itself_is_refused(xml: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Structure(xml)


def test_a_value_is_told_from_another() -> None:
    plain, twice = Property(" x ", simple=True), Property("", simple=False, given=(Property("x", simple=True),) * 2)
    structure = Property("", simple=False, element=CURVE.element())
    assert (value_of(plain), value_of(twice), value_of(structure)) == ("x", None, CURVE)
    assert says(plain, "x")
    assert says(structure, CURVE)
    for found, value in ((plain, "y"), (plain, CURVE), (twice, "x"), (structure, "x"), (structure, curve("0, 0"))):
        assert not says(found, value)


def test_indentation_and_prefixes_mean_nothing() -> None:
    xml = f"<c:ToneCurvePV2012 xmlns:c='{CRS}'><Seq xmlns='{RDF}'><li>0, 12</li><li>64, 60</li><li>255, 250</li></Seq>"
    other = Structure.of(etree.fromstring(f"{xml}</c:ToneCurvePV2012>"))
    assert (other.text, other.xml == CURVE.xml) == (CURVE.text, False)
    assert LOOK.text != LOOK.xml
    assert SCOPE in LOOK.xml


def test_structures_are_taken_to_the_byte(real: Path) -> None:
    document = Document.parse(real.read_bytes())
    names = {name for name, found in document.settings().items() if found.element is not None}
    exact = structures_in(document.utf8, names)
    assert exact.keys() == names
    scope = {"crs": CRS, "rdf": RDF}
    for name, value in exact.items():
        assert value.text == document.settings()[name].text
        if value.xml.isascii() and b"&#" not in value.xml.encode():
            assert value.spelled(scope) in document.utf8.replace(b"\r\n", b"\n")


def test_prefixes_of_any_kind_come_along() -> None:
    look = '<q:Look q:a="\'"\n   z:b=\'&quot;é\'><r:Alt xmlns:z="u:inner"><z:x/></r:Alt></q:Look>'
    outer = f"xmlns:r='{RDF}' xmlns:q='{CRS}' xmlns:z='u:z&amp;' xmlns:unused='u'"
    data = f"<r:RDF {outer}><r:Description>{look}<q:Other><r:Seq/></q:Other></r:Description></r:RDF>".encode()
    document = Document.parse(data)
    (value,) = structures_in(document.utf8, {"Look"}).values()
    assert value.text == document.settings()["Look"].text
    assert "unused" not in value.xml
    assert value.spelled({"q": CRS, "r": RDF, "z": "u:z&"}) == look.replace("é", "&#233;").encode()
    for strange in ("<!-- -->", "<![CDATA[x]]>", "<?x?>", "<none xmlns='u:none'/>"):
        again = Document.parse(data.replace(b"<z:x/>", strange.encode()))
        assert structures_in(again.utf8, {"Look"}) == {}
        assert value_of(again.settings()["Look"]) is not None
