"""Libraries that report home, or ask a server for files, are told not to before they are loaded.

ONNX Runtime since 1.29 looks up a host of its maker's and leaves an id of the device in the user's cache folder; the
Hugging Face libraries ask their hub whether a model has changed; Ray reports its use. Each has an environment variable
that switches this off, which processes that are started from here inherit. A variable that the user has set stays as
it is. OpenVINO's reports are a package of their own, which its engine hides while OpenVINO is loaded.
"""

import os
import sys

SETTINGS = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""Environment variables, and what they are set to where the user has not set them."""


def switch_off() -> None:
    """Sets the variables. Where ONNX Runtime was imported before, its reports are switched off by its own function; an
    id that it has left by then stays."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    loaded = sys.modules.get("onnxruntime")
    if loaded is not None and os.environ["ORT_DISABLE_TELEMETRY"] != "0":
        loaded.disable_telemetry_events()
