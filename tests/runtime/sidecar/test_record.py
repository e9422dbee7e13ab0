"""What we write down about our own edits, and whose an edit is."""

import pytest

from autohdr.sidecar import Document, merge
from autohdr.sidecar.record import Record, owner
from autohdr.sidecar.xmp.properties import CRS, OURS

WROTE = {"Exposure2012": "+0.50", "HDREditMode": "1"}


def ours(*, model: str = "m 1", **more: str) -> Document:
    """A document that we have labelled, and that somebody has given `more` settings since."""
    record = Record.make(None, model, WROTE)
    document = merge(None, {**{f"{{{CRS}}}{name}": value for name, value in WROTE.items()}, **record.properties()})
    return Document.parse(merge(document, {f"{{{CRS}}}{name}": value for name, value in more.items()}))


def test_a_record_is_read_as_it_was_written() -> None:
    assert Record.find(ours()) == Record.make(None, "m 1", WROTE)


def test_a_model_has_one_line() -> None:
    found = Record.find(ours(model=" my\n  model\t\x002 "))
    assert found is not None
    assert found.model == "my model 2"


def test_an_edit_is_ours_until_one_of_its_values_is_another() -> None:
    assert owner(ours()) == "autohdr"
    assert owner(ours(Sharpness="40", WhiteBalance="As Shot")) == "autohdr"
    for name, value in (("Exposure2012", "+0.51"), ("HDREditMode", "0"), ("Clarity2012", "+5")):
        document = ours(**{name: value})
        assert owner(document) == "correction"
        record = Record.find(document)
        assert record is not None
        assert record.changed(document) == ((name,) if name in WROTE else ())


@pytest.mark.parametrize("missing", ["Model", "Wrote", "Rest"])
def test_without_a_whole_record_an_edit_is_the_photographers(missing: str) -> None:
    data = ours().data.replace(f"autohdr:{missing}=".encode(), f"autohdr:Not{missing}=".encode())
    assert owner(Document.parse(data)) == "photographer"


def test_without_a_seal_an_edit_is_ours_still() -> None:
    document = ours()
    assert not document.has("Seal", OURS)
    assert owner(document) == "autohdr"


def test_a_value_that_another_program_spells_otherwise_is_ours_still() -> None:
    assert owner(ours(Exposure2012="0.5", HDREditMode="+1")) == "autohdr"
    assert owner(ours(Exposure2012="-0.50")) == "correction"
    assert owner(ours(Exposure2012="half")) == "correction"
