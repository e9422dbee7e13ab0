"""`autohdr export`: a trained model as one file for the runtime. Thin: all that it does is `autohdr_export.export`."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.errors import SettingsError
from autohdr_export.words import Target

if TYPE_CHECKING:
    from autohdr.model.info import Precision
    from autohdr_export.exporting import Exported


@click.command("export", cls=Command, extra="export", short_help="Write a trained model as one .onnx for the runtime.")
@click.version_option(package_name="autohdr")
@click.argument("model", metavar="MODEL", type=click.Path(path_type=Path))
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
    type=click.Path(path_type=Path),
    metavar="SHOOT",
    help="RAW files, 128 or more, to take int8's ranges from and to compare over.  [default: simulated photos]",
)
@click.option("--trt", is_flag=True, help="Build TensorRT plans, too; no GPU is needed for those of TensorRT-RTX.")
@click.option(
    "--gpu", "gpus", multiple=True, metavar="ARCH", help="Build for cards of this architecture, such as sm86."
)
@click.option("--out", type=click.Path(path_type=Path), help="The .onnx to write.  [default: in or beside MODEL]")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Measure on every engine here, and write FILE.html or FILE.json."
)
@options.as_json
def main(
    model: Path,
    fp16: bool,
    bf16: bool,
    int8: bool,
    target: Target | None,
    calibrate: Path | None,
    trt: bool,
    gpus: tuple[str, ...],
    out: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Write MODEL, the folder that autohdr train left, or a float32 .onnx of autohdr's, as one .onnx.

    The .safetensors of a quality model becomes the .onnx that autohdr quality scores with.

    Its answers are compared with the original's before, slider by slider: a model that answers otherwise is refused,
    and an int8 one that is not faster, too.

    \b
    Example: autohdr export wedding-model --out wedding.onnx
    Then:    autohdr label ~/Pictures/wedding --model wedding.onnx

    Exit code 0: written; 2: wrong usage; 3: refused, or a file could not be read or written; 4: there is no such model,
    or an engine or package that is needed is not installed; 130: interrupted.
    """
    from autohdr_export import export, quality
    from autohdr_export.report import facts, text

    def show(exported: "Exported | quality.ExportedQuality") -> None:
        if isinstance(exported, quality.ExportedQuality):
            if as_json:
                lines.show("quality_model", exported.file.describe())
            else:
                click.echo(str(exported))
        elif as_json:
            lines.show("model", facts(exported))
        else:
            click.echo(text(exported))
            if report is not None:
                click.echo(f"The report is in {report}.")

    done = export(
        model,
        out,
        precision=_precision(fp16, bf16, int8),
        target=target,
        calibrate=calibrate,
        report=report,
        trt=trt,
        gpus=gpus,
        on_exported=show,
    )
    for plan in done.plans:
        if as_json:
            lines.show("plan", {"code": Code.DONE, "path": str(plan.path), "size": plan.path.stat().st_size})
        else:
            click.echo(f"Wrote {plan}")
    if as_json:
        lines.show("summary", {"code": Code.DONE, "path": str(done.path), "plans": len(done.plans)})


def _precision(fp16: bool, bf16: bool, int8: bool) -> "Precision":
    flags: dict[Precision, bool] = {"float16": fp16, "bfloat16": bf16, "int8": int8}
    chosen = [precision for precision, given in flags.items() if given]
    if len(chosen) > 1:
        raise SettingsError("--fp16, --bf16 and --int8 exclude each other; name one")
    return chosen[0] if chosen else "float32"
