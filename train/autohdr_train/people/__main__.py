"""`python -m autohdr_train.people EDITS --out FILE`: learns what photographers have in common."""

from pathlib import Path

import click

from autohdr.cli.commands import Command, one_sentence


@click.command(cls=Command)
@click.argument("edits", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder for scenes.  [default: in the user's cache]")
def main(edits: Path, out: Path, cache: Path | None) -> None:
    """Learn what photographers have in common from real people's edits: statistics, and no picture.

    EDITS holds `edits.jsonl` and the finished pictures that it lists. Styles begin with what FILE holds:
    `runtime/autohdr/style/experts/people.safetensors`.

    \b
    Example: python -m autohdr_train.people edits --out people.safetensors
    """
    import json

    from autohdr.engines.network import open_network
    from autohdr.files.folders import cache_folder, make_folder, writable
    from autohdr.files.whole import write_atomically
    from autohdr.style.experts.prior import Prior
    from autohdr_train.people.folder import read
    from autohdr_train.people.learning import FEWEST, learn_people, trials
    from autohdr_train.people.persons import persons
    from autohdr_train.people.scenes import places

    kept = cache or writable(cache_folder() / "people")
    make_folder(kept, "--cache")
    with open_network(None, "cpu") as network:
        found = [one for one in persons(places(read(edits), kept), network) if len(one) >= FEWEST]
        made = learn_people(found, trials(found, Prior.of(network.model.prior)))
        told = {"people": len(found), "photos": sum(map(len, found)), "network": network.model.network}
    write_atomically(out, made.to_bytes({"learnt_from": json.dumps(told, sort_keys=True)}))
    click.echo(f"Wrote {out}: statistics over {told['photos']} edits by {told['people']} people.")


if __name__ == "__main__":
    with one_sentence():
        main()
