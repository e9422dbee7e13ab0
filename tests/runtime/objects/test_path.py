"""What names an object, and what does not."""

import os
import pickle
from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr.objects.path import LONGEST, ObjectPath, named

STRANGE = [
    *(
        "a b",
        "ü",
        "u\u0308",
        "😀",
        "%20",
        "100%",
        "+",
        "#1",
        "what?",
        "a=b&c",
        "~!$'()*,;:@[]",
        '"',
        "\\",
        "..a",
        "a..",
    ),
    "x" * (LONGEST - len("2024/.CR2")),
]


@pytest.mark.parametrize("name", STRANGE)
def test_a_key_stays_what_it_is(name: str) -> None:
    url = f"s3://bucket/2024/{name}.CR2"
    path = named(url)
    assert isinstance(path, ObjectPath)
    assert (str(path), path.key) == (url, f"2024/{name}.CR2")
    assert pickle.loads(pickle.dumps(path)) == path
    assert str(path.with_suffix(".xmp")) == f"s3://bucket/2024/{name}.xmp"
    assert path.parent / path.name == path


def test_a_path_of_an_object_is_a_path() -> None:
    path = named("s3://bucket/2024/IMG_1.CR2")
    assert (path.name, path.stem, path.suffix, str(path.parent)) == ("IMG_1.CR2", "IMG_1", ".CR2", "s3://bucket/2024")
    assert path == named("S3://bucket/2024/IMG_1.CR2") != named("gs://bucket/2024/IMG_1.CR2")
    assert len({path, named(path)}) == 1
    assert sorted([path, named("s3://bucket/2023/a")])[0].name == "a"
    assert path.is_relative_to(named("s3://bucket/2024/"))
    assert str(named("s3://bucket")) == str(named("s3://bucket/")) == "s3://bucket"


def test_the_system_is_never_given_an_object() -> None:
    path = named("az://container/a.CR2")
    with pytest.raises(TypeError, match="is an object and no file"):
        os.fspath(path)
    with pytest.raises(TypeError):
        open(path)  # noqa: PTH123, SIM115
    with pytest.raises(AttributeError):
        path.exists()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("s3://bucket/a//b.CR2", "a part without a name"),
        ("s3://bucket//b.CR2", "a part without a name"),
        ("s3://bucket/./b.CR2", r"is \. or \.\."),
        ("s3://bucket/a/../b.CR2", r"is \. or \.\."),
        ("s3://bucket/a\n.CR2", "control characters"),
        ("s3://bucket/a\x7f.CR2", "control characters"),
        ("s3://bucket/\ud800.CR2", "not Unicode"),
        (f"s3://bucket/{'ü' * 513}", "more than 1,024 bytes"),
        ("s3://", "names no bucket"),
        ("s3:///key", "names no bucket"),
        ("https://example.org/a.CR2", "no URL that autohdr reads"),
        ("file://elsewhere/a.CR2", "no file of this machine"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence) as refused:
        named(url)
    assert "\n" not in str(refused.value)


def test_a_path_that_has_lost_its_slash_is_refused() -> None:
    with pytest.raises(SettingsError, match="give the URL of an object as str"):
        named(Path("s3://bucket/a.CR2"))


def test_files_are_files(tmp_path: Path) -> None:
    assert named(tmp_path) == named(str(tmp_path)) == tmp_path
    assert type(named("a.CR2")) is type(Path("a.CR2"))
    assert named("file:///a%20b/c%23.CR2") == named("file://localhost/a%20b/c%23.CR2") == Path("/a b/c#.CR2")
