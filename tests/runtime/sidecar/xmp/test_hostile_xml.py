"""Documents made to hurt: each is refused in one sentence, for counts that bound time and memory, by no clock."""

import codecs
import importlib.util
import re
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp import document, limits
from autohdr.sidecar.xmp.properties import CRS, RDF

MIB = 1 << 20
VIBRANCE = f"{{{CRS}}}Vibrance"


def whole(content: str = "", attributes: str = "", before: str = "") -> bytes:
    """A document whose one rdf:Description has these attributes and content."""
    return (
        f"{before}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}'><rdf:Description rdf:about='' "
        f"xmlns:crs='{CRS}' {attributes}>{content}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def numbered(count: int, form: str) -> str:
    return " ".join(form.format(n) for n in range(count))


BOMB = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 30))
"""Billion laughs: e29 is 10 ** 29 times e0."""

DOCUMENT_TYPES: dict[str, Callable[[], bytes]] = {
    "billion laughs": lambda: whole("", "crs:Tint='&e29;'", f"<!DOCTYPE x [<!ENTITY e0 'lol'>{BOMB}]>"),
    "quadratic": lambda: whole("", f"crs:Tint='{'&a;' * 100_000}'", f"<!DOCTYPE x [<!ENTITY a '{'x' * 100_000}'>]>"),
    "recursive": lambda: whole("", "crs:Tint='&a;'", "<!DOCTYPE x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>"),
    "external file": lambda: whole("<crs:Tint>&a;</crs:Tint>", "", "<!DOCTYPE x [<!ENTITY a SYSTEM '/etc/hosts'>]>"),
    "external DTD": lambda: whole("", "", "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>"),
    "parameter entity": lambda: whole("", "", "<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x'> %a;]>"),
    "behind comments": lambda: whole("", "", f"<!--{'x' * 3 * MIB}--><?p?><!DOCTYPE x>"),
}
EXCESSES: dict[str, Callable[[], bytes]] = {
    "deeper than any stack": lambda: whole("<a>" * 100_000 + "</a>" * 100_000),
    "deep and cut off": lambda: b"<a>" * 100_000,
    "a level too deep": lambda: whole("<a>" * (limits.DEPTH_LIMIT - 2) + "</a>" * (limits.DEPTH_LIMIT - 2)),
    "3,000,000 elements": lambda: whole("<a/>" * 3_000_000),
    "3,000,000 elements, UTF-16": lambda: whole("<a/>" * 3_000_000).decode().encode("utf-16"),
    "3,000,000 comments": lambda: whole("<!---->" * 3_000_000),
    "a million CDATA sections": lambda: whole("<![CDATA[0]]>" * 1_000_000),
    "properties": lambda: whole(numbered(limits.PROPERTY_LIMIT, "<a{}/>")),
    "attributes of one element": lambda: whole("", numbered(limits.ATTRIBUTE_LIMIT, "a{}=''")),
    "300,000 attributes of one element": lambda: whole("", numbered(300_000, "a{}=''")),
    "300,000 namespaces": lambda: whole("", numbered(300_000, "xmlns:a{0}='u:{0}'")),
    "attributes of many elements": lambda: whole(("<a " + numbered(1000, "a{}=''") + "/>") * 300),
    "32 MiB of spaces": lambda: b" " * (32 * MIB),
    "an endless XML declaration": lambda: b"<?xml " + b" " * (12 * MIB),
    "an attribute of 12 MiB": lambda: whole("", f"crs:Tint='{'1' * 12 * MIB}'"),
    "an attribute of character references": lambda: whole("", f"crs:Tint='{'&#48;' * 3_000_000}'"),
    "a text of 12 MiB": lambda: whole(f"<crs:Tint>{'1' * 12 * MIB}</crs:Tint>"),
    "a comment of 12 MiB": lambda: whole(f"<!--{'x' * 12 * MIB}-->"),
    "a processing instruction of 12 MiB": lambda: whole(f"<?p {'x' * 12 * MIB}?>"),
    "a name of 12 MiB": lambda: whole(f"<{'n' * 12 * MIB}/>"),
}
MALFORMED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no XML": lambda: b"II*\0\x10\0\0\0",
    "NUL bytes": lambda: whole("\0"),
    "NUL bytes alone": lambda: b"\0" * 100,
    "a reference to NUL": lambda: whole("", "crs:Tint='&#0;'"),
    "a control character": lambda: whole("\x1b"),
    "an attribute twice": lambda: whole("", "crs:Tint='1' crs:Tint='2'"),
    "an attribute twice by two prefixes": lambda: whole("", f"crs:Tint='1' c:Tint='2' xmlns:c='{CRS}'"),
    "an undeclared prefix": lambda: whole("", "c:Tint='1'"),
    "an undeclared entity": lambda: whole("<crs:Tint>&nbsp;</crs:Tint>"),
    "UTF-7 without a word": lambda: b"+ADw-x+AD4-",
    "something behind the root": lambda: whole() + b"<a/>",
    "blanks before the XML declaration": lambda: b"\n" + whole("", "", "<?xml version='1.0'?>"),
}
ENCODINGS: dict[str, Callable[[], bytes]] = {
    "invalid UTF-8": lambda: whole().replace(b"''", b"'\xff'", 1),
    "overlong UTF-8": lambda: whole().replace(b"''", b"'\xc0\xaf'", 1),
    "a surrogate in UTF-8": lambda: whole().replace(b"''", b"'\xed\xa0\x80'", 1),
    "half a character of UTF-16": lambda: whole().decode().encode("utf-16") + b"\0",
    "half a character of UTF-32": lambda: whole().decode().encode("utf-32") + b"\0\0",
    "a lone surrogate in UTF-16": lambda: whole("@").decode().encode("utf-16-le").replace(b"@\0", b"\0\xd8"),
    "UTF-7": lambda: whole("", "", "<?xml version='1.0' encoding='utf-7'?>"),
    "UTF-16 declared alone": lambda: whole("", "", "<?xml version='1.0' encoding='UTF-16'?>"),
    "UTF-32 declared alone": lambda: whole("", "", "<?xml version='1.0' encoding='UTF-32BE'?>"),
    "UTF-8 declared alone": lambda: whole("é", "", "<?xml version='1.0' encoding='utf-8'?>").replace(b"\xc3", b""),
    "ASCII declared alone": lambda: whole("é", "", "<?xml version='1.0' encoding='us-ascii'?>"),
    "an encoding that is no text": lambda: whole("", "", "<?xml version='1.0' encoding='base64'?>"),
    "an encoding nobody knows": lambda: whole("", "", f"<?xml version='1.0' encoding='{'x' * MIB}'?>"),
    "EBCDIC": lambda: whole("", "", "<?xml version='1.0' encoding='ebcdic-cp-us'?>").decode().encode("cp037"),
}


def refused(data: bytes, match: str) -> None:
    """Refused by both doors, in one sentence that names the document and fits on a screen."""
    for attempt in (Document.parse, lambda data, source: merge(data, {VIBRANCE: "+7"}, source)):
        with pytest.raises(SidecarError, match=match) as caught:
            attempt(data, "IMG_1.xmp")
        assert re.fullmatch(r"IMG_1\.xmp .{20,300}(move it away|run again|report it with the file)", str(caught.value))


@pytest.mark.parametrize("name", DOCUMENT_TYPES)
def test_a_document_type_is_refused_before_any_entity_is_read(name: str) -> None:
    refused(DOCUMENT_TYPES[name](), "declares a document type")


@pytest.mark.parametrize("name", EXCESSES)
def test_more_than_any_xmp_holds_is_refused_by_count(name: str) -> None:
    refused(EXCESSES[name](), "expected at most [0-9]+, and is left alone")


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_well_formed_is_refused(name: str) -> None:
    refused(MALFORMED[name](), "is not well-formed XML")


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_that_is_broken_unknown_or_a_lie_is_refused(name: str) -> None:
    refused(ENCODINGS[name](), "is not valid|declares the encoding")


@pytest.mark.parametrize("version", ["1.1", "2.0", "1." + "0" * 1000])
def test_another_xml_is_refused(version: str) -> None:
    refused(whole("", "", f"<?xml version='{version}'?>"), "expected XML 1.0")


def test_the_largest_document_is_one_of_64_mib(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    for size in (document.SIZE_LIMIT + 1, 200 * MIB):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises(SidecarError, match=r"IMG_1\.xmp is larger than 64 MiB, and is left alone"):
            Document.read(path)
    path.write_bytes(whole(f"<a>{' ' * 7 * MIB}</a>" * 8).ljust(document.SIZE_LIMIT, b" "))
    assert Document.read(path) is not None


@pytest.mark.parametrize(("masks", "size"), [(12, 800_000), (8, 7_900_000)])
def test_a_sidecar_of_many_large_masks_is_read_and_merged_into(masks: int, size: int) -> None:
    """All values of an element were counted together: 9.6 MB of masks were refused, and told to be moved away."""
    rasters = " ".join(f"crs:Table_{number:032X}='{'B' * size}'" for number in range(masks))
    data = whole("", f"crs:Exposure2012='+0.50' {rasters}")
    assert Document.parse(data).values() == {"Exposure2012": 0.5}
    assert merge(data, {VIBRANCE: "+7"}).replace(b' crs:Vibrance="+7"', b"") == data


def test_a_raster_may_hold_quotes_and_equals_signs_as_digits() -> None:
    """85 characters stand for digits in a raster, the apostrophe and the equals sign among them."""
    digits = string.digits + string.ascii_letters + ".-:+=^!/*?`'|()[]{}@%$#"
    raster = digits * (800_000 // len(digits))
    rasters = " ".join(f'crs:Table_{number:032X}="{raster}"' for number in range(36))
    assert Document.parse(whole("", f"crs:Exposure2012='+0.50' {rasters}")).values() == {"Exposure2012": 0.5}
    refused(whole("", f'crs:Table_0="{raster * 12}"'), "a text or value of [0-9]+ bytes")


def test_a_file_that_is_cut_off_anywhere_is_refused() -> None:
    data = whole("<crs:Look><rdf:Description crs:Name='ü'/></crs:Look><!-- a --><![CDATA[ ]]>", "crs:Tint='&#49;'")
    for end in range(len(data)):
        with pytest.raises(SidecarError, match=r"^IMG_1\.xmp "):
            Document.parse(data[:end], "IMG_1.xmp")
    for end in range(2, len(data) * 2, 2):
        with pytest.raises(SidecarError, match=r"^IMG_1\.xmp "):
            Document.parse(data.decode("utf-8").encode("utf-16")[:end], "IMG_1.xmp")


def test_what_the_limits_allow_is_read_and_merged_into() -> None:
    """The dabs of many brushes, a whole tree of masks, and all that can be a property."""
    dabs = "".join(f"\n      <rdf:li>d 0.{n:06} 0.352131</rdf:li>" for n in range(120_000))
    levels = limits.DEPTH_LIMIT - 4
    masks = "<rdf:li>" * levels + "</rdf:li>" * levels
    settings = numbered(limits.ATTRIBUTE_LIMIT - 3, "crs:a{}='1'")
    rest = numbered(limits.PROPERTY_LIMIT - 6, "<crs:b{}/>")
    data = whole(f"<crs:M><rdf:Seq>{dabs}</rdf:Seq></crs:M><crs:N>{masks}</crs:N>{rest}", settings)
    assert len(Document.parse(data).settings()) == limits.ATTRIBUTE_LIMIT + limits.PROPERTY_LIMIT - 7
    merged = merge(data, {VIBRANCE: "+7"})
    assert merged.replace(b' crs:Vibrance="+7"', b"") == data


def test_a_document_that_is_too_full_for_ours_is_left_alone() -> None:
    data = whole("", numbered(limits.ATTRIBUTE_LIMIT - 2, "crs:a{}='1'"))
    assert Document.parse(data).has("a0")
    with pytest.raises(SidecarError, match=r"^IMG_1\.xmp has an element with 2001 attributes"):
        merge(data, {VIBRANCE: "+7"}, "IMG_1.xmp")


def test_a_real_document_holds_a_tenth_of_each_limit_at_most(real: Path) -> None:
    found = Document.parse(real.read_bytes())
    elements = [element for element in found.root.iter() if isinstance(element.tag, str)]
    assert len(found.data) <= document.SIZE_LIMIT / 10
    assert found.utf8.count(b"<") <= limits.TAG_LIMIT / 10
    assert found.utf8.count(b"=") <= limits.EQUALS_LIMIT / 10
    assert len(found.properties) <= limits.PROPERTY_LIMIT / 10
    assert max(len(list(element.iterancestors())) for element in elements) < limits.DEPTH_LIMIT / 3
    assert max(len(element.attrib) + len(element.nsmap) for element in elements) <= limits.ATTRIBUTE_LIMIT / 4


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_declaration_that_lies_about_unicode_is_of_no_account(mark: bytes) -> None:
    """The bytes say what they are in; a program that saved the document anew forgot the declaration."""
    text = whole("<a>é€</a>", "crs:Vibrance='0'", "<?xml version='1.0' encoding='{}'?>").decode()
    marked = codecs.BOM_UTF8 + text.format("iso-8859-1").encode()
    for data in (marked, text.format("utf-8").encode("utf-16"), text.format("utf-8").encode("utf-32-be")):
        merged = merge(data, {VIBRANCE: "+7"})
        assert Document.parse(merged).values() == {"Vibrance": 7.0}
        assert len(merged) == len(data) + (len(data) // len(text) or 1)


@pytest.mark.skipif(importlib.util.find_spec("resource") is None, reason="this system does not tell a process's memory")
@pytest.mark.parametrize("name", ["3,000,000 elements", "a comment of 12 MiB", "as much as is allowed"])
def test_memory_stays_bounded(name: str) -> None:
    """In a process of its own: what the worst documents need beyond their own bytes."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, name],
        cwd=Path(__file__).resolve().parents[4],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 512 * MIB


GROWTH = """
import resource, sys
from autohdr.errors import SidecarError
from autohdr.sidecar import Document
from tests.runtime.sidecar.xmp import test_hostile_xml as hostile

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

every = {**hostile.EXCESSES, **hostile.MALFORMED}
dabs = "<rdf:li>d 0.514290 0.352131</rdf:li>" * 240_000
data = every[sys.argv[1]]() if sys.argv[1] in every else hostile.whole(f"<crs:M><rdf:Seq>{dabs}</rdf:Seq></crs:M>")
before = peak()
try:
    Document.parse(data).settings()["M"].text
except SidecarError:
    pass
print(peak() - before)
"""
