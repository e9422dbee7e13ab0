"""A model in a folder of any name: bytes that are no text in the system's encoding are no reason to refuse it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr.engines.network import open_network
from autohdr.engines.ort_gpu import Session
from autohdr.engines.registry import ENGINES
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
from tests.conftest import SMALL
from tests.runtime.cli.running import PROGRAM

LATIN = os.fsdecode(b"mod\xe8le") if sys.platform == "linux" else "modèle"
"""The folder `modèle` as a system named it whose encoding was Latin-1; macOS and Windows know no such names."""
ENGLISH = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""An environment in which Python takes the names of files for ASCII."""
needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="needs pip install autohdr[openvino]")
CPUS = [
    "cpu",
    pytest.param("openvino", marks=needs_openvino),
]


def placed(model: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(model, folder / "model.onnx")
    return folder / "model.onnx"


@pytest.mark.parametrize("engine", CPUS)
@pytest.mark.parametrize(("name", "environment"), [(LATIN, {}), ("modèle", ENGLISH), (LATIN, ENGLISH)])
def test_photos_are_labelled_with_a_model_in_a_folder_of_any_name(
    shoot: Path, small_model: Path, tmp_path: Path, engine: str, name: str, environment: dict[str, str]
) -> None:
    model, cache = placed(small_model, tmp_path / name), tmp_path / name / "cache"
    options: list[str | Path] = [
        "label",
        "--quiet",
        "--engine",
        engine,
        "--no-embed",
        "--model",
        model,
        "--cache",
        cache,
        shoot,
    ]
    done = subprocess.run([*PROGRAM, *options], capture_output=True, check=False, env={**os.environ, **environment})
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(list(shoot.glob("*.xmp"))) == 5


@pytest.mark.parametrize("engine", CPUS)
def test_the_doctor_tries_a_model_in_a_folder_of_any_name(small_model: Path, tmp_path: Path, engine: str) -> None:
    model = placed(small_model, tmp_path / LATIN)
    done = subprocess.run([*PROGRAM, "doctor", "--model", model], capture_output=True, check=False)
    rows = [line.split() for line in done.stdout.decode(errors="replace").splitlines()]
    assert [engine, "yes"] in [row[:2] for row in rows]


def of_gpus(model: ModelFile, cache: Path) -> Session:
    """What the engines `cuda` and `ort-trt` do, with the provider that is here."""
    return Session("cuda", model, [("CPUExecutionProvider", {})], None)


@pytest.mark.parametrize("opened", [ENGINES["cpu"], of_gpus, pytest.param(ENGINES["openvino"], marks=needs_openvino)])
def test_what_is_loaded_is_what_was_read_whatever_has_become_of_the_file_since(
    small_model: Path, tmp_path: Path, opened: Callable[[ModelFile, Path], Any]
) -> None:
    path = placed(small_model, tmp_path / "style")
    model = read_model(path)
    path.write_bytes(b"half of another model")
    pixels = np.random.default_rng(0).normal(0, 1, (2, 3, SMALL.size, SMALL.size)).astype(np.float32)
    with open_network(small_model, "cpu", tmp_path / "cache") as network:
        expected = network.predict(pixels)
    engine = opened(model, tmp_path / "other")
    np.testing.assert_allclose(engine.infer(pixels), expected, atol=1e-6)
    engine.close()
