"""`autohdr doctor` and `autohdr plans`: what can run here, why not, and what lies in the cache folder."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from autohdr import SLIDERS, InputSpec
from autohdr.cli.doctor import show
from autohdr.cli.doctor.examine import Diagnosis, checkups
from autohdr.cli.doctor.selftest import Trial, attempt
from autohdr.cli.plans import command
from autohdr.engines.prove.inputs import LEVELS, SCENES, photos
from autohdr.engines.registry import ENGINES
from autohdr.engines.seen import Best
from autohdr.model.onnx_file import read_model
from tests.json_lines import read
from tests.runtime.cli.running import run

SYSTEM = {
    **{"autohdr": "1.0", "python": "3.11", "platform": "Linux", "processors": 8, "processors_allowed": 4},
    "OMP_NUM_THREADS": None,
}


def test_the_photos_are_finite_the_same_each_time_and_of_every_level() -> None:
    made = photos(InputSpec(size=48))
    assert made.shape == (len(LEVELS) * SCENES, 3, 48, 48)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    np.testing.assert_array_equal(made, photos(InputSpec(size=48)))
    levels = made.reshape(len(LEVELS), -1).mean(axis=1)
    assert (np.diff(levels) > 0.1).all()
    assert (made[-SCENES:] == 1).any()  # the brightest have clipped lights
    assert np.unique(made.reshape(len(made), -1), axis=0).shape[0] == len(made)


def test_every_engine_is_tried_and_answers_or_says_why_not(small_model: Path, tmp_path: Path) -> None:
    done = run("doctor", "--json", "--model", small_model, "--cache", tmp_path)
    assert done.returncode == 0, done.stderr
    said, *engines, summary = read("doctor", done.stdout)
    assert [engine["engine"] for engine in engines] == list(ENGINES)
    for engine in engines:
        assert engine["runs"] == (engine["reason"] is None)
        if engine["runs"]:
            assert engine["photos_per_second"] > 0
            assert set(engine["differences"]) == {slider.name for slider in SLIDERS}
            assert engine["described"]["name"] == engine["engine"]
    cpu = engines[list(ENGINES).index("cpu")]
    assert (cpu["runs"], max(cpu["differences"].values())) == (True, 0)
    first = next(engine["engine"] for engine in engines if engine["runs"])
    assert summary["auto"] == (first if summary["best"] is None else summary["best"]["engine"])
    assert summary["best"] is None or set(summary["best"]) == {"engine", "file", "precision", "times", "apart"}
    assert said["packages"]["numpy"] == np.__version__
    assert "CPUExecutionProvider" in said["providers"]
    assert (said["driver"]["reason"] is None) == bool(said["gpus"])
    assert said["model"]["name"] == "small 1"


def test_where_no_engine_runs_the_exit_code_says_so_and_each_crash_is_told(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each engine is tried in a process of its own, which here ends as one with a broken library does."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif 'autohdr.cli.doctor.selftest' in sys.orig_argv: os._exit(7)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = run("doctor", "--model", small_model)
    assert done.returncode == 4
    lines = done.stdout.splitlines()
    assert lines[-1] == "No engine can run here."
    for name in ENGINES:
        assert f"{name}: engine {name} ended its process with code 7; use another engine" in lines
        assert any(line.split() == [name, "no"] for line in lines)


def test_an_engine_of_ours_that_fails_is_called_a_bug_not_a_crash(small_model: Path, tmp_path: Path) -> None:
    trial = attempt("abacus", small_model, tmp_path, 8)
    assert trial.reason is not None
    assert "engine 'abacus' is unknown" in trial.reason


def test_an_engine_that_takes_too_long_is_ended(small_model: Path, tmp_path: Path) -> None:
    """A library that hangs kept the doctor for ever. No process starts within a hundredth of a second."""
    trial = attempt("cpu", small_model, tmp_path, 8, limit=0.01)
    assert trial.reason == "engine cpu did not answer within 0.01 s and was ended; use another engine"


def test_a_model_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run("doctor", "--model", tmp_path / "gone.onnx")
    assert done.returncode == 4
    assert done.stderr.startswith("Error: ")
    assert "gone.onnx does not exist" in done.stderr


def test_differences_are_in_sliders_units_and_need_the_cpu_engine() -> None:
    truth, other = np.zeros((2, 8)), np.zeros((2, 8))
    other[1, 0], other[0, 4] = -0.01, 0.02
    fast = Trial("fast", None, {}, 0.5, 100.0, other.tolist())
    trials = [fast, Trial("broken", "no driver"), Trial("cpu", None, {}, 0.1, 20.0, truth.tolist())]
    found = checkups(trials)
    assert found[0].differences is not None
    assert found[0].differences["Exposure"] == pytest.approx(0.05)  # EV
    assert found[0].differences["Whites"] == pytest.approx(2.0)
    assert found[1].differences is None
    assert [checkup.differences for checkup in checkups(trials[:2])] == [None, None]


def test_the_table_says_what_runs_how_fast_and_why_not(small_model: Path) -> None:
    zeros = np.zeros((1, 8)).tolist()
    trials = [
        Trial("trt", "TensorRT is not installed; run: pip install it"),
        Trial("cuda", None, {}, 1.25, 812.4, zeros),
        Trial("cpu", None, {}, 0.1, 20.0, zeros),
    ]
    gpu = {"name": "NVIDIA L4", "capability": "8.9", "memory": 24 * 2**30}
    driver = {"version": "580.65.06", "cuda": "13.0", "reason": None}
    packages = {"onnxruntime-gpu": "1.31.1", "openvino": None}
    model = read_model(small_model)
    text = show.text(Diagnosis(SYSTEM, [gpu], driver, ["CUDAExecutionProvider"], packages, model, checkups(trials)))
    lines = text.splitlines()
    assert "Processors: 4 of 8" in lines
    assert "GPU: NVIDIA L4, compute capability 8.9, 24.0 GiB" in lines
    assert "NVIDIA's driver: 580.65.06, CUDA 13.0 at most" in lines
    assert "Packages: onnxruntime-gpu 1.31.1" in lines
    assert "Not installed: openvino" in lines
    (cuda,) = (line for line in lines if line.startswith("cuda "))
    assert cuda.split() == ["cuda", "yes", "812.4", "1.2", "s", "Exposure", "0.0000", "EV,", "Contrast", "0.000"]
    assert "trt: TensorRT is not installed; run: pip install it" in lines
    assert lines[-1] == "--engine auto takes cuda."


def test_the_verdict_says_how_fast_and_how_far_the_best_is(small_model: Path) -> None:
    model = read_model(small_model)
    trials = [Trial("cpu", None, {}, 0.1, 20.0, np.zeros((1, 8)).tolist())]
    apart = {slider.name: 0.002 if slider.name == "Exposure" else 0.1 for slider in SLIDERS}
    found = Diagnosis(SYSTEM, [], {"reason": "no driver"}, [], {}, model, checkups(trials))
    assert show.text(found).splitlines()[-1] == "--engine auto takes cpu."
    best = Best("openvino", "0123456789ab", "bfloat16", 2.5, apart)
    assert show.text(replace(found, best=best)).splitlines()[-1] == (
        "--engine auto takes openvino in bfloat16: 2.5 times as fast as cpu in float32; sliders differ by at most "
        "Exposure 0.0020 EV, Contrast 0.100."
    )
    assert replace(found, best=best).auto == "openvino"


def plans(task: str, cache: Path, *more: str) -> Result:
    return CliRunner().invoke(command, [task, "--cache", str(cache), *more])


def test_plans_are_listed_and_cleared_and_nothing_else_is(tmp_path: Path) -> None:
    folder = tmp_path / "ort-trt" / "0123"
    folder.mkdir(parents=True)
    (folder / "a.engine").write_bytes(b"1234567")
    (folder / "sm86.timing").write_bytes(b"1")
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "foreign.plan").write_bytes(b"12345")
    (tmp_path / "mine.txt").write_text("mine")
    listed = plans("list", tmp_path, "--json")
    assert [(plan["engine"], Path(plan["path"]).name, plan["size"]) for plan in read("plans", listed.stdout)[:-1]] == [
        ("trt", "foreign.plan", 5),
        ("ort-trt", "a.engine", 7),
    ]
    assert "damaged" in plans("list", tmp_path).stdout
    cleared = plans("clear", tmp_path)
    assert cleared.exit_code == 0
    assert cleared.stdout.splitlines()[-1] == f"2 plans of 0.0 MB removed from {tmp_path}"
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"mine.txt", "lock"}
    assert plans("list", tmp_path).stdout.startswith("0 plans of 0.0 MB in ")


def test_listing_plans_makes_no_folder(tmp_path: Path) -> None:
    for task in ("list", "clear"):
        assert plans(task, tmp_path / "none").exit_code == 0
    assert not (tmp_path / "none").exists()


def test_a_plan_that_cannot_be_removed_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "ort-trt" / "0123"
    (folder / "a.engine").mkdir(parents=True)
    done = plans("clear", tmp_path)
    assert done.exit_code == 3
    assert done.stderr.startswith(f"Error: {folder / 'a.engine'} ")
