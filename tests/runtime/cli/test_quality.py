import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from autohdr.cli.main import main
from autohdr.develop.picture import Picture
from autohdr.pictures import avif
from tests.json_lines import read

SIZE = (48, 64)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["quality", *map(str, words)])


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A picture, and the same with noise in its right half."""
    random = np.random.default_rng(0)
    clean = np.full((*SIZE, 3), 128.0) + 60 * np.sin(np.arange(SIZE[1]) / 4)[:, None]
    noisy = clean.copy()
    noisy[:, 32:] += 25 * random.standard_normal((48, 32, 3))
    paths = tmp_path / "a.png", tmp_path / "b.png"
    for path, values in zip(paths, (clean, noisy), strict=True):
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path)
    return paths


def test_without_a_model_it_says_so_and_gives_psnr_and_ssim(pair: tuple[Path, Path]) -> None:
    done = run(*pair)
    assert done.exit_code == 0, done.output
    assert "On PU21 values, on an SDR display of 100 cd/m2: PSNR " in done.output
    assert "No quality model comes with this autohdr" in done.output


def test_one_line_for_programs(pair: tuple[Path, Path]) -> None:
    (found,) = read("quality", run(*pair, "--json").output)
    assert found["size"] == [64, 48]
    assert found["display"]["peak"] == 100
    assert 0 < found["ssim"] < 1
    assert found["jod"] is None
    (same,) = read("quality", run(pair[0], pair[0], "--json").output)
    assert same["psnr"] is None
    assert same["ssim"] == pytest.approx(1)


def test_a_map_shows_where_they_differ(pair: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(*pair, "--map", tmp_path / "where.png", "--json")
    assert json.loads(done.output)["map_of"] == "ssim"
    with Image.open(tmp_path / "where.png") as opened:
        codes = np.asarray(opened).astype(int)
    coloured = codes.max(axis=2) - codes.min(axis=2)
    assert codes.shape == (*SIZE, 3)
    assert coloured[:, :24].max() == 0
    assert coloured[:, 40:].mean() > 50


def test_a_map_never_takes_the_place_of_a_picture(pair: tuple[Path, Path]) -> None:
    before = pair[1].read_bytes()
    done = run(*pair, "--map", pair[1])
    assert done.exit_code == 2
    assert "is there already; name another file" in done.output
    assert pair[1].read_bytes() == before


@pytest.mark.parametrize(("name", "peak"), [("sdr", 100), ("sdr:250", 250), ("hdr", 1000), ("hdr:600", 600)])
def test_displays_are_named(pair: tuple[Path, Path], name: str, peak: float) -> None:
    (found,) = read("quality", run(*pair, "--display", name, "--json").output)
    assert found["display"]["peak"] == peak
    assert found["display"]["curve"] == ("gamma" if name.startswith("sdr") else "pq")


@pytest.mark.parametrize("name", ["tv", "hdr:", "hdr:bright", "hdr:-5", "sdr:nan", "hdr:1:2", ""])
def test_what_is_no_display_is_one_sentence(pair: tuple[Path, Path], name: str) -> None:
    done = run(*pair, "--display", name)
    assert done.exit_code == 2
    assert done.output.startswith("Error: ")
    assert "expected" in done.output
    assert done.output.count("\n") == 1


def test_hdr_pictures_are_shown_on_an_hdr_display(tmp_path: Path) -> None:
    light = np.full((*SIZE, 3), 2.0, np.float32)
    for name, level in (("a.avif", 1.0), ("b.avif", 0.9)):
        (tmp_path / name).write_bytes(avif(Picture(light * np.float32(level), "srgb", 2.0)))
    done = run(tmp_path / "a.avif", tmp_path / "b.avif")
    assert "on an HDR display of 1000 cd/m2: PSNR " in done.output


@pytest.mark.parametrize("damage", ["missing", "text", "size", "pixel"])
def test_what_cannot_be_compared_is_one_sentence(pair: tuple[Path, Path], tmp_path: Path, damage: str) -> None:
    one, other = pair
    if damage == "missing":
        other = tmp_path / "gone.png"
    elif damage == "text":
        other.write_text("words")
    else:
        size = (1, 1) if damage == "pixel" else (10, 90)
        Image.new("RGB", size).save(other)
        if damage == "pixel":
            Image.new("RGB", size).save(one)
    done = run(one, other)
    assert done.exit_code == 3
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1
    assert ".png" in done.output
    (line,) = [json.loads(text) for text in run(one, other, "--json").stdout.splitlines()]
    assert line["type"] == "error"


def test_a_library_that_complains_adds_no_line(tmp_path: Path) -> None:
    """OpenEXR wrote one of its own to standard error, and another to standard output."""
    path = tmp_path / "a.exr"
    with OpenEXR.File(
        {"type": OpenEXR.scanlineimage}, {"RGB": np.random.default_rng(0).random((300, 40, 3), np.float32)}
    ) as file:
        file.write(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    command = [sys.executable, "-m", "autohdr", "quality", str(path), str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == done.stderr.count("\n") == 1
    assert done.stderr.startswith("Error: ")


@pytest.mark.parametrize("content", [None, b"not a model"])
def test_what_is_no_quality_model_is_one_sentence(
    pair: tuple[Path, Path], tmp_path: Path, content: bytes | None
) -> None:
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    done = run(*pair, "--model", model)
    assert done.exit_code == 4
    assert done.output.count("\n") == 1


def test_a_model_of_sliders_is_told_apart(pair: tuple[Path, Path]) -> None:
    from autohdr.model.info import DEFAULT_MODEL

    done = run(*pair, "--model", DEFAULT_MODEL)
    assert done.exit_code == 4
    assert "predicts sliders; expected a model that scores pictures" in done.output
