"""The bench of decoding."""

import json
from pathlib import Path

from click.testing import CliRunner

from autohdr.raw.decoders import flashraw
from autohdr_bench.cli import main


def test_decoders_are_reported_beside_reading_alone(shoot: Path) -> None:
    (shoot / "bad.dng").write_text("not a photo")
    done = CliRunner().invoke(main, ["decode", str(shoot), "--repeats", "2", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert set(report) == {"machine", "repeats", "files", "left_out"}
    assert report["repeats"] == 2
    assert [file["file"] for file in report["files"]] == [f"IMG_{index}.dng" for index in range(5)]
    assert "bad.dng" in report["left_out"][0]
    for file in report["files"]:
        assert file["baseline"] == "libraw"
        assert set(file["candidates"]) == {"read", "libraw", "flashraw"}
        assert file["candidates"]["libraw"]["times_as_fast"] == 1.0
        assert (file["candidates"]["flashraw"] is not None) == flashraw.installed()
        assert file["candidates"]["read"]["ms"] > 0


def test_the_table_has_a_line_for_each_decoder(shoot: Path) -> None:
    done = CliRunner().invoke(main, ["decode", str(shoot / "IMG_0.dng"), "--repeats", "1"])
    assert done.exit_code == 0, done.output
    begins = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    assert begins[1:5] == ["IMG_0.dng,", "read", "libraw", "flashraw"]
