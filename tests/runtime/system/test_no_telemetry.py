"""No library reports home: what switches that off stands in the environment before any of them is loaded."""

import importlib
import os
import subprocess
import sys
import types

import pytest

from autohdr.system.no_telemetry import SETTINGS, may_ask_the_hub, without_openvino_telemetry

SHOW = f"import autohdr, os; print([os.environ[name] for name in {list(SETTINGS)}])"


def seen(command: str, **variables: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS} | variables
    return subprocess.run([sys.executable, "-c", command], env=env, capture_output=True, text=True, check=True).stdout


def test_importing_autohdr_is_enough() -> None:
    assert seen(SHOW).strip() == str(list(SETTINGS.values()))


def test_what_the_user_has_set_stays() -> None:
    kept = list((SETTINGS | {"HF_HUB_OFFLINE": "0"}).values())
    assert seen(SHOW, HF_HUB_OFFLINE="0").strip() == str(kept)


def test_an_empty_variable_is_not_set() -> None:
    assert seen(SHOW, **dict.fromkeys(SETTINGS, "")).strip() == str(list(SETTINGS.values()))


def test_only_a_no_of_the_users_lets_the_hub_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, allowed in (("0", True), ("false", True), ("1", False), ("Yes", False), ("", False)):
        monkeypatch.setenv("HF_HUB_OFFLINE", value)
        assert may_ask_the_hub() is allowed
    monkeypatch.delenv("HF_HUB_OFFLINE")
    assert not may_ask_the_hub()


def test_openvinos_reports_are_hidden_even_where_they_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """nncf, imported before, brings them."""
    loaded = types.ModuleType("openvino_telemetry")
    monkeypatch.setitem(sys.modules, "openvino_telemetry", loaded)
    with without_openvino_telemetry(), pytest.raises(ImportError):
        importlib.import_module("openvino_telemetry")
    assert sys.modules["openvino_telemetry"] is loaded


@pytest.mark.parametrize(
    "door",
    [
        *("autohdr.cli.main", "autohdr_train.cli", "autohdr_export.cli", "autohdr_bench.cli"),
        *("autohdr_train.network.model", "autohdr_export.prove.trial", "autohdr_bench.speed.suites.engine"),
    ],
)
def test_everybody_comes_in_by_that_door(door: str) -> None:
    """Commands, and programs that import a module of ours, before it brings torch, transformers or ONNX Runtime."""
    command = (
        f"import sys, importlib.abc\n"
        f"class Watch(importlib.abc.MetaPathFinder):\n"
        f"    def find_spec(self, name, path=None, target=None):\n"
        f"        import os\n"
        f"        if name in ('onnxruntime', 'torch', 'transformers', 'huggingface_hub', 'openvino'):\n"
        f"            print(name, os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        f"sys.meta_path.insert(0, Watch())\n"
        f"import {door}"
    )
    assert "None" not in seen(command)
