"""What a verb prints with `--json`, checked against the table that the reference is made of."""

import json
from typing import Any

from autohdr.cli.schemas import faults


def read(verb: str, printed: str) -> list[dict[str, Any]]:
    """The lines, each as the table says it."""
    lines = [json.loads(line) for line in printed.splitlines()]
    assert [fault for line in lines for fault in faults(verb, line)] == []
    return lines
