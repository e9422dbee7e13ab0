"""A process that runs the pieces of one build when it is told to. It is started by path, so that it is the same program
for both builds, and imports nothing of autohdr but what a build has had for long.

It reads lines of JSON: `{"name": ..., "times": n}` runs a piece so often and answers `{"wall": ..., "cpu": ...}`,
seconds of one run. Its first line tells the pieces that this build has, each with the seconds of one run.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

Piece = Callable[[], object]
ENCODINGS: tuple[Literal["srgb"], Literal["pu21-pmax"]] = ("srgb", "pu21-pmax")


def decoding(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """A file's bytes to its sensor data, by LibRaw and by flashraw."""
    from autohdr.raw.decode import decode
    from autohdr.raw.decoders import flashraw
    from autohdr.raw.decoders.libraw import LibRawDecoder

    path = photos["mosaic"]
    data = path.read_bytes()
    judge = LibRawDecoder()
    yield "decode, libraw", lambda: decode(path, judge, data)
    if flashraw.installed():
        fast = flashraw.FlashrawDecoder()
        yield "decode, flashraw", lambda: decode(path, fast, data)


def preparing(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """Sensor data to the network's input."""
    from autohdr.raw.decode import decode
    from autohdr.raw.decoders.libraw import LibRawDecoder
    from autohdr.raw.prepare import prepare_frame
    from autohdr.spec import InputSpec

    for kind, path in photos.items():
        frame = decode(path, LibRawDecoder())
        for encoding in ENCODINGS if kind == "mosaic" else ENCODINGS[:1]:
            spec = InputSpec(encoding=encoding)
            yield f"prepare, {kind}, {encoding}", partial(prepare_frame, frame, spec)


def computing(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """The kernels of preparation, each by itself: in the whole, a slower one is hard to see."""
    import numpy as np

    from autohdr.encoding import encode
    from autohdr.raw.binning import bin_mosaic, bin_planes
    from autohdr.raw.decode import decode
    from autohdr.raw.decoders.libraw import LibRawDecoder
    from autohdr.spec import InputSpec

    clip = np.full(4, 16000, np.uint16)
    for kind, path in photos.items():
        frame = decode(path, LibRawDecoder())
        if frame.pattern is None:
            yield f"binning, {kind}", partial(bin_planes, frame.data, clip[:3], 224)
        else:
            yield f"binning, {kind}", partial(bin_mosaic, frame.data, frame.pattern, clip, 224)
    light = np.random.default_rng(0).uniform(0, 1, (224, 224, 3))
    for encoding in ENCODINGS:
        yield f"encoding, {encoding}", partial(encode, light, InputSpec(encoding=encoding))


def predicting(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """The default model on the processor."""
    import numpy as np

    from autohdr import prepare
    from autohdr.engines.network import open_network

    held = open_network(None, "cpu")
    network = held.__enter__()  # as long as the process
    pixels = np.stack([prepare(path, network.info.spec) for path in photos.values()] * 4)[:8]
    for batch in (1, 8):
        yield f"network, batch {batch}", partial(network.predict, pixels[:batch])
    predicting.held = held  # type: ignore[attr-defined]  # not closed by being forgotten


def labelling(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """A shoot from end to end, sidecars and journal with it."""
    import autohdr
    from autohdr.raw.decoders import flashraw

    # By name: the automatic one starts a second process for every run, which takes longer than these photos.
    decoder: Literal["flashraw", "libraw"] = "flashraw" if flashraw.installed() else "libraw"

    def label() -> object:
        with TemporaryDirectory() as folder:
            for index in range(4):
                for path in photos.values():
                    (Path(folder) / f"{path.stem}-{index}.dng").hardlink_to(path)
            os.environ["AUTOHDR_STATE"] = str(Path(folder) / "state")
            # Links are never written into.
            return autohdr.label([folder], engine="cpu", decoder=decoder, embed=False)

    yield "run", label


def learning(photos: dict[str, Path]) -> Iterator[tuple[str, Piece]]:
    """A style from 20 edits, and a step of training."""
    import numpy as np
    import torch

    from autohdr import InputSpec, prepare
    from autohdr.style.fit import fit_and_score
    from autohdr.style.points import Seen
    from autohdr_train.data.tensors import TensorDataset
    from autohdr_train.network import seeing
    from autohdr_train.network.start import begin
    from autohdr_train.recipes.loop import train
    from autohdr_train.recipes.objective import Supervised
    from autohdr_train.recipes.recipe import scratch

    torch.set_num_threads(1)
    random = np.random.default_rng(0)
    pixels = np.stack([prepare(path, InputSpec()) for path in photos.values()] * 10)[:20]
    pixels = (pixels + random.normal(0, 0.1, pixels.shape)).astype(np.float32)
    labels = random.uniform(-0.5, 0.5, (len(pixels), 8)).astype(np.float32)
    edits = TensorDataset(pixels, labels, [str(index) for index in range(20)], np.full(20, np.nan))
    taught, spec = begin("default", None, None, "linear", 0)
    seen: Seen = seeing.look(taught, spec, edits, seed=0)
    expected, values = seeing.prior(taught), labels.astype(np.float64)
    yield "a style, 20 edits", lambda: fit_and_score(expected, seen, values, edits.groups, edits.captured)
    network, _ = begin("tiny", None, None, "linear", 0)
    few = Supervised(edits.subset(np.arange(4)), scratch())
    yield "training, 1 step", lambda: train(network, spec, few, steps=1)


def pieces(photos: dict[str, Path]) -> dict[str, Piece]:
    """What this build can be asked for, after one run of each. What it lacks or has changed is left out."""
    found: dict[str, Piece] = {}
    for part in (decoding, preparing, computing, predicting, labelling, learning):
        try:
            for name, piece in part(photos):
                piece()
                found[name] = piece
        except Exception as error:
            print(f"{part.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
    return found


def timed(piece: Piece, times: int) -> dict[str, float]:
    """Seconds of one run, processor time of ended children included."""
    before, begun = _used(), time.perf_counter()
    for _ in range(times):
        piece()
    ended = time.perf_counter()
    return {"wall": (ended - begun) / times, "cpu": (_used() - before) / times}


def _used() -> float:
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system


def main(folder: str) -> None:
    """Answers until its input ends; `folder` holds the photos, named by their kind."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints, answers come alone
    photos = {path.stem: path for path in sorted(Path(folder).glob("*.dng"))}
    found = pieces(photos)
    _answer(answers, {name: timed(piece, 1)["wall"] for name, piece in found.items()})
    for line in sys.stdin:
        asked = json.loads(line)
        _answer(answers, timed(found[asked["name"]], asked["times"]))


def _answer(answers: Any, told: dict[str, float]) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
