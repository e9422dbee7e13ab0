"""What a run looks like to people."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autohdr import Report, Result
from autohdr.cli.show import line, summary
from autohdr.codes import Code
from autohdr.run.results.report import InSeries
from autohdr.style.confidence.reason import Reason

FOLDER = Path("shoot")


def failed(name: str, reason: str) -> Result:
    path = FOLDER / name
    return Result(path, "failed", Code.DAMAGED, reason=reason.format(path=path, name=path.name, stem=path.stem))


def shown(results: list[Result], photos: int | None = None, stopped: str | None = None) -> str:
    count = len(results) if photos is None else photos
    return summary(Report(results, 2.0, {"name": "cpu"}, {"name": "small 1"}, count, stopped), (FOLDER,))


def test_failures_are_grouped_by_their_reason_with_what_to_do() -> None:
    results = [
        *(
            failed(f"IMG_{i}.dng", f"{{path}}: is cut off after {i} bytes; copy it from the card again")
            for i in range(5)
        ),
        failed("a.cr2", "shoot/{stem}.xmp is a fish; throw it back".replace("/", str(FOLDER / "x")[5])),
    ]
    assert shown(results).splitlines()[:6] == [
        "      5 failed: is cut off after 0 bytes",
        "        -> copy it from the card again",
        "        IMG_0.dng, IMG_1.dng, IMG_2.dng and 2 more",
        "      1 failed: *.xmp is a fish",
        "        -> throw it back",
        "        a.cr2",
    ]


def test_skipped_photos_are_counted_by_reason() -> None:
    reasons = [f"{i}.xmp has develop settings; so?" for i in range(12)]
    skipped = [Result(FOLDER / f"{i}.dng", "skipped", Code.EDITED, reason=told) for i, told in enumerate(reasons)]
    printed = shown([*skipped, Result(FOLDER / "12.dng", "skipped", Code.LABELLED_ALREADY, reason="labelled already")])
    lines = [line.strip() for line in printed.splitlines()]
    assert lines.index("12 skipped: *.xmp has develop settings") < lines.index("1 skipped: labelled already")


def test_a_run_that_ended_early_says_why_and_how_it_goes_on() -> None:
    printed = shown([], 7, "the disk is full; make room")
    assert "7 not done" in printed
    assert "the disk is full; make room" in printed


LABELLED = Result(
    FOLDER / "IMG_1.cr2",
    "labelled",
    Code.LABELLED,
    {"Exposure2012": 0.5, "Contrast2012": 12.0, "Vibrance": 0.0},
    FOLDER / "IMG_1.xmp",
    "HDR mode left off",
    "libraw",
    "as shot",
    hdr=True,
    changes={"Exposure2012": (None, 0.5), "Contrast2012": (-5.0, 12.0)},
    seconds=0.25,
)


@pytest.mark.parametrize(
    ("how", "where"),
    [({}, "autohdr page shoot --out FOLDER"), ({"dry_run": True}, "--page FOLDER"), ({"page": True}, "the page")],
)
def test_photos_that_are_worth_a_look_are_counted_with_what_shows_them(how: dict[str, Any], where: str) -> None:
    unlike, like = Reason(unlike="None of your edits is of a photo this dark."), Reason(("DSC_1.NEF",))
    told = ((8.4, unlike), (1.7, unlike), (9.9, like), (6.7, unlike))
    results = [replace(LABELLED, difference=difference, why=why) for difference, why in told]
    report = Report([*results, LABELLED], 2.0, {"name": "cpu"}, {"name": "small 1"}, 5)
    said = "unlike all edits that the style learnt from, and may look noticeably different from an edit of your own"
    assert f"2 of 4 photos are {said}: {where} shows them first." in summary(report, (FOLDER,), **how).splitlines()
    assert report.to_dict()["to_check"] == 2
    assert f"1 of 3 photos is {said}: autohdr page shoot --out FOLDER shows it first." in shown(results[:3])


def test_photos_that_are_marked_are_counted_with_the_mark() -> None:
    report = Report([replace(LABELLED, marked=True), LABELLED], 2.0, {"name": "cpu"}, {"name": "small 1"}, 2)
    said = summary(report, (FOLDER,), mark="doubtful=keyword:check this").splitlines()
    assert said[-1] == "1 has the keyword check this; find it by that in Lightroom."
    assert len(summary(report, (FOLDER,)).splitlines()) == len(said) - 1
    would = summary(report, (FOLDER,), mark="doubtful=Red", dry_run=True).splitlines()
    assert would[-1] == "1 would get the colour label Red."


def test_one_photo_is_no_plural_and_nothing_labelled_has_no_rate() -> None:
    one = Result(FOLDER / "1.dng", "skipped", Code.LABELLED_ALREADY, reason="labelled already")
    assert "0 labelled, 1 skipped, 0 failed of 1 photo in 2.0 s, with model" in shown([one])
    assert "1 labelled, 1 skipped, 0 failed of 2 photos in 2.0 s (30 a minute), with model" in shown([one, LABELLED])


def test_a_change_of_mode_is_among_the_changes() -> None:
    changed = replace(LABELLED, changes={"HDREditMode": (1.0, 0.0)})
    assert "IMG_1.xmp  HDR on -> off  (" in line(changed, dry_run=True)


def test_without_a_style_or_without_a_photo_that_is_unlike_its_edits_nothing_is_said_of_how_photos_may_look() -> None:
    assert "noticeably" not in shown([LABELLED, replace(LABELLED, difference=8.4)])
    assert "noticeably" not in shown([replace(LABELLED, difference=8.4, why=Reason(("DSC_1.NEF",)))])
    assert Report([replace(LABELLED, difference=8.4)], 2.0, {}, {}, 1).to_dict()["to_check"] is None


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, "IMG_1.xmp  Exposure +0.50  Contrast +12  Vibrance 0  (HDR mode left off)"),
        (
            {"verbose": True},
            "IMG_1.xmp  Exposure +0.50  Contrast +12  Vibrance 0  (HDR mode left off)"
            "  [libraw, white balance as shot, 0.250 s]",
        ),
        (
            {"dry_run": True},
            "(dry run) IMG_1.xmp  Exposure unset -> +0.50  Contrast -5 -> +12  (HDR mode left off)",
        ),
    ],
)
def test_a_labelled_photo_is_one_line(how: dict[str, bool], expected: str) -> None:
    assert line(LABELLED, **how) == f"{LABELLED.path} -> {expected}"


def test_a_name_cannot_steer_the_terminal_or_break_a_line() -> None:
    """A file's name may hold a line break, or the beginning of a terminal's command."""
    told = line(Result(Path("a\x1b[2J\nb\u202e.dng"), "failed", Code.DAMAGED, reason="no"))
    assert told == "failed: a\\x1b[2J\\nb\\u202e.dng: no"


def test_series_are_counted_with_brackets_and_panoramas_by_name() -> None:
    series = [
        InSeries(1, "bracket", 3, "a.cr2"),
        InSeries(2, "series", 2, "d.cr2"),
        InSeries(3, "bracket", 3, "f.cr2"),
        InSeries(4, "panorama", 4, "i.cr2"),
    ]
    results = [replace(LABELLED, series=one) for one in series for _ in range(one.photos)]
    told = "12 photos are in 4 series (2 brackets, 1 panorama): each series has one look."
    assert told in shown([*results, LABELLED]).splitlines()
    assert "series" not in shown([LABELLED])
    assert "bracket, series 1," in line(results[0], verbose=True)
    assert ", series 2," in line(results[3], verbose=True)
