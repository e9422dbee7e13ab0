"""The network alone: every engine that can run here, beside PyTorch and ONNX Runtime as people would use them.

All are given the same prepared photos in ordinary memory and give sliders back to it. A candidate's sliders are
compared with PyTorch's in float32, in Lightroom's units, before its time counts; one that is too far off for its
precision is left out, with the difference.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from autohdr.engines.cpu import open_session
from autohdr.engines.network import open_network
from autohdr.engines.prove.difference import TOLERANCES, Difference
from autohdr.engines.registry import ENGINES, ON_GPU
from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import AutohdrError
from autohdr.model.info import DEFAULT_MODEL, INPUT_NAME, OUTPUT_NAME, ModelInfo, Precision, find_model
from autohdr.model.onnx_file import read_model
from autohdr.raw.prepare import prepare
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.results import Figure, Group, Role, Stage
from autohdr_bench.speed.suites.base import Bench, figures, with_floor
from autohdr_bench.speed.suites.operations import operations
from autohdr_bench.speed.suites.torch_network import Answer, threads, ways
from autohdr_export.graph.file import describe, learnt, to_bytes
from autohdr_export.graph.trace import trace
from autohdr_export.lower.half import Kind, halve
from autohdr_scenes import write_shoot
from autohdr_train.network.checkpoint import load
from autohdr_train.network.model import SliderNet, scratch
from autohdr_train.network.start import default

NAME = "engine"
PHOTOS = 32
"""Different ones; larger batches show them again."""
BASELINE = "PyTorch"


class Candidate(NamedTuple):
    """One way from pixels to sliders."""

    answer: Answer
    precision: Precision
    role: Role


def measure(bench: Bench) -> Stage:
    """Times the default model at all batches of the profile, on a GPU ViT-base as well, and each checkpoint named."""
    notes: list[str] = []
    if bench.profile.device and not torch.cuda.is_available():
        notes.append("this PyTorch has no CUDA, so its times are the processor's; install one that has")
    pixels = _pixels(bench.folder)
    groups = []
    for name, network, path in _networks(bench):
        groups += _network(name, network, path, pixels, bench, notes)
    return Stage(NAME, tuple(groups), tuple(dict.fromkeys(notes)))


def _networks(bench: Bench) -> Iterator[tuple[str, SliderNet, Path]]:
    small = default()
    yield "default model", small.network, DEFAULT_MODEL
    if bench.profile.device:
        large = scratch("base", small.spec, "linear", seed=0).eval()
        large.describe_tones(small.spec)
        info = replace(read_model(DEFAULT_MODEL).info, name="ViT-base, random weights", learnt=0)
        model, beside = trace(large, small.spec.size), learnt(large)
        describe(model, replace(info, features=beside.head.weight.shape[1]), beside)
        path = bench.folder / "base.onnx"
        path.write_bytes(to_bytes(model))
        yield "ViT-base", large, path
    for folder in filter(Path.is_dir, bench.models):
        yield folder.name, load(folder).network.eval(), find_model(folder)


def _network(
    name: str, network: SliderNet, path: Path, pixels: NDArray[np.float32], bench: Bench, notes: list[str]
) -> list[Group]:
    with ExitStack() as held:
        held.enter_context(threads(bench.threads))
        candidates = _peers(network, path, bench)
        for engine in _engines(bench, notes):
            for kind, model in _models(path, engine, bench):
                with_notes = partial(_opened, engine, model, f"{engine}, {kind}", bench, notes)
                if (made := held.enter_context(with_notes())) is not None:
                    candidates[f"{engine}, {kind}"] = made
        expected = candidates[BASELINE].answer(pixels)
        equal = {
            key: made for key, made in candidates.items() if _equal(f"{name}, {key}", made, pixels, expected, notes)
        }
        return [_group(name, path, equal, pixels, batch, bench) for batch in bench.profile.batches]


def _group(
    name: str, path: Path, candidates: dict[str, Candidate], pixels: NDArray[np.float32], batch: int, bench: Bench
) -> Group:
    given = np.ascontiguousarray(np.resize(pixels, (batch, *pixels.shape[1:])))
    cases = {key: Case(partial(made.answer, given), batch) for key, made in candidates.items()}
    taken = bench.in_turn(cases)
    found = figures(taken, {key: made.role for key, made in candidates.items()})
    group = Group(
        f"{name}, batch {batch}", "photo", found, taken.conditions, BASELINE, facts={"threads": bench.threads}
    )
    return with_floor(
        group, _floor(operations(onnx.load(path)), {made.precision for made in candidates.values()}, bench)
    )


def _floor(work: int, precisions: set[Precision], bench: Bench) -> Figure | None:
    """The network's products alone, in the quickest of the precisions that were measured."""
    place = "GPU" if bench.profile.device else f"{bench.threads} thread{'s' if bench.threads > 1 else ''}"
    found = [bench.limits.computing(work, f"{kind}, {place}", "its matrix products") for kind in sorted(precisions)]
    return min((floor for floor in found if floor is not None), key=lambda floor: floor.median, default=None)


def _peers(network: SliderNet, path: Path, bench: Bench) -> dict[str, Candidate]:
    """PyTorch, and ONNX Runtime given whole batches on all threads."""
    found = {
        name: Candidate(answer, precision, "peer")
        for name, (answer, precision) in ways(network, compiled=bench.profile.compiled).items()
    }
    if not bench.profile.device:
        found["ONNX Runtime"] = Candidate(_onnxruntime(path, bench.threads), "float32", "peer")
    return found


def _onnxruntime(path: Path, count: int) -> Answer:
    require_onnxruntime()
    model = read_model(path)
    session = open_session(model.data, threads=count)
    return lambda pixels: model.head.answer(session.run([OUTPUT_NAME], {INPUT_NAME: pixels})[0])


def _engines(bench: Bench, notes: list[str]) -> list[str]:
    """Names of engines to try."""
    return [name for name in ENGINES if (name in ON_GPU) == bench.profile.device]


def _models(path: Path, engine: str, bench: Bench) -> Iterator[tuple[Precision, Path]]:
    """The model as it is, in the half precision that an engine is quick with, and those named by the user."""
    yield "float32", path
    kind: Kind | None = "float16" if engine in ON_GPU else "bfloat16" if engine == "openvino" else None
    if kind is not None:
        half = bench.folder / f"{path.stem}-{kind}.onnx"
        if not half.exists():
            info = read_model(path).info
            half.write_bytes(_halved(path, info, kind))
        yield kind, half
    own = read_model(path).digest
    for model in filter(Path.is_file, bench.models):
        made = read_model(model).info
        if made.proof.get("reference") == own and made.target in (None, engine):
            yield made.precision, model


def _halved(path: Path, info: ModelInfo, kind: Kind) -> bytes:
    # bfloat16's sums of layers are too coarse for any network that was measured.
    wide = ("residual stream",) if kind == "bfloat16" else ()
    model = halve(onnx.load(path), kind, wide).model
    describe(model, replace(info, precision=kind))
    return to_bytes(model)


@contextmanager
def _opened(engine: str, model: Path, name: str, bench: Bench, notes: list[str]) -> Iterator[Candidate | None]:
    """The model on the engine; None where that cannot run here, which the notes then say."""
    with ExitStack() as held:
        try:
            network = held.enter_context(open_network(model, engine, bench.folder / "plans"))
        except AutohdrError as error:
            notes.append(f"{name}: {error}")
            yield None
            return
        yield Candidate(network.predict, network.info.precision, "ours")


def _equal(
    name: str, candidate: Candidate, pixels: NDArray[np.float32], expected: NDArray[np.float32], notes: list[str]
) -> bool:
    """Whether a candidate's sliders are those of PyTorch in float32, as far as its precision can tell."""
    try:
        apart = Difference.of_sliders(candidate.answer(pixels), expected)
    except Exception as error:  # a library's own, where it compiles first what it is given first
        notes.append(
            f"{name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}"
        )
        return False
    tolerance = TOLERANCES[candidate.precision]
    if not apart.within(tolerance):
        notes.append(f"{name}: its sliders are too far off to count ({apart.beyond(tolerance)}; expected {tolerance})")
        return False
    return True


def _pixels(folder: Path) -> NDArray[np.float32]:
    """Prepared photos (PHOTOS, 3, S, S) of a simulated shoot, small ones: the network sees no difference."""
    spec = read_model(DEFAULT_MODEL).info.spec
    paths = write_shoot(folder / "photos", PHOTOS, size=(320, 480), xmp=False)
    return np.stack([prepare(path, spec) for path in paths])
