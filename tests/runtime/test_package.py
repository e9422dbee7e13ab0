"""What `import autohdr` brings: every public name, each when it is first used."""

import subprocess
import sys

import pytest

import autohdr


def test_every_public_name_is_found_and_listed() -> None:
    assert dir(autohdr) == sorted(autohdr.__all__)
    assert all(getattr(autohdr, name) is not None for name in autohdr.__all__)


def test_a_name_that_is_not_there_is_refused_as_usual() -> None:
    with pytest.raises(AttributeError, match="module 'autohdr' has no attribute 'nothing'"):
        getattr(autohdr, "nothing")  # noqa: B009 - spelt out, mypy would refuse it first


def test_importing_the_package_alone_imports_nothing_heavy() -> None:
    code = "import sys, autohdr; print(*{'numpy', 'numba', 'rawpy', 'lxml', 'onnxruntime'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
