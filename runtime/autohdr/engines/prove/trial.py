"""Finds the fastest engine for a network on this machine whose answers are those of float32 on `cpu`.

That is done in a process of its own: a library that crashes takes nothing else with it, and its processor time is seen
apart from that of threads that decode. `python -m autohdr.engines.prove.trial` reads the question from standard input
and prints the answer, each one line of JSON.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import numpy as np

from autohdr.engines.best import in_less_precision
from autohdr.engines.network import Network
from autohdr.engines.prove.difference import TOLERANCES, Difference
from autohdr.engines.prove.inputs import KINDS, adversarial, photos
from autohdr.engines.prove.speed import Speed, in_turn
from autohdr.engines.registry import open_engine
from autohdr.engines.seen import Best, remember_best
from autohdr.errors import AutohdrError
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
from autohdr.sliders import SLIDERS

LIMIT = 120.0
"""Seconds after which the search is given up."""
WIN = 0.9
"""Another way is taken if it needs less than this share of the time: it takes longer to open than `cpu`."""
ROUNDS = 3
_REFERENCE, _OTHER = "cpu", "openvino"


def find_best(model: ModelFile, cache: Path) -> Best:
    """Finds and notes the best engine for a network; `cpu` with the network's own file where the search fails.

    Args:
        model: the network, in float32.
        cache: as `EngineFactory` has it; the answer is kept there.
    """
    question = json.dumps({"model": str(model.path), "cache": str(cache)})
    found = Best(_REFERENCE, model.digest, model.info.precision, 1.0, {})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "autohdr.engines.prove.trial"],
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=LIMIT,
        )
        found = Best(**json.loads(done.stdout.splitlines()[-1]))
    except (subprocess.TimeoutExpired, IndexError, ValueError, TypeError):
        pass
    remember_best(cache, model.digest, found)
    return found


def prove(model: ModelFile, cache: Path) -> Best:
    """Compares the ways to compute a network on a CPU, in this process.

    Raises:
        EngineError: `cpu` cannot run here.
    """
    pixels = np.concatenate([photos(model.info.spec), adversarial(model.info.spec, 2 * KINDS)])
    lower = in_less_precision(model)
    with ExitStack() as held:
        ways = [_opened(held, _REFERENCE, model, cache)]
        expected = ways[0].features(pixels)
        apart = [Difference.of_features(expected, expected, model.head)]
        for file in (model, lower):
            if file is None:
                continue
            try:
                network = _opened(held, _OTHER, file, cache)
                difference = Difference.of_features(network.features(pixels), expected, model.head)
            except AutohdrError:
                continue
            if difference.within(TOLERANCES[file.info.precision]):
                ways.append(network)
                apart.append(difference)
        fastest, times = _fastest(in_turn(ways, pixels, ROUNDS))
        chosen = ways[fastest]
        worst = zip(SLIDERS, apart[fastest].worst.tolist(), strict=True)
        told = {slider.name: value for slider, value in worst}
        return Best(chosen.engine.name, chosen.model.digest, chosen.info.precision, times, told)


def _opened(held: ExitStack, engine: str, model: ModelFile, cache: Path) -> Network:
    opened = open_engine(engine, model, cache)
    held.callback(opened.close)
    return Network(model, opened)


def _fastest(speeds: list[Speed]) -> tuple[int, float]:
    """The number of the way to take, and how many times as fast as the first it is."""
    reference = speeds[0].processor
    fastest = min(range(len(speeds)), key=lambda way: speeds[way].processor)
    if speeds[fastest].processor >= WIN * reference:
        return 0, 1.0
    return fastest, round(reference / speeds[fastest].processor, 2)


def main() -> None:
    """Compares the ways to compute the network that is asked for, and prints the best."""
    question = json.loads(sys.stdin.readline())
    found = prove(read_model(Path(question["model"])), Path(question["cache"]))
    print("\n" + json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
