"""Options and arguments that several verbs have."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autohdr.cli import options


@click.command
@options.paths
def show(paths: tuple[Path, ...]) -> None:
    for path in paths:
        click.echo(str(path))


def shown(*words: object) -> list[str]:
    done = CliRunner().invoke(show, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_a_list_of_paths_stands_for_its_lines(tmp_path: Path, ends: str, begin: str) -> None:
    listed = tmp_path / "photos.txt"
    lines = ["IMG 1.CR2", "", "Z\xfcrich/IMG_2.CR2", "@IMG_3.CR2", ""]
    listed.write_bytes((begin + ends.join(lines)).encode())
    assert shown("a.CR2", f"@{listed}", "b") == ["a.CR2", "IMG 1.CR2", "Z\xfcrich/IMG_2.CR2", "@IMG_3.CR2", "b"]


def test_a_folder_whose_name_begins_like_a_list_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("@work").mkdir()
    assert shown("@work") == ["@work"]


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00"])
def test_a_list_that_cannot_be_read_is_one_sentence(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "photos.txt").write_bytes(data)
    done = CliRunner().invoke(show, [f"@{tmp_path / 'photos.txt'}"])
    assert done.exit_code == 2
    assert "stands for a list of paths, which cannot be read" in done.output
