"""Which TensorRT is taken, and what is said where there is none that will do."""

from types import SimpleNamespace
from typing import Any

import pytest

from autohdr.engines.trt import library
from autohdr.engines.trt.library import Library, for_card, installed
from autohdr.errors import EngineError

CALLS = {"execute_async_v3": None, "set_device_memory": None}


def module(version: str, *targets: str, calls: dict[str, Any] = CALLS) -> SimpleNamespace:
    """What is asked of a TensorRT: its version, the calls of a context, and the cards that it builds for."""
    config = {"set_compute_capability": None} if targets else {}
    return SimpleNamespace(
        __version__=version,
        IExecutionContext=SimpleNamespace(**calls),
        IBuilderConfig=SimpleNamespace(**config),
        ComputeCapability=SimpleNamespace(__members__=["NONE", "CURRENT", *targets]),
    )


def install(monkeypatch: pytest.MonkeyPatch, **modules: SimpleNamespace | Exception) -> None:
    def find(name: str) -> SimpleNamespace:
        found = modules.get(name, ModuleNotFoundError(f"No module named {name!r}", name=name))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(library, "import_module", find)


def test_the_one_that_tunes_for_the_card_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tensorrt=module("11.4.0"), tensorrt_rtx=module("1.7.1", "SM86"))
    assert [found.name for found in installed()] == ["tensorrt", "tensorrt_rtx"]


def test_without_any_the_sentence_names_both_extras_and_nvidias_index(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with pytest.raises(
        EngineError, match=r"not installed; .*autohdr\[rtx\].*https://pypi\.nvidia\.com.*autohdr\[trt\]"
    ):
        installed()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (ImportError("libnvinfer.so.11: cannot open shared object file"), "libnvinfer.so.11"),
        (FileNotFoundError("Could not find: nvinfer_11.dll"), "nvinfer_11.dll"),
        (ModuleNotFoundError("No module named 'tensorrt_libs'", name="tensorrt_libs"), "tensorrt_libs"),
    ],
)
def test_a_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str) -> None:
    install(monkeypatch, tensorrt=failure)
    with pytest.raises(EngineError, match=said):
        installed()


def test_one_that_is_too_old_is_passed_over_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tensorrt=module("8.6.1", calls={"execute_async_v3": None}))
    with pytest.raises(EngineError, match=r"tensorrt 8\.6\.1 is too old"):
        installed()


def test_a_card_gets_the_library_that_supports_it() -> None:
    rtx, full = Library("tensorrt_rtx", module("1.7.1", "SM86", "SM120")), Library("tensorrt", module("11.4.0"))
    assert for_card([rtx], "GeForce RTX 3060", "sm86") is rtx
    assert for_card([rtx, full], "H200", "sm90") is full
    with pytest.raises(EngineError, match=r"does not support H200 \(sm90\), it does sm86, sm120"):
        for_card([rtx], "H200", "sm90")


def test_what_the_real_one_can_do_is_found_by_asking(rtx: Library) -> None:
    assert rtx.compiles_late
    assert not rtx.too_old
    assert {"sm75", "sm80", "sm86", "sm89", "sm120"} <= set(rtx.targets)
    assert rtx in installed()
