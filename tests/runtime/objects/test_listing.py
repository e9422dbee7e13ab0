"""What is in a bucket, folder by folder."""

import pytest

from autohdr.errors import SettingsError
from autohdr.files import look
from autohdr.files.walk import walk
from autohdr.objects import listing
from autohdr.objects.path import ObjectPath, named
from autohdr.raw.discover import find_photos
from tests.s3.store import S3

KEYS = [
    *("a/IMG_1.CR2", "a/IMG_1.xmp", "a/b/IMG_2.CR2", "a/b/c/IMG_3.CR2", "a/z.CR2", "a-b/IMG_4.CR2", "top.CR2"),
    *("a/.hidden/IMG.CR2", "a/.IMG.CR2", "a/Lightroom.lrdata/IMG.CR2", "@eaDir/IMG.CR2", "a/notes.txt"),
]


@pytest.fixture
def bucket(s3: S3) -> ObjectPath:
    """A bucket that holds `KEYS`."""
    for key in KEYS:
        s3.put(key, b"x")
    path = named("s3://archive")
    assert isinstance(path, ObjectPath)
    return path


def errors(folder: ObjectPath) -> list[str]:
    """What is said while a folder is searched."""
    said: list[OSError] = []
    list(walk(folder, said.append))
    return [f"{error.filename}: {error.strerror}" for error in said]


@pytest.mark.parametrize("page", [1, 2, 3, 1000])
def test_photos_are_found_folder_by_folder_as_on_a_disk(
    bucket: ObjectPath, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(listing, "PAGE", page)
    found = [str(path).removeprefix("s3://archive/") for path in find_photos([bucket])]
    assert found == ["top.CR2", "a/IMG_1.CR2", "a/z.CR2", "a/b/IMG_2.CR2", "a/b/c/IMG_3.CR2", "a-b/IMG_4.CR2"] or (
        found == ["top.CR2", "a-b/IMG_4.CR2", "a/IMG_1.CR2", "a/z.CR2", "a/b/IMG_2.CR2", "a/b/c/IMG_3.CR2"]
    )


def test_a_folder_of_more_than_a_page_is_whole(s3: S3) -> None:
    s3.plan(page=7)
    for number in range(25):
        s3.put(f"shoot/IMG_{number:02}.CR2", b"x")
    photos = find_photos([s3.url("shoot")])
    assert [path.name for path in photos] == [f"IMG_{number:02}.CR2" for number in range(25)]


def test_what_is_deep_in_a_folder_is_not_paged_through(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 5)
    for number in range(40):
        s3.put(f"shoot/deep/{number:02}.CR2", b"x")
    s3.put("shoot/last.CR2", b"x")
    s3.plan(page=5)
    folder = named(s3.url("shoot"))
    assert isinstance(folder, ObjectPath)
    assert [one.name for one in listing.names(folder)] == ["deep", "last.CR2"]
    assert len(s3.log()) <= 3


@pytest.mark.parametrize("bad", ["a//x.CR2", "a/../x.CR2", "a/b/./x.CR2"])
def test_a_key_that_cannot_be_asked_for_is_said_and_the_others_are_found(s3: S3, bucket: ObjectPath, bad: str) -> None:
    s3.put(bad, b"x")
    said = errors(bucket)
    assert len(said) == 1
    assert bad.removesuffix("x.CR2") in said[0]
    found = {str(path) for path in find_photos([bucket])}
    assert {"s3://archive/top.CR2", "s3://archive/a-b/IMG_4.CR2"} <= found
    assert ("s3://archive/a" if bad[2] in "/." else "s3://archive/a/b") in found, "which fails with that reason"


def test_names_are_told_apart(s3: S3, bucket: ObjectPath) -> None:
    assert look.is_folder(bucket)
    assert look.is_folder(bucket / "a")
    assert not look.is_folder(bucket / "top.CR2")
    assert look.exists(bucket / "top.CR2")
    assert not look.exists(bucket / "to")
    with pytest.raises(SettingsError, match="there is no bucket no-such-bucket"):
        find_photos(["s3://no-such-bucket/a"])
    with pytest.raises(SettingsError, match="does not exist"):
        find_photos([s3.url("nothing")])


def test_a_listing_answers_for_many_names_and_not_for_what_was_written(s3: S3, bucket: ObjectPath) -> None:
    from autohdr.files.whole import create

    look.forget(bucket)
    s3.plan()
    for name in ("IMG_1.xmp", "IMG_1.XMP", "z.xmp", "z.XMP"):
        look.lexists(bucket / "a" / name)
    assert [request.method for request in s3.log()] == ["LIST"]
    assert look.is_missing(bucket / "a" / "z.xmp")
    create(bucket / "a" / "z.xmp", b"ours")
    assert not look.is_missing(bucket / "a" / "z.xmp")
    assert look.lexists(bucket / "a" / "z.xmp")


@pytest.mark.parametrize("bad", [["shoot//x.CR2"], ["shoot/./x.CR2", "shoot/../y.CR2", "shoot/../z.CR2"]])
def test_photos_behind_a_key_that_cannot_be_asked_for_are_found(s3: S3, bad: list[str]) -> None:
    for key in (*bad, "shoot/IMG_1.CR2", "shoot/IMG_2.CR2", "shoot/below/IMG_3.CR2"):
        s3.put(key, b"x")
    found = [str(path).removeprefix("s3://archive/") for path in find_photos([s3.url("shoot")])]
    assert found == ["shoot/IMG_1.CR2", "shoot/IMG_2.CR2", "shoot/below/IMG_3.CR2", "shoot"]
