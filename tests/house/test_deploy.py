"""The examples in deploy/: they can be read, what they start exists, and the image is built where something builds."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from autohdr.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


def refuse_unknown(words: list[str]) -> None:
    """Raises where autohdr has no such verb or option."""
    assert words[0] == "autohdr"
    context = click.Context(main, info_name="autohdr")
    found = main.get_command(context, words[1])
    assert found is not None, words
    found.make_parser(click.Context(found, context, info_name=words[1])).parse_args(words[2:])


def started(command: list[str], folder: Path, **settings: str) -> list[str]:
    """The words with which a shell starts autohdr, by way of srun or not."""
    for name, text in {"srun": 'exec "$@"', "autohdr": "printf '%s\\n' autohdr \"$@\""}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    known = {**os.environ, **settings, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, env=known, check=True, capture_output=True, text=True).stdout.splitlines()


def test_comments_show_commands_that_there_are() -> None:
    said = [
        line for path in DEPLOY.iterdir() for line in re.findall(r"^#  +(autohdr .*)", path.read_text(), re.MULTILINE)
    ]
    said += re.findall(r"'(autohdr .*)'", (DEPLOY / "ray-cluster.yaml").read_text("utf-8"))
    assert len(said) == 2
    for line in said:
        refuse_unknown(shlex.split(line))


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_the_pods_of_a_job_have_a_part_each(tmp_path: Path) -> None:
    job = read("kubernetes-job.yaml")["spec"]
    (container,) = job["template"]["spec"]["containers"]
    settings = {one["name"]: one["value"] for one in container["env"]}
    command = [*container["command"], *container["args"]]
    parts = []
    for index in range(job["completions"]):
        words = started(command, tmp_path, JOB_COMPLETION_INDEX=str(index), **settings)
        refuse_unknown(words)
        parts.append(words[words.index("--shard") + 1])
    assert parts == [f"{number}/20" for number in range(1, 21)]


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_the_tasks_of_an_array_have_a_part_each(tmp_path: Path) -> None:
    command = [str(DEPLOY / "slurm.sh"), "/shoots/a wedding", "/shoots/a.style"]
    settings = {"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "20", "SLURM_CPUS_PER_TASK": "4"}
    words = started(command, tmp_path, **settings)
    refuse_unknown(words)
    assert words[2:] == [
        *("/shoots/a wedding", "--style", "/shoots/a.style", "--shard", "2/20", "--threads", "4"),
        *("--report", "a wedding-part-2.csv"),
    ]


def test_ray_takes_its_cluster_file() -> None:
    pytest.importorskip("jsonschema", reason="comes with ray[default]")
    util = pytest.importorskip("ray.autoscaler._private.util", reason="needs the extra cluster")
    prepared = util.prepare_config(read("ray-cluster.yaml"))
    util.validate_config(prepared)
    assert prepared["max_workers"] == 4


def test_a_ray_job_starts_a_command_that_there_is() -> None:
    job = read("kuberay-job.yaml")["spec"]
    refuse_unknown(shlex.split(job["entrypoint"]))


@pytest.mark.parametrize("name", ["kubernetes-job.yaml", "kuberay-job.yaml"])
def test_nothing_holds_a_secret_or_runs_as_root(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert "runAsNonRoot: true" in text
    assert not re.search(r"name: AWS_(SECRET|ACCESS|SESSION)", text)


def test_the_image_is_made_of_what_there_is_and_is_nobodys_root() -> None:
    copied = {name for line in re.findall(r"^COPY (?!--)(.*) ", CONTAINERFILE, re.MULTILINE) for name in line.split()}
    packages = {path.split("/")[0] for path in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert copied == packages | {"pyproject.toml", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in copied)
    (extras,) = re.findall(r"\[\$\{RUNTIME\},([\w,]+)\]", CONTAINERFILE)
    assert {*extras.split(","), "cpu", "gpu"} <= PROJECT["project"]["optional-dependencies"].keys()
    assert re.findall(r"^USER (.*)", CONTAINERFILE, re.MULTILINE) == ["1000"]
    (base,) = re.findall(r"^ARG BASE=(.*)", CONTAINERFILE, re.MULTILINE)
    assert re.fullmatch(r".*:\d+\.\d+-\w+-\w+", base)


@pytest.mark.slow
def test_the_image_is_built_and_labels() -> None:
    builder = next((found for name in ("podman", "docker") if (found := shutil.which(name))), None)
    if builder is None or subprocess.run([builder, "info"], check=False, capture_output=True).returncode:
        pytest.skip("needs podman or docker, running")
    build = [builder, "build", "-q", "-f", str(DEPLOY / "Containerfile"), "-t", "autohdr:tried", str(ROOT)]
    assert subprocess.run(build, check=False, capture_output=True).returncode == 0
    run = [builder, "run", "--rm", "-v", f"{ROOT / 'samples'}:/samples:ro", "autohdr:tried"]
    done = subprocess.run([*run, "label", "/samples", "--dry-run"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
