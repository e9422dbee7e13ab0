"""`autohdr VERB`: which verbs there are, that their help is light, and that what they offer is what there is."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import autohdr
import autohdr_bench.words
import autohdr_export
import autohdr_train
from autohdr.cli.main import FIRST, VERBS, main
from autohdr.cli.schemas.verbs import VERBS as SCHEMAS
from autohdr.engines.registry import ENGINES
from autohdr.words import EngineName
from autohdr_bench.speed.profiles import PROFILES
from autohdr_scenes import Compression
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train.recipes.recipe import RECIPES
from autohdr_train.words import RecipeName

HEAVY = ("numpy", "numba", "rawpy", "flashraw", "lxml", "PIL", "onnxruntime", "openvino", "torch", "transformers")
HELP_OF_ALL = """
import json, sys
import click
from autohdr.cli.main import main

def heavy():
    return sorted(HEAVY & sys.modules.keys())

def helps(words, command, parent=None):
    context = click.Context(command, parent, info_name=words[-1])
    command.get_help(context)
    brought.append([" ".join(words), heavy()])
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            helps([*words, name], command.get_command(context, name), context)

HEAVY = set(sys.argv[1:])
brought = []
helps(["autohdr"], main)
print(json.dumps(brought))
"""


def test_help_of_every_verb_imports_nothing_heavy() -> None:
    """Help of training took 5 s: it waited for torch."""
    command = [sys.executable, "-c", HELP_OF_ALL, *HEAVY, "onnx", "tensorrt", "cuda", "OpenEXR", "safetensors", "scipy"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    brought = dict(json.loads(done.stdout))
    assert {"autohdr", "autohdr train", "autohdr bench shoot", "autohdr plans list"} <= set(brought)
    assert {name: found for name, found in brought.items() if found} == {}


def test_every_verb_is_listed_with_a_line_that_is_not_cut_off() -> None:
    shown = CliRunner().invoke(main, ["--help"], terminal_width=100).output
    lines = [line.split(None, 1) for line in shown.split("Commands:\n")[1].splitlines()]
    names = {point.name for point in entry_points(group=VERBS)}
    assert [name for name, _ in lines] == [name for name in FIRST if name in names]
    assert all(line.endswith(".") and not line.endswith("..") for _, line in lines)


def test_a_word_that_is_no_verb_is_answered_with_the_verbs() -> None:
    done = CliRunner().invoke(main, ["/shoot"])
    assert done.exit_code == 2
    assert "There is no verb '/shoot'; expected one of label, " in done.stderr


def test_the_older_names_are_the_same_commands() -> None:
    scripts = {point.name: point.value for point in entry_points(group="console_scripts")}
    verbs = {point.name: point.value for point in entry_points(group=VERBS)}
    old = {"autohdr-run": "label", "autohdr-train": "train", "autohdr-export": "export", "autohdr-bench": "bench"}
    assert {name: scripts[name] for name in old} == {name: verbs[verb] for name, verb in old.items()}


def test_the_choices_are_what_there_is() -> None:
    assert get_args(EngineName) == tuple(ENGINES)
    assert get_args(RecipeName) == tuple(sorted(RECIPES))
    assert tuple(PROFILES) == autohdr_bench.words.PROFILES
    assert tuple(PHOTOGRAPHERS) == autohdr_bench.words.PHOTOGRAPHERS
    assert get_args(Compression) == autohdr_bench.words.COMPRESSIONS


def test_every_verb_speaks_to_programs_and_the_table_says_how() -> None:
    def leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        if not isinstance(command, click.Group):
            yield words, command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name) or command, (*words, name))

    found = dict(leaves(main, ()))
    assert [words for words, command in found.items() if "as_json" not in {one.name for one in command.params}] == []
    assert {words for words in found if {" ".join(words), words[0]}.isdisjoint(SCHEMAS)} == set()


def test_one_word_means_one_thing_in_all_verbs() -> None:
    """An option that several verbs have is spelled alike, and no old spelling is left."""

    def options(command: click.Command) -> set[str]:
        below = command.commands.values() if isinstance(command, click.Group) else ()
        own = {name for one in command.params for name in one.opts if name.startswith("--")}
        return own.union(*map(options, below))

    context = click.Context(main)
    found = set().union(*(options(main.get_command(context, name) or main) for name in main.list_commands(context)))
    assert found.isdisjoint({"--workers", "--cache-dir", "--undo", "--doctor", "--plans", "--inspect", "--naming"})


PRINTING = {"as_json", "quiet", "verbose", "version"}
FUNCTIONS: dict[str, tuple[Callable[..., object], dict[str, str]]] = {
    "label": (autohdr.label, {}),
    "page": (autohdr.page, {}),
    "learn": (autohdr.learn, {}),
    "pick": (autohdr.pick, {}),
    "undo": (autohdr.undo, {}),
    "doctor": (autohdr.doctor, {}),
    "inspect": (autohdr.inspect, {}),
    "train": (autohdr_train.train, {}),
    "export": (autohdr_export.export, dict.fromkeys(("fp16", "bf16", "int8"), "precision")),
}


@pytest.mark.parametrize("verb", FUNCTIONS)
def test_a_verb_and_its_function_have_the_same_words(verb: str) -> None:
    function, flags = FUNCTIONS[verb]
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    words = {flags.get(str(one.name), str(one.name)) for one in command.params} - PRINTING
    told = {name for name in inspect.signature(function).parameters if not name.startswith("on_")}
    assert words <= told
    assert told - words <= {"stop", "seed"}  # of use to programs alone
