"""Which TensorRT is installed, and what it can do: asked of the library itself, never read off its version.

Two of them have one Python interface. `tensorrt` (10 or newer) builds a plan for the GPU at hand, timing kernels on it.
`tensorrt_rtx` (TensorRT for RTX, from Turing on, no data-centre Hopper) builds for any of its targets, GPU or none, and
compiles the kernels when a plan is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from autohdr.errors import EngineError

NAMES = ("tensorrt", "tensorrt_rtx")
"""Modules, in the order in which they are preferred: TensorRT tunes for the very card."""

INSTALL = (
    'run: pip install "autohdr[rtx]" for a GeForce or RTX card, or, for any card that TensorRT supports, '
    'pip install --extra-index-url https://pypi.nvidia.com "autohdr[trt]" (its libraries are in NVIDIA\'s own index)'
)
"""The next step of whoever has neither."""


@dataclass(frozen=True, slots=True)
class Library:
    """An installed TensorRT."""

    name: str
    """The library's name, one of `NAMES`."""
    trt: Any
    """The module."""

    @property
    def version(self) -> str:
        """The library's version with its build number, as the module says it."""
        return str(self.trt.__version__)

    @property
    def compiles_late(self) -> bool:
        """Whether kernels are compiled when a plan is loaded, and can be kept; else they are timed when it is built."""
        return hasattr(self.trt, "IRuntimeCache")

    @property
    def targets(self) -> tuple[str, ...]:
        """Compute capabilities that it builds for without such a card, as `sm86`; none if it needs the card."""
        if not hasattr(self.trt.IBuilderConfig, "set_compute_capability"):
            return ()
        names = [name.lower() for name in self.trt.ComputeCapability.__members__ if name.startswith("SM")]
        return tuple(sorted(names, key=lambda name: int(name[2:])))

    @property
    def too_old(self) -> bool:
        """Whether it lacks a call that a `TrtEngine` makes; TensorRT 8 does."""
        context = self.trt.IExecutionContext
        return not all(hasattr(context, call) for call in ("execute_async_v3", "set_device_memory"))

    def log(self) -> Any:
        """A new logger of the library's; what it was told of errors is in its `errors`, a list of sentences."""

        class Log(self.trt.ILogger):  # type: ignore[name-defined]
            def __init__(self, worst: Any) -> None:
                super().__init__()
                self.errors: list[str] = []
                self._worst = worst

            def log(self, severity: Any, message: str) -> None:
                if int(severity) <= int(self._worst):
                    self.errors.append(" ".join(message.split()))

        return Log(self.trt.ILogger.Severity.ERROR)


def installed() -> list[Library]:
    """Each TensorRT that can be imported, the preferred one first.

    Raises:
        EngineError: there is none, or none that is new enough.
    """
    found, failures = [], []
    for name in NAMES:
        try:
            found.append(Library(name, import_module(name)))
        except ModuleNotFoundError as error:
            if error.name != name:  # its Python part is there, its libraries are not
                failures.append(f"{name} is incomplete ({error})")
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            failures.append(f"{name} cannot be loaded ({' '.join(str(error).split())})")
    usable = [library for library in found if not library.too_old]
    if usable:
        return usable
    failures += [f"{library.name} {library.version} is too old, TensorRT 10.1 is the first" for library in found]
    raise EngineError(f"{'; '.join(failures) or 'TensorRT is not installed'}; {INSTALL}")


def for_card(libraries: Sequence[Library], name: str, arch: str) -> Library:
    """The library for a card.

    Args:
        libraries: at least one.
        name: the card's, for the message.
        arch: its compute capability, as `sm86`.

    Raises:
        EngineError: none supports it.
    """
    for library in libraries:
        if not library.targets or arch in library.targets:
            return library
    last = libraries[-1]
    raise EngineError(
        f"{last.name} {last.version} does not support {name} ({arch}), it does {', '.join(last.targets)}; run: pip "
        'install --extra-index-url https://pypi.nvidia.com "autohdr[trt]", or use --engine cuda or cpu'
    )
