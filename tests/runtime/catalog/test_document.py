"""Settings of a catalog as documents: what real sidecars say, said in Lua, comes back as the same edit."""

from pathlib import Path

from lxml import etree

from autohdr.catalog.document import document_of
from autohdr.catalog.lua import parse
from autohdr.edits.constant import tools_of
from autohdr.errors import SidecarError
from autohdr.sidecar import Document
from autohdr.sidecar.settings.labels import labels_in
from autohdr.sidecar.xmp.properties import CRS, number
from tests.catalogs import lua

IDLE = ("PostCropVignette", "LuminanceNoiseReduction", "LensProfile", "GrainSize", "GrainFrequency")
"""Beginnings of names that change nothing where what they belong to is off. A catalog always has them."""
ELSEWHERE = {"Brightness", "Contrast", "Shadows", "AutoTone"}
"""Names of before 2012 and marks of presets, which a catalog has beside what counts."""


def plain(text: str) -> object:
    text = text.strip()
    value = number(text)
    return text.casefold() == "true" if text.casefold() in ("true", "false") else text if value is None else value


def structure(element: etree._Element) -> dict[str, object]:
    named: dict[str, object] = {
        str(key).split("}")[1]: plain(str(one)) for key, one in element.items() if CRS in str(key)
    }
    return named | {str(child.tag).split("}")[1]: said(child) for child in element.iterchildren(etree.Element)}


def said(element: etree._Element) -> object:
    """An element of a sidecar, as a catalog has it."""
    below = next(element.iterchildren(etree.Element), None)
    if below is None:
        return plain(element.text or "")
    if str(below.tag).endswith("}Alt"):
        return {"x-default": (below[0].text or "").strip()}
    return listed(below) if str(below.tag).endswith("}Seq") else structure(below)


def listed(sequence: etree._Element) -> list[object]:
    items: list[object] = []
    for item in sequence.iterchildren(etree.Element):
        numbers = [number(part) for part in (item.text or "").split(",")]
        inner = next(item.iterchildren(etree.Element), None)
        if inner is not None:
            items.append(structure(inner))
        elif None in numbers:
            items.append((item.text or "").strip())
        else:
            items += numbers
    return items


def test_real_sidecars_said_in_lua_are_the_same_edits(shared_xmp: Path) -> None:
    compared = 0
    for path in sorted(shared_xmp.glob("[es]*.xmp")):
        try:
            document = Document.read(path)
        except SidecarError:  # one of them is cut off
            continue
        if document is None or document.outdated is not None:
            continue
        settings = {
            name: plain(one.text) if one.simple else {} if one.element is None else said(one.element)
            for name, one in document.settings().items()
        }
        again = document_of(parse(f"s = {lua(settings)}"))
        assert again.values() == dict.fromkeys(again.values(), 0.0) | document.values(), path.name
        idle = {name for name in document.edited() if name.startswith(IDLE)} | ELSEWHERE | {"AILook", "GrayMixerRed"}
        assert again.edited() - idle == document.edited() - idle - {"GrayMixerMagenta"}, path.name
        labels = [labels_in(one, "it") for one in (document, again)]
        assert len({(one.hdr, one.headroom, one.balance) for one in labels}) == 1, path.name
        ours, theirs = tools_of(document).tools, tools_of(again).tools
        assert {name: tool.same for name, tool in ours.items()} == {name: tool.same for name, tool in theirs.items()}
        compared += 1
    assert compared > 30
