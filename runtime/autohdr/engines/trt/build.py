"""Builds a TensorRT plan from the bytes of one of our .onnx files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autohdr.engines.trt.key import Profile
from autohdr.engines.trt.library import Library
from autohdr.engines.trt.progress import interruptible, shown
from autohdr.errors import EngineError
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was built, and the timings that the build found."""

    data: bytes
    timing: bytes
    """What the library learnt of its kernels' speed, for the next build; empty if it times none."""


def build(
    library: Library, model: bytes, name: str, profile: Profile, archs: Sequence[str] = (), timing: bytes = b""
) -> Plan:
    """A plan: strongly typed, without TF32, `pixels` float32 (N, 3, size, size) to `features` float32 (N, F).

    Args:
        library: without `archs`, CUDA must have been initialised, or some of them crash.
        model: the .onnx file.
        name: what messages call it.
        profile: which N it takes, and F.
        archs: of `library.targets`, for cards that need not be here; none is the current CUDA device.
        timing: of an earlier plan, by the same library for the same card.

    Raises:
        EngineError: the library cannot take this model, or not for these cards.
    """
    log = library.log()
    try:
        builder = library.trt.Builder(log)
    except (TypeError, RuntimeError) as error:
        raise EngineError(f"{library.name} cannot start ({_reason(log, str(error))}); see: autohdr doctor") from error
    network = builder.create_network(_network_flags(library))
    _parse(library, network, log, model, name, profile)
    config = builder.create_builder_config()
    _aim(library, config, archs)
    batches = builder.create_optimization_profile()
    batches.set_shape(INPUT_NAME, *profile.shapes())
    config.add_optimization_profile(batches)
    cache = _timing_cache(library, config, timing)
    where = ", ".join(archs) or "this GPU"
    with shown(library, f"Building the {library.name} plan for {where}, once") as monitor:
        config.progress_monitor = monitor
        plan = interruptible(monitor, lambda: builder.build_serialized_network(network, config))
        config.progress_monitor = None  # TensorRT keeps no reference to it
    if plan is None:
        raise EngineError(
            f"{library.name} {library.version} cannot build {name} for {where} "
            f"({_reason(log, 'it does not say why')}); export the model in another precision or use another engine"
        )
    return Plan(bytes(plan), b"" if cache is None else bytes(cache.serialize()))


def _network_flags(library: Library) -> int:
    """Strongly typed, where the library also knows another way."""
    flag = getattr(library.trt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
    return 0 if flag is None else 1 << int(flag)


def _parse(library: Library, network: Any, log: Any, model: bytes, name: str, profile: Profile) -> None:
    """Fills the network, and checks that its inputs and outputs are ours."""
    parser = library.trt.OnnxParser(network, log)
    if not parser.parse(model):
        errors = [parser.get_error(index) for index in range(parser.num_errors)]
        operators = sorted({error.node_operator() for error in errors} - {""})
        what = ", ".join(operators) or (errors[0].desc() if errors else _reason(log, "it does not say why"))
        raise EngineError(f"{library.name} {library.version} does not take {name} ({what}); use another engine")
    found = [network.get_input(index) for index in range(network.num_inputs)]
    found += [network.get_output(index) for index in range(network.num_outputs)]
    tensors = [(tensor.name, tensor.dtype, tuple(tensor.shape)[2:]) for tensor in found]
    size, kind = profile.size, library.trt.DataType.FLOAT
    expected = [(INPUT_NAME, kind, (size, size)), (OUTPUT_NAME, kind, ())]
    if tensors != expected or found[1].shape[1] != profile.features:
        raise EngineError(f"{name} has other inputs and outputs than autohdr's models; export it again")


def _aim(library: Library, config: Any, archs: Sequence[str]) -> None:
    """Sets the flags, and the cards to build for."""
    config.clear_flag(library.trt.BuilderFlag.TF32)
    if not archs:
        return
    config.num_compute_capabilities = len(archs)
    for index, arch in enumerate(archs):
        if not config.set_compute_capability(library.trt.ComputeCapability.__members__[arch.upper()], index):
            raise EngineError(f"{library.name} {library.version} does not build for {arch}; name another GPU")


def _timing_cache(library: Library, config: Any, timing: bytes) -> Any:
    """The cache that the build reads and fills; None where the library has none that does anything."""
    if library.compiles_late:
        return None
    cache = config.create_timing_cache(timing)
    if cache is None or not config.set_timing_cache(cache, False):
        cache = config.create_timing_cache(b"")  # the old one is of another version
        config.set_timing_cache(cache, False)
    return cache


def _reason(log: Any, otherwise: str) -> str:
    """The first thing that the library complained of, short enough for a sentence."""
    return (log.errors[0] if log.errors else otherwise)[:300].rstrip(" .;")
