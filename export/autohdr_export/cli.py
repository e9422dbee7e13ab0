"""`autohdr-export`: a trained model as one file for the runtime. Thin: all that it does is `export_onnx`."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from autohdr.cli.commands import Command
from autohdr.errors import SettingsError
from autohdr_export.words import Target

if TYPE_CHECKING:
    from autohdr.model import Precision
    from autohdr_export.wanted import Wanted


@click.command("export", cls=Command, extra="export", short_help="Write a trained model as one .onnx for the runtime.")
@click.version_option(package_name="autohdr")
@click.argument("source", metavar="MODEL", type=click.Path(path_type=Path))
@click.option("--fp16", is_flag=True, help="The transformer in float16: half the size; faster on a GPU, not on a CPU.")
@click.option("--bf16", is_flag=True, help="The transformer in bfloat16: half the size; faster in OpenVINO.")
@click.option("--int8", is_flag=True, help="The transformer in int8, for one engine, calibrated on --calibrate.")
@click.option(
    "--for",
    "target",
    type=click.Choice(get_args(Target)),
    help="The engine of --int8.  [default: trt with --trt, else openvino where it is installed, else cpu]",
)
@click.option(
    "--calibrate",
    "shoot",
    type=click.Path(path_type=Path),
    metavar="SHOOT",
    help="RAW files, 128 or more, to take int8's ranges from and to compare over.  [default: simulated photos]",
)
@click.option("--trt", is_flag=True, help="Build TensorRT plans, too; no GPU is needed for those of TensorRT-RTX.")
@click.option("--gpu", "gpus", multiple=True, metavar="ARCH", help="A plan for this architecture, such as sm86.")
@click.option("--out", type=click.Path(path_type=Path), help="The .onnx to write.  [default: in or beside MODEL]")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Measure on every engine here, and write FILE.html or FILE.json."
)
def main(
    source: Path,
    fp16: bool,
    bf16: bool,
    int8: bool,
    target: Target | None,
    shoot: Path | None,
    trt: bool,
    gpus: tuple[str, ...],
    out: Path | None,
    report: Path | None,
) -> None:
    """Write MODEL, the folder that autohdr-train left, or a float32 .onnx of autohdr's, as one .onnx.

    Its answers are compared with the original's before, slider by slider: a model that answers otherwise is refused,
    and an int8 one that is not faster, too.

    \b
    Example: autohdr-export wedding-model --out wedding.onnx
    Then:    autohdr label ~/Pictures/wedding --model wedding.onnx

    Exit code 0: written; 2: wrong usage; 3: refused, or a file could not be read or written; 4: there is no such model,
    or an engine or package that is needed is not installed; 130: interrupted.
    """
    import torch

    from autohdr.processors import processors

    torch.set_num_threads(processors())
    _export(source, _wanted(fp16, bf16, int8, target, shoot, trt), out, report, trt, gpus)


def _wanted(fp16: bool, bf16: bool, int8: bool, target: Target | None, shoot: Path | None, plan: bool) -> "Wanted":
    from autohdr_export.wanted import Wanted, usual_target

    flags: dict[Precision, bool] = {"float16": fp16, "bfloat16": bf16, "int8": int8}
    chosen = [precision for precision, given in flags.items() if given]
    if len(chosen) > 1:
        raise SettingsError("--fp16, --bf16 and --int8 exclude each other; name one")
    if int8 and target is None:
        target = usual_target(plan=plan)
    return Wanted(chosen[0] if chosen else "float32", target, shoot)


def _export(
    source: Path, wanted: "Wanted", out: Path | None, report: Path | None, trt: bool, gpus: tuple[str, ...]
) -> None:
    from autohdr_export.export import export_onnx
    from autohdr_export.report import check_report, text, write_report
    from autohdr_export.wanted import is_exported

    if gpus and not trt:
        raise SettingsError("--gpu belongs to --trt; without it no plan is built")
    if report is not None:
        check_report(report)
    path = source
    if trt and is_exported(source, wanted):
        if out is not None or report is not None:
            raise SettingsError(f"--out and --report belong to an export; the plans of {source} are put beside it")
    else:
        exported = export_onnx(source, out, wanted, on_every_engine=report is not None)
        click.echo(text(exported))
        path = exported.path
        if report is not None:
            write_report(report, exported)
            click.echo(f"The report is in {report}.")
    if trt:
        _build_plans(path, gpus)


def _build_plans(path: Path, gpus: tuple[str, ...]) -> None:
    from autohdr_export.plans import build_plans  # not above: only plans need TensorRT

    for plan in build_plans(path, gpus):
        click.echo(f"Wrote {plan}")
