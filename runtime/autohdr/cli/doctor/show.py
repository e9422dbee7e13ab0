"""A diagnosis as text."""

from collections.abc import Iterator
from pathlib import Path

import autohdr
from autohdr.cli.doctor.examine import Checkup, Diagnosis
from autohdr.sliders import SLIDERS

PLUGIN = Path(autohdr.__file__).parent / "lightroom" / "autohdr.lrplugin"
_COLUMNS = "{:<10}{:<6}{:>10}{:>12}  {}"


def text(diagnosis: Diagnosis) -> str:
    """What a user reads: the machine, a line an engine, and why those that cannot run do not."""
    return "\n".join([*_machine(diagnosis), "", *_table(diagnosis), "", *_reasons(diagnosis), _verdict(diagnosis)])


def _machine(diagnosis: Diagnosis) -> Iterator[str]:
    system, driver, model = diagnosis.system, diagnosis.driver, diagnosis.model
    threads = system["OMP_NUM_THREADS"]
    yield f"autohdr {system['autohdr']}, Python {system['python']}, {system['platform']}"
    yield (
        f"Processors: {system['processors_allowed']} of {system['processors']}"
        f"{'' if threads is None else f', OMP_NUM_THREADS is {threads}'}"
    )
    for gpu in diagnosis.gpus:
        yield f"GPU: {gpu['name']}, compute capability {gpu['capability']}, {gpu['memory'] / 2**30:.1f} GiB"
    yield (
        driver["reason"] or f"NVIDIA's driver: {driver['version'] or 'version unknown'}, CUDA {driver['cuda']} at most"
    )
    yield f"ONNX Runtime lists: {', '.join(diagnosis.providers) or 'nothing, it is not installed'}"
    there = [f"{name} {number}" for name, number in diagnosis.packages.items() if number]
    yield f"Packages: {', '.join(there)}"
    yield f"Not installed: {', '.join(name for name, number in diagnosis.packages.items() if not number) or '-'}"
    yield f"Plug-in for Lightroom Classic: {PLUGIN}"
    yield f"Model: {model.info.name} {model.digest}, {model.info.precision}, writes {model.info.mode}, {model.path}"


def _table(diagnosis: Diagnosis) -> Iterator[str]:
    yield _COLUMNS.format("engine", "runs", "photos/s", "opened in", "largest difference from cpu")
    for checkup in diagnosis.engines:
        trial = checkup.trial
        speed = "" if trial.photos_per_second is None else f"{trial.photos_per_second:.1f}"
        opened = "" if trial.opened is None else f"{trial.opened:.1f} s"
        yield _COLUMNS.format(
            trial.engine, "yes" if checkup.runs else "no", speed, opened, _difference(checkup)
        ).rstrip()


def _difference(checkup: Checkup) -> str:
    """The largest one of Exposure, which counts in EV, and the largest one of the others."""
    if checkup.differences is None or checkup.trial.engine == "cpu":
        return ""
    return _largest(checkup.differences)


def _largest(apart: dict[str, float]) -> str:
    exposure, *others = (slider.name for slider in SLIDERS)
    worst = max(others, key=apart.__getitem__)
    return f"{exposure} {apart[exposure]:.4f} EV, {worst} {apart[worst]:.3f}"


def _reasons(diagnosis: Diagnosis) -> Iterator[str]:
    for checkup in diagnosis.engines:
        if not checkup.runs:
            yield f"{checkup.trial.engine}: {checkup.trial.reason}"


def _verdict(diagnosis: Diagnosis) -> str:
    if (best := diagnosis.best) is None or best.times == 1:
        return f"--engine auto takes {diagnosis.auto}." if diagnosis.auto else "No engine can run here."
    return (
        f"--engine auto takes {best.engine} in {best.precision}: {best.times:g} times as fast as cpu in float32; "
        f"sliders differ by at most {_largest(best.apart)}."
    )
