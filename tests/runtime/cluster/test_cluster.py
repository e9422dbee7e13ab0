"""`autohdr label --cluster` on a real Ray cluster: what one machine would write, whoever dies meanwhile."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autohdr
from autohdr.codes import Code
from tests.runtime.cluster import machines
from tests.runtime.cluster.deadly import PHOTO
from tests.runtime.run.processes import many, start, wait_for_sidecars
from tests.runtime.run.test_stop import assert_whole, ctrl_c, interrupt

psutil = pytest.importorskip("psutil", reason="needs psutil, which the extra bench brings")
pytest.importorskip("ray", reason="needs Ray, which the extra cluster brings")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ray makes no cluster of several machines on Windows")
DEADLY = (
    "import autohdr.cluster.crew as crew; from tests.runtime.cluster.deadly import Deadly; crew.Worker = Deadly; "
    "from autohdr.cli.label import command; command()"
)


@pytest.fixture(scope="session")
def cluster() -> Iterator[subprocess.Popen[str]]:
    """Two machines with a processor each; the first line that it prints is their address."""
    program = [sys.executable, machines.__file__, "1", "1"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


@pytest.fixture(scope="session")
def address(cluster: "subprocess.Popen[str]") -> str:
    assert cluster.stdout is not None
    return f"ray:{cluster.stdout.readline().strip()}"


@pytest.fixture
def alone(shoot: Path, small_model: Path) -> dict[str, bytes]:
    """The sidecars of the shoot's photos, as a run on one machine writes them."""
    folder = Path(shutil.copytree(shoot, shoot.parent / "alone"))
    autohdr.label([folder], model=small_model, embed=False)
    return sidecars(folder)


def sidecars(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def of_all(alone: dict[str, bytes], count: int) -> dict[str, bytes]:
    """The sidecars of as many photos as `many` makes of five."""
    return {f"IMG_{number}.xmp": alone[f"IMG_{number % 5}.xmp"] for number in range(count)}


def begin(folder: Path, address: str, model: Path, *words: str) -> "subprocess.Popen[str]":
    return start(folder, "--cluster", address, "--model", model, "--no-embed", "--json", *words)


def end(run: "subprocess.Popen[str]", code: int = 0) -> list[dict[str, Any]]:
    """The lines of a run that has ended with this code: plain JSON, whatever Ray would say among them."""
    printed, errors = run.communicate()
    assert run.returncode == code, errors
    assert "Traceback" not in errors
    return [json.loads(line) for line in printed.splitlines()]


def workers(cluster: "subprocess.Popen[str]") -> list[Any]:
    below = psutil.Process(cluster.pid).children(recursive=True)
    return [process for process in below if any("ray::Worker" in word for word in process.cmdline())]


def test_it_is_one_run_and_goes_on_where_it_was(
    shoot: Path, small_model: Path, address: str, alone: dict[str, bytes], tmp_path: Path
) -> None:
    folder = many(shoot, 60)
    (folder / "IMG_60.dng").write_text("no photo")
    lines = end(begin(folder, address, small_model, "--report", str(tmp_path / "labels.csv")), code=3)
    assert sidecars(folder) == of_all(alone, 60)
    assert sorted(Path(line["path"]).name for line in lines if line["type"] == "photo") == sorted(
        path.name for path in folder.glob("*.dng")
    )
    summary = lines[-1]
    assert (summary["labelled"], summary["failed"], summary["not_done"], summary["photos"]) == (60, 1, 0, 61)
    assert list(summary["engine"]["machines"].values()) == ["cpu"]
    assert len((tmp_path / "labels.csv").read_text().splitlines()) == 62
    (folder / "IMG_7.xmp").unlink()
    lines = end(begin(folder, address, small_model), code=3)
    assert [Path(line["path"]).name for line in lines if line.get("code") == Code.LABELLED] == ["IMG_7.dng"]
    assert lines[-1]["skipped"] == 59


def test_a_worker_that_is_killed_loses_nothing(
    shoot: Path, small_model: Path, cluster: "subprocess.Popen[str]", address: str, alone: dict[str, bytes]
) -> None:
    folder = many(shoot, 300)
    run = begin(folder, address, small_model)
    wait_for_sidecars(run, folder, 20)
    workers(cluster)[0].kill()
    lines = end(run)
    assert sidecars(folder) == of_all(alone, 300)
    photos = [line["path"] for line in lines if line["type"] == "photo"]
    assert len(photos) == len(set(photos)) == lines[-1]["photos"] == 300


def test_a_run_that_is_killed_goes_on(shoot: Path, small_model: Path, address: str, alone: dict[str, bytes]) -> None:
    folder = many(shoot, 300)
    run = begin(folder, address, small_model)
    wait_for_sidecars(run, folder, 20)
    run.kill()
    run.communicate()
    lines = end(begin(folder, address, small_model))
    assert sidecars(folder) == of_all(alone, 300)
    assert lines[-1]["labelled"] + lines[-1]["skipped"] == 300
    assert lines[-1]["skipped"] >= 20


@ctrl_c
def test_ctrl_c_finishes_what_is_under_way(shoot: Path, small_model: Path, address: str) -> None:
    folder = many(shoot, 900)
    run = begin(folder, address, small_model)
    wait_for_sidecars(run, folder, 20)
    interrupt(run)
    summary = end(run, code=130)[-1]
    done = assert_whole(folder)
    assert 20 <= done < 900
    assert (summary["labelled"], summary["stopped"]) == (done, "it was interrupted")
    assert summary["labelled"] + summary["not_done"] == summary["photos"] == 900


@ctrl_c
def test_ctrl_c_twice_on_a_cluster_of_its_own_leaves_no_process(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # Ray keeps a token there
    folder = many(shoot, 900)
    run = begin(folder, "ray:local", small_model)
    wait_for_sidecars(run, folder, 90)  # whose lines a pipe does not hold, so that it cannot end before it is read
    below = psutil.Process(run.pid).children(recursive=True)
    assert below
    interrupt(run)
    run.send_signal(signal.SIGINT)
    printed, errors = run.communicate()
    assert run.returncode == 130, errors
    assert '"summary"' not in printed
    assert psutil.wait_procs(below)[1] == []
    for path in folder.glob("*.tmp"):  # what was being written; the next run removes it
        path.unlink()
    assert assert_whole(folder) < 900


def test_photos_that_end_workers_are_given_up_and_the_others_go_on(
    shoot: Path, small_model: Path, address: str, alone: dict[str, bytes]
) -> None:
    folder = many(shoot, 120)
    words = [str(folder), "--cluster", address, "--model", str(small_model), "--no-embed", "--json"]
    done = subprocess.run([sys.executable, "-c", DEADLY, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    failed = {Path(line["path"]).name: line for line in lines if line.get("status") == "failed"}
    assert PHOTO in failed
    assert failed[PHOTO]["code"] == Code.NO_ANSWER
    assert "3 workers have ended over the photos from" in failed[PHOTO]["reason"]
    assert len(failed) <= 48
    labelled = {name: data for name, data in of_all(alone, 120).items() if f"{Path(name).stem}.dng" not in failed}
    assert sidecars(folder) == labelled
