"""The photos to edit first: each the one that leaves the least doubt, and the command that names them."""

import shutil
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from torch import Tensor

from autohdr_train.cli import main
from autohdr_train.pick import pick
from autohdr_train.style import Style


@pytest.fixture
def learnt() -> Tensor:
    """Of thirty photos."""
    return torch.randn(30, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def doubt(style: Style, learnt: Tensor, edited: list[int]) -> float:
    """Variance left over all photos once some are edited, in shares of what there was, mean of the sliders."""
    noise = torch.exp(2.0 * style.log_noise)
    labels = torch.zeros(1, len(edited), 8, dtype=torch.float64)
    _, variance = style.expect(learnt[edited], labels, learnt)
    return float(((variance - noise).mean(dim=0) / style.prior(learnt).mean(dim=1)).mean())


def test_each_is_the_one_that_leaves_the_least_doubt(style: Style, learnt: Tensor) -> None:
    edited = [3, 17]
    for chosen in pick(style, learnt, 6, edited):
        left = [photo for photo in range(30) if photo not in edited]
        assert chosen == min(left, key=lambda photo: doubt(style, learnt, [*edited, photo]))
        edited.append(chosen)


def test_they_leave_less_doubt_than_chance(style: Style, learnt: Tensor) -> None:
    random = torch.Generator().manual_seed(2)
    chances = [doubt(style, learnt, torch.randperm(30, generator=random)[:6].tolist()) for _ in range(20)]
    assert doubt(style, learnt, pick(style, learnt, 6)) < min(chances)


def test_fewer_are_the_first_of_more_and_none_is_named_twice(style: Style, learnt: Tensor) -> None:
    assert pick(style, learnt, 4) == pick(style, learnt, 9)[:4]
    rest = pick(style, learnt, 99, [0, 5])
    assert sorted([*rest, 0, 5]) == list(range(30))


def test_the_twin_of_an_edited_photo_is_not_asked_for(style: Style, learnt: Tensor) -> None:
    twins = torch.cat([learnt, learnt + 1e-3])
    chosen = pick(style, twins, 10)
    assert len({photo % 30 for photo in chosen}) == 10


def test_the_command_names_photos_that_are_not_edited_and_says_what_it_could_not_read(
    shoot: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    edited = {"IMG_0001.dng", "IMG_0002.dng"}
    for sidecar in folder.glob("*.xmp"):
        if f"{sidecar.stem}.dng" not in edited:
            sidecar.unlink()
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    arguments = ["pick", str(folder), "--count", "4", "--cache", str(tmp_path / "cache")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    named = [Path(line) for line in done.stdout.splitlines()]
    assert len(set(named)) == 4
    assert all(path.is_file() and path.name not in edited | {"IMG_0003.dng"} for path in named)
    assert "15 photos, 2 of them edited" in done.stderr
    assert "IMG_0003.dng" in done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert CliRunner().invoke(main, arguments).stdout == done.stdout


def test_nothing_to_pick_from_is_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["pick", str(tmp_path), "--cache", str(tmp_path / "cache")])
    assert done.exit_code == 3
    assert "no RAW file" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = CliRunner().invoke(main, ["pick", str(tmp_path / "gone")])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_a_shoot_that_is_edited_needs_no_more(shoot: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["pick", str(shoot), "--cache", str(tmp_path / "cache")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "16 photos, 16 of them edited; none is left to edit" in done.stderr
