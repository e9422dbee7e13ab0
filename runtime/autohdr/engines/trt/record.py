"""A plan on the disk, with a JSON file beside it that says all that it depends on. Only what matches is ever read."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autohdr.engines.trt.key import PlanKey, Profile
from autohdr.errors import FileError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME, ModelInfo

FORMAT = 1
"""The number of the record's format, raised whenever what the JSON file says changes its meaning."""
SUFFIX = ".plan"


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan on the disk."""

    path: Path
    size: int
    """Bytes."""
    whole: bool
    """Whether it is what its record says; one that is not is never loaded."""
    built: str | None
    """When the plan was built, in UTC, as ISO 8601; None where the record cannot be read."""
    key: dict[str, Any]
    """`PlanKey.to_dict()`; empty where the record cannot be read."""
    model: str | None
    """The model's name."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "path": str(self.path),
            "size": self.size,
            "whole": self.whole,
            "built": self.built,
            "key": self.key,
            "model": self.model,
        }


def record_of(plan: Path) -> Path:
    """The JSON file of a plan."""
    return plan.with_name(f"{plan.name}.json")


def write(path: Path, plan: bytes, key: PlanKey, info: ModelInfo) -> None:
    """Writes a plan and its record.

    Args:
        path: of the plan, in a folder that is there.
        plan: the plan.
        key: what it depends on.
        info: of the model that it was built from.

    Raises:
        FileError: one of them cannot be written.
    """
    record = {
        "format": FORMAT,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "key": key.to_dict(),
        "sha256": hashlib.sha256(plan).hexdigest(),
        "size": len(plan),
        "tensors": _tensors(key.profile),
        "model": json.loads(info.to_json()),
    }
    write_atomically(path, plan)
    # After the plan: a process that dies in between leaves a pair that does not match.
    write_atomically(record_of(path), json.dumps(record, indent=2).encode())


def read(path: Path, key: PlanKey) -> bytes | None:
    """The plan at `path`; None where there is none, or it is damaged, or it was built for something else."""
    try:
        record = _read_record(path)
        if record.get("format") != FORMAT or record.get("key") != json.loads(json.dumps(key.to_dict())):
            return None
        plan = read_bytes(path)
    except FileError:
        return None
    return plan if plan is not None and hashlib.sha256(plan).hexdigest() == record.get("sha256") else None


def stored(path: Path) -> Stored:
    """What can be said of the plan at `path` without loading it.

    Raises:
        FileError: it cannot be read.
    """
    plan = read_bytes(path) or b""
    record = _read_record(path)
    key, model = record.get("key"), record.get("model")
    return Stored(
        path,
        len(plan),
        record.get("format") == FORMAT and hashlib.sha256(plan).hexdigest() == record.get("sha256"),
        record.get("built"),
        key if isinstance(key, dict) else {},
        model.get("name") if isinstance(model, dict) else None,
    )


def _read_record(path: Path) -> dict[str, Any]:
    """A plan's record; nothing where it is missing or damaged."""
    try:
        record = json.loads(read_bytes(record_of(path)) or b"")
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _tensors(profile: Profile) -> list[dict[str, Any]]:
    size, features, batches = profile.size, profile.features, [profile.least, profile.steady, profile.most]
    return [
        {"name": INPUT_NAME, "mode": "input", "type": "float32", "shape": [None, 3, size, size], "batches": batches},
        {"name": OUTPUT_NAME, "mode": "output", "type": "float32", "shape": [None, features], "batches": batches},
    ]
