"""Which ONNX Runtime is installed. Its CPU and GPU wheels own one module, and the last one installed wins silently."""

from importlib.metadata import PackageNotFoundError, version

from autohdr.errors import EngineError

_WHEELS = ("onnxruntime", "onnxruntime-gpu")


def require_onnxruntime() -> str:
    """Name and version of the one ONNX Runtime wheel that is installed.

    Raises:
        EngineError: there is none, or both are installed over each other.
    """
    found = {name: number for name in _WHEELS if (number := _installed(name))}
    if not found:
        raise EngineError('ONNX Runtime is not installed; run: pip install "autohdr[cpu]" (or "autohdr[gpu]")')
    if len(found) > 1:
        raise EngineError(
            "onnxruntime and onnxruntime-gpu are both installed and overwrite each other; "
            'run: pip uninstall -y onnxruntime onnxruntime-gpu, then pip install "autohdr[cpu]" or "autohdr[gpu]"'
        )
    return " ".join(*found.items())


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
