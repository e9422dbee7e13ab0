"""A shoot is divided into the series that labels go by, and an edit moves no photo to another one."""

from pathlib import Path
from typing import Any

from autohdr import label
from tests.studio.opened import running
from tests.studio.series import write_series


def in_order(photos: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The series of photos, by name."""
    return [photo["series"] for photo in sorted(photos, key=lambda photo: str(photo["name"]))]


def test_series_are_those_of_labels_and_an_edit_changes_none(small_model: Path, tmp_path: Path) -> None:
    write_series(tmp_path / "shoot")
    with running(tmp_path / "shoot", small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        while (found := in_order(page.photos())) and not any(one and one["kind"] == "panorama" for one in found):
            page.wait("photos")
        one = page.photos()[1]
        page.post(f"/api/photos/{one['id']}/edit", {"values": [0.5, 0, 0, 0, 0, 0, 0, 0]})
        assert in_order(page.photos()) == found
        page.post(f"/api/photos/{one['id']}/restore", {})
    words = [one and (one["number"], one["kind"], one["count"], one["sets"]) for one in found]
    burst, bracket, panorama = (1, "burst", 4, 1), (2, "bracket", 3, 1), (3, "panorama", 3, 1)
    assert words == [burst] * 4 + [bracket] * 3 + [panorama] * 3 + [None] * 2 + [(4, "burst", 3, 1)] * 3
    results = label([tmp_path / "shoot"], model=small_model, engine="cpu", dry_run=True).results
    assert [one.series and one.series.number for one in results] == [one and one["number"] for one in found]


def test_times_and_series_are_known_before_photos_are_decoded(small_model: Path, tmp_path: Path) -> None:
    write_series(tmp_path / "shoot")
    with running(tmp_path / "shoot", small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        told = [what["photos"] for kind, what in page.heard if kind == "photos"]
        days = {photo["id"]: photo["day"] for photo in page.photos()}
    assert set(days.values()) == {"2025-06-14", "2025-06-15"}
    assert all(one["day"] == days[one["id"]] for photos in told for one in photos)
