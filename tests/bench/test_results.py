"""What a bench prints, as JSON and as text."""

from pathlib import Path

from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr_bench.photo import Photo
from autohdr_bench.results import FileTimings, Report
from autohdr_bench.timing import Timing

PHOTO = Photo(Path("IMG_1.CR2"), 24.0, 48_000_000, 26_000_000, {"libraw": LibRawDecoder()}, ("flashraw refuses it",))
MEASURED = FileTimings(
    PHOTO, {"seed": Timing((4.0, 4.0)), "libraw": Timing((1.0, 2.0))}, ("seed", "libraw", "x"), "seed"
)


def test_speeds_are_those_of_the_median_and_ratios_of_the_rounds() -> None:
    row = MEASURED.to_dict()["candidates"]["libraw"]
    assert row == {
        "ms": 1500.0,
        "spread": 0.4714,
        "noisy": True,
        "megapixels_per_second": 16.0,
        "raws_per_second": 0.667,
        "times_as_fast": 3.0,
    }


def test_a_quiet_timing_is_not_marked() -> None:
    assert MEASURED.to_dict()["candidates"]["seed"]["noisy"] is False
    seed, libraw = MEASURED.lines()[1:3]
    assert "!" not in seed
    assert "47.1%!" in libraw


def test_a_candidate_without_a_timing_stands_there_empty() -> None:
    assert MEASURED.to_dict()["candidates"]["x"] is None
    assert MEASURED.lines()[3].split() == ["x", "-", "-", "-", "-", "-"]


def test_a_report_tells_what_it_was_measured_on_and_what_it_lacks() -> None:
    report = Report("seed", 2, [MEASURED], ["a.dng: is damaged"], {"scaling": {}}, ["threads"])
    told = report.to_dict()
    assert set(told) == {"machine", "repeats", "files", "left_out", "scaling"}
    assert {"system", "processor", "cores", "python", "packages"} == set(told["machine"])
    text = report.text()
    assert "flashraw refuses it" in text
    assert "left out: a.dng: is damaged" in text
    assert "of seed" in text
    assert max(len(line) for line in text.splitlines()) <= 120
