"""`autohdr-export`: a trained model as one file for the runtime. Thin: all that it does is `export_onnx`."""

import sys
from pathlib import Path

import click

from autohdr.errors import AutohdrError
from autohdr_export.export import export_onnx
from autohdr_export.parity import BATCHES


@click.command()
@click.version_option(package_name="autohdr")
@click.argument("checkpoint", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The .onnx to write.  [default: model.onnx in DIR]")
def main(checkpoint: Path, out: Path | None) -> None:
    """Write the model that autohdr-train left in DIR as one float32 .onnx, compared with the original before.

    \b
    Example: autohdr-export wedding-model --out wedding.onnx
    Then:    autohdr-run ~/Pictures/wedding --model wedding.onnx
    """
    try:
        exported = export_onnx(checkpoint, out)
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(f"Largest difference from torch at batches {', '.join(map(str, BATCHES))}: {exported.parity}")
    click.echo(
        f"Wrote {exported.path} ({exported.size / 1e6:.1f} MB). Next: autohdr-run PHOTOS --model {exported.path}"
    )
