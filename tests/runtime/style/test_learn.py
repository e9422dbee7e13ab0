"""Learning, choosing and labelling with a style, as a user does it: files in, files out, without torch."""

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import autohdr
from autohdr.cli.label import command as label_command
from autohdr.cli.learn import command as learn_command
from autohdr.cli.pick import command as pick_command
from autohdr.errors import LearningError, ModelError
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model
from autohdr.raw.decode import read_shot
from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.description import COUNT
from autohdr.style.file import save_style
from autohdr.style.learn import Learnt
from autohdr.style.split import BURST
from tests.edited import few
from tests.json_lines import read
from tests.runtime.sidecar.labelling import change


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared photos, which the tests here share."""
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture(scope="module")
def learnt(shoot: Path, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    """A style of sixteen edits."""
    return autohdr.learn(shoot, tmp_path_factory.mktemp("styles") / "anna.style", engine="cpu", cache=kept)


def run(*words: object) -> Result:
    command = {"learn": learn_command, "pick": pick_command, "label": label_command}[str(words[0])]
    return CliRunner().invoke(command, [str(word) for word in words[1:]])


def test_a_style_is_one_small_file_that_says_what_it_is(learnt: Learnt) -> None:
    assert learnt.path.stat().st_size < 300_000
    style = autohdr.load_style(learnt.path)
    assert style.network == learnt.style.network
    assert style.learnt_from["photos"] == 16
    assert [row.key for row in style.scores] == [slider.key for slider in SLIDERS]
    assert style.scores[0].photos == 16


def test_the_same_edits_give_the_same_file_from_what_was_kept(learnt: Learnt, shoot: Path, kept: Path) -> None:
    again = learnt.path.with_name("again.style")
    autohdr.learn([shoot], again, engine="cpu", cache=kept)
    assert again.read_bytes() == learnt.path.read_bytes()


def test_a_style_labels_and_says_how_far_it_may_be_off(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    folder = few(shoot, tmp_path / "rest", 3)
    for sidecar in folder.glob("*.xmp"):
        sidecar.unlink()
    report = autohdr.label(folder, style=learnt.path, engine="cpu", embed=False)
    assert [result.status for result in report.results] == ["labelled"] * 3
    assert report.model["style"]["sha256"] == learnt.style.digest
    for result in report.results:
        assert result.errors is not None
        assert set(result.errors) == {slider.key for slider in SLIDERS}
        assert 0.0 < result.errors["Exposure2012"] < 2.0
        alike = difference_of(result.errors)
        assert alike is not None
        assert result.difference == result.to_dict()["difference"] == pytest.approx(alike, rel=0.5)
        assert result.hdr
        assert result.why is not None
        assert result.why.near[0] == result.path.name, "it was learnt from this very photo"
        assert result.to_dict()["why"] == {"near": list(result.why.near), "unlike": None}
    again = autohdr.label(folder, style=learnt.path, engine="cpu", embed=False)
    assert [one.difference for one in again.results] == [one.difference for one in report.results]
    assert [one.why for one in again.results] == [one.why for one in report.results]
    spec = read_model(DEFAULT_MODEL).info.spec
    pixels = np.stack([autohdr.prepare(path, spec) for path in sorted(folder.glob("*.dng"))])
    shots = [read_shot(path) for path in sorted(folder.glob("*.dng"))]
    predicted = autohdr.predict(pixels, style=learnt.path, engine="cpu", shots=shots)
    alone = [
        autohdr.label(path, style=learnt.path, engine="cpu", dry_run=True, existing="replace", embed=True)
        for path in sorted(folder.glob("*.dng"))
    ]
    for row, run in zip(predicted.sliders, alone, strict=True):
        assert run.results[0].sliders is not None
        assert row[0] == pytest.approx(run.results[0].sliders["Exposure2012"], abs=0.006)
    assert predicted.errors is not None
    own = autohdr.predict(pixels, engine="cpu")
    assert own.errors is not None
    assert own.errors.shape == predicted.errors.shape
    assert np.abs(own.sliders - predicted.sliders).max() > 0.01


def test_a_style_of_another_network_is_refused(learnt: Learnt, shoot: Path, tmp_path: Path) -> None:
    other = save_style(tmp_path / "other.style", dataclasses.replace(learnt.style, network="0" * 12))
    folder = few(shoot, tmp_path / "rest", 1)
    with pytest.raises(ModelError, match=r"was learnt on network .* \(000000000000\).*--model"):
        autohdr.label(folder, style=other.path, engine="cpu")


def test_a_style_keeps_its_mode_and_says_how_to_have_another(learnt: Learnt, shoot: Path) -> None:
    result = run("label", shoot, "--style", learnt.path, "--sdr", "--dry-run")
    assert result.exit_code == 2
    assert "learn one from your SDR edits with autohdr learn --mode sdr" in result.stderr


def test_the_command_says_how_far_off_each_slider_is(shoot: Path, kept: Path, tmp_path: Path) -> None:
    done = run("learn", shoot, "--style", tmp_path / "new" / "anna.style", "--engine", "cpu", "--cache", kept)
    assert done.exit_code == 0, done.output
    assert "16 edited photos" in done.stdout
    assert "Exposure" in done.stdout
    assert (tmp_path / "new" / "anna.style").is_file()
    line = run("learn", shoot, "--style", tmp_path / "b.style", "--engine", "cpu", "--cache", kept, "--json").stdout
    *_, summary = read("learn", line)
    assert (summary["type"], summary["used"]) == ("summary", 16)
    assert summary["style"]["learnt_from"]["photos"] == 16


def test_a_style_is_learnt_again_into_its_file_and_says_what_moved(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder, style = few(shoot, tmp_path / "shoot", 10), tmp_path / "anna.style"
    (folder / "IMG_0002.xmp").unlink()
    first = autohdr.learn(folder, style, engine="cpu", cache=kept)
    assert (first.moved, first.corrected, first.used) == (None, (), 9)
    (folder / "IMG_0003.xmp").unlink()
    again = autohdr.learn(folder, style, engine="cpu", cache=kept)
    assert again.used == 8
    assert again.moved is not None
    assert again.moved.photos == 2
    assert "2 photos that are not edited moved on average by: Exposure " in str(again.moved)
    assert autohdr.load_style(style).digest == again.style.digest


def test_too_few_edits_ask_for_more_and_leave_no_file(shoot: Path, tmp_path: Path) -> None:
    folder, style = few(shoot, tmp_path / "raws", 4), tmp_path / "styles" / "anna.style"
    with pytest.raises(LearningError, match=r"4 edited photos; expected 5 or more, so edit some"):
        autohdr.learn(folder, style)
    assert not style.parent.exists()
    done = run("learn", folder, "--style", style)
    assert done.exit_code == 3
    assert len(done.stderr.splitlines()) == 1
    for sidecar in folder.glob("*.xmp"):
        sidecar.unlink()
    *named, last = run("learn", folder, "--style", style, "--verbose").stderr.splitlines()
    assert [line.partition(": ")[0].strip() for line in named] == ["no sidecar"] * 4
    assert all(f"IMG_{number:04}.dng" in line for number, line in enumerate(named, 1))
    assert last.startswith("Error: too little to learn from")


def test_a_style_that_is_replaced_by_less_is_said_to_be(shoot: Path, kept: Path, tmp_path: Path) -> None:
    style, words = tmp_path / "anna.style", ("--engine", "cpu", "--cache", kept)
    assert "The style before" not in run("learn", few(shoot, tmp_path / "a", 9), "--style", style, *words).stdout
    done = run("learn", few(shoot, tmp_path / "b", 6), "--style", style, *words)
    lines = done.stdout.splitlines()
    said = lines[next(number for number, line in enumerate(lines) if line.startswith("Wrote ")) - 1]
    assert said.startswith("Note: The style before was learnt from more photos (9), and those of them that were not")
    assert autohdr.learn(tmp_path / "b", style, engine="cpu", cache=kept).lost is None
    both = autohdr.learn([tmp_path / "a", tmp_path / "b"], style, engine="cpu", cache=kept)
    assert (both.lost, both.used) == (None, 15)
    told = read("learn", run("learn", tmp_path / "b", "--style", style, *words, "--json").stdout)
    assert any("more photos (15)" in line.get("sentence", "") for line in told)


def test_a_photo_that_cannot_be_read_does_not_count(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder = few(shoot, tmp_path / "shoot", 8)
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    learnt = autohdr.learn(folder, tmp_path / "anna.style", engine="cpu", cache=kept)
    assert learnt.used == 7
    assert "IMG_0003.dng" in learnt.left_out[-1].reason
    assert learnt.style.names == tuple(f"IMG_{number:04}.dng" for number in range(1, 9) if number != 3)


def test_a_correction_is_among_the_edits_that_later_labels_go_by(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder, style = few(shoot, tmp_path / "shoot", 12), tmp_path / "anna.style"
    photo, twin = folder / "IMG_0005.dng", tmp_path / "twin.dng"
    photo.with_suffix(".xmp").unlink()
    autohdr.learn(folder, style, engine="cpu", cache=kept)
    autohdr.label(photo, style=style, engine="cpu", embed=False)
    change(photo, Exposure2012="+1.50")
    assert autohdr.learn(folder, style, engine="cpu", cache=kept).corrected == (photo,)
    shutil.copy(photo, twin)
    (result,) = autohdr.label(twin, style=style, engine="cpu", embed=False).results
    assert result.why is not None
    assert result.why.near[0] == "IMG_0005.dng"


def test_something_else_is_not_overwritten(shoot: Path, tmp_path: Path) -> None:
    mine = tmp_path / "notes.txt"
    mine.write_text("mine")
    done = run("learn", shoot, "--style", mine)
    assert done.exit_code == 2
    assert "is there and is no style of autohdr's" in done.stderr
    assert mine.read_text() == "mine"


def test_a_style_of_constants_says_that_it_is_a_preset(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder, random = few(shoot, tmp_path / "shoot", 16), np.random.default_rng(1)
    edited: dict[str, list[float]] = {slider.key: [] for slider in SLIDERS}
    for path in sorted(folder.glob("*.xmp")):
        values = {slider.key: 0.2 * slider.limit + 0.02 * slider.limit * random.normal() for slider in SLIDERS}
        texts = {f"{{{CRS}}}{slider.key}": slider.spell(values[slider.key]) for slider in SLIDERS}
        path.write_bytes(merge(path.read_bytes(), texts))
        for key, value in Document.parse(path.read_bytes()).values().items():
            edited[key].append(value)
    learnt = autohdr.learn(folder, tmp_path / "anna.style", engine="cpu", cache=kept)
    known = [row.learnt for row in learnt.scores]
    assert known.count(True) <= 2  # of eight that hold noise alone, chance lets some pass
    features = np.random.default_rng(2).standard_normal((2, learnt.style.head.network.points.shape[1]))
    scaled, _ = learnt.style.answer(features, np.full((2, COUNT), np.nan), np.full(2, np.nan))
    for column, slider in enumerate(SLIDERS):
        if not known[column]:
            assert scaled[:, column] * slider.limit == pytest.approx(np.median(edited[slider.key]), abs=0.01)
    words = ("learn", folder, "--style", tmp_path / "b.style", "--engine", "cpu", "--cache", kept)
    empty, warning, step = run(*words).stdout.splitlines()[-3:]
    assert (empty, step) == ("", "Next: edit photos of another shoot, and learn from all of them together.")
    assert "LEARNT: " in warning
    *_, summary = read("learn", run(*words, "--json").stdout)
    assert len(summary["not_learnt"]) >= 6
    assert summary["warning"] == f"{warning} {step}"


def test_pick_names_photos_that_are_not_edited_and_says_what_it_could_not_read(
    shoot: Path, kept: Path, tmp_path: Path
) -> None:
    folder = few(shoot, tmp_path / "shoot", 16)
    edited = {"IMG_0001.dng", "IMG_0002.dng"}
    for sidecar in folder.glob("*.xmp"):
        if f"{sidecar.stem}.dng" not in edited:
            sidecar.unlink()
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    words = ("pick", folder, "--count", 4, "--engine", "cpu", "--cache", kept)
    done = run(*words)
    assert done.exit_code == 0, done.output
    named = [Path(line) for line in done.stdout.splitlines()]
    assert len(set(named)) == 4
    assert all(path.is_file() and path.name not in edited | {"IMG_0003.dng"} for path in named)
    assert "15 photos, 2 of them edited" in done.stderr
    assert "IMG_0003.dng" in done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert run(*words).stdout == done.stdout
    lines = read("pick", run(*words, "--json").stdout)
    assert [line["path"] for line in lines if line["type"] == "photo"] == [str(path) for path in named]
    times = np.array([read_shot(path).captured for path in [*named, *(folder / name for name in edited)]], dtype=float)
    apart = np.abs(times[:4, None] - times)[~np.eye(4, 6, dtype=bool)]
    assert apart.min() > BURST, "no two of one burst, and none of a burst of which one is edited"


def test_nothing_to_pick_from_is_one_sentence(tmp_path: Path) -> None:
    done = run("pick", tmp_path, "--cache", tmp_path / "cache")
    assert done.exit_code == 3
    assert "no RAW file" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = run("pick", tmp_path / "gone")
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_a_shoot_that_is_edited_needs_no_more(shoot: Path, kept: Path) -> None:
    done = run("pick", shoot, "--engine", "cpu", "--cache", kept)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "16 photos, 16 of them edited; none is left to edit" in done.stderr


def test_no_torch_is_needed(shoot: Path, kept: Path, tmp_path: Path) -> None:
    """Learning, choosing and labelling, where torch, transformers and onnx cannot be imported."""
    script = f"""
import sys
for name in ("torch", "transformers", "onnx", "onnxscript", "kornia"):
    sys.modules[name] = None
import autohdr
from tests.edited import few
autohdr.learn({str(shoot)!r}, {str(tmp_path / "anna.style")!r}, engine="cpu", cache={str(kept)!r})
autohdr.pick({str(shoot)!r}, engine="cpu", cache={str(kept)!r})
print(autohdr.label({str(shoot)!r}, style={str(tmp_path / "anna.style")!r}, engine="cpu", dry_run=True).photos)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "16"
