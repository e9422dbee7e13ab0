"""The command `autohdr`, which knows no verb itself: each package lists its own as entry points."""

from importlib.metadata import EntryPoint, entry_points

import click

from autohdr.cli.commands import Group

VERBS = "autohdr.verbs"
"""The group of entry points, `name = "module:click command"`, in which a package lists its verbs."""
FIRST = (
    *(
        "label",
        "page",
        "studio",
        "learn",
        "pick",
        "undo",
        "report",
        "doctor",
        "plans",
        "inspect",
        "quality",
        "train",
        "export",
    ),
    "bench",
)
"""The order in which help names the verbs. Those of other packages follow by name."""


class Verbs(Group):
    """The group of all verbs that are installed. A verb's module is imported when it is called, or listed."""

    def list_commands(self, context: click.Context) -> list[str]:
        """See `click.Group.list_commands`."""
        found = _verbs()
        return [*(name for name in FIRST if name in found), *sorted(found.keys() - set(FIRST))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """See `click.Group.get_command`."""
        found = _verbs().get(name)
        if found is None:
            return None
        command: click.Command = found.load()
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See `click.Group.resolve_command`; a word that is no verb is answered with those that are."""
        if args and args[0] not in _verbs() and not args[0].startswith("-"):
            verbs = ", ".join(self.list_commands(context))
            raise click.UsageError(f"There is no verb {args[0]!r}; expected one of {verbs}.", context)
        return super().resolve_command(context, args)


def _verbs() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=VERBS)}


@click.command(cls=Verbs)
@click.version_option(package_name="autohdr")
def main() -> None:
    """Label RAW photos with Lightroom sliders learned from your own edits.

    \b
    Example: autohdr label ~/Pictures/wedding --dry-run

    `autohdr VERB --help` says what a verb does, and each of its options.
    """
