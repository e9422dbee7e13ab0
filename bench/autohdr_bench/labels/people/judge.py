"""`autohdr bench judge`: how measures of an edit agree, from the command line. All that it does is `agreement`."""

from contextlib import ExitStack
from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code


@click.command("judge", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--quality", type=click.Path(path_type=Path), help="A quality model, as of autohdr quality --model.")
@click.option("--photos", default=10, show_default=True, type=click.IntRange(3), help="Photos of each person.")
@click.option("--model", type=click.Path(path_type=Path), help="Network of sliders.  [default: the product's own]")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder for scenes.  [default: in the user's cache]")
@options.as_json
def judge(
    folder: Path, quality: Path | None, photos: int, model: Path | None, cache: Path | None, as_json: bool
) -> None:
    """Say how slider errors, colour differences and quality agree on real people's edits.

    FOLDER is one that `autohdr bench people` takes. Each photo is rendered with sliders that somebody might give it,
    and with Exposure half a stop off.

    \b
    Example: autohdr bench judge edits --quality quality.onnx
    """
    from autohdr.files.folders import cache_folder, make_folder, writable
    from autohdr.quality.scorer import Scorer
    from autohdr_bench.labels.people import agreement
    from autohdr_bench.labels.people.features import measured
    from autohdr_bench.labels.people.rendered import Renderings
    from autohdr_bench.labels.people.report import text
    from autohdr_bench.labels.people.study import Tables
    from autohdr_train.people.folder import read

    kept = cache or writable(cache_folder() / "people")
    make_folder(kept, "--cache")
    with ExitStack() as opened:
        scorer = None if quality is None else opened.enter_context(Scorer.open(quality, "cpu"))
        features = opened.enter_context(measured(model))
        tables = Tables.of(read(folder), kept, features)
        found = agreement.judge(tables, Renderings(scorer, agreement.EDGE), photos)
    if as_json:
        for judged in found:
            values = {
                name: float(value) if value == value else None
                for name, value in zip(agreement.MEASURES, judged.values, strict=True)
            }
            lines.show("judged", {"person": judged.person, "guess": judged.guess, "measures": values})
        lines.show("summary", {"code": Code.DONE, "judged": len(found)})
    else:
        click.echo(text(agreement.tables(found)))
