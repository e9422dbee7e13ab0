"""No library reports home: what switches that off stands in the environment before any of them is loaded."""

import os
import subprocess
import sys

import pytest

from autohdr.no_telemetry import SETTINGS

SHOW = f"import autohdr, os; print([os.environ[name] for name in {list(SETTINGS)}])"


def seen(command: str, **variables: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS} | variables
    return subprocess.run([sys.executable, "-c", command], env=env, capture_output=True, text=True, check=True).stdout


def test_importing_autohdr_is_enough() -> None:
    assert seen(SHOW).strip() == str(list(SETTINGS.values()))


def test_what_the_user_has_set_stays() -> None:
    kept = list((SETTINGS | {"HF_HUB_OFFLINE": "0"}).values())
    assert seen(SHOW, HF_HUB_OFFLINE="0").strip() == str(kept)


@pytest.mark.parametrize("door", ["autohdr.cli", "autohdr_train.entry", "autohdr_export.entry", "autohdr_bench.entry"])
def test_every_command_comes_in_by_that_door(door: str) -> None:
    """Before its own module brings torch, transformers or ONNX Runtime."""
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
