"""The one ONNX Runtime that has to be there."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError

import pytest

from autohdr import EngineError
from autohdr.engines import wheel


def installed(*names: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name not in names:
            raise PackageNotFoundError(name)
        return "1.0"

    return version


def test_without_onnxruntime_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "version", installed())
    with pytest.raises(EngineError, match=r'pip install "autohdr\[cpu\]"'):
        wheel.require_onnxruntime()


def test_two_onnxruntimes_over_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "version", installed("onnxruntime", "onnxruntime-gpu"))
    with pytest.raises(EngineError, match="pip uninstall -y onnxruntime onnxruntime-gpu"):
        wheel.require_onnxruntime()
