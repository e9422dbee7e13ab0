"""The pages: every one is in the navigation, and links lead somewhere.

`zensical build --strict` checks the links between pages of the site; it is one of the checks of scripts/check.py.
"""

import re
import tomllib
from pathlib import Path

import pytest

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


def test_pages_load_nothing_from_other_servers() -> None:
    """Fonts would come from one, unless the theme is told otherwise."""
    assert SETTINGS["theme"]["font"] is False
    pictures = [link for page in DOCS.rglob("*.md") for link in re.findall(r"!\[.*?\]\((.*?)\)", page.read_text())]
    assert pictures
    assert not [link for link in pictures if "://" in link]
