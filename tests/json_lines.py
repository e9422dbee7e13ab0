"""What a verb prints with `--json`, checked against the table that the reference is made of."""

import json
from collections.abc import Mapping
from typing import Any

from autohdr.cli.lines import SCHEMA
from autohdr.cli.schemas.verbs import ERROR, VERBS
from autohdr.codes import Code


def read(verb: str, printed: str) -> list[dict[str, Any]]:
    """The lines, each as the table says it."""
    lines = [json.loads(line) for line in printed.splitlines()]
    assert [fault for line in lines for fault in faults(verb, line)] == []
    return lines


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def faults(verb: str, told: Mapping[str, Any]) -> list[str]:
    """What is wrong with a line that a verb has printed, a sentence each; none where it is as the table says."""
    found = next((line for line in (*VERBS[verb], ERROR) if line.type == told.get("type")), None)
    if found is None:
        return [f"{verb} has no line of type {told.get('type')}"]
    wrong = [] if told.get("schema") == SCHEMA else [f"schema is {told.get('schema')}, expected {SCHEMA}"]
    names = {*found.fields, "schema", "type"}
    wrong += [f"{name} is {'missing' if name in names else 'unknown'}" for name in sorted(names ^ set(told))]
    for name, (types, _) in found.fields.items():
        if name in told and not any(_is(told[name], kind) for kind in types.split("|")):
            wrong.append(f"{name} is {told[name]!r}, expected {types}")
    if "code" in found.fields and told.get("code") not in list(Code):
        wrong.append(f"code {told.get('code')} has no meaning")
    return wrong


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
