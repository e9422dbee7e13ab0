"""Reads the develop settings of a catalog, which are a table in the notation of Lua: `s = { Exposure2012 = 0.5, ... }`.

Only literals are read: tables, strings, numbers, true, false and nil. Nothing is run. A table that is too deep or too
long is refused, and nothing here calls itself, so that no text can exhaust the stack.
"""

import math
import re
from dataclasses import dataclass, field

from autohdr.errors import CatalogError

TEXT_LIMIT = 16 << 20
"""Characters of one photo's settings. Some kB are usual; painted masks make a few MB."""
DEPTH_LIMIT = 32
"""Tables within each other. Masks of several groups are about ten deep."""
ENTRY_LIMIT = 500_000
"""Entries of all tables together: each dab of a brush is one."""


@dataclass(slots=True)
class Table:
    """A table: its entries with names, and those without, in order."""

    named: dict[str, "str | float | bool | Table"] = field(default_factory=dict)
    """The last of several of one name counts, as in Lua."""
    listed: list["str | float | bool | Table"] = field(default_factory=list)


_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NAME = r'(?:([A-Za-z_]\w*)|\[\s*"([^"\\]*)"\s*\]|\[\s*\d+\s*\])\s*=\s*'
_BEGIN = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*)?\{", re.ASCII)
_END = re.compile(r"\s*\}\s*[,;]?", re.ASCII)
_ENTRY = re.compile(rf'\s*(?:{_NAME})?(?:(\{{)|"([^"\\]*)"|({_NUMBER})|(true|false|nil)\b)\s*[,;]?', re.ASCII)
_ESCAPED = re.compile(rf'\s*(?:{_NAME})?"', re.ASCII)
_SPECIAL = re.compile(r'["\\]')
_AFTER = re.compile(r"\s*[,;]?", re.ASCII)
_CODE = re.compile(r"\d{1,3}", re.ASCII)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def parse(text: str) -> Table:
    """The table that a text holds.

    Args:
        text: `{ ... }`, with or without `s = ` before it.

    Raises:
        CatalogError: the text is anything else, or larger than the limits of this module.
    """
    if len(text) > TEXT_LIMIT:
        raise CatalogError(f"its settings are {len(text)} characters long, expected at most {TEXT_LIMIT}")
    begin = _BEGIN.match(text)
    if begin is None:
        raise CatalogError("its settings are not a table")
    whole = Table()
    above = [whole]
    position, entries = begin.end(), 0
    while above:
        if (end := _END.match(text, position)) is not None:
            above.pop()
            position = end.end()
            continue
        entries += 1
        if entries > ENTRY_LIMIT:
            raise CatalogError(f"its settings hold more than {ENTRY_LIMIT} entries")
        name, value, position = _entry(text, position)
        if value is not None:
            _put(above[-1], name, value)
        if isinstance(value, Table):
            above.append(value)
            if len(above) > DEPTH_LIMIT:
                raise CatalogError(f"its settings hold tables more than {DEPTH_LIMIT} deep")
    if text[position:].strip():
        raise CatalogError("its settings do not end where their table does")
    return whole


def _put(table: Table, name: str | None, value: str | float | bool | Table) -> None:
    if name is None:
        table.listed.append(value)
    else:
        table.named[name] = value


def _entry(text: str, position: int) -> tuple[str | None, str | float | bool | Table | None, int]:
    """The name, the value and the end of an entry; a nil, and a number that is none, has no value."""
    found = _ENTRY.match(text, position)
    if found is None:
        return _escaped(text, position)
    plain, quoted, table, string, number, word = found.groups()
    name = plain if plain is not None else quoted
    if number is not None:
        value = float(number)
        return name, value if math.isfinite(value) else None, found.end()
    if string is not None:
        return name, string, found.end()
    if table is not None:
        return name, Table(), found.end(3)
    return name, None if word == "nil" else word == "true", found.end()


def _escaped(text: str, position: int) -> tuple[str | None, str, int]:
    """An entry whose string holds a backslash."""
    begin = _ESCAPED.match(text, position)
    if begin is None:
        raise CatalogError(f"its settings cannot be understood at character {position}")
    parts, position = [], begin.end()
    while (special := _SPECIAL.search(text, position)) is not None:
        parts.append(text[position : special.start()])
        position = special.end()
        if special.group() == '"':
            after = _AFTER.match(text, position)
            assert after is not None, "it matches anything"
            plain, quoted = begin.groups()
            return plain if plain is not None else quoted, "".join(parts), after.end()
        if (code := _CODE.match(text, position)) is not None:
            parts.append(chr(int(code.group())))
            position = code.end()
        else:
            parts.append(_ESCAPES.get(text[position : position + 1], text[position : position + 1]))
            position += 1
    raise CatalogError("its settings end within a string")
