"""Which ONNX Runtime is installed. Its CPU and GPU wheels own one module, and the last one installed wins silently."""

from importlib.metadata import PackageNotFoundError, version

from autohdr.errors import EngineError

_WHEELS = ("onnxruntime", "onnxruntime-gpu")


def require_onnxruntime(extra: str = "cpu") -> str:
    """Name and version of the one ONNX Runtime wheel that is installed.

    Args:
        extra: of autohdr, which brings the wheel: `gpu` asks for the one that knows NVIDIA's GPUs.

    Raises:
        EngineError: there is none, or both are installed over each other, or it is the one for CPUs alone.
    """
    found = {name: number for name in _WHEELS if (number := installed(name))}
    if not found:
        other = ' (or "autohdr[gpu]")' if extra == "cpu" else ""
        raise EngineError(f'ONNX Runtime is not installed; run: pip install "autohdr[{extra}]"{other}')
    if len(found) > 1:
        raise EngineError(
            "onnxruntime and onnxruntime-gpu are both installed and overwrite each other; "
            'run: pip uninstall -y onnxruntime onnxruntime-gpu, then pip install "autohdr[cpu]" or "autohdr[gpu]"'
        )
    wheel = " ".join(*found.items())
    if extra == "gpu" and "onnxruntime-gpu" not in found:
        raise EngineError(
            f'{wheel} is for CPUs alone; run: pip uninstall -y onnxruntime, then pip install "autohdr[gpu]"'
        )
    return wheel


def installed(name: str) -> str | None:
    """The version of a package; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
