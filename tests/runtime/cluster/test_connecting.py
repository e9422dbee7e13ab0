"""How a cluster is named, and what is said where it cannot be used."""

import sys
from pathlib import Path

import pytest

import autohdr
from autohdr.cluster.connecting import address_of
from autohdr.errors import MissingError, SettingsError


@pytest.mark.parametrize(
    ("cluster", "address"),
    [
        ("ray", None),
        ("ray:auto", "auto"),
        ("ray:local", "local"),
        ("ray:10.0.0.1:6379", "10.0.0.1:6379"),
        ("ray://10.0.0.1:10001", "ray://10.0.0.1:10001"),
        ("ray:ray://10.0.0.1:10001", "ray://10.0.0.1:10001"),
    ],
)
def test_a_cluster_has_an_address(cluster: str, address: str | None) -> None:
    assert address_of(cluster) == address


@pytest.mark.parametrize("cluster", ["", "dask", "ray:", "10.0.0.1:6379", "Ray"])
def test_what_is_no_cluster_is_refused_before_anything_is_done(cluster: str, shoot: Path) -> None:
    with pytest.raises(SettingsError, match=r"expected ray, ray:ADDRESS, such as ray:auto, or ray://HOST:10001"):
        autohdr.label([shoot], cluster=cluster)


def test_a_part_of_a_run_on_a_cluster_is_refused(shoot: Path) -> None:
    with pytest.raises(SettingsError, match=r"--shard and --cluster both divide"):
        autohdr.label([shoot], cluster="ray", shard="1/2")


def test_a_page_of_a_run_on_a_cluster_is_refused_with_the_next_step(shoot: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not go with --cluster; make it once all is labelled: autohdr page"):
        autohdr.label([shoot], cluster="ray", page=tmp_path / "page")


def test_without_ray_the_extra_is_named(shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingError, match=r'ray is not installed; run: pip install "autohdr\[cluster\]"'):
        autohdr.label([shoot], model=small_model, cluster="ray")
