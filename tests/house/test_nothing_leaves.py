"""Nothing leaves the machine: no command and no call from Python looks up a name, opens a connection or leaves an id.

Each runs in a network namespace with a name server that only writes down, which sees native libraries too.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autohdr_scenes import write_shoot

ROOT = Path(__file__).resolve().parents[2]
ALONE = ROOT / "tests/house/alone.py"
LABEL = "import autohdr, sys, time; print(autohdr.label([sys.argv[1]], engine='cpu').count('labelled')); time.sleep(12)"
"""ONNX Runtime's reporter sends what it has after some seconds; a run that has ended sooner leaves it to the next."""
pytestmark = pytest.mark.slow
OURS = ("/.cache/autohdr/", "/.local/state/autohdr/", "/.cache/numba/", "/.cache/torch/")


def command(*words: str | Path) -> list[str]:
    """A verb of autohdr."""
    return [sys.executable, "-m", "autohdr", *map(str, words)]


def alone(folder: Path, commands: list[list[str]], **variables: str) -> dict[str, Any]:
    """What `alone.py` says of commands that run with a new home folder, `folder / "home"`, without our variables."""
    home = folder / "home"
    home.mkdir()
    left_out = ("XDG_", "AUTOHDR_", "ORT_", "HF_", "DO_NOT_TRACK", "RAY_", "TRANSFORMERS_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    env |= {"HOME": str(home), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # where ONNX Runtime is silent by itself
        env.pop(name, None)
    way = ["unshare", "--map-root-user", "--net", "--mount", sys.executable, str(ALONE), str(folder)]
    try:
        done = subprocess.run(
            way, input=json.dumps(commands), capture_output=True, text=True, env=env | variables, check=False
        )
    except FileNotFoundError:
        pytest.skip("needs Linux's unshare, for a network of its own")
    if done.returncode:
        pytest.skip(f"needs a network namespace, which is not to be had here: {done.stderr.strip()[-200:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for end in found["commands"]:
        assert end["code"] == 0, end["said"]
    return found


def left(folder: Path) -> list[str]:
    """Files in the home folder that are neither autohdr's own nor compiled code."""
    home = folder / "home"
    files = ["/" + path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    return sorted(file for file in files if not file.startswith(OURS))


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight small edited photos, to learn from."""
    folder = tmp_path_factory.mktemp("edited") / "raws"
    write_shoot(folder, 8, seed=3, size=(64, 96))
    return folder


def test_labelling_from_python_is_silent(shoot: Path, tmp_path: Path) -> None:
    found = alone(tmp_path, [[sys.executable, "-c", LABEL, str(shoot)]])
    assert found["commands"][0]["said"].split() == ["5"]
    assert found["names"] == []
    assert set(found["attempts"].values()) == {0}
    assert left(tmp_path) == []


def test_a_cluster_of_ray_is_silent(shoot: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray, which the extra cluster brings")
    found = alone(tmp_path, [command("label", shoot, "--cluster", "ray:local", "--engine", "cpu", "--json")])
    assert '"labelled": 5' in found["commands"][0]["said"]
    assert found["names"] == []
    # Its processes call each other, on this machine: no packet was for elsewhere.
    assert {name for name, count in found["attempts"].items() if count} <= {"Tcp ActiveOpens"}
    assert left(tmp_path) in ([], ["/.ray/auth_token"])  # Ray's key for whoever would connect


def test_the_test_would_see_it(shoot: Path, tmp_path: Path) -> None:
    """The user lets ONNX Runtime report: that stays, and is seen."""
    found = alone(tmp_path, [[sys.executable, "-c", LABEL, str(shoot)]], ORT_DISABLE_TELEMETRY="0", DO_NOT_TRACK="0")
    if not found["names"] and not left(tmp_path):
        pytest.skip("this ONNX Runtime reports nothing, whatever it is told (before 1.29, or built without)")
    assert any("microsoft" in name for name in found["names"])
    assert found["attempts"]["Udp OutDatagrams"] > 0
    assert left(tmp_path) != []


def test_every_command_is_silent(photos: Path, shoot: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    commands = [
        command("pick", photos, "--count", "2", "--engine", "cpu"),
        command("learn", photos, "--style", tmp_path / "a.style", "--engine", "cpu"),
        command("label", "-q", shoot, "--style", tmp_path / "a.style", "--engine", "cpu", "--dry-run"),
        command("train", photos, "--out", model, "--epochs", "1"),
        command("export", model),
        command("label", "-q", shoot, "--model", model, "--engine", "cpu"),
        command("label", "-q", shoot, "--model", model, "--engine", "openvino", "--existing", "replace"),
        command("doctor"),
        command("bench", "decode", "--repeats", "1", shoot),
    ]
    try:
        import autohdr_bench.cli  # noqa: F401
    except ImportError:
        pytest.skip("needs the extras bench and openvino")
    found = alone(tmp_path, commands)
    assert found["names"] == []
    assert set(found["attempts"].values()) == {0}
    assert left(tmp_path) == []
