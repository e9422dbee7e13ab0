"""Libraries that report home, or ask a server for files, are told not to before they are loaded.

ONNX Runtime since 1.29 looks up a host of its maker's and leaves an id of the device in the user's cache folder; the
Hugging Face libraries ask their hub whether a model has changed; Ray reports its use. Each has an environment variable
that switches this off, which processes that are started from here inherit. A variable that the user has set stays as
it is. OpenVINO's reports are a package of their own, which its engine hides while OpenVINO is loaded.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SETTINGS = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""Environment variables, and what they are set to where the user has not set them."""
_NOBODY = "http://127.0.0.1:9"
"""A proxy that is not there."""


def switch_off() -> None:
    """Sets the variables that are not set, or empty. Where ONNX Runtime was imported before, its reports are switched
    off by its own function, as far as that still helps (see `import_onnxruntime`); an id that it has left by then
    stays."""
    for name, value in SETTINGS.items():
        if not os.environ.get(name):
            os.environ[name] = value
    if "onnxruntime" in sys.modules:
        import_onnxruntime()


def import_onnxruntime() -> Any:
    """The module `onnxruntime`, which is installed, told to report nothing by its own function as well.

    The function is for builds that report through Windows's tracing, which know no variable. It comes too late for the
    others: where a program has imported ONNX Runtime before autohdr, without the variable, its reporter has started
    (seen with 1.32 on Linux). Such a program imports autohdr first, or sets the variable itself.
    """
    import onnxruntime

    if os.environ.get("ORT_DISABLE_TELEMETRY") != "0":
        onnxruntime.disable_telemetry_events()
    return onnxruntime


def may_ask_the_hub() -> bool:
    """Whether the user has set HF_HUB_OFFLINE to what huggingface_hub does not read as yes."""
    return (os.environ.get("HF_HUB_OFFLINE") or "1").upper() not in ("1", "ON", "YES", "TRUE")


@contextmanager
def without_openvino_telemetry() -> Iterator[None]:
    """While it lasts, modules find that `openvino_telemetry` is not installed, even where it has been imported.

    `import openvino` alone reports to Google Analytics, unasked (seen with 2026.4), and no variable tells it not to.
    Where the package is missing, OpenVINO does without. What a program that imports OpenVINO itself has reported by
    then is beyond us.
    """
    name = "openvino_telemetry"
    before = {name: sys.modules[name]} if name in sys.modules else {}
    sys.modules[name] = None  # type: ignore[assignment]  # how Python says that a module is not there
    try:
        yield
    finally:
        del sys.modules[name]
        sys.modules.update(before)


@contextmanager
def asking_no_cloud() -> Iterator[None]:
    """While it lasts, processes are started that reach no server by plain HTTP, unless the user has a proxy for that.

    Ray's daemons ask the servers by which clouds tell a machine where it runs, also where its reports are off (seen
    with 2.60), and so look up the name of Google's wherever they are.
    """
    if {"http_proxy", "HTTP_PROXY"} & os.environ.keys():
        yield
        return
    os.environ["http_proxy"] = _NOBODY
    try:
        yield
    finally:
        del os.environ["http_proxy"]


def ask_again() -> None:
    """Lets this process, which may have been started under `asking_no_cloud`, and those after it reach servers."""
    if os.environ.get("http_proxy") == _NOBODY:
        del os.environ["http_proxy"]
