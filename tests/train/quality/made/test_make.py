"""Making the set: balance, going on after a kill, checksums, and reading what is there."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr.files.locks import take
from autohdr.quality.display import HDR, SDR
from autohdr_train.quality.made import record
from autohdr_train.quality.made.make import Sources, damaged, make, order
from autohdr_train.quality.sets import made
from autohdr_train.quality.sets.light import luminance
from tests.train.quality.made.detector import Distance

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def whole(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of 15 pairs, made in one go."""
    folder = tmp_path_factory.mktemp("whole")
    assert make(folder, sources, Distance(), most=15) == 15
    return folder


def rows(references: int) -> list[record.Row]:
    return [{"name": f"{d}{n}", "domain": d} for d in ("sdr", "hdr") for n in range(references)]


def test_every_reference_gets_every_distortion_once_and_any_beginning_is_balanced() -> None:
    steps = [(row["name"], kind, level) for row, kind, level in order(rows(40), seed=1)]
    assert len(steps) == len(set(steps)) == 80 * 125
    beginning = steps[: 80 * 3]
    assert set(Counter(name for name, _, _ in beginning).values()) == {3}
    kinds = Counter(kind for _, kind, _ in steps[: 80 * 25])
    assert len(kinds) == 25
    assert max(kinds.values()) < 2 * min(kinds.values())


def test_a_made_set_is_read_as_pairs(whole: Path) -> None:
    pairs = made.pairs(whole)
    assert [pair.domain for pair in pairs[:4]] == ["sdr", "hdr", "sdr", "hdr"]
    assert {pair.content for pair in pairs} == {"p0", "p1", "p2", "place0", "place1"}
    for pair in pairs:
        reference, distorted = luminance(pair, SDR, HDR)
        assert reference.shape == distorted.shape == (256, 256, 3)
        assert pair.score is not None
        assert 0 <= pair.score <= 10


def test_the_middle_of_an_hdr_reference_lies_at_its_stated_luminance(whole: Path) -> None:
    pair = next(pair for pair in made.pairs(whole) if pair.domain == "hdr")
    light = luminance(pair, SDR, HDR)[0] @ np.array([0.2126, 0.7152, 0.0722])
    assert 36.5 / 2.2 < np.exp(np.log(light).mean()) < 36.5 * 2.2


def test_a_killed_run_goes_on_to_the_same_set(sources: Sources, whole: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.train.quality.made.detector", str(tmp_path / "set")]
    command += [str(sources.photographs), str(sources.radiance), "15", "4"]
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False, cwd=ROOT)
    assert done.returncode == 9
    assert len(record.scores(tmp_path / "set")) == 4
    assert make(tmp_path / "set", sources, Distance(), most=15) == 15
    for name in (record.MADE, record.REFERENCES, record.SCORES):
        assert (tmp_path / "set" / name).read_bytes() == (whole / name).read_bytes()
    assert damaged(tmp_path / "set") == []


def test_a_line_that_was_cut_off_is_made_again(sources: Sources, tmp_path: Path) -> None:
    make(tmp_path, sources, Distance(), most=4)
    before = (tmp_path / record.SCORES).read_bytes()
    (tmp_path / record.SCORES).write_bytes(before[:-20])
    assert len(made.pairs(tmp_path)) == 3
    assert make(tmp_path, sources, Distance(), most=4) == 4
    assert (tmp_path / record.SCORES).read_bytes() == before


def test_a_picture_that_changed_is_found(sources: Sources, tmp_path: Path) -> None:
    make(tmp_path, sources, Distance(), most=2)
    with (tmp_path / record.SCORES).open() as file:
        name = list(csv.DictReader(file))[1]["distorted"]
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1])
    (tmp_path / "references" / "S001.png").unlink()
    assert damaged(tmp_path) == ["references/S001.png", name]


def test_a_set_is_not_mixed_with_one_of_other_settings(sources: Sources, whole: Path) -> None:
    with pytest.raises(SettingsError, match="made with other settings; name another folder"):
        make(whole, sources, Distance(), seed=7)


def test_two_processes_do_not_make_one_set(sources: Sources, tmp_path: Path) -> None:
    held = take(tmp_path / ".lock")
    assert held is not None
    with pytest.raises(SettingsError, match="is being made by another process"):
        make(tmp_path, sources, Distance(), most=1)
    os.close(held)
    assert make(tmp_path, sources, Distance(), most=1) == 1


def test_what_is_no_made_set_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no made data set"):
        made.pairs(tmp_path)
    with pytest.raises(SettingsError, match="holds no made data set"):
        damaged(tmp_path)
    (tmp_path / record.REFERENCES).write_text("name,file\nS000,S000.png\n")
    with pytest.raises(SettingsError, match=r"references\.csv holds other columns than expected"):
        made.pairs(tmp_path)
