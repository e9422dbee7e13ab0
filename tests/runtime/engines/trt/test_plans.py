"""The plan cache: built once, whoever asks; never another plan than the one that was asked for; listed and cleared."""

import json
import queue
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autohdr.engines.trt import plans, record
from autohdr.engines.trt.build import Plan
from autohdr.engines.trt.key import PlanKey
from autohdr.errors import EngineError, FileError
from autohdr.files.locks import alone
from autohdr.model.info import ModelFile
from tests.conftest import SMALL_INFO
from tests.runtime.engines.trt.conftest import PROFILE


class Builder:
    """Counts its builds, and notes what it was told of the kernels' speed."""

    def __init__(self, data: bytes = b"a plan", timing: bytes = b"") -> None:
        self.plan = Plan(data, timing)
        self.told: list[bytes] = []

    def __call__(self, timing: bytes) -> Plan:
        self.told.append(timing)
        return self.plan


def file_of(cache: Path) -> Path:
    (path,) = (cache / plans.FOLDER).glob("*.plan")
    return path


def test_a_plan_is_built_once(tmp_path: Path, key: PlanKey) -> None:
    builder = Builder()
    for _ in range(3):
        assert plans.cached(key, SMALL_INFO, tmp_path, builder) == b"a plan"
    assert len(builder.told) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"model": "0123456789ab"},
        {"precision": "float16"},
        {"library": "tensorrt"},
        {"version": "1.2.4"},
        {"arch": "sm89"},
        {"profile": replace(PROFILE, most=255)},
        {"gpu": "GeForce RTX 3070"},
        {"driver": "13.1"},
        {"flags": ("strongly typed",)},
    ],
)
def test_whatever_a_plan_depends_on_makes_it_stale(tmp_path: Path, key: PlanKey, change: dict[str, Any]) -> None:
    plans.cached(key, SMALL_INFO, tmp_path, Builder())
    builder = Builder(b"another plan")
    other = replace(key, **change)
    assert plans.cached(other, SMALL_INFO, tmp_path, builder) == b"another plan"
    assert plans.cached(key, SMALL_INFO, tmp_path, Builder(b"never built")) == b"a plan"
    assert record.read(file_of_key(tmp_path, key), other) is None


def file_of_key(cache: Path, key: PlanKey) -> Path:
    return cache / plans.FOLDER / f"{key.stem}.plan"


@pytest.mark.parametrize("damage", ["plan", "record", "no plan", "no record", "other record", "newer record"])
def test_a_damaged_or_foreign_plan_is_never_loaded_but_built_again(tmp_path: Path, key: PlanKey, damage: str) -> None:
    plans.cached(key, SMALL_INFO, tmp_path, Builder())
    path = file_of(tmp_path)
    beside = record.record_of(path)
    told = json.loads(beside.read_bytes())
    match damage:
        case "plan":
            path.write_bytes(b"a plam")
        case "record":
            beside.write_bytes(b"{")
        case "no plan":
            path.unlink()
        case "no record":
            beside.unlink()
        case "other record":
            beside.write_text(json.dumps(told | {"key": told["key"] | {"driver": "12.0"}}))
        case "newer record":
            beside.write_text(json.dumps(told | {"format": 2}))
    assert record.read(path, key) is None
    assert plans.cached(key, SMALL_INFO, tmp_path, Builder(b"a new plan")) == b"a new plan"
    assert record.read(path, key) == b"a new plan"


def test_two_threads_build_once(tmp_path: Path, key: PlanKey) -> None:
    builder = Builder()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: plans.cached(key, SMALL_INFO, tmp_path, builder), range(4)))
    assert found == [b"a plan"] * 4
    assert len(builder.told) == 1


CHILD = """
import sys
from pathlib import Path
from autohdr.engines.trt import plans
from autohdr.engines.trt.build import Plan
from autohdr.engines.trt.key import PlanKey, Profile
from autohdr.model.info import ModelInfo
from autohdr.spec import InputSpec

plans.say = lambda text: print("waits", flush=True)

def build(timing):
    with open(sys.argv[2], "a") as file:
        file.write("built\\n")
    return Plan(b"a plan", b"")

key = PlanKey("0" * 12, "float32", "tensorrt", "11.4", "sm86", Profile(32, 8), "GeForce RTX 3060", "13.0")
info = ModelInfo("small", InputSpec(size=32), {}, "0.1.0", 20, features=8)
sys.exit(plans.cached(key, info, Path(sys.argv[1]), build) != b"a plan")
"""


def test_two_processes_build_once(tmp_path: Path) -> None:
    cache, note = tmp_path / "cache", tmp_path / "builds"
    command = [sys.executable, "-c", CHILD, str(cache), str(note)]
    with alone(cache / plans.FOLDER / "lock", lambda: None):
        children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for child in children:  # both have looked and found no plan
            assert child.stdout is not None
            assert child.stdout.readline() == "waits\n"
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0]
    assert note.read_text() == "built\n"


def test_who_waits_is_told_once(tmp_path: Path) -> None:
    told: queue.Queue[str] = queue.Queue()

    def wait() -> None:
        with alone(tmp_path / "lock", lambda: told.put("waits")):
            pass

    with ThreadPoolExecutor(1) as threads:
        with alone(tmp_path / "lock", lambda: told.put("the first")):
            waiting = threads.submit(wait)
            assert told.get(timeout=60) == "waits"
        waiting.result()
    assert told.empty()


def test_a_build_that_fails_leaves_nothing_and_the_next_one_is_not_kept_waiting(tmp_path: Path, key: PlanKey) -> None:
    def fail(timing: bytes) -> Plan:
        raise EngineError("no")

    with pytest.raises(EngineError, match="no"):
        plans.cached(key, SMALL_INFO, tmp_path, fail)
    assert plans.listed(tmp_path) == []
    assert plans.cached(key, SMALL_INFO, tmp_path, Builder()) == b"a plan"


def test_a_cache_folder_that_cannot_be_made_is_named(tmp_path: Path, key: PlanKey) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="--cache"):
        plans.cached(key, SMALL_INFO, tmp_path / "file", Builder())


def test_what_one_build_learnt_of_speed_is_told_the_next_on_the_same_card(tmp_path: Path, key: PlanKey) -> None:
    first, second, third, damaged = (Builder(timing=b"times") for _ in range(4))
    plans.cached(key, SMALL_INFO, tmp_path, first)
    plans.cached(replace(key, model="0123456789ab"), SMALL_INFO, tmp_path, second)
    plans.cached(replace(key, version="1.2.4"), SMALL_INFO, tmp_path, third)
    for path in (tmp_path / plans.FOLDER).glob("*.timing"):
        path.write_bytes(path.read_bytes() + b"!")
    plans.cached(replace(key, model="ba9876543210"), SMALL_INFO, tmp_path, damaged)
    assert [first.told, second.told, third.told, damaged.told] == [[b""], [b"times"], [b""], [b""]]


def test_compiled_kernels_are_kept_for_the_same_plan(tmp_path: Path, key: PlanKey) -> None:
    plans.keep_kernels(key, tmp_path, b"kernels")
    assert plans.kernels(key, tmp_path) == b"kernels"
    assert plans.kernels(replace(key, driver="13.1"), tmp_path) == b""
    next((tmp_path / plans.FOLDER).glob("*.kernels")).write_bytes(b"kernels")
    assert plans.kernels(key, tmp_path) == b""


def test_the_record_says_all_that_a_plan_depends_on_and_what_the_model_says(tmp_path: Path, key: PlanKey) -> None:
    plans.cached(key, SMALL_INFO, tmp_path, Builder())
    told = json.loads(record.record_of(file_of(tmp_path)).read_bytes())
    assert told["key"] == key.to_dict()
    assert told["model"] == json.loads(SMALL_INFO.to_json())
    assert [tensor["name"] for tensor in told["tensors"]] == ["pixels", "features"]
    assert told["tensors"][0]["batches"] == [1, 8, 256]


def test_plans_are_listed_with_whether_they_are_whole(tmp_path: Path, key: PlanKey) -> None:
    assert plans.listed(tmp_path) == []
    plans.cached(key, SMALL_INFO, tmp_path, Builder())
    (found,) = plans.listed(tmp_path)
    assert (found.path, found.size, found.whole, found.model) == (file_of(tmp_path), 6, True, "small 1")
    assert found.to_dict()["key"] == key.to_dict()
    found.path.write_bytes(b"")
    record.record_of(found.path).unlink()
    (broken,) = plans.listed(tmp_path)
    assert (broken.whole, broken.built, broken.key, broken.model) == (False, None, {}, None)


def test_clearing_removes_all_that_is_ours_and_nothing_else(tmp_path: Path, key: PlanKey) -> None:
    assert plans.clear(tmp_path) == []
    plans.cached(key, SMALL_INFO, tmp_path, Builder(timing=b"times"))
    plans.cached(replace(key, arch="sm89"), SMALL_INFO, tmp_path, Builder())
    plans.keep_kernels(key, tmp_path, b"kernels")
    foreign = tmp_path / plans.FOLDER / "notes.txt"
    foreign.write_bytes(b"mine")
    assert len(plans.clear(tmp_path)) == 2
    assert {path.name for path in foreign.parent.iterdir()} == {"lock", "notes.txt"}
    assert plans.listed(tmp_path) == []


def test_a_plan_made_ahead_of_time_is_found_beside_its_model(tmp_path: Path, key: PlanKey, model: ModelFile) -> None:
    moved = replace(model, path=tmp_path / "wedding.onnx")
    path = tmp_path / "wedding.sm86.plan"
    assert plans.ahead(moved.path, "sm86") == path
    assert plans.beside(moved, key) is None
    record.write(path, b"a plan", key.ahead_of_time, model.info)
    assert plans.beside(moved, key) == b"a plan"
    for change in ({"version": "1.2.4"}, {"arch": "sm89"}, {"model": "0123456789ab"}, {"library": "tensorrt"}):
        assert plans.beside(moved, replace(key, **change)) is None  # type: ignore[arg-type]
