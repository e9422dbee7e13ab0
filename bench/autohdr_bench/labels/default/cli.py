"""`autohdr bench default`: how safe the default model's own labels are, from the command line."""

from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code


@click.command("default", cls=Command)
@click.argument("photographs", type=click.Path(path_type=Path))
@click.argument("raws", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="Another model.  [default: the one of autohdr]")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder for scenes.  [default: in the user's cache]")
@options.as_json
def default(photographs: Path, raws: tuple[Path, ...], model: Path | None, cache: Path | None, as_json: bool) -> None:
    """Measure labels that are made without a style, beside Lightroom's Auto and leaving all photos alone.

    PHOTOGRAPHS is a folder of finished photographs with a `sources.csv` (file, licence, source, credit): those of
    sources that the model has not learnt from are taken back to a RAW, exposed otherwise, and labelled. RAWS are RAW
    files, whose labels are compared with the JPEG inside.

    \b
    Example: autohdr bench default photos shoot/*.NEF
    """
    from autohdr.engines.network import open_network
    from autohdr.files.folders import cache_folder, make_folder, writable
    from autohdr_bench.labels.default import beside, mended
    from autohdr_train.data.photographs import apart, read_photographs

    kept = cache or writable(cache_folder() / "photographs")
    make_folder(kept, "--cache")
    unseen = apart(read_photographs(photographs))[1]
    with open_network(model, "cpu") as network:
        rows = mended.mended(unseen, network, kept)
        compared = [beside.beside(path, network) for path in raws]
    if not as_json:
        click.echo(mended.table(rows))
        if compared:
            click.echo(f"\n{beside.table(compared)}")
        return
    for row in rows:
        lines.show("row", {"code": Code.DONE, **row.to_dict()})
    for raw in compared:
        lines.show("raw", {"code": Code.DONE, **raw.to_dict()})
    lines.show("summary", {"code": Code.DONE, "rows": len(rows) + len(compared)})
