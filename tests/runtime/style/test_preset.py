"""The constant part of edits, from sidecars over a style to sidecars, as a user does it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import autohdr
from autohdr.cli.inspect import command as inspect_command
from autohdr.cli.label import command as label_command
from autohdr.cli.learn import command as learn_command
from autohdr.edits.preset import Preset
from autohdr.errors import ModelError
from autohdr.sidecar import Document, merge
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.record import owner
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Value, says
from autohdr.style.file import Style
from autohdr.style.learn import Learnt
from tests.edited import few
from tests.json_lines import read
from tests.runtime.sidecar.structures import CURVE, LOOK
from tests.runtime.sidecar.undoing import contents

PRESET: dict[str, Value] = {
    "CameraProfile": "Adobe Standard",
    "Look": LOOK,
    "ToneCurveName2012": "Custom",
    "ToneCurvePV2012": CURVE,
    "Sharpness": "60",
    "SharpenRadius": "+1.2",
    "LensProfileEnable": "1",
    "LensProfileSetup": "LensDefaults",
}
OTHERS: dict[str, Value] = {"CropTop": "0.1", "HasCrop": "True", "LensProfileName": "Adobe (x)", "GrainAmount": "5"}
WORDS = ["Profile Vivid & © at 80 %", "Tone Curve (3 points)", "Sharpening 60", "Lens profile on"]


def clark(settings: dict[str, Value]) -> dict[str, Value]:
    return {f"{{{CRS}}}{name}": value for name, value in settings.items()}


@pytest.fixture(scope="module")
def edited(shoot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen edits that have a preset in common, one with a crop and grain."""
    folder = few(shoot, tmp_path_factory.mktemp("preset") / "edits", 16)
    for number, sidecar in enumerate(sorted(folder.glob("*.xmp"))):
        more = OTHERS if number == 3 else {}
        sidecar.write_bytes(merge(sidecar.read_bytes(), clark({**PRESET, **more})))
    return folder


@pytest.fixture(scope="module")
def learnt(edited: Path, tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    return autohdr.learn(edited, tmp_path_factory.mktemp("styles") / "anna.style", engine="cpu")


def bare(shoot: Path, folder: Path, count: int = 2) -> Path:
    """Photos without sidecars."""
    folder = few(shoot, folder, count)
    for sidecar in folder.glob("*.xmp"):
        sidecar.unlink()
    return folder


def test_a_style_keeps_it_and_every_label_holds_it(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    style = autohdr.load_style(learnt.path)
    assert style.preset == learnt.style.preset
    assert style.preset.settings == PRESET
    folder = bare(shoot, tmp_path / "new")
    before = contents(folder)
    report = autohdr.label(folder, style=learnt.path, engine="cpu", embed=False)
    assert [list(result.preset) for result in report.results] == [WORDS] * 2
    for sidecar in folder.glob("*.xmp"):
        document = Document.parse(sidecar.read_bytes())
        found = document.settings()
        assert all(says(found[name], value) for name, value in PRESET.items())
        assert not found.keys() & OTHERS.keys()
        assert CURVE.spelled({"crs": CRS, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}) in document.data
        assert owner(document) == "autohdr"
    assert {result.status for result in autohdr.undo(folder)} == {"removed"}
    assert contents(folder) == before


def test_labels_inside_dngs_hold_it_too(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    folder = bare(shoot, tmp_path / "new")
    before = contents(folder)
    autohdr.label(folder, style=learnt.path, engine="cpu")
    assert not list(folder.glob("*.xmp"))
    for photo in folder.glob("*.dng"):
        found = Document.parse(read_embedded(photo) or b"").settings()
        assert all(says(found[name], value) for name, value in PRESET.items())
    labels = autohdr.label(folder, style=learnt.path, engine="cpu")
    assert [result.code for result in labels.results] == ["labelled_already"] * 2
    autohdr.undo(folder)
    assert contents(folder) == before


def test_only_sliders_leaves_it_out_and_takes_it_away(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    folder = bare(shoot, tmp_path / "new")
    autohdr.label(folder, style=learnt.path, engine="cpu", sidecar="darktable", embed=False)
    (first, *_), names = sorted(folder.glob("*.dng.xmp")), PRESET.keys()
    assert names <= Document.parse(first.read_bytes()).settings().keys()
    done = autohdr.label(folder, style=learnt.path, engine="cpu", sidecar="darktable", embed=False, only_sliders=True)
    assert [result.status for result in done.results] == ["labelled"] * 2
    assert [result.preset for result in done.results] == [()] * 2
    assert not names & Document.parse(first.read_bytes()).settings().keys()
    assert done.model["only_sliders"]


def test_the_command_lines_say_what_it_is(edited: Path, learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    run, told = CliRunner(), ", ".join(WORDS)
    style = str(tmp_path / "b.style")
    words = run.invoke(learn_command, [str(edited), "--style", style, "--engine", "cpu"]).output
    assert f"Written with every label: {told}; autohdr label --only-sliders leaves it out.\n" in words
    made = run.invoke(learn_command, [str(edited), "--style", style, "--engine", "cpu", "--json"])
    summary = read("learn", made.stdout)[-1]
    assert summary["style"]["preset"]["words"] == WORDS
    assert summary["style"]["preset"]["settings"]["Sharpness"] == "60"
    assert told in run.invoke(inspect_command, [style]).output
    folder = bare(shoot, tmp_path / "new")
    label = [str(folder), "--style", style, "--engine", "cpu", "--dry-run"]
    words = run.invoke(label_command, label).output
    assert f"  and {told}\n" in words
    assert f"Written with every label: {told}; --only-sliders leaves it out.\n" in words
    assert json.dumps(WORDS) in run.invoke(label_command, [*label, "--json"]).stdout
    assert "Written with" not in run.invoke(label_command, [*label, "--only-sliders"]).output


def test_the_page_shows_its_curve(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    folder, means = bare(shoot, tmp_path / "new", 1), []
    for only in (False, True):
        page = tmp_path / f"page {only}"
        autohdr.label(folder, style=learnt.path, engine="cpu", page=page, dry_run=True, only_sliders=only)
        (after,) = page.glob("pictures/*.after.jpg")
        with Image.open(after) as picture:
            means.append(np.asarray(picture.convert("L"), float).mean())
    assert abs(means[0] - means[1]) > 2


def test_a_preset_of_what_belongs_to_one_photo_is_refused(learnt: Learnt) -> None:
    preset = Preset({"Sharpness": "60"})
    assert Style.from_bytes(replace(learnt.style, preset=preset).to_bytes()).preset == preset
    with pytest.raises(ModelError, match="is damaged"):
        Style.from_bytes(replace(learnt.style, preset=Preset({"CropTop": "0.1"})).to_bytes())
