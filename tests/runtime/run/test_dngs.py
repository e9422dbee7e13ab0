"""Labels of DNGs go into the DNGs, where Lightroom reads them, and come out to the byte."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from autohdr import SLIDERS, label
from autohdr.sidecar import Document, undo
from autohdr.sidecar.dng.embedded import read_embedded
from tests.conftest import SMALL_INFO, write_model
from tests.runtime.cli.running import run
from tests.runtime.sidecar.dngs import packet


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def inside(photo: Path) -> dict[str, float]:
    """The sliders that Lightroom reads in a DNG."""
    return Document.parse(read_embedded(photo) or b"").values()


def test_labels_of_dngs_go_inside_and_undo_takes_every_byte_back(shoot: Path, small_model: Path) -> None:
    shutil.copyfile(shoot / "IMG_1.dng", shoot / "IMG_9.CR2")
    before = everything(shoot)
    for result in label([shoot], model=small_model).results:
        assert result.status == "labelled"
        assert result.sidecar == (result.path if result.path.suffix == ".dng" else shoot / "IMG_9.xmp")
        if result.sidecar == result.path:
            assert inside(result.path) == result.sliders
            assert len(result.sliders) == len(SLIDERS)
    originals = [f"IMG_{index}.dng_xmp_original" for index in range(5)]
    assert sorted(everything(shoot).keys() - before.keys()) == [*originals, "IMG_9.xmp"]
    assert {result.status for result in undo(shoot)} == {"restored", "removed"}
    assert everything(shoot) == before


@pytest.mark.parametrize("how", [{"embed": False}, pytest.param({"sidecar": "darktable"}, id="darktable")])
def test_sidecars_are_written_beside_dngs_when_asked(shoot: Path, small_model: Path, how: dict[str, Any]) -> None:
    before = everything(shoot)
    report = label([shoot], model=small_model, **how)
    ending = ".dng.xmp" if "sidecar" in how else ".xmp"
    assert [result.sidecar for result in report.results] == [shoot / f"IMG_{index}{ending}" for index in range(5)]
    assert all((shoot / name).read_bytes() == data for name, data in before.items())


def test_darktables_names_are_for_what_is_no_dng_when_both_are_asked_for(shoot: Path, small_model: Path) -> None:
    shutil.copyfile(shoot / "IMG_1.dng", shoot / "IMG_9.CR2")
    run("label", shoot, "--model", small_model, "--sidecar", "darktable", "--embed")
    assert [path.name for path in shoot.glob("*.xmp")] == ["IMG_9.CR2.xmp"]
    assert read_embedded(shoot / "IMG_0.dng") is not None


@pytest.mark.parametrize("extra", [[], ["--dry-run"]])
def test_the_first_line_says_where_labels_of_dngs_go_and_how_to_choose(
    shoot: Path, small_model: Path, extra: list[str]
) -> None:
    shutil.copyfile(shoot / "IMG_1.dng", shoot / "IMG_0.CR2")
    first, *_, last = run("label", shoot, "--model", small_model, *extra).stdout.splitlines()
    assert first.startswith("5 of the 6 photos are DNGs: their labels go into the DNGs, where Lightroom reads them")
    assert "--no-embed" in first
    assert "DNG" not in last
    for how, where in ((["--no-embed"], "Lightroom ignores"), (["--sidecar", "darktable"], "darktable reads")):
        first = run("label", shoot, "--model", small_model, *how, *extra).stdout.splitlines()[0]
        assert first.startswith("5 of the 6 photos are DNGs: their labels go into sidecars beside them")
        assert where in first
        assert "--embed" in first


def test_a_run_without_dngs_says_nothing_of_them_and_json_says_it_in_the_summary(
    shoot: Path, small_model: Path
) -> None:
    def where(*how: str) -> object:
        done = run("label", shoot, "--model", small_model, "--json", "--dry-run", *how)
        return json.loads(done.stdout.splitlines()[-1])["dng_labels"]

    assert where() == "inside"
    assert where("--no-embed") == "beside"
    for path in shoot.glob("*.dng"):
        path.rename(path.with_suffix(".CR2"))
    assert where() is None
    assert "DNG" not in run("label", shoot, "--model", small_model).stdout


def test_a_dng_whose_label_does_not_change_is_not_written(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label([shoot], model=small_model)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()}
    again = label([shoot], model=small_model)
    assert [result.reason for result in again.results] == ["labelled already"] * 5
    assert all(result.sliders == inside(result.path) for result in again.results)
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "elsewhere"))
    assert label([shoot], model=small_model).count("skipped") == 5
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()} == before


def test_runs_after_runs_and_a_move_lead_back_to_the_first_bytes(
    shoot: Path, small_model: Path, tmp_path: Path
) -> None:
    before = everything(shoot)
    other = write_model(tmp_path / "other.onnx", SMALL_INFO.to_json(), mix="Sin")
    for model in (small_model, other, small_model):
        label([shoot], model=model)
    moved = shoot.rename(tmp_path / "moved")
    label([moved], model=other)
    assert len(everything(moved)) == 10
    assert run("undo", moved).returncode == 0
    assert everything(moved) == before


def test_a_dng_that_lightroom_has_changed_since_is_left_and_named(shoot: Path, small_model: Path) -> None:
    before = everything(shoot)
    label([shoot], model=small_model)
    changed = shoot / "IMG_2.dng"
    held = read_embedded(changed) or b""
    # It takes of the room behind what it writes, so that the packet stays as long as it was.
    moved = held.replace(b'crs:Contrast2012="', b'crs:Contrast2012="9', 1).replace(b" \n", b"\n", 1)
    written = changed.read_bytes().replace(held, moved)
    assert len(moved) == len(held)
    changed.write_bytes(written)
    done = run("undo", shoot)
    assert done.returncode == 3
    assert f"left: {changed} was changed by another program" in done.stdout
    assert everything(shoot) == {**before, "IMG_2.dng": written, "IMG_2.dng_xmp_original": _kept(changed)}


def _kept(photo: Path) -> bytes:
    return photo.with_name(f"{photo.name}_xmp_original").read_bytes()


def test_an_edit_in_the_sidecar_beside_a_dng_still_counts(shoot: Path, small_model: Path) -> None:
    (shoot / "IMG_2.xmp").write_bytes(packet("+0.50"))
    before = (shoot / "IMG_2.dng").read_bytes()
    results = label([shoot], model=small_model).results
    assert [result.status for result in results] == ["labelled", "labelled", "skipped", "labelled", "labelled"]
    assert (shoot / "IMG_2.dng").read_bytes() == before


def test_a_dng_that_cannot_be_written_into_fails_alone_with_one_sentence(shoot: Path, small_model: Path) -> None:
    locked, linked, cut, big = (shoot / f"IMG_{index}.dng" for index in range(4))
    locked.chmod(0o444)
    os.link(linked, shoot / "second name")
    cut.write_bytes(cut.read_bytes()[:-40])
    big.write_bytes(b"II+\0" + big.read_bytes()[4:])
    before = everything(shoot)
    results = label([shoot], model=small_model).results
    assert [result.status for result in results] == ["failed"] * 4 + ["labelled"]
    reasons = [result.reason or "" for result in results]
    for result, said in zip(results, ("read-only", "hard link", "from the card again", "BigTIFF"), strict=False):
        assert result.reason is not None
        assert result.reason.startswith(f"{result.path}")
        assert said in result.reason
        assert "bug" not in result.reason
    assert all("--no-embed" in reason for reason in reasons[:2])
    after = everything(shoot)
    assert after.pop("IMG_4.dng_xmp_original")
    assert {**after, "IMG_4.dng": b""} == {**before, "IMG_4.dng": b""}
