"""A plan on the GPU: deserialised, its inputs and outputs checked, with execution contexts to run it."""

from typing import Any

from autohdr.engines.trt.key import Profile
from autohdr.engines.trt.library import Library
from autohdr.errors import EngineError, OutOfMemoryError
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME


def suits(library: Library, plan: bytes) -> bool:
    """Whether the library says that it can load a plan on the current GPU; yes where it cannot say."""
    runtime = library.trt.Runtime(library.log())
    if not hasattr(runtime, "get_engine_validity"):
        return True
    validity, _ = runtime.get_engine_validity(plan)
    return bool(validity != library.trt.EngineValidity.INVALID)


def is_own(library: Library, plan: bytes) -> bool:
    """Whether the library knows a plan as one of its own, whole and of its version; it tells without a GPU."""
    _, problems = library.trt.Runtime(library.log()).get_engine_validity(plan)
    doubts = library.trt.EngineInvalidityDiagnostics
    return not int(problems) & (int(doubts.MALFORMED_ENGINE) | int(doubts.VERSION_MISMATCH))


class Loaded:
    """A plan on the current GPU. Its memory is given back with the last reference to it."""

    def __init__(self, library: Library, plan: bytes, profile: Profile, kernels: bytes, contexts: int) -> None:
        """Args:
            library: the one that built it.
            plan: what it built.
            profile: which batches it has to take.
            kernels: that were compiled from it before, or nothing.
            contexts: how many runs there will be side by side.

        Raises:
            OutOfMemoryError: the GPU has too little memory.
            EngineError: the library does not load it, or it is not what was built.
        """
        self.log = library.log()
        self._library = library
        self._runtime = library.trt.Runtime(self.log)
        self._engine = self._runtime.deserialize_cuda_engine(plan)
        if self._engine is None:
            raise self._failure("load its plan")
        self._check(profile)
        self._kernels: Any = None
        settings = self._settings(kernels)
        self.contexts = [self._engine.create_execution_context(settings) for _ in range(contexts)]
        if None in self.contexts:
            raise self._failure("prepare its plan")

    def kernels(self) -> bytes:
        """The kernels that were compiled since; empty where the library compiles none at this time."""
        return b"" if self._kernels is None else bytes(self._kernels.serialize())

    def _settings(self, kernels: bytes) -> Any:
        """The settings that contexts are made with: we give them their memory, just what a batch needs."""
        trt = self._library.trt
        strategy = trt.ExecutionContextAllocationStrategy.USER_MANAGED
        if not self._library.compiles_late:
            return strategy
        settings = self._engine.create_runtime_config()
        settings.set_execution_context_allocation_strategy(strategy)
        # Not lazily: sliders must not change when better kernels come, and a CUDA graph would keep the first ones.
        settings.dynamic_shapes_kernel_specialization_strategy = trt.DynamicShapesKernelSpecializationStrategy.EAGER
        self._kernels = settings.create_runtime_cache()
        if kernels:
            self._kernels.deserialize(kernels)  # refuses those of another driver or version by itself
        settings.set_runtime_cache(self._kernels)
        return settings

    def _check(self, profile: Profile) -> None:
        engine, kind = self._engine, self._library.trt.DataType.FLOAT
        names = [engine.get_tensor_name(index) for index in range(engine.num_io_tensors)]
        found = {name: (tuple(engine.get_tensor_shape(name)), engine.get_tensor_dtype(name)) for name in names}
        size = profile.size
        expected = {INPUT_NAME: ((-1, 3, size, size), kind), OUTPUT_NAME: ((-1, profile.features), kind)}
        shapes = tuple(tuple(shape) for shape in engine.get_tensor_profile_shape(INPUT_NAME, 0))
        if found != expected or shapes != profile.shapes():
            raise EngineError(
                f"the TensorRT plan has {found} for {shapes}; expected {expected} for {profile.shapes()}: "
                "please report this"
            )

    def _failure(self, what: str) -> EngineError:
        reason = (self.log.errors[0] if self.log.errors else "it does not say why")[:300].rstrip(" .;")
        sentence = f"{self._library.name} {self._library.version} cannot {what} ({reason}); see: autohdr doctor"
        return OutOfMemoryError(sentence) if "memory" in reason.lower() else EngineError(sentence)
