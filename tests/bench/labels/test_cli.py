"""`autohdr bench labels` from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr_bench.labels import surroundings
from autohdr_bench.labels.cli import labels
from autohdr_scenes.photographers import PHOTOGRAPHERS


def run(radiance: Path, out: Path, cache: Path, *more: str) -> tuple[int, str, str]:
    arguments = ["--radiance", str(radiance), "--out", str(out), "--cache", str(cache), "--quick", *more]
    result = CliRunner().invoke(labels, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_a_study_leaves_a_table_and_a_page(
    radiance: Path, cache: Path, foreign_vit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "DEFAULT", str(foreign_vit))
    chosen = ["--method", "mean", "--method", "ridge", "--photographer", next(iter(PHOTOGRAPHERS)), "--edits", "5"]
    code, told, _ = run(radiance, tmp_path, cache, *chosen, "--draws", "2")
    assert code == 0
    assert "Aim: not judged" in told
    assert f"Wrote {tmp_path / 'table.csv'} and {tmp_path / 'page.html'}: 4 runs." in told
    assert (tmp_path / "page.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--method", "magic"], "there is no method magic"),
        (["--photographer", "nobody"], "there is no photographer 'nobody'"),
        (["--method", "mean", "--edits", "5000"], "more than the 80 photos"),
    ],
)
def test_a_mistake_is_one_sentence(
    radiance: Path,
    cache: Path,
    foreign_vit: Path,
    tmp_path: Path,
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(surroundings, "DEFAULT", str(foreign_vit))
    code, _, told = run(radiance, tmp_path / "out", cache, *arguments)
    assert code == 2
    assert sentence in told
    assert told.startswith("Error: ")


def test_images_that_are_not_there_are_one_sentence(
    foreign_vit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "DEFAULT", str(foreign_vit))
    code, _, told = run(tmp_path, tmp_path / "out", tmp_path / "cache", "--method", "mean")
    assert code == 2
    assert "holds no .exr" in told
