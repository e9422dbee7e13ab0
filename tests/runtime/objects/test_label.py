"""`label` over URLs: the labels of a folder's photos, wherever these are."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr import Report, SettingsError, label
from autohdr.codes import Code
from autohdr.errors import FileError
from tests.runtime.objects.test_path import STRANGE
from tests.s3.faults import Fault
from tests.s3.store import S3

EDITED = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Version="15.0"
 crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:HasSettings="True"/></rdf:RDF></x:xmpmeta>"""

Run = Callable[..., Report]


@pytest.fixture
def run(small_model: Path) -> Run:
    """Labels with a small model, beside DNGs."""
    return lambda paths, **settings: label(paths, model=small_model, engine="cpu", embed=False, threads=2, **settings)


def told(report: Report) -> list[tuple[str, str]]:
    """What came of each photo."""
    return [(result.path.name, result.status) for result in report.results]


def sidecars(s3: S3) -> dict[str, bytes]:
    """What lies beside the photos of the shoot, by name."""
    return {key.removeprefix("shoot/"): data for key, data in s3.contents("shoot/").items() if not key.endswith(".dng")}


def test_labels_are_those_of_a_folder(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    dry = run(s3.url("shoot"), dry_run=True)
    assert told(dry) == [(f"IMG_{number}.dng", "labelled") for number in range(5)]
    assert sidecars(s3) == {}
    there, here = run(s3.url("shoot")), run(shoot)
    assert told(there) == told(here)
    assert [result.sliders for result in there.results] == [result.sliders for result in here.results]
    assert sidecars(s3) == {path.name: path.read_bytes() for path in shoot.glob("*.xmp")}


def test_darktables_names_are_written_as_well(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    run(s3.url("shoot/IMG_1.dng"), sidecar="darktable")
    assert list(sidecars(s3)) == ["IMG_1.dng.xmp"]


def test_photos_that_are_done_are_not_read_again(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    run(s3.url("shoot"))
    s3.plan()
    again = run(s3.url("shoot"))
    assert {result.code for result in again.results} == {Code.LABELLED_ALREADY}
    asked = [request for request in s3.log() if request.key.endswith(".dng")]
    assert all("Range" in request.conditions for request in asked), "headers alone"
    s3.put("shoot/IMG_2.dng", (shoot / "IMG_3.dng").read_bytes())
    assert told(run(s3.url("shoot")))[2] == ("IMG_2.dng", "labelled"), "another photo by that name"


@pytest.mark.parametrize("existing", ["skip", "fill", "replace"])
def test_edits_are_left_filled_in_or_replaced_and_kept(
    s3: S3, shoot: Path, tmp_path: Path, run: Run, existing: str
) -> None:
    local = tmp_path / "local"
    shutil.copytree(shoot, local)
    for name in ("IMG_1.xmp", "IMG_2.XMP"):
        (local / name).write_bytes(EDITED)
    s3.upload(local, "shoot/")
    there, here = run(s3.url("shoot"), existing=existing), run(local, existing=existing)
    assert told(there) == told(here)
    assert [result.sliders for result in there.results] == [result.sliders for result in here.results]
    assert sidecars(s3).keys() == {path.name for path in local.iterdir() if path.suffix != ".dng"}
    if existing != "skip":
        assert sidecars(s3)["IMG_1.xmp_original"] == sidecars(s3)["IMG_2.XMP_original"] == EDITED


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_a_lost_answer_of_any_write_loses_neither_edit_nor_label(
    s3: S3, shoot: Path, run: Run, first: int, after: bool
) -> None:
    s3.put("shoot/IMG_1.dng", (shoot / "IMG_1.dng").read_bytes())
    s3.put("shoot/IMG_1.xmp", EDITED)
    s3.plan(Fault("reset", "PUT", first=first, after=after))
    run(s3.url("shoot"), existing="replace")
    held = sidecars(s3)
    assert held["IMG_1.xmp_original"] == EDITED
    assert b"autohdr" in held["IMG_1.xmp"]
    assert len(held) == 2


def test_an_edit_that_comes_meanwhile_stays(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    s3.plan(Fault("meanwhile", "PUT", key=r"IMG_1\.xmp", value={"shoot/IMG_1.xmp": EDITED}))
    report = run(s3.url("shoot"))
    assert [status for _, status in told(report)] == ["labelled", "failed", *["labelled"] * 3]
    assert "was changed by another program in the meantime" in str(report.results[1].reason)
    assert sidecars(s3)["IMG_1.xmp"] == EDITED


def test_an_object_that_cannot_be_read_fails_alone(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    s3.put("shoot/IMG_1.dng", b"damaged")
    s3.plan(Fault("denied", "GET", key=r"IMG_2\.dng", count=0))
    report = run(s3.url("shoot"))
    assert [status for _, status in told(report)] == ["labelled", "failed", "failed", "labelled", "labelled"]
    reason = str(report.results[2].reason)
    assert reason.startswith("s3://archive/shoot/IMG_2.dng")
    assert "cannot be read (the server does not permit it); check what these credentials permit" in reason


def test_what_libraws_process_refuses_keeps_its_url(s3: S3, shoot: Path, run: Run) -> None:
    data = (shoot / "IMG_1.dng").read_bytes()
    for number in (1, 2):
        s3.put(f"shoot/IMG_{number}.dng", data[: len(data) // 2])
    report = run(s3.url("shoot"), decoder="libraw")
    (group,) = report.sums.groups("failed")
    for result in report.results:
        assert result.reason is not None
        assert result.reason.startswith(f"{s3.url('shoot/')}{result.path.name}: LibRaw"), result.reason
    assert (group.count, group.names) == (2, ["IMG_1.dng", "IMG_2.dng"])
    assert group.reason.startswith("LibRaw"), "neither name nor folder"


def test_a_run_that_may_not_write_ends_with_one_sentence(s3: S3, shoot: Path, run: Run) -> None:
    s3.upload(shoot, "shoot/")
    s3.plan(Fault("denied", "PUT", count=0))
    report = run(s3.url("shoot"))
    assert (report.count("failed"), report.not_done) == (2, 3)
    assert "does not permit writing" in str(report.stopped)


def test_strange_keys_are_labelled(s3: S3, shoot: Path, run: Run) -> None:
    data = (shoot / "IMG_1.dng").read_bytes()
    names = [name for name in STRANGE if not name.startswith(".") and name != "u\u0308"]
    for name in names:
        s3.put(f"2024/{name}.CR2", data)
    assert told(run(s3.url("2024"))) == [(f"{name}.CR2", "labelled") for name in sorted(names)]
    assert set(s3.keys()) == {f"2024/{name}{ending}" for name in names for ending in (".CR2", ".xmp")}


def test_secrets_are_nowhere(s3: S3, shoot: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "whose-it-is")
    s3.upload(shoot, "shoot/")
    s3.plan(Fault("denied", "GET", key=r"IMG_[12]\.dng", count=0), Fault("error", "GET", key=r"IMG_3\.dng"))
    report = run(s3.url("shoot"))
    said = repr(report.to_dict()) + "".join(str(result.to_dict()) for result in report.results)
    assert "secret" not in said + repr(sidecars(s3))
    assert "whose-it-is" not in said + repr(sidecars(s3))


def test_what_is_wrong_with_the_whole_is_one_sentence(s3: S3, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="there is no bucket no-such-bucket"):
        run("s3://no-such-bucket/shoot")
    s3.plan(Fault("denied", count=0))
    with pytest.raises(SettingsError, match=r"shoot cannot be looked at \(the server does not permit it\)"):
        run(s3.url("shoot"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(FileError, match="the server does not answer"):
        run(s3.url("shoot"))


def test_a_page_shows_photos_and_not_where_they_lie(s3: S3, shoot: Path, tmp_path: Path, run: Run) -> None:
    for number in range(2):
        s3.put(f"clients/shoot/IMG_{number}.dng", (shoot / f"IMG_{number}.dng").read_bytes())
    run(s3.url("clients/shoot"), page=tmp_path / "page", report=tmp_path / "table.csv")
    html = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert "IMG_1.dng" in html
    assert "clients" not in html
    assert "s3://archive/clients/shoot/IMG_1.dng,labelled" in (tmp_path / "table.csv").read_text()


@pytest.mark.parametrize("settings", [{"watch": True}, {"only": ["rating=3"]}])
def test_what_needs_a_disk_is_refused_in_one_sentence(s3: S3, run: Run, settings: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="is in object storage"):
        run([s3.url("Lightroom.lrcat")] if "only" in settings else [s3.url("shoot")], **settings)
