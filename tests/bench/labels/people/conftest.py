"""Tables of the made-up folder of edits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autohdr_bench.labels.people.features import measured
from autohdr_bench.labels.people.study import Study, Tables
from autohdr_train.people.folder import read
from tests.people import edits_folder

__all__ = ["edits_folder"]

FEW = Study(edits=(8,), draws=2, least=12, kinds=("all",), controlled=("gp",), controlled_at=(8,))


@pytest.fixture(scope="session")
def people_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its scenes and features are kept."""
    return tmp_path_factory.mktemp("scenes")


@pytest.fixture(scope="session")
def tables(edits_folder: Path, people_cache: Path, small_model: Path) -> Iterator[Tables]:
    """The tables of a study, measured with the small model."""
    with measured(small_model) as features:
        yield Tables.of(read(edits_folder), people_cache, features)
