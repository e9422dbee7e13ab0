import pytest

from autohdr.sidecar import Document, merge
from autohdr.sidecar.seal import BLANK, SEAL, digest, is_sealed, seal
from autohdr.sidecar.xmp.properties import CRS


def sealed(original: bytes | None = None) -> bytes:
    return seal(merge(original, {f"{{{CRS}}}Vibrance": "+9", SEAL: BLANK}))


def test_the_seal_is_a_digest_of_the_file_with_zeros_in_its_place() -> None:
    data = sealed()
    found = Document.parse(data).properties[SEAL].text
    assert data.count(found.encode()) == 1
    assert found == digest(data.replace(found.encode(), b"0" * 16))
    assert digest(b"abc") == "ba7816bf8f01cfea"  # FIPS 180-4


def test_any_changed_byte_breaks_it() -> None:
    data = sealed()
    assert is_sealed(Document.parse(data))
    whole = 0
    for index in range(len(data)):
        try:
            changed = Document.parse(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
        except Exception:
            continue
        whole += 1
        assert not is_sealed(changed), index
    assert whole > len(data) / 4


@pytest.mark.parametrize("more", [b"\n", b" ", b"<!-- seen -->"])
def test_something_at_the_end_breaks_it(more: bytes) -> None:
    assert not is_sealed(Document.parse(sealed() + more))


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_can_be_sealed(codec: str) -> None:
    data = merge(None, {f"{{{CRS}}}Vibrance": "0"}).decode().encode(codec)
    assert is_sealed(Document.parse(sealed(data)))
    assert not is_sealed(Document.parse(sealed(data).decode(codec).encode("utf-8")))


def test_a_document_is_sealed_anew_in_whatever_form_the_seal_stands() -> None:
    element = b"<a:Seal>1</a:Seal>"
    data = merge(None, {f"{{{CRS}}}Vibrance": "0"}).replace(
        b"/>\n </rdf", b">" + element + b"</rdf:Description>\n </rdf"
    )
    data = data.replace(b"rdf:about", b'xmlns:a="http://ns.autohdr.org/1.0/" rdf:about')
    assert not is_sealed(Document.parse(data))
    again = sealed(data)
    assert is_sealed(Document.parse(again))
    assert sealed(again) == again


@pytest.mark.parametrize("value", ["", BLANK, "&#48;", "f" * 16])
def test_any_other_value_is_no_seal(value: str) -> None:
    assert not is_sealed(Document.parse(merge(sealed(), {SEAL: value})))


def test_a_document_without_a_seal_or_with_two_is_not_sealed() -> None:
    data = merge(None, {f"{{{CRS}}}Vibrance": "0"})
    assert not is_sealed(Document.parse(data))
    second = b'<rdf:Description xmlns:o="http://ns.autohdr.org/1.0/" o:Seal="' + b"0" * 16 + b'"/>\n </rdf:RDF>'
    assert not is_sealed(Document.parse(sealed().replace(b"</rdf:RDF>", second)))
