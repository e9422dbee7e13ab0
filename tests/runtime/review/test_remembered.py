"""What an earlier run has written down of a photo stands on its page, as long as nothing has changed since."""

from pathlib import Path

import pytest

from autohdr.files.folders import state_folder
from autohdr.review.page import page
from autohdr.run.results.report import InSeries
from autohdr.run.state.folder import roots
from autohdr.run.state.journal import Entry, Journal, Stamp
from autohdr.style.confidence.reason import Reason
from tests.runtime.review.pages import edit, photos

ERRORS = {"Exposure2012": 0.25, "Contrast2012": 4.0}
SERIES = InSeries(1, "bracket", 3, "DSC_0012.NEF")
WHY = Reason(("DSC_0012.NEF", "DSC_0044.NEF"))


@pytest.fixture
def labelled(shoot: Path) -> Path:
    """A photo whose label was written down with the errors that its style expected."""
    photo = shoot / "IMG_0.dng"
    edit(photo, Exposure2012="+0.50")
    journal = Journal(roots([shoot]), state_folder(), {"model": "a style"})
    journal.add(photo, Entry.make(Stamp.of(photo), photo.with_suffix(".xmp").read_bytes(), ERRORS, 3.5, WHY, SERIES))
    journal.close()
    return photo


def test_expected_errors_and_the_reason_of_an_earlier_run_are_shown(labelled: Path, tmp_path: Path) -> None:
    page(labelled.parent, tmp_path / "page")
    shown = photos(tmp_path / "page")
    assert shown["IMG_0.dng"]["errors"] == [0.25, 4.0, *[None] * 6]
    assert (shown["IMG_0.dng"]["difference"], shown["IMG_1.dng"]["difference"]) == (3.5, None)
    assert shown["IMG_1.dng"]["errors"] is None
    assert shown["IMG_0.dng"]["why"] == {"near": ["DSC_0012.NEF", "DSC_0044.NEF"], "unlike": None}
    assert shown["IMG_1.dng"]["why"] is None
    assert shown["IMG_0.dng"]["series"] == {"kind": "bracket", "photos": 3, "first": "DSC_0012.NEF"}
    assert shown["IMG_1.dng"]["series"] is None


def test_a_sidecar_that_has_changed_since_has_no_expected_errors(labelled: Path, tmp_path: Path) -> None:
    edit(labelled, Exposure2012="+0.75")
    page(labelled.parent, tmp_path / "page")
    shown = photos(tmp_path / "page")["IMG_0.dng"]
    assert (shown["errors"], shown["why"]) == (None, None)
