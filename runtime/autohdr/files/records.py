"""Reads files of JSON lines, of which a power cut may have left a part."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def records(path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The lines of a file that are whole JSON objects, as they are and as fields; none where there is no file.

    Raises:
        OSError: the file cannot be read.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(fields, dict):
                yield line, fields
