"""Whole pictures beside developing: gain-map JPEGs with settings, written here in the place of Camera Raw."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr.develop import Scene, Settings, renditions
from autohdr.develop.settings import SdrSettings
from autohdr.errors import PhotoError
from autohdr.mode import Mode
from autohdr.pictures import gain_map_jpeg, jpeg
from autohdr.pictures.jpeg import segment, with_segments, xmp_segment
from autohdr_bench.cli import main
from autohdr_bench.develop import gain_maps, renderings
from tests.json_lines import read

HDR = Mode(headroom=4.0)
DARKER = Settings(exposure=0.4, shadows=30, whites=20, mode=HDR)
BRIGHTER = Settings(exposure=1.0, highlights=-30, blacks=-20, contrast=10, mode=HDR, sdr=SdrSettings(brightness=40))


def scene() -> Scene:
    """A scene with shadows, light near the sensor's white, colours and edges."""
    y, x = np.mgrid[:200, :300]
    light = 2.0 ** (7 * x / 300 - 7 + 0.8 * np.sin(y / 25)) * (1 + 0.5 * (y > 100))
    colour = np.stack([1 + 0.2 * np.sin(x / 40), np.ones_like(light), 1 - 0.2 * np.cos(y / 30)], -1)
    return Scene(np.minimum(light[..., None] * colour, 1.2).astype(np.float32), 2.0**0.35)


def written(path: Path, settings: Settings, raw: str = "IMG_1.CR3", clarity: int = 0) -> Path:
    """A gain-map JPEG with these settings in its XMP."""
    both = renditions(scene(), settings)
    assert both.hdr is not None
    values = {
        "RawFileName": raw,
        "HDREditMode": "1",
        "HDRMaxValue": "+4.00",
        "Exposure2012": f"{settings.exposure:+.2f}",
        "SDRBrightness": f"{settings.sdr.brightness:+.0f}",
        "SDRClarity": str(clarity),
    }
    for name in ("Contrast", "Highlights", "Shadows", "Whites", "Blacks"):
        values[f"{name}2012"] = f"{getattr(settings, name.lower()):+.0f}"
    listed = " ".join(f'crs:{name}="{value}"' for name, value in values.items())
    namespace = "http://ns.adobe.com/camera-raw-settings/1.0/"
    document = xmp_segment(f'<rdf:Description rdf:about="" xmlns:crs="{namespace}" {listed}/>')
    path.write_bytes(with_segments(gain_map_jpeg(both.sdr, both.hdr, 95, shrink=1), [document]))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [written(tmp_path / "darker.jpg", DARKER), written(tmp_path / "brighter.jpg", BRIGHTER, clarity=20)]


def test_both_renditions_and_the_settings_are_read(files: list[Path]) -> None:
    edit = gain_maps.read(files[1], 300)
    both = renditions(scene(), BRIGHTER)
    assert both.hdr is not None
    assert edit.raw == "IMG_1.CR3"
    assert (edit.settings.exposure, edit.settings.blacks, edit.settings.mode.headroom) == (1.0, -20.0, 4.0)
    for ours, picture in ((edit.sdr, both.sdr), (edit.hdr, both.hdr)):
        off = np.abs(renderings.lightness(ours) - renderings.lightness(picture.light))
        assert np.median(off) < 0.5
        assert np.percentile(off, 99) < 4


def test_settings_in_extended_xmp_are_read(tmp_path: Path) -> None:
    """Long masks have no room in one segment: all settings are then in pieces of up to 64 KiB."""
    path = written(tmp_path / "long.jpg", DARKER)
    data = path.read_bytes()
    start = data.index(b"\xff\xe1", data.index(b"\xff\xe0") + 4)
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    document = data[start + 4 + len(b"http://ns.adobe.com/xap/1.0/\0") : end]
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + len(document).to_bytes(4, "big")
    pieces = [
        segment(0xE1, head + at.to_bytes(4, "big") + document[at : at + 100]) for at in range(0, len(document), 100)
    ]
    path.write_bytes(data[:start] + b"".join(pieces) + data[end:])
    assert gain_maps.read(path, 64).settings.shadows == 30


def test_a_picture_is_averaged_to_the_edge(files: list[Path]) -> None:
    assert gain_maps.read(files[0], 64).hdr.shape == (43, 64, 3)


def test_our_own_sdr_renditions_are_found_again(files: list[Path]) -> None:
    for path in files:
        one = renderings.shoulder(gain_maps.read(path, renderings.EDGE))
        assert one.rms < 0.01
        assert abs(one.mean) < 0.004
        assert one.clipped > 5 * one.rms
    assert one.ignored == ("SDR Clarity",)


def test_one_edit_of_ours_is_made_of_the_others_picture(files: list[Path]) -> None:
    rows = renderings.redeveloped([gain_maps.read(path, renderings.EDGE) for path in files])
    assert [(row.source, row.photo, row.rendition) for row in rows] == [
        ("darker.jpg", "brighter.jpg", "SDR"),
        ("darker.jpg", "brighter.jpg", "HDR"),
        ("brighter.jpg", "darker.jpg", "SDR"),
        ("brighter.jpg", "darker.jpg", "HDR"),
    ]
    for row in rows:
        assert row.median < 1.5
        assert row.nothing > 4
        assert row.known > 0.8
        assert max(abs(value) for value in row.bands if value is not None) < 6


def test_edits_of_two_photos_are_not_mixed(tmp_path: Path) -> None:
    files = [written(tmp_path / f"{raw}.jpg", DARKER, raw) for raw in ("a.CR3", "b.CR3", "")]
    assert renderings.redeveloped([gain_maps.read(path, 64) for path in files]) == []


def test_the_command_prints_both_tables(files: list[Path]) -> None:
    done = CliRunner().invoke(main, ["develop", *map(str, files)])
    assert done.exit_code == 0, done.output
    assert "brighter.jpg (without SDR Clarity)" in done.output
    assert "darker.jpg, brighter.jpg" in done.output


def test_the_command_prints_json_lines(files: list[Path]) -> None:
    done = CliRunner().invoke(main, ["develop", "--json", *map(str, files)])
    told = read("bench develop", done.output)
    assert [line["type"] for line in told] == ["sdr", "sdr", "edit", "edit", "edit", "edit", "summary"]


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"MPF\0MM"])
def test_what_is_no_gain_map_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "plain.jpg"
    path.write_bytes(data)
    with pytest.raises(PhotoError, match=r"plain\.jpg is no HDR edit with a gain map; export one as JPEG"):
        gain_maps.read(path, 64)


def test_a_plain_jpeg_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "plain.jpg"
    path.write_bytes(jpeg(renditions(scene(), Settings()).sdr))
    done = CliRunner().invoke(main, ["develop", str(path)])
    assert done.exit_code == 3
    assert "no HDR edit with a gain map" in done.output
