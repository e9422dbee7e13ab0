"""Structures that are put into documents, or take the places of others, leave everything else as it is."""

import os
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.errors import SidecarError
from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Value, says
from tests.runtime.sidecar.canonical import without
from tests.runtime.sidecar.drafts import Draft, drafts
from tests.runtime.sidecar.structures import CURVE, LOOK, curve

several = hypothesis.settings(max_examples=int(os.environ.get("AUTOHDR_EXAMPLES", "60")))
points = st.lists(st.integers(0, 255).map(lambda value: f"{value}, {value}"), max_size=3).map(lambda some: curve(*some))
values = st.fixed_dictionaries(
    {},
    optional={
        "Look": st.sampled_from([LOOK, None]),
        "ToneCurvePV2012": st.one_of(points, st.none()),
        "CameraProfile": st.just("x <ë>"),
        "Vibrance": st.sampled_from(["+7", None]),
        "Version": st.none(),
    },
).filter(bool)


def clark(settings: dict[str, Value | None]) -> dict[str, Value | None]:
    return {f"{{{CRS}}}{name}": value for name, value in settings.items()}


def held(draft: Draft) -> Document:
    return Document.parse(draft.encode(draft.text({})))


def mergeable(document: Document, changes: dict[str, Value | None]) -> bool:
    """Whether nothing that shall be set stands there twice, or as a structure where a plain value shall be."""
    found = [(document.properties[key], value) for key, value in changes.items() if key in document.properties]
    return all(not one.given and (one.simple or not isinstance(value, str)) for one, value in found)


def done(document: Document, changes: dict[str, Value | None]) -> bool:
    """Whether a document says what it was to say."""
    found = document.properties
    assert {key for key, value in changes.items() if value is None}.isdisjoint(found)
    return all(says(found[key], value) for key, value in changes.items() if value is not None)


@several
@given(drafts(), values)
def test_all_else_says_what_it_said(draft: Draft, settings: dict[str, Value | None]) -> None:
    before, changes = held(draft), clark(settings)
    if not mergeable(before, changes):
        with pytest.raises(SidecarError, match="as a structure or twice"):
            merge(before, changes)
        return
    after = Document.parse(merge(before, changes))
    assert done(after, changes)
    keys = set(changes)
    assert without(after.utf8, keys, "utf-8") == without(before.utf8, keys, "utf-8")
    assert merge(after, changes) is after.data
    assert after.encoding == before.encoding


@several
@given(drafts(), values, values)
def test_one_structure_takes_the_place_of_another(
    draft: Draft, first: dict[str, Value | None], then: dict[str, Value | None]
) -> None:
    before = held(draft)
    if not (mergeable(before, clark(first)) and mergeable(before, clark(then))):
        return
    once = Document.parse(merge(before, clark(first)))
    after = Document.parse(merge(once, clark(then)))
    expected = clark({**first, **then})
    assert done(after, expected)
    assert without(after.utf8, set(expected), "utf-8") == without(before.utf8, set(expected), "utf-8")


@several
@given(values)
def test_a_new_document_holds_them(settings: dict[str, Value | None]) -> None:
    document = Document.parse(merge(None, clark(settings)))
    assert done(document, clark(settings))


def test_a_structure_stands_as_lightroom_writes_it() -> None:
    text = merge(None, clark({"Version": "16.3", "ToneCurvePV2012": CURVE})).decode()
    body = CURVE.xml.partition(">")[2]
    assert f'   crs:Version="16.3">\n   <crs:ToneCurvePV2012>{body}\n  </rdf:Description>\n </rdf:RDF>' in text
    one = f"<crs:ToneCurvePV2012>{body}"
    two = merge(text.encode(), clark({"ToneCurvePV2012": curve("9, 9", "10, 10")})).decode()
    assert two == text.replace(one, "<crs:ToneCurvePV2012>" + curve("9, 9", "10, 10").xml.partition(">")[2])
    three = merge(text.encode(), clark({"Look": LOOK})).decode()
    assert three == text.replace(one, f"<crs:Look>{LOOK.xml.partition('>')[2]}\n   {one}")


def test_what_is_put_in_has_the_line_ends_of_the_document() -> None:
    text = merge(None, clark({"Version": "16.3"})).replace(b"\n", b"\r\n")
    merged = merge(text, clark({"ToneCurvePV2012": CURVE, "Look": LOOK}))
    assert merged.count(b"\r\n") == merged.count(b"\n") > 20


def test_a_real_document_keeps_all_else_and_gets_the_same_bytes_again(real: Path) -> None:
    original = Document.parse(real.read_bytes())
    changes = clark({"Look": LOOK, "ToneCurvePV2012": CURVE, "CameraProfile": "Camera Vivid"})
    if not mergeable(original, changes):
        pytest.skip("has one of them twice")
    merged = merge(original, changes)
    assert without(merged, set(changes)) == without(original.data, set(changes))
    assert merge(merged, changes) is merged


def test_a_plain_value_becomes_a_structure(xmp: Callable[..., str]) -> None:
    for attributes, content in (('crs:Look="" crs:Tint="0"', ""), ("", "<crs:Look/>"), ("", "<crs:Look>x</crs:Look>")):
        data = xmp(attributes, content).encode()
        merged = Document.parse(merge(data, clark({"Look": LOOK})))
        assert says(merged.settings()["Look"], LOOK)
        assert without(merged.data, {f"{{{CRS}}}Look"}) == without(data, {f"{{{CRS}}}Look"})
