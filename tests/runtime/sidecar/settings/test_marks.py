"""Marks of photos that are worth a look: colour labels and keywords that photographers see, and no edits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr import SettingsError, SidecarError
from autohdr.sidecar import Document, Edit, apply, merge, plan, undo
from autohdr.sidecar.places import EMPTY_PACKET
from autohdr.sidecar.record import owner
from autohdr.sidecar.settings.marks import KEYWORDS, LABEL, Mark
from autohdr.sidecar.xmp.values import Structure
from tests.runtime.sidecar.labelling import document
from tests.runtime.sidecar.undoing import contents

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
Settings = dict[str, float]
RED, KEYWORD = Mark("Red"), Mark("autohdr check", keyword=True)
BAG = (
    '<dc:subject xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Bag><rdf:li>wedding</rdf:li><rdf:li>Zürich &amp; '
    "lake</rdf:li></rdf:Bag></dc:subject>"
)


def label(photo: Path, settings: Settings, mark: Mark | None = RED, *, doubtful: bool = True) -> Edit:
    edit = plan(photo, settings, "m 1", mark=mark, doubtful=doubtful)
    apply(edit)
    return edit


def colour(photo: Path) -> str | None:
    return document(photo).get("Label", "http://ns.adobe.com/xap/1.0/")


def keywords(photo: Path) -> list[str]:
    found = document(photo).properties.get(KEYWORDS)
    return [] if found is None or found.element is None else [item.text or "" for item in found.element[0]]


def put(photo: Path, key: str, value: str | Structure) -> None:
    """What the photographer does in Lightroom."""
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {key: value}))


@pytest.mark.parametrize("mark", [RED, KEYWORD])
def test_a_doubtful_photo_is_marked_once_and_undone_to_the_byte(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, mark: Mark
) -> None:
    rated = sidecar(xmp('xmp:Rating="3"', BAG))
    for photo in (tmp_path / "new.CR2", rated):
        before = contents(tmp_path)
        assert label(photo, settings, mark).marked
        assert (colour(photo), "autohdr check" in keywords(photo)) == (("Red", False) if mark == RED else (None, True))
        assert owner(document(photo)) == "autohdr"
        again = label(photo, settings, mark)
        assert (again.action, again.marked) == ("unchanged", True)
        undo(tmp_path)
        assert contents(tmp_path) == before


def test_others_are_not_marked(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    assert not label(photo, settings, doubtful=False).marked
    assert colour(photo) is None
    assert not label(photo, settings, None).marked


def test_a_keyword_joins_the_others(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp("", BAG))
    label(photo, settings, KEYWORD)
    assert keywords(photo) == ["wedding", "Zürich & lake", "autohdr check"]


def test_a_photographers_own_label_or_keyword_stays(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp('xmp:Label="Green"', BAG.replace("wedding", "autohdr check")))
    assert not label(photo, settings, RED).marked
    assert not label(photo, settings, KEYWORD).marked
    assert (colour(photo), keywords(photo)) == ("Green", ["autohdr check", "Zürich & lake"])
    label(photo, settings, KEYWORD, doubtful=False)
    assert keywords(photo) == ["autohdr check", "Zürich & lake"]


def test_an_empty_label_is_none(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp('xmp:Label=""'))
    assert label(photo, settings).marked
    assert colour(photo) == "Red"


@pytest.mark.parametrize("content", [BAG.replace("Bag", "Seq"), BAG + BAG, BAG.replace("<rdf:li>", "<rdf:li a='1'>")])
def test_keywords_of_another_form_are_left_alone(sidecar: Put, xmp: Xmp, settings: Settings, content: str) -> None:
    photo = sidecar(xmp("", content))
    edit = label(photo, settings, KEYWORD)
    assert (edit.action, edit.marked) == ("write", False)
    assert content in photo.with_suffix(".xmp").read_text(encoding="utf-8")


def test_a_mark_that_the_photographer_has_taken_away_does_not_come_back(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    for given in ("", "Green"):
        label(photo, settings)
        put(photo, LABEL, given)
        settings["Exposure2012"] += 0.5  # another style
        edit = label(photo, settings)
        assert (edit.action, edit.marked, colour(photo)) == ("write", False, given)


def test_another_label_is_no_correction_of_the_edit(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    put(photo, LABEL, "Green")
    assert owner(document(photo)) == "autohdr"


@pytest.mark.parametrize("mark", [RED, KEYWORD])
def test_a_photo_that_is_not_doubtful_any_more_loses_our_mark(
    sidecar: Put, xmp: Xmp, settings: Settings, mark: Mark
) -> None:
    photo = sidecar(xmp("", BAG))
    label(photo, settings, mark)
    edit = label(photo, settings, mark, doubtful=False)
    assert (edit.action, edit.marked) == ("write", False)
    assert (colour(photo), keywords(photo)) == (None, ["wedding", "Zürich & lake"])
    assert label(photo, settings, mark, doubtful=False).action == "unchanged"
    assert label(photo, settings, mark).marked


def test_a_run_that_asks_for_no_mark_leaves_marks_alone(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    edit = label(photo, settings, None)
    assert (edit.action, edit.marked, colour(photo)) == ("unchanged", True, "Red")


@pytest.mark.parametrize("others", [Mark("Blue"), KEYWORD, Mark("look again", keyword=True)])
@pytest.mark.parametrize("first", [RED, Mark("other", keyword=True)])
def test_another_mark_takes_the_place_of_ours(
    sidecar: Put, xmp: Xmp, settings: Settings, first: Mark, others: Mark
) -> None:
    photo = sidecar(xmp("", BAG))
    label(photo, settings, first)
    assert label(photo, settings, others).marked
    words = ["wedding", "Zürich & lake", *([others.text] if others.keyword else [])]
    assert (colour(photo), keywords(photo)) == (None if others.keyword else "Blue", words)


@pytest.mark.parametrize("mark", [RED, KEYWORD])
def test_real_documents_are_marked_and_undone_to_the_byte(
    real: Path, tmp_path: Path, settings: Settings, mark: Mark
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    sidecar = photo.with_suffix(".xmp")
    sidecar.write_bytes(real.read_bytes())
    try:
        edit = plan(photo, settings, "m 1", "replace", mark=mark, doubtful=True)
    except SidecarError:
        pytest.skip("it is refused whole, with or without a mark")
    apply(edit)
    if edit.marked:
        assert (colour(photo) == mark.text) != mark.keyword
        assert (mark.text in keywords(photo)) == mark.keyword
    undo(tmp_path)
    assert sidecar.read_bytes() == real.read_bytes()


def test_settings_inside_a_dng_are_marked_as_well(settings: Settings) -> None:
    """What is put into a DNG begins as this packet."""
    marked = merge(EMPTY_PACKET, {LABEL: "Red"})
    assert Document.parse(marked).get("Label", "http://ns.adobe.com/xap/1.0/") == "Red"


@pytest.mark.parametrize(
    ("asked", "mark"),
    [
        ("doubtful=Red", RED),
        ("doubtful=keyword:autohdr check", KEYWORD),
        ("doubtful=Zu prüfen", Mark("Zu prüfen")),
        ("doubtful=To: do", Mark("To: do")),
    ],
)
def test_a_mark_is_asked_for_in_words(asked: str, mark: Mark) -> None:
    assert Mark.parse(asked) == mark


@pytest.mark.parametrize(
    "asked", ["Red", "doubtful", "doubtful=", "sure=Red", "doubtful=keyword:", "doubtful=keyword:a,b", "doubtful=a\nb"]
)
def test_what_is_no_mark_is_refused(asked: str) -> None:
    with pytest.raises(SettingsError, match="mark is"):
        Mark.parse(asked)
