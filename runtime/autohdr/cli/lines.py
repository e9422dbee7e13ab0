"""JSON lines: what `--json` prints, of every verb. `schemas` says what stands in each."""

import json
from collections.abc import Mapping
from typing import Any

import click

SCHEMA = 1
"""The number of the lines' schema, raised whenever a field changes its meaning or goes. New fields and codes may come
without that."""


def line(kind: str, facts: Mapping[str, Any]) -> str:
    """One line: the schema's number, its type, and the facts, plain JSON."""
    return json.dumps({"schema": SCHEMA, "type": kind, **facts})


def show(kind: str, facts: Mapping[str, Any]) -> None:
    """Prints one line, which whoever reads gets at once."""
    click.echo(line(kind, facts))
