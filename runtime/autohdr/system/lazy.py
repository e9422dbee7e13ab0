"""Public names of a package that are imported when they are first used, so that importing the package is light."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """What a package needs as its `__getattr__` (PEP 562).

    Args:
        package: its name.
        homes: the names that each module holds.
    """

    def find(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            value: Any = version("autohdr")
        else:
            home = next((module for module, names in homes.items() if name in names), None)
            if home is None:
                raise AttributeError(f"module {package!r} has no attribute {name!r}")
            value = getattr(import_module(home), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
