"""`autohdr bench people`: how well real people's sliders are learnt, from the command line."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code


@click.command("people", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--method", "methods", multiple=True, metavar="NAME", help="Way to learn.  [default: all but `without ...`]"
)
@click.option("--person", "people", multiple=True, metavar="NAME", help="[default: all with enough photos]")
@click.option("--task", "tasks", multiple=True, type=click.Choice(("style", "shoot")), help="[default: both]")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(("clean", "all")), help="[default: both]")
@click.option("--edits", multiple=True, type=click.IntRange(2), help="How many are learnt from.  [default: 5 to 50]")
@click.option("--draws", type=click.IntRange(1), help="Draws of edits for each person.  [default: 10]")
@click.option("--least", type=click.IntRange(2), help="Photos that a person needs to be scored.  [default: 20]")
@click.option("--no-controls", is_flag=True, help="Leave out what methods make of less than everything.")
@click.option("--not-rendered", is_flag=True, help="Leave out rendered differences, which take most of the time.")
@click.option(
    "--quality", type=click.Path(path_type=Path), help="A quality model that scores the renderings, too (--json)."
)
@click.option("--model", type=click.Path(path_type=Path), help="Network of the product's methods.  [default: its own]")
@click.option(
    "--simulated",
    "radiance",
    type=click.Path(path_type=Path),
    help="Folder of .exr radiance images: adds simulated photographers.",
)
@click.option("--page", type=click.Path(path_type=Path), help="Markdown page to write the tables into.")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder for scenes.  [default: in the user's cache]")
@options.as_json
def people(
    folder: Path,
    methods: tuple[str, ...],
    people: tuple[str, ...],
    tasks: tuple[str, ...],
    kinds: tuple[str, ...],
    edits: tuple[int, ...],
    draws: int | None,
    least: int | None,
    no_controls: bool,
    not_rendered: bool,
    quality: Path | None,
    model: Path | None,
    radiance: Path | None,
    page: Path | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Compare ways to learn sliders on real people's edits: finished pictures with their settings.

    FOLDER holds `edits.jsonl` and the pictures that it lists. Each picture is taken back to the light of its scene
    once, in a second or two, and kept. What can be named several times is crossed.

    \b
    Example: autohdr bench people edits
    """
    from autohdr.files.folders import cache_folder, make_folder, writable
    from autohdr.quality.scorer import Scorer
    from autohdr_bench.labels.people.features import measured
    from autohdr_bench.labels.people.report import tables, text, write_page
    from autohdr_bench.labels.people.study import Study, Tables, run
    from autohdr_bench.labels.people.table import rows
    from autohdr_train.people.folder import read

    study = Study()
    study = replace(
        study,
        edits=tuple(sorted(set(edits))) or study.edits,
        draws=draws or study.draws,
        least=least or study.least,
        tasks=tuple(dict.fromkeys(tasks)) or study.tasks,
        kinds=tuple(dict.fromkeys(kinds)) or study.kinds,
        methods=methods,
        people=people,
        controlled_at=() if no_controls else study.controlled_at,
        rendered=not not_rendered,
    )
    kept = cache or writable(cache_folder() / "people")
    make_folder(kept, "--cache")
    with ExitStack() as opened:
        scorer = None if quality is None else opened.enter_context(Scorer.open(quality, "cpu"))
        features = opened.enter_context(measured(model))
        found = rows(run(study, Tables.of(read(folder), kept, features), scorer))
    made = tables(found)
    if radiance is not None:
        from autohdr_bench.labels.people.simulated import simulated

        made.append(simulated(radiance, kept, study.edits))
    if page is not None:
        write_page(page, made)
    if not as_json:
        click.echo(text(made))
        return
    for row in found:
        lines.show("row", {"code": Code.DONE, **row.to_dict()})
    lines.show("summary", {"code": Code.DONE, "rows": len(found), "wrote": [] if page is None else [str(page)]})
