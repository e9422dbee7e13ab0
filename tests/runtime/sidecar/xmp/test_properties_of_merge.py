"""What holds for every document and every edit. A long run by hand: AUTOHDR_EXAMPLES=20000 pytest FILE."""

import os
import re
from collections.abc import Mapping

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from autohdr.errors import SidecarError
from autohdr.sidecar import Document, develop, merge
from autohdr.sidecar.xmp.properties import CRS, OURS
from autohdr.sliders import SLIDERS
from tests.runtime.sidecar.canonical import without
from tests.runtime.sidecar.drafts import KEYS, Draft, drafts

MODEL = f"{{{OURS}}}Model"
several = hypothesis.settings(max_examples=int(os.environ.get("AUTOHDR_EXAMPLES", "40")))

sliders = st.fixed_dictionaries({slider.key: st.floats(-200, 200) for slider in SLIDERS})
plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=8).map(str.strip)
some = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["0", "+7", "-0.50", "True"]), min_size=1)


def clark(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"{{{CRS}}}{name}": str(value) for name, value in settings.items()}


def put_in(text: str, base: str) -> str:
    """The one run that `text` has more than `base`; there is no other difference."""
    start = next((n for n, (one, other) in enumerate(zip(text, base, strict=False)) if one != other), len(base))
    length = len(text) - len(base)
    assert length >= 0
    assert text[:start] + text[start + length :] == base
    return text[start : start + length]


@several
@given(drafts(), some)
def test_all_that_is_not_ours_survives_to_the_byte(draft: Draft, settings: dict[str, str]) -> None:
    original = draft.encode(draft.text({}))
    merged = merge(original, clark(settings))
    added = put_in(draft.decode(merged), draft.text(settings))
    assert bool(added) == bool(settings.keys() - draft.slots.keys())
    # The added run out, the old values in: the document as it was.
    taken_out = draft.decode(merged).replace(added, "", 1) if added else draft.decode(merged)
    assert taken_out == draft.text(settings)
    assert draft.encode(draft.text({})) == original
    before, after = (draft.decode(data).encode() for data in (original, merged))
    assert without(after, set(clark(settings)), "utf-8") == without(before, set(clark(settings)), "utf-8")


@several
@given(drafts(), sliders, plain)
def test_what_is_written_is_read_back_as_sliders_spell_it(draft: Draft, values: dict[str, float], model: str) -> None:
    changes = {**clark(develop(values)), MODEL: model}
    after = Document.parse(merge(draft.encode(draft.text({})), changes))
    assert after.values() == {slider.key: slider.round(values[slider.key]) for slider in SLIDERS}
    assert {key: after.properties[key].text.strip() for key in changes} == changes
    assert after.hdr


@several
@given(drafts(), sliders, plain)
def test_a_second_merge_changes_nothing(draft: Draft, values: dict[str, float], model: str) -> None:
    changes = {**clark(develop(values)), MODEL: model}
    merged = merge(draft.encode(draft.text({})), changes)
    assert merge(merged, changes) is merged
    assert merge(merged, dict(reversed(changes.items()))) is merged


@several
@given(drafts(), some, some)
def test_two_merges_say_what_one_says(draft: Draft, first: dict[str, str], second: dict[str, str]) -> None:
    original = draft.encode(draft.text({}))
    twice = Document.parse(merge(merge(original, clark(first)), clark(second)))
    once = Document.parse(merge(original, clark({**first, **second})))
    assert {key: found.text.strip() for key, found in twice.properties.items()} == {
        key: found.text.strip() for key, found in once.properties.items()
    }


@several
@given(sliders, plain)
def test_a_new_document_is_read_back(values: dict[str, float], model: str) -> None:
    changes = {**clark(develop(values)), MODEL: f'<"{model}">\n&\t\'\r'.strip()}
    document = Document.parse(merge(None, changes))
    assert document.values() == {slider.key: slider.round(values[slider.key]) for slider in SLIDERS}
    assert document.properties[MODEL].text == changes[MODEL]
    assert merge(document.data, changes) is document.data


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A document with some runs of bytes cut out, doubled, or exchanged for others."""
    draft = draw(drafts())
    data = draft.encode(draft.text({}))
    pieces = st.sampled_from(
        [b"", b"<", b">", b'"', b"'", b"&", b"/", b"=", b"\0", b"\xff", b":", b"<!--", b"]]>", b"crs"]
    )
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        new = draw(st.one_of(pieces, st.binary(max_size=4), st.just(data[start:end] * 2)))
        data = data[:start] + new + data[end:]
    return data


@several
@given(st.one_of(damaged(), st.binary(max_size=64)), some)
def test_whatever_the_bytes_are_they_are_changed_safely_or_refused(data: bytes, settings: dict[str, str]) -> None:
    merged, refusal = None, ""
    try:
        merged = merge(data, clark(settings), "IMG_1.xmp")
    except SidecarError as error:
        refusal = str(error)
    if merged is None:
        assert re.fullmatch(r"IMG_1\.xmp .{20,300}", refusal)
        return
    before, after = Document.parse(data), Document.parse(merged)
    assert {name: after.get(name) for name in settings} == settings
    assert merge(merged, clark(settings)) is merged
    assert after.edited() >= before.edited() - settings.keys()
    assert without(after.utf8, set(clark(settings)), "utf-8") == without(before.utf8, set(clark(settings)), "utf-8")
