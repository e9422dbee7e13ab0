"""What was found in photos serves the next run over them, and changes no label."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import autohdr
from autohdr import Report
from autohdr.run.stages import kept, looking
from autohdr.sidecar import edits, places
from autohdr_scenes import write_shoot


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two styles of different photographers."""
    folder = tmp_path_factory.mktemp("styles")
    for number in (1, 2):
        write_shoot(folder / str(number), 12, seed=number, size=(64, 96))
        autohdr.learn(folder / str(number), folder / f"{number}.style")
    return folder / "1.style", folder / "2.style"


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    """Six photos that nobody has edited, of which some are series."""
    folder = tmp_path / "shoot"
    write_shoot(folder, 6, seed=5, size=(64, 96), xmp=False)
    return folder


Run = Callable[..., Report]


@pytest.fixture
def run(shoot: Path, tmp_path: Path) -> Run:
    """A dry run over the shoot."""

    def label(style: Path | None, cache: str = "cache") -> Report:
        return autohdr.label(shoot, style=style, cache=tmp_path / cache, dry_run=True)

    return label


def decoded(report: Report) -> list[str]:
    """The photos that were decoded for a run."""
    return [result.path.name for result in report.results if result.seconds is not None]


def labels(report: Report) -> list[object]:
    """All that results say, but for how long it took."""
    return [{**result.to_dict(), "seconds": None} for result in report.results]


def test_another_style_decodes_nothing_and_has_its_own_labels(run: Run, styles: tuple[Path, Path]) -> None:
    assert len(decoded(run(styles[0]))) == 6
    again = run(styles[1])
    assert decoded(again) == []
    assert labels(again) == labels(run(styles[1], "another cache"))


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what a run does to a photo."""
    found: Counter[str] = Counter()

    def counted(module: object, name: str) -> None:
        work = getattr(module, name)

        def count(*given: object, **named: object) -> object:
            found[name] += 1
            return work(*given, **named)

        monkeypatch.setattr(module, name, count)

    for module, name in (
        (looking, "read_shot"),
        (looking, "places"),
        (kept.Kept, "found"),
        (kept.Kept, "key"),
        (places, "read_embedded"),
        (edits, "merge"),
    ):
        counted(module, name)
    return found


def test_another_style_looks_each_photo_up_once_and_makes_no_document_that_is_not_written(
    run: Run, styles: tuple[Path, Path], counts: Counter[str]
) -> None:
    run(styles[0])
    assert counts == {"found": 1, "read_shot": 6, "key": 6, "places": 6, "read_embedded": 6}
    counts.clear()
    run(styles[1])
    assert counts == {"found": 1, "places": 6, "read_embedded": 6}


def test_what_is_written_is_made_once_and_looked_at_again_first(
    shoot: Path, tmp_path: Path, styles: tuple[Path, Path], counts: Counter[str]
) -> None:
    report = autohdr.label(shoot, style=styles[0], cache=tmp_path / "cache")
    assert report.count("labelled") == 6
    assert (counts["merge"], counts["read_embedded"]) == (6, 12)


def test_a_run_without_a_style_leaves_too_little_for_one(run: Run, styles: tuple[Path, Path]) -> None:
    run(None)
    assert decoded(run(None)) == []
    assert len(decoded(run(styles[0]))) == 6
    assert decoded(run(None)) == []
    assert decoded(run(styles[0])) == []


def test_a_photo_that_has_changed_is_decoded(run: Run, shoot: Path, styles: tuple[Path, Path]) -> None:
    run(styles[0])
    first, second, *_ = sorted(shoot.glob("*.dng"))
    shutil.copyfile(second, first)
    assert decoded(run(styles[0])) == [first.name]


def test_a_label_that_went_into_a_photo_leaves_its_picture_known(
    run: Run, shoot: Path, tmp_path: Path, styles: tuple[Path, Path]
) -> None:
    first = autohdr.label(shoot, style=styles[0], cache=tmp_path / "cache")
    assert [result.sidecar for result in first.results] == sorted(shoot.glob("*.dng"))
    again = run(styles[1])
    assert decoded(again) == []
    assert labels(again) == labels(run(styles[1], "another cache"))


@pytest.mark.parametrize("data", [b"", b"no database at all" * 100])
def test_a_damaged_file_costs_time_alone(run: Run, tmp_path: Path, styles: tuple[Path, Path], data: bytes) -> None:
    expected = labels(run(styles[0]))
    (tmp_path / "cache" / kept.NAME).write_bytes(data)
    for _ in range(2):
        assert labels(run(styles[0])) == expected
    assert decoded(run(styles[0])) == []


def test_what_was_kept_wrongly_is_not_believed(run: Run, tmp_path: Path, styles: tuple[Path, Path]) -> None:
    expected = labels(run(styles[0]))
    file = tmp_path / "cache" / kept.NAME
    data = bytearray(file.read_bytes())
    for at in range(4096, len(data), 997):
        data[at] ^= 1
    file.write_bytes(data)
    assert labels(run(styles[0])) == expected


def test_the_oldest_photos_go_first(run: Run, styles: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 4)
    names = decoded(run(styles[0]))
    assert decoded(run(styles[0])) == names[:2]
