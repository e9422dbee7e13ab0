"""`autohdr quality`: how good a picture is beside its reference. Thin: all it does is `quality.comparing.compare`."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command

if TYPE_CHECKING:
    from autohdr.quality.comparing import Comparison


@click.command("quality", cls=Command, short_help="Say how good a picture is beside its reference.")
@click.argument("reference", metavar="REFERENCE", type=options.FILE)
@click.argument("test", metavar="TEST", type=options.FILE)
@click.option(
    "--display",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="What shows them: sdr, hdr, or either with its peak in cd/m2, such as hdr:600. auto: hdr where one of them "
    "is an HDR picture.",
)
@click.option("--map", "where", type=options.FILE, help="Write where they differ to this PNG.")
@options.model
@options.engine
@options.cache
@options.as_json
def command(
    reference: Path,
    test: Path,
    display: str,
    where: Path | None,
    model: Path | None,
    engine: str,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Say how good TEST is beside REFERENCE, as a display shows both: EXR, PQ AVIF, gain-map JPEG, JPEG, PNG, TIFF.

    A learnt model gives JOD: at 1 less than the reference's own score, three of four people prefer the reference.
    PSNR and SSIM are computed on PU21 values, which mean the same for SDR and HDR pictures.

    \b
    Example: autohdr quality original.avif smaller.avif --map where.png

    Exit code 0: said; 2: wrong usage; 3: a picture cannot be read or scored, or the map not be written; 4: a model,
    an engine or a package is missing.
    """
    from autohdr.quality.comparing import compare

    found = compare(reference, test, display=display, where=where, model=model, engine=engine, cache=cache)
    if as_json:
        lines.show("quality", found.to_dict())
    else:
        click.echo("\n".join(_text(found)))


def _text(found: "Comparison") -> list[str]:
    hdr = found.display.curve == "pq"
    shown = f"on an {'HDR' if hdr else 'SDR'} display of {found.display.peak:g} cd/m2"
    same = math.isinf(found.psnr)
    psnr = "no difference" if same else f"PSNR {found.psnr:.2f} dB, SSIM {found.ssim:.4f}"
    told = []
    if found.jod is not None:
        told.append(f"Quality {found.jod:.2f} JOD, the reference's own being {found.perfect:.2f}, {shown}.")
        told.append(f"By {found.model} on engine {found.engine}.")
        told.append(f"On PU21 values: {psnr}.")
    else:
        told.append(f"On PU21 values, {shown}: {psnr}.")
        told.append("No quality model comes with this autohdr, so there is no score in JOD; name one with --model.")
    if found.map is not None:
        told.append(f"Wrote {found.map}: grey is alike, yellow and red differ{_MAPS[str(found.map_of)]}.")
    return told


_MAPS = {"ssim": " (SSIM; full red is 0.5 or less)", "jod": " (full red is 3 JOD less or more)"}
