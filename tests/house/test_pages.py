"""The pages: every one is in the navigation, and links lead somewhere.

`zensical build --strict` checks the links between pages of the site; it is one of the checks of scripts/check.py.
"""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from autohdr.cli.main import main
from autohdr.engines.registry import ENGINES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SETTINGS = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")


def named(entries: list[object]) -> list[str]:
    """The pages that a navigation names, in its order."""
    pages: list[str] = []
    for entry in entries:
        assert isinstance(entry, dict)
        for target in entry.values():
            pages += named(target) if isinstance(target, list) else [str(target)]
    return pages


def test_the_navigation_names_each_page_once() -> None:
    """The builder passes over a page that is named and not there, and one that is there and not named."""
    there = sorted(str(path.relative_to(DOCS).as_posix()) for path in DOCS.rglob("*.md"))
    assert sorted(named(SETTINGS["nav"])) == there


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_outside_the_site_lead_to_files(page: str) -> None:
    links = [link for link in LINK.findall((ROOT / page).read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def shown() -> list[str]:
    """Every command of autohdr that a page shows in a block of its own."""
    pages = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    blocks = [block for page in pages for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)]
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return sorted({line for line in lines if line.startswith("autohdr ")})


@pytest.mark.parametrize("line", shown())
def test_pages_show_commands_that_there_are(line: str) -> None:
    """Verbs and options; their values are the verb's matter."""
    command: click.Command = main
    context = click.Context(main, info_name="autohdr")
    _, *words = shlex.split(line)
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None
        command, context = found, click.Context(found, context, info_name=name)
    command.make_parser(context).parse_args(words)


def test_the_guide_names_engines_in_the_order_in_which_auto_tries_them() -> None:
    """The README named `openvino` before `cpu`, where the code tries `cpu` first."""
    text = (DOCS / "guides" / "engines.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(ENGINES)
    assert f"else the first of\n  {', '.join(f'`{name}`' for name in ENGINES)} that does" in text


def test_pages_load_nothing_from_other_servers() -> None:
    """Fonts would come from one, unless the theme is told otherwise."""
    assert SETTINGS["theme"]["font"] is False
    pictures = [link for page in DOCS.rglob("*.md") for link in re.findall(r"!\[.*?\]\((.*?)\)", page.read_text())]
    assert pictures
    assert not [link for link in pictures if "://" in link]
