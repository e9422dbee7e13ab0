"""The fastest engine of this machine: found once, kept, and only with answers that were proven."""

import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from autohdr import label
from autohdr.engines import best
from autohdr.engines.network import open_network
from autohdr.engines.prove.trial import find_best, prove
from autohdr.engines.seen import Best, remember_best
from autohdr.engines.seen import best as noted
from autohdr.model.info import DEFAULT_MODEL, ModelFile
from autohdr.model.onnx_file import read_model
from tests.conftest import SMALL, SMALL_INFO, write_model

needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="needs pip install autohdr[openvino]")


def beside(model: Path, **changed: object) -> Path:
    """A file beside a model that says it is the same network in bfloat16, and computes what `write_model` can."""
    mix = str(changed.pop("mix", "Tanh"))
    info = replace(SMALL_INFO, precision="bfloat16", proof={"reference": read_model(model).digest})
    return write_model(model.with_stem(f"{model.stem}-bf16"), replace(info, **changed).to_json(), mix=mix)  # type: ignore[arg-type]


@pytest.fixture
def model(tmp_path: Path, small_model: Path) -> ModelFile:
    """The small model, alone in a folder."""
    return read_model(Path(shutil.copy(small_model, tmp_path / "model.onnx")))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def pixels(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(2).normal(0, 1, (count, 3, SMALL.size, SMALL.size)).astype(np.float32)


def test_the_default_model_has_itself_in_less_precision_beside_it() -> None:
    model = read_model(DEFAULT_MODEL)
    lower = best.in_less_precision(model)
    assert lower is not None
    assert (lower.info.precision, lower.network, lower.label) == ("bfloat16", model.digest, model.label)
    assert len(lower.data) < 0.6 * len(model.data)
    np.testing.assert_array_equal(lower.head.weight, model.head.weight)
    assert {name: values.tobytes() for name, values in lower.prior.items()} == {
        name: values.tobytes() for name, values in model.prior.items()
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"proof": {"reference": "0123456789ab"}},
        {"precision": "float16"},
        {"spec": replace(SMALL, saturation_stops=2.0)},
    ],
)
def test_another_network_beside_a_model_is_none_of_it(model: ModelFile, changed: dict[str, object]) -> None:
    assert best.in_less_precision(model) is None
    beside(model.path)
    assert best.in_less_precision(model) is not None
    beside(model.path, **changed)
    assert best.in_less_precision(model) is None


def test_a_damaged_file_beside_a_model_is_passed_over(model: ModelFile) -> None:
    other = beside(model.path)
    other.write_bytes(other.read_bytes()[:-7])
    assert best.in_less_precision(model) is None


@needs_openvino
def test_what_is_known_is_opened_with_its_file_under_the_networks_own_name(model: ModelFile, cache: Path) -> None:
    lower = read_model(beside(model.path))
    remember_best(cache, model.digest, Best("openvino", lower.digest, "bfloat16", 1.7, {}))
    with open_network(model.path, cache=cache) as network:
        assert (network.engine.name, network.model.digest) == ("openvino", lower.digest)
        assert network.label == model.label
        assert network.describe()["precision"] == "bfloat16"
    with open_network(model.path, "cpu", cache) as network:
        assert (network.engine.name, network.model.digest) == ("cpu", model.digest)


def test_a_file_that_is_gone_or_is_another_by_now_is_not_opened(model: ModelFile, cache: Path) -> None:
    lower = read_model(beside(model.path))
    remember_best(cache, model.digest, Best("openvino", lower.digest, "bfloat16", 1.7, {}))
    assert best.known(model, cache)[0] == "openvino"
    beside(model.path, mix="Sin")
    assert best.known(model, cache) == ("auto", model)
    lower.path.unlink()
    assert best.known(model, cache) == ("auto", model)


def test_an_engine_that_no_longer_opens_gives_way_and_that_is_told(model: ModelFile, cache: Path) -> None:
    remember_best(cache, model.digest, Best("cuda", model.digest, "float32", 3.0, {}))
    with open_network(model.path, cache=cache) as network:
        assert network.engine.name == "cpu"
        assert "cuda" in network.passed_over


@needs_openvino
def test_for_many_photos_it_is_found_once(model: ModelFile, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_network(model.path, cache=cache, photos=best.MANY - 1) as network:
        network.features(pixels(2))
    assert noted(cache, model.digest) is None
    with open_network(model.path, cache=cache, photos=best.MANY) as network:
        engine, expected = network.engine.name, network.features(pixels(2))
    found = noted(cache, model.digest)
    assert found is not None
    assert found.engine == engine
    monkeypatch.setattr("subprocess.run", None)
    with open_network(model.path, cache=cache, photos=best.MANY) as network:
        assert network.engine.name == engine
        np.testing.assert_array_equal(network.features(pixels(2)), expected)


@needs_openvino
def test_what_the_proof_refuses_is_not_used(model: ModelFile, cache: Path) -> None:
    """A file that says it is the same network, and answers otherwise."""
    other = read_model(beside(model.path, mix="Sin"))
    found = prove(model, cache)
    assert found.file == model.digest != other.digest
    assert found.precision == "float32"


@needs_openvino
def test_a_search_that_crashes_leaves_the_engine_cpu_for_good(
    model: ModelFile, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif 'autohdr.engines.prove.trial' in sys.orig_argv: os._exit(7)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert find_best(model, cache) == Best("cpu", model.digest, "float32", 1.0, {})
    assert noted(cache, model.digest) == Best("cpu", model.digest, "float32", 1.0, {})


@needs_openvino
def test_a_shoot_is_labelled_by_the_best_engine_from_its_first_photo(
    shoot: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(best, "MANY", 5)
    report = label(shoot, cache=cache, dry_run=True)
    found = noted(cache, read_model(DEFAULT_MODEL).digest)
    assert found is not None
    assert (report.engine["name"], report.model["precision"]) == (found.engine, found.precision)
    exact = label(shoot, cache=cache, engine="cpu", dry_run=True)
    for one, other in zip(report.results, exact.results, strict=True):
        assert one.sliders is not None
        assert other.sliders is not None
        apart = np.abs(np.subtract(list(one.sliders.values()), list(other.sliders.values())))
        assert (apart <= [0.0101, *[1] * 7]).all()  # a step of what is written, which is rounded
