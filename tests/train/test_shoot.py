"""A shoot becomes a checkpoint, in Python and from the command line."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr.errors import LearningError, SettingsError
from autohdr_train.cli import main
from autohdr_train.network.checkpoint import load
from autohdr_train.network.start import begin
from autohdr_train.recipes.recipe import autohdr2024
from autohdr_train.shoot import train_shoot
from tests.edited import few
from tests.previews import embed, jpeg

RECIPE = dataclasses.replace(autohdr2024(), epochs=1)


def test_a_shoot_becomes_a_checkpoint_that_says_what_was_used(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    (folder / "IMG_0002.xmp").unlink()
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    trained = train_shoot([folder], tmp_path / "m", RECIPE, start=str(foreign_vit), cache=tmp_path / "cache")
    assert trained.used == 14
    assert {item.kind for item in trained.left_out} == {"no sidecar", "unreadable RAW"}
    saved = load(tmp_path / "m")
    photos, groups = saved.trained_on["photos"], saved.trained_on["groups"]
    assert photos["train"] + photos["held_out"] == 14
    assert groups["train"] >= 1
    assert groups["held_out"] >= 1
    assert saved.network.head == "tanh"
    assert saved.trained_on["steps"] == -(-photos["train"] // RECIPE.batch)
    assert saved.trained_on["scores"][0]["mae"] == trained.scores[0].mae
    assert str(tmp_path) not in (tmp_path / "m" / "README.md").read_text()


def test_training_goes_on_from_a_checkpoint_of_ours(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    train_shoot([shoot], first, RECIPE, start=str(foreign_vit), cache=tmp_path / "cache")
    network, spec = begin(str(first), None, None, "linear", 0)
    assert (network.head, spec.size) == ("tanh", 32)
    train_shoot([shoot], second, RECIPE, start=str(first), encoding="pu21-pmax", cache=tmp_path / "cache")
    assert load(second).spec.encoding == "pu21-pmax"


@pytest.mark.parametrize("start", ["tiny", "foreign"])
def test_sensor_data_are_the_source_unless_asked_otherwise(foreign_vit: Path, start: str) -> None:
    name = str(foreign_vit) if start == "foreign" else start
    for asked, got in ((None, "raw"), ("raw", "raw"), ("preview", "preview")):
        assert begin(name, None, asked, "linear", 0)[1].source == got  # type: ignore[arg-type]  # str, not Literal


def test_a_model_can_be_trained_on_previews(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    for index, photo in enumerate(sorted(folder.glob("*.dng"))[1:]):
        embed(photo, jpeg(np.full((64, 96, 3), 16 * index, np.uint8)))
    out = tmp_path / "m"
    arguments = [str(folder), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    done = CliRunner().invoke(main, [*arguments, "--recipe", "autohdr2024", "--source", "preview", "--epochs", "1"])
    assert done.exit_code == 0, done.output
    assert "Learning from 15 edited photos; 1 other is left out:" in done.output
    assert "holds no preview" in done.output
    assert load(out).spec.source == "preview"
    assert "source `preview`" in (out / "README.md").read_text()
    assert begin(str(out), None, None, "linear", 0)[1].source == "preview"
    assert begin(str(out), None, "raw", "linear", 0)[1].source == "raw"


def test_a_network_is_trained_again_into_its_folder(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    out, cache = tmp_path / "m", tmp_path / "cache"
    first = train_shoot([shoot], out, RECIPE, start=str(foreign_vit), cache=cache)
    assert (first.stale, first.corrected) == (False, ())
    before = load(out)
    (out / "model.onnx").write_bytes(b"exported")
    again = train_shoot([shoot], out, dataclasses.replace(RECIPE, epochs=2), start=str(foreign_vit), cache=cache)
    assert again.stale
    assert load(out).trained_on["recipe"]["epochs"] == 2
    assert before.trained_on["recipe"]["epochs"] == 1
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == []


def test_a_model_of_somebody_elses_is_not_overwritten(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in foreign_vit.iterdir()}
    with pytest.raises(SettingsError, match="already holds a model"):
        train_shoot([shoot], foreign_vit, RECIPE, start=str(foreign_vit), cache=tmp_path / "cache")
    assert {path: path.read_bytes() for path in foreign_vit.iterdir()} == before


def test_nothing_to_learn_from_says_what_was_found(shoot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raws"
    folder.mkdir()
    shutil.copy(shoot / "IMG_0001.dng", folder)
    with pytest.raises(LearningError, match=r"0 edited photos; left out 1: 1 \(no sidecar\); expected 2 or more"):
        train_shoot([folder], tmp_path / "m", RECIPE)
    assert not (tmp_path / "m").exists()


def test_photos_that_cannot_be_read_leave_no_folder_behind(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raws"
    folder.mkdir()
    for number in (1, 2):
        shutil.copy(shoot / f"IMG_000{number}.xmp", folder)
        (folder / f"IMG_000{number}.dng").write_bytes(b"no photo")
    with pytest.raises(LearningError, match=r"0 edited photos; left out 2: 2 \(unreadable RAW\)"):
        train_shoot([folder], tmp_path / "m", RECIPE, start=str(foreign_vit), cache=tmp_path / "cache")
    assert not (tmp_path / "m").exists()


def test_a_folder_that_cannot_be_made_is_refused_before_any_photo_is_decoded(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="is not a folder"):
        train_shoot([shoot], tmp_path / "file" / "m", RECIPE, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def as_sdr(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.write_text(path.read_text().replace('crs:HDREditMode="1"', 'crs:HDREditMode="0"'))


def test_edits_made_as_sdr_are_counted_in_the_output_and_on_the_card(
    shoot: Path, foreign_vit: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "shoot", tmp_path / "m"
    shutil.copytree(shoot, folder)
    as_sdr(folder, "IMG_0001.xmp", "IMG_0002.xmp", "IMG_0003.xmp")
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    arguments = [str(folder), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*arguments, "--recipe", "autohdr2024", "--epochs", "1"])
    assert result.exit_code == 0, result.output
    assert "3 others are left out:" in result.output
    assert "3 edited in SDR" in result.output
    assert "--keep sdr for the 3 edited in SDR" in result.output
    out = tmp_path / "kept"
    arguments = [str(folder), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*arguments, "--recipe", "autohdr2024", "--epochs", "1", "--keep", "sdr"])
    assert result.exit_code == 0, result.output
    note = "2 of 15 photos were edited in SDR, and learnt as if in the style's mode, HDR, "
    assert f"Note: {note}" in result.output
    assert f"- {note}" in (out / "README.md").read_text()


def test_the_command_prints_the_scores_and_what_it_wrote(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    arguments = [str(shoot), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(
        main, [*arguments, "--recipe", "autohdr2024", "--epochs", "2", "--batch", "5", "--seed", "1"]
    )
    assert result.exit_code == 0, result.output
    for part in ("16 edited photos", "mean label", "Exposure", "Saturation", f"Wrote {out}", "autohdr export"):
        assert part in result.output
    assert "SDR" not in result.output
    recipe = load(out).trained_on["recipe"]
    assert (recipe["epochs"], recipe["batch"], recipe["seed"]) == (2, 5, 1)
    assert len([json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]) == 3


def test_a_folder_without_photos_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path), "--out", str(tmp_path / "m")])
    assert result.exit_code == 3
    assert result.stderr.startswith("Error: too little to learn from")
    assert result.stderr.count("\n") == 1


def test_the_help_holds_an_example() -> None:
    assert "Example: autohdr train " in CliRunner().invoke(main, ["--help"]).output


def test_an_edit_whose_photo_cannot_be_read_does_not_count(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder = few(shoot, tmp_path / "shoot", 8)
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    trained = train_shoot([folder], tmp_path / "m", RECIPE, start=str(foreign_vit), cache=tmp_path / "cache")
    assert trained.used == 7


def test_few_edits_are_all_learnt_and_scored_in_folds(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    arguments = [str(shoot), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*arguments, "--epochs", "1"])
    assert result.exit_code == 0, result.output
    assert "16 edits are too few to spare any: scored in" in result.output
    saved = load(out).trained_on
    assert saved["recipe"]["name"] == "finetune"
    assert saved["photos"] == {"train": 16, "held_out": 0}
    assert saved["scores"][0]["photos"] == 16
    assert "Learnt from all 16 photos" in (out / "README.md").read_text()


def test_settings_may_lie_in_a_folder_of_their_own(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder, settings = few(shoot, tmp_path / "raws", 6), tmp_path / "settings"
    settings.mkdir()
    for sidecar in folder.glob("*.xmp"):
        sidecar.rename(settings / sidecar.name)
    arguments = [str(folder), "--out", str(tmp_path / "m"), "--start", str(foreign_vit), "--recipe", "autohdr2024"]
    arguments += ["--epochs", "1", "--cache", str(tmp_path / "cache")]
    assert "6 (no sidecar)" in CliRunner().invoke(main, arguments).output
    result = CliRunner().invoke(main, [*arguments, "--settings", str(settings)])
    assert result.exit_code == 0, result.output
    assert "6 edited photos" in result.output


def test_augmentations_and_smoothing_are_named_and_noted(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    arguments = [str(shoot), "--out", str(out), "--start", str(foreign_vit), "--cache", str(tmp_path / "cache")]
    arguments += ["--recipe", "autohdr2024", "--epochs", "1"]
    wrong = CliRunner().invoke(main, [*arguments, "--augment", "turn,spin"])
    assert wrong.exit_code == 2
    assert "augmentation is 'spin'" in wrong.stderr
    result = CliRunner().invoke(main, [*arguments, "--augment", "turn, exposure", "--smooth", "average:3"])
    assert result.exit_code == 0, result.output
    assert "augment turn, exposure; " in (out / "README.md").read_text()
    assert load(out).trained_on["recipe"]["label_window"] == 3


def test_what_needs_sensor_data_is_left_out_for_previews(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    for index, photo in enumerate(sorted(folder.glob("*.dng"))):
        embed(photo, jpeg(np.full((64, 96, 3), 16 * index, np.uint8)))
    changes = {"epochs": 1, "augment": ("turn", "exposure")}
    trained = train_shoot(
        [folder],
        tmp_path / "m",
        autohdr2024(),
        start=str(foreign_vit),
        source="preview",
        changes=changes,
        cache=tmp_path / "c",
    )
    assert any("left out: exposure" in note for note in trained.notes)
    assert load(tmp_path / "m").trained_on["recipe"]["augment"] == ["turn"]


def test_an_unfinished_run_goes_on_and_is_not_taken_for_another(
    shoot: Path, foreign_vit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, cache = tmp_path / "m", tmp_path / "cache"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autohdr_train.recipes.unfinished.KEEP_EVERY", 0.0)
    monkeypatch.setattr("autohdr_train.shoot.leave", killed)
    with pytest.raises(KeyboardInterrupt):
        train_shoot([shoot], out, RECIPE, start=str(foreign_vit), cache=cache)
    assert (out / "unfinished" / "run.json").exists()
    monkeypatch.undo()
    with pytest.raises(SettingsError, match="unfinished run with other recipe; repeat its command"):
        train_shoot([shoot], out, RECIPE, start=str(foreign_vit), changes={"seed": 1}, cache=cache)
    train_shoot([shoot], out, RECIPE, start=str(foreign_vit), cache=cache)
    assert not (out / "unfinished").exists()
