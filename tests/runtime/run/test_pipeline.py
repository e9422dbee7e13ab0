"""The pipeline: from files to sidecars, whatever comes."""

import dataclasses
import functools
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from inspect import ismodule
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

import autohdr
from autohdr import ModelError, SettingsError
from autohdr.engines.network import open_network
from autohdr.raw.decode import decode
from autohdr.raw.prepare import prepare
from autohdr.run.stages.ordered import ordered_map
from autohdr.sidecar import Document
from autohdr.sliders import settings
from autohdr_scenes import BODIES, write_dng
from tests.conftest import SMALL, SMALL_INFO, write_model
from tests.previews import embed, jpeg

label = functools.partial(autohdr.label, embed=False)
"""The photos are DNGs, and stand for all RAW files: their labels go into sidecars."""


def sidecars(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def test_each_photo_gets_a_sidecar_with_what_the_network_says(shoot: Path, small_model: Path) -> None:
    report = label([shoot], model=small_model)
    assert [result.status for result in report.results] == ["labelled"] * 5
    with open_network(small_model) as network:
        for result in report.results:
            expected = settings(network.predict(prepare(result.path, network.info.spec)[None])[0])
            assert result.sliders == expected
            assert result.sidecar == result.path.with_suffix(".xmp")
            document = Document.parse(result.sidecar.read_bytes())
            assert document.values() == expected
            assert document.hdr
            assert document.get("HDRMaxValue") == "+4.00"
    assert len({str(result.sliders) for result in report.results}) == 5


def test_without_a_style_edits_can_be_made_in_sdr(shoot: Path, small_model: Path) -> None:
    in_hdr = label([shoot], model=small_model, dry_run=True)
    report = label([shoot], model=small_model, sdr=True)
    assert [one.sliders for one in report.results] == [one.sliders for one in in_hdr.results]
    assert report.model["mode"] == {"hdr": False, "headroom": None}
    for result in report.results:
        assert result.sidecar is not None
        assert result.hdr is False
        document = Document.parse(result.sidecar.read_bytes())
        assert (document.get("HDREditMode"), document.get("HDRMaxValue")) == ("0", None)
    again = label([shoot], model=small_model)
    assert {one.hdr for one in again.results} == {True}, "the other mode is another label"
    assert {one.status for one in again.results} == {"labelled"}


@pytest.mark.parametrize("how", [{"batch": 1}, {"batch": 3, "threads": 1}, {"batch": 100, "threads": 7}])
def test_labels_do_not_depend_on_batch_threads_or_order(shoot: Path, small_model: Path, how: dict[str, Any]) -> None:
    label([shoot], model=small_model)
    expected = sidecars(shoot)
    for path in shoot.glob("*.xmp"):
        path.unlink()
    label(sorted(shoot.glob("*.dng"), reverse=True), model=small_model, **how)
    assert sidecars(shoot) == expected


def test_a_second_run_changes_no_byte_and_writes_nothing(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()}
    report = label([shoot], model=small_model)
    assert report.count("skipped") == 5
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()} == before


def test_labelling_again_without_a_journal_changes_no_byte_either(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label([shoot], model=small_model)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()}
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "elsewhere"))
    report = label([shoot], model=small_model)
    assert [(result.reason, result.decoder is None) for result in report.results] == [("labelled already", False)] * 5
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in shoot.iterdir()} == before


def test_a_bad_file_fails_alone_with_its_sentence(shoot: Path, small_model: Path) -> None:
    (shoot / "IMG_1.dng").write_bytes((shoot / "IMG_1.dng").read_bytes()[:3000])
    (shoot / "IMG_3.dng").write_text("not a photo")
    (shoot / "IMG_4.xmp").write_text("<not xml")
    report = label([shoot], model=small_model)
    assert [result.status for result in report.results] == ["labelled", "failed", "labelled", "failed", "failed"]
    for result in report.results:
        if result.status == "failed":
            assert result.reason is not None
            assert result.path.stem in result.reason
            assert "\n" not in result.reason
            assert "bug" not in result.reason
    assert set(sidecars(shoot)) == {"IMG_0.xmp", "IMG_2.xmp", "IMG_4.xmp"}
    assert (shoot / "IMG_4.xmp").read_text() == "<not xml"


EDITED = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
 crs:ProcessVersion="15.4" crs:Exposure2012="+1.25"/></rdf:RDF></x:xmpmeta>"""


def test_a_photographers_edit_is_left_alone_unless_asked(shoot: Path, small_model: Path) -> None:
    sidecar = shoot / "IMG_2.xmp"
    sidecar.write_text(EDITED)
    skipped = label([shoot], model=small_model).results[2]
    assert skipped.status == "skipped"
    assert skipped.reason is not None
    assert sidecar.read_text() == EDITED

    filled = label([shoot], model=small_model, existing="fill").results[2]
    assert filled.status == "labelled"
    assert filled.sliders == Document.parse(sidecar.read_bytes()).values()
    assert Document.parse(sidecar.read_bytes()).get("Exposure2012") == "+1.25"

    sidecar.write_text(EDITED)
    replaced = label([shoot], model=small_model, existing="replace").results[2]
    assert replaced.sliders == Document.parse(sidecar.read_bytes()).values()
    assert (shoot / "IMG_2.xmp_original").read_text() == EDITED
    assert "the original is kept as IMG_2.xmp_original" in (replaced.reason or "")


def test_a_dry_run_predicts_and_writes_nothing(shoot: Path, small_model: Path) -> None:
    before = sorted(shoot.iterdir())
    report = label([shoot], model=small_model, dry_run=True)
    assert all(result.sliders for result in report.results)
    assert sorted(shoot.iterdir()) == before


def test_two_photos_of_one_name_do_not_share_a_sidecar(shoot: Path, small_model: Path) -> None:
    shutil.copyfile(shoot / "IMG_1.dng", shoot / "IMG_0.CR2")
    report = label([shoot], model=small_model)
    statuses = {result.path.name: result.status for result in report.results}
    assert statuses["IMG_0.CR2"] == "labelled"
    assert statuses["IMG_0.dng"] == "skipped"


def test_folders_are_searched_in_depth_and_no_photo_is_labelled_twice(shoot: Path, small_model: Path) -> None:
    deep = shoot / "a" / "b"
    deep.mkdir(parents=True)
    shutil.copyfile(shoot / "IMG_0.dng", deep / "X.DNG")
    (shoot / ".hidden.dng").write_bytes(b"")
    (shoot / "notes.txt").write_text("no photo")
    report = label([shoot, shoot / "IMG_0.dng"], model=small_model)
    assert [result.path.name for result in report.results] == [f"IMG_{i}.dng" for i in range(5)] + ["X.DNG"]


def test_a_photo_with_impossible_levels_fails_alone(shoot: Path, small_model: Path) -> None:
    frame = decode(shoot / "IMG_2.dng")
    black = np.array([512.0, 512.0, 512.0, frame.white[3]])
    write_dng(shoot / "IMG_2.dng", dataclasses.replace(frame, black=black), BODIES[0])
    report = label([shoot], model=small_model)
    assert [result.status for result in report.results].count("labelled") == 4
    assert "levels are impossible" in (report.results[2].reason or "")


def test_a_model_trained_on_previews_is_fed_previews(shoot: Path, tmp_path: Path) -> None:
    """All photos show the same preview, and so get the same sliders; the last has none."""
    for index in range(4):
        embed(shoot / f"IMG_{index}.dng", jpeg(np.full((64, 96, 3), (200, 100, 50), np.uint8)))
    info = dataclasses.replace(SMALL_INFO, spec=dataclasses.replace(SMALL, source="preview"))
    *labelled, last = label(
        [shoot], model=write_model(tmp_path / "previews.onnx", info.to_json()), dry_run=True
    ).results
    assert [(result.decoder, result.white_balance) for result in labelled] == [("preview", None)] * 4
    assert len({str(result.sliders) for result in labelled}) == 1
    assert (last.status, last.decoder) == ("failed", None)
    assert "IMG_4.dng: holds no preview" in (last.reason or "")


def test_a_result_says_where_the_white_balance_comes_from(shoot: Path, small_model: Path) -> None:
    result = label(shoot / "IMG_0.dng", model=small_model, decoder="libraw", dry_run=True).results[0]
    assert (result.decoder, result.white_balance) == ("libraw", "as shot")
    assert result.to_dict()["white_balance"] == "as shot"


def test_a_model_of_an_earlier_input_is_refused(shoot: Path, tmp_path: Path) -> None:
    earlier = {key: value for key, value in SMALL.to_dict().items() if key != "source"} | {"version": 1}
    metadata = json.dumps({**json.loads(SMALL_INFO.to_json()), "input": earlier})
    with pytest.raises(ModelError, match=r"early\.onnx .*input spec version is 1, .*; train the model again"):
        label([shoot], model=write_model(tmp_path / "early.onnx", metadata))


def test_photos_that_the_network_has_no_answer_for_fail_by_name(shoot: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "root.onnx", SMALL_INFO.to_json(), mix="Sqrt")  # of a negative number: NaN
    for result in label([shoot], model=model).results:
        assert result.status == "failed"
        assert result.reason is not None
        assert result.path.name in result.reason
        assert "no finite sliders" in result.reason
    assert not list(shoot.glob("*.xmp"))


def test_a_single_path_is_taken_whole(shoot: Path, small_model: Path) -> None:
    assert len(label(str(shoot), model=small_model, dry_run=True).results) == 5
    assert len(label(shoot / "IMG_0.dng", model=small_model, dry_run=True).results) == 1


def test_impossible_settings_are_refused_before_anything_runs(shoot: Path, small_model: Path) -> None:
    with pytest.raises(SettingsError, match="existing is 'Skip'; expected one of skip, fill, replace"):
        label([shoot], model=small_model, existing="Skip")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="does not exist"):
        label([shoot / "gone"], model=small_model)
    with pytest.raises(SettingsError, match="threads is 0"):
        label([shoot], model=small_model, threads=0)


def test_work_in_a_pool_is_bounded_and_in_order() -> None:
    taken = []

    def items() -> Any:
        for number in range(50):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(4) as pool:
        for done, result in enumerate(ordered_map(pool, lambda number: number * 2, items(), ahead=6)):
            assert result == 2 * done
            assert len(taken) <= done + 6


def test_memory_does_not_grow_with_the_shoot(shoot: Path, small_model: Path) -> None:
    """Peak memory of labelling 300 photos against 30, each in a process of its own."""
    resource = pytest.importorskip("resource", reason="peak memory is not to be had from Python on this system")
    assert resource
    code = (
        "import sys, resource, autohdr; autohdr.label(sys.argv[1:2], model=sys.argv[2], embed=False); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for count in (30, 300):
        folder = shoot.parent / str(count)
        folder.mkdir()
        for index in range(count):
            os.link(shoot / f"IMG_{index % 5}.dng", folder / f"IMG_{index}.dng")
        command = [sys.executable, "-c", code, str(folder), str(small_model)]
        peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] < 1.15 * peaks[0]


def test_real_files_are_labelled_or_fail_alone(shared_raws: Path, small_model: Path) -> None:
    """Every file of a folder of real cameras' files and broken ones; nothing is written."""
    report = label([shared_raws], model=small_model, decoder="libraw", dry_run=True)
    failed = {result.path.name for result in report.results if result.status == "failed"}
    good = {path.name for path in shared_raws.iterdir() if path.is_file() and path.suffix != ".md"}
    # Floating-point samples are flashraw's.
    assert good & failed == {"adobe_14_hdr_sdr_profiles.dng"}
    assert {path.name for path in (shared_raws / "bad").iterdir()} <= failed
    assert all(result.reason and "bug" not in result.reason for result in report.results if result.status == "failed")


def test_a_new_sidecar_is_plain_well_formed_xml(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    root = etree.parse(shoot / "IMG_0.xmp").getroot()
    assert root.tag == "{adobe:ns:meta/}xmpmeta"
    assert b"History" not in (shoot / "IMG_0.xmp").read_bytes()


def test_what_is_public_is_what_is_there() -> None:
    there = {name: getattr(autohdr, name) for name in {*autohdr.__all__, *vars(autohdr)}}
    names = {name for name, value in there.items() if not name.startswith("_") and not ismodule(value)}
    assert names - {"TYPE_CHECKING"} | {"__version__"} == set(autohdr.__all__)
