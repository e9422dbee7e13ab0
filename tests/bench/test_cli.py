"""`autohdr-bench`, run as users run it."""

import subprocess
import sys
from pathlib import Path

import pytest
import rawpy
from click.testing import CliRunner, Result

from autohdr.sidecar import read_labels
from autohdr_bench.cli import main
from tests.json_lines import read

SMALL = ("--count", "3", "--width", "96", "--height", "64")


def shoot(out: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["shoot", "--out", str(out), *SMALL, *map(str, arguments)])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(result: Result, sentence: str) -> bool:
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return sentence in result.stderr


def test_a_shoot_is_photos_with_usable_edits(tmp_path: Path) -> None:
    out = tmp_path / "new" / "shoot"
    program = Path(sys.executable).with_name("autohdr-bench")
    done = subprocess.run([program, "shoot", "--out", out, *SMALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Wrote 3 photos, 0 MB, to {out}\n"
    photos = sorted(out.glob("*.dng"))
    assert [photo.name for photo in photos] == ["IMG_0001.dng", "IMG_0002.dng", "IMG_0003.dng"]
    for photo in photos:
        with rawpy.imread(str(photo)) as raw:
            assert raw.raw_image.shape == (64, 96)
        assert read_labels(photo.with_suffix(".xmp")).usable


def test_the_same_options_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        assert shoot(tmp_path / name, "--seed", str(seed)).exit_code == 0
    one, same, other = (contents(tmp_path / name) for name in "abc")
    assert one == same
    assert all(one[name] != other[name] for name in one)


def test_a_program_is_told_what_was_written(tmp_path: Path) -> None:
    (line,) = read("bench shoot", shoot(tmp_path / "new", "--json").stdout)
    assert (line["folder"], line["photos"]) == (str(tmp_path / "new"), 3)


def test_sidecars_can_be_left_out(tmp_path: Path) -> None:
    assert shoot(tmp_path / "with").exit_code == 0
    assert shoot(tmp_path / "without", "--no-xmp").exit_code == 0
    photos = {name: data for name, data in contents(tmp_path / "with").items() if name.endswith(".dng")}
    assert contents(tmp_path / "without") == photos


def test_compression_changes_the_files_and_not_the_photos(tmp_path: Path) -> None:
    assert shoot(tmp_path / "ljpeg", "--no-xmp").exit_code == 0
    assert shoot(tmp_path / "none", "--no-xmp", "--compression", "none").exit_code == 0
    for small in sorted((tmp_path / "ljpeg").iterdir()):
        large = tmp_path / "none" / small.name
        assert small.stat().st_size < large.stat().st_size
        with rawpy.imread(str(small)) as one, rawpy.imread(str(large)) as other:
            assert (one.raw_image == other.raw_image).all()


def test_radiance_images_that_are_not_there_are_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "shoot"
    assert refused(shoot(out, "--radiance", tmp_path / "nowhere"), "holds no .exr radiance images")
    assert not out.exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    assert refused(shoot(tmp_path), "not an empty folder")
    assert contents(tmp_path) == {"mine.txt": b"keep"}


@pytest.mark.parametrize("name", ["file", "file/below", "long" * 100])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("keep")
    assert refused(shoot(tmp_path / name), str(tmp_path / name))
    assert contents(tmp_path) == {"file": b"keep"}


def test_an_odd_sensor_is_one_sentence(tmp_path: Path) -> None:
    assert refused(shoot(tmp_path / "shoot", "--width", "97"), "expected even numbers")
