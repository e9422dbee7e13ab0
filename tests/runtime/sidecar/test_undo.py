"""Whatever we did to a sidecar is taken back to the byte, or left alone with a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from autohdr.codes import Code
from autohdr.errors import SettingsError
from autohdr.sidecar import Existing, UndoResult, apply, merge, plan, undo
from autohdr.sidecar.seal import BLANK, SEAL, seal
from autohdr.sidecar.xmp.properties import CRS, OURS, RDF, XMP
from tests.runtime.sidecar.dngs import packet, tiff
from tests.runtime.sidecar.undoing import Settings, contents, label, leftover, only, undone

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
EDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" xmp:Rating="3"'


def foreign(data: bytes, ours: set[str]) -> list[tuple[object, ...]]:
    """All that a document says, without the photo's own properties in `ours`."""
    root = etree.fromstring(data)
    for place in root.iterfind(f".//{{{RDF}}}RDF/{{{RDF}}}Description"):
        for key in [key for key in place.attrib if key in ours]:
            del place.attrib[key]
        for child in place:
            if child.tag in ours:
                child.text = None
    nodes = [*root.itersiblings(preceding=True), *root.iter(), *root.itersiblings()]
    return [(node.tag, sorted(node.attrib.items()), node.text or "", node.tail or "") for node in nodes]


def keys_of_ours(settings: Settings) -> set[str]:
    names = {*settings, "Version", "ProcessVersion", "HDREditMode", "HDRMaxValue", "HasSettings", "AlreadyApplied"}
    own = {f"{{{OURS}}}{name}" for name in ("Model", "Wrote", "Rest", "Original", "Seal")}
    return {*own, *(f"{{{CRS}}}{name}" for name in names), f"{{{XMP}}}MetadataDate"}


@pytest.mark.parametrize("existing", ["fill", "replace"])
def test_a_real_document_differs_in_our_keys_alone_and_comes_back_to_the_byte(
    real: Path, sidecar: Put, settings: Settings, existing: Existing
) -> None:
    data = real.read_bytes()
    photo = sidecar(data)
    edit = plan(photo, settings, "m 1", existing)
    apply(edit)
    now = (photo.parent / "IMG_1.xmp").read_bytes()
    ours = keys_of_ours(settings)
    assert foreign(now, ours) == foreign(data, ours)
    expected = [] if edit.action == "skip" else [("IMG_1.xmp", "restored")]
    assert (now == data) == (edit.action == "skip")
    assert undone(photo.parent) == expected
    assert contents(photo.parent) == {"IMG_1.xmp": data}
    assert undone(photo.parent) == []


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_comes_back(sidecar: Put, xmp: Xmp, settings: Settings, codec: str) -> None:
    data = xmp(EDITED, "<!-- é -->").replace("\n", "\r\n").encode(codec)
    photo = sidecar(data)
    label(photo, settings, "replace")
    assert undone(photo.parent) == [("IMG_1.xmp", "restored")]
    assert contents(photo.parent) == {"IMG_1.xmp": data}


def test_what_we_created_goes(tmp_path: Path, settings: Settings) -> None:
    for naming in ("adobe", "darktable"):
        label(tmp_path / "IMG_1.CR2", settings, naming=naming)
    label(tmp_path / "IMG_1.CR2", {**settings, "Vibrance": 9.0})
    assert undone(tmp_path) == [("IMG_1.CR2.xmp", "removed"), ("IMG_1.xmp", "removed")]
    assert contents(tmp_path) == {}


def test_after_renewals_the_very_first_original_comes_back(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    label(photo, {**settings, "Vibrance": 9.0}, "fill")
    label(photo, {**settings, "Vibrance": -9.0}, "replace")
    assert undone(photo.parent) == [("IMG_1.xmp", "restored")]
    assert contents(photo.parent) == {"IMG_1.xmp": xmp(EDITED).encode()}


@pytest.mark.parametrize("change", [{f"{{{CRS}}}Shadows2012": "+33"}, {f"{{{XMP}}}Rating": "5"}])
def test_what_was_changed_after_us_is_left_alone(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, change: dict[str, str]
) -> None:
    created = label(tmp_path / "new.CR2", settings)
    changed = label(sidecar(xmp(EDITED)), settings, "replace")
    for path in (created, changed):
        path.write_bytes(merge(path.read_bytes(), change))
    before = contents(tmp_path)
    first, second = undo(tmp_path)
    assert (first.path, first.status) == (changed, "left")
    assert first.reason == (
        f"{changed}: it was changed after autohdr wrote it, so it is left alone; its original is IMG_1.xmp_original"
    )
    assert (second.path, second.status) == (created, "left")
    assert second.reason == f"{created}: it was changed after autohdr wrote it, so it is left alone"
    assert contents(tmp_path) == before


def test_a_replaced_correction_comes_back_as_it_was_corrected(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    path = label(sidecar(xmp(EDITED)), settings, "replace")
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}Shadows2012": "+33"}))
    corrected = contents(path.parent)
    label(path.with_suffix(".CR2"), settings, "replace")
    assert undone(path) == [("IMG_1.xmp", "restored")]
    assert contents(path.parent) == corrected
    status, reason = only(undo(path))
    assert status == "left"
    assert reason.endswith("its original is IMG_1.xmp_original")


def test_our_label_comes_back_with_the_rating_that_it_was_given(tmp_path: Path, settings: Settings) -> None:
    path = label(tmp_path / "IMG_1.CR2", settings)
    path.write_bytes(merge(path.read_bytes(), {f"{{{XMP}}}Rating": "5"}))
    rated = contents(tmp_path)
    label(tmp_path / "IMG_1.CR2", {**settings, "Vibrance": 9.0})
    status, reason = only(undo(path))
    assert (status, reason) == (
        "restored",
        f"{path}: it is your version from before the last run, which still holds a label of autohdr's",
    )
    assert contents(tmp_path) == rated


def test_a_label_that_is_left_in_an_original_is_told_with_the_first_original(
    sidecar: Put, xmp: Xmp, settings: Settings
) -> None:
    path = label(sidecar(xmp(EDITED)), settings, "replace")
    for vibrance in (9.0, -9.0):
        path.write_bytes(merge(path.read_bytes(), {f"{{{XMP}}}Rating": f"{abs(vibrance - 4):.0f}"}))
        label(path.with_suffix(".CR2"), {**settings, "Vibrance": vibrance}, "replace")
    assert path.with_name("IMG_1.xmp_original3").is_file()
    results = undo(path, dry_run=True)
    assert undo(path) == results
    status, reason = only(results)
    assert status == "restored"
    assert reason.endswith("still holds a label of autohdr's; its first original is IMG_1.xmp_original")


def test_a_label_without_a_seal_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    path = label(tmp_path / "IMG_1.CR2", settings)
    path.write_bytes(path.read_bytes().replace(b"autohdr:Seal", b"autohdr:Sealed"))
    status, reason = only(undo(tmp_path))
    assert status == "left"
    assert "has no seal" in reason


@pytest.mark.parametrize("now", [None, b"something else"])
def test_without_its_original_a_sidecar_is_left_alone(
    sidecar: Put, xmp: Xmp, settings: Settings, now: bytes | None
) -> None:
    path = label(sidecar(xmp(EDITED)), settings, "replace")
    kept = path.with_name("IMG_1.xmp_original")
    kept.unlink()
    if now is not None:
        kept.write_bytes(now)
    before = contents(path.parent)
    status, reason = only(undo(path))
    assert status == "left"
    assert "its original, IMG_1.xmp_original, is gone or has changed" in reason
    assert contents(path.parent) == before


def test_what_is_not_ours_is_never_touched(tmp_path: Path, sidecar: Put, xmp: Xmp) -> None:
    sidecar(xmp(EDITED))
    (tmp_path / "IMG_1.xmp_original").write_bytes(b"exiftool's")
    (tmp_path / "broken.xmp").write_bytes(b"<not xml")
    (tmp_path / "IMG_2.xmp").write_text(xmp('xmp:Label="http://ns.autohdr.org/1.0/"'))
    before = contents(tmp_path)
    assert undo(tmp_path) == []
    assert contents(tmp_path) == before


def test_exiftools_original_stays_beside_ours(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    photo.with_name("IMG_1.xmp_original").write_bytes(b"exiftool's")
    before = contents(photo.parent)
    label(photo, settings, "replace")
    assert undone(photo.parent) == [("IMG_1.xmp", "restored")]
    assert contents(photo.parent) == before


@pytest.mark.parametrize("name", ["IMG_1.CR2", "%2Ftmp%2Fx.xmp_original"])
def test_no_document_makes_us_move_any_other_file(tmp_path: Path, settings: Settings, name: str) -> None:
    """Though its seal fits."""
    photo = tmp_path / "IMG_1.CR2"
    photo.write_bytes(b"raw")
    path = label(photo, settings)
    note = f"{name} 0e8d6ac2d1f4b3a5"
    path.write_bytes(seal(merge(path.read_bytes(), {f"{{{OURS}}}Original": note, SEAL: BLANK})))
    before = contents(tmp_path)
    status, reason = only(undo(tmp_path))
    assert (status, "of a kind that autohdr does not make" in reason) == ("left", True)
    assert contents(tmp_path) == before


def test_a_damaged_sidecar_of_ours_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    path = label(tmp_path / "IMG_1.CR2", settings)
    path.write_bytes(path.read_bytes()[:-9])
    status, reason = only(undo(path))
    assert status == "left"
    assert "IMG_1.xmp is not well-formed XML" in reason


def test_folders_are_searched_in_depth_and_raws_need_not_be_there(tmp_path: Path, settings: Settings) -> None:
    names = ["IMG_3.CR2.xmp", "a/IMG_2.XMP", "a/b/IMG_1.xmp"]
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "IMG_1.xmp").write_bytes(label(tmp_path / "IMG_1.CR2", settings).read_bytes())
    for name in names:
        (tmp_path / name).write_bytes((tmp_path / "IMG_1.xmp").read_bytes())
    results = undo([tmp_path, tmp_path / "a"])
    assert [result.path for result in results] == [tmp_path / name for name in ("IMG_1.xmp", *names)]
    assert {result.status for result in results} == {"removed"}
    assert list(contents(tmp_path)) == [str(Path(".hidden", "IMG_1.xmp"))]


def test_a_raw_file_means_its_own_sidecars(tmp_path: Path, settings: Settings) -> None:
    for name in ("IMG_1.CR2", "IMG_1.DNG", "IMG_2.CR2"):
        (tmp_path / name).write_bytes(b"")
    for naming in ("adobe", "darktable"):
        label(tmp_path / "IMG_1.CR2", settings, naming=naming)
        label(tmp_path / "IMG_2.CR2", settings, naming=naming)
    assert undone(tmp_path / "IMG_1.DNG") == []
    assert undone(tmp_path / "IMG_1.CR2") == [("IMG_1.xmp", "removed"), ("IMG_1.CR2.xmp", "removed")]
    assert sorted(path.name for path in tmp_path.glob("*.xmp")) == ["IMG_2.CR2.xmp", "IMG_2.xmp"]


def test_a_raw_file_that_owns_no_shared_sidecar_owns_darktables(tmp_path: Path, settings: Settings) -> None:
    for name in ("IMG_1.CR2", "IMG_1.DNG"):
        (tmp_path / name).write_bytes(b"")
        label(tmp_path / name, settings, naming="darktable")
    label(tmp_path / "IMG_1.CR2", settings)
    assert undone(tmp_path / "IMG_1.DNG") == [("IMG_1.DNG.xmp", "removed")]
    assert sorted(path.name for path in tmp_path.glob("*.xmp")) == ["IMG_1.CR2.xmp", "IMG_1.xmp"]


def test_a_path_that_does_not_exist_is_an_error_and_nothing_is_done(tmp_path: Path, settings: Settings) -> None:
    label(tmp_path / "IMG_1.CR2", settings)
    with pytest.raises(SettingsError, match=r"gone does not exist; expected a RAW file, a sidecar, or a folder"):
        undo([tmp_path, tmp_path / "gone"])
    assert list(contents(tmp_path)) == ["IMG_1.xmp"]


def test_a_dry_run_says_the_same_and_does_nothing(tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    label(sidecar(xmp(EDITED)), settings, "replace")
    label(tmp_path / "IMG_2.CR2", settings)
    left = label(tmp_path / "IMG_3.CR2", settings)
    left.write_bytes(left.read_bytes() + b"\n")
    leftover(tmp_path)
    before = contents(tmp_path)
    told: list[UndoResult] = []
    results = undo(tmp_path, dry_run=True, on_result=told.append)
    assert [result.status for result in results] == ["restored", "removed", "left"]
    assert contents(tmp_path) == before
    assert undo(tmp_path) == results == told


@pytest.mark.parametrize("named", ["IMG_1.dng", "."])
def test_dngs_come_back_too(tmp_path: Path, settings: Settings, named: str) -> None:
    for name in ("IMG_1.dng", "IMG_2.dng"):
        (tmp_path / name).write_bytes(tiff(xmp=packet("0.00")))
    before = contents(tmp_path)
    apply(plan(tmp_path / "IMG_1.dng", settings, "m 1", "replace", embed=True))
    labelled = contents(tmp_path)
    assert labelled["IMG_1.dng"] != before["IMG_1.dng"]
    expected = [UndoResult(tmp_path / "IMG_1.dng", "restored", Code.RESTORED)]
    assert undo(tmp_path / named, dry_run=True) == expected
    assert contents(tmp_path) == labelled
    assert undo(tmp_path / named) == expected
    assert contents(tmp_path) == before


def test_a_dng_that_another_program_has_written_anew_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes(tiff(xmp=packet("0.00")))
    apply(plan(photo, settings, "m 1", "replace", embed=True))
    photo.write_bytes(tiff(xmp=packet("+0.75")))
    before = contents(tmp_path)
    status, reason = only(undo(tmp_path))
    assert (status, "IMG_1.dng_xmp_original" in reason) == ("left", True)
    assert contents(tmp_path) == before


def test_a_dng_that_was_renamed_has_to_get_its_name_back(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes(tiff(xmp=packet("0.00")))
    apply(plan(photo, settings, "m 1", "replace", embed=True))
    photo.rename(tmp_path / "wedding.dng")
    status, reason = only(undo(tmp_path))
    assert (status, reason) == ("left", f"{photo} is gone or has another name; give it its name back, then undo again")
    (tmp_path / "wedding.dng").rename(photo)
    assert undone(tmp_path) == [("IMG_1.dng", "restored")]


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    leftover(tmp_path / "a")
    undo(tmp_path)
    assert contents(tmp_path) == {}
