"""The suites on tiny photos: what they compare, and that each says so in numbers."""

import json
from dataclasses import replace
from pathlib import Path
from threading import get_ident

import numpy as np
import onnx
import pytest
from click.testing import CliRunner

from autohdr.engines.registry import ENGINES
from autohdr.model.info import DEFAULT_MODEL, Precision
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.frame import RawFrame
from autohdr_bench.cli import main
from autohdr_bench.speed.files import FORMATS, TINY
from autohdr_bench.speed.memory import peak_bytes
from autohdr_bench.speed.method import rounds, watch
from autohdr_bench.speed.photo import open_photo, open_photos
from autohdr_bench.speed.profiles import PROFILES, Profile
from autohdr_bench.speed.results import Result, Stage
from autohdr_bench.speed.suites import base, engine, peers, prepare, scene, train
from autohdr_bench.speed.suites import run as run_suite
from autohdr_bench.speed.suites.base import Bench
from autohdr_bench.speed.suites.operations import operations
from autohdr_bench.speed.suites.scaling import scaling, steps
from tests.bench.speed.limits.test_limits import LIMITS
from tests.json_lines import read

ONCE = Profile("once", (), 1, 1, shoot=4, peer_shoot=1, batches=(2,), steps=1, compiled=False)
DECODERS = {"libraw"} | ({"flashraw"} if flashraw.installed() else set())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock decides how often something runs, and the machine's limits are given."""
    monkeypatch.setattr(rounds, "LEAST", 0.0)
    monkeypatch.setattr(watch, "FOREIGN", 1.0)
    monkeypatch.setattr(base, "measure_limits", lambda path, *, threads, rounds: LIMITS)


def given(shoot: Path, tmp_path: Path, *names: str) -> Bench:
    photos, left_out = open_photos([shoot / name for name in names] or [shoot])
    folder = tmp_path / "scratch"
    folder.mkdir()
    return Bench(ONCE, photos, left_out, 2, folder)


def test_decoders_are_reported_beside_reading_alone(shoot: Path) -> None:
    (shoot / "bad.dng").write_text("not a photo")
    done = CliRunner().invoke(main, ["decode", str(shoot), "--repeats", "2", "--json"])
    assert done.exit_code == 0, done.output
    (line,) = read("bench decode", done.stdout)
    result = Result.from_json(json.dumps(line["result"]))
    assert [stage.name for stage in result.stages] == ["limits", "decode"]
    stage = result.stages[1]
    assert [group.name for group in stage.groups] == [f"IMG_{index}.dng" for index in range(5)]
    assert "bad.dng" in stage.notes[0]
    for group in stage.groups:
        assert {figure.name for figure in group.figures} == {"read", "floor"} | DECODERS
        assert (group.baseline, group.floor) == ("libraw", "floor")
        assert group.conditions.rounds == 2
        roles = {figure.name: figure.role for figure in group.figures}
        assert roles["libraw"] == "peer"


def test_the_table_has_a_line_for_each_decoder(shoot: Path) -> None:
    done = CliRunner().invoke(main, ["decode", str(shoot / "IMG_0.dng"), "--repeats", "1"])
    assert done.exit_code == 0, done.output
    begins = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    assert begins[begins.index("DECODE") + 1] == "IMG_0.dng,"
    assert {"read", "floor"} | DECODERS <= set(begins)


def test_each_candidate_is_reported_beside_the_seeds_recipe(shoot: Path, tmp_path: Path) -> None:
    stage = prepare.measure(given(shoot, tmp_path, "IMG_0.dng"))
    whole, after, threads = stage.groups
    assert {figure.name for figure in whole.figures} == {"rawpy", "half_size", "floor"} | DECODERS
    assert whole.times_as_fast(whole.figures[0]) == 1.0
    assert {figure.name for figure in after.figures} == {"libraw", "after decoding", "floor"}
    assert [figure.name for figure in threads.figures] == ["1", "2"]


def test_scene_light_and_developing_are_reported_beside_rawpy(shoot: Path, tmp_path: Path) -> None:
    (group,) = scene.measure(given(shoot, tmp_path, "IMG_0.dng")).groups
    sizes = ["scene 512", "scene 2048", "develop 512", "develop 2048", "both 2048", "auto 2048"]
    assert [figure.name for figure in group.figures] == ["half_size", *sizes, "floor"]
    assert (group.baseline, group.floor) == ("half_size", "floor")
    if peak_bytes() is not None:
        assert all(group.figure(name).memory is not None for name in sizes)  # type: ignore[union-attr]
        assert "scene 2048 " in group.notes[-1]


def test_a_preview_is_timed_where_there_is_one(shared_raws: Path, tmp_path: Path) -> None:
    given_one = given(shared_raws, tmp_path, "canon_eos_d30_RAW_CANON_D30_SRGB.CRW")
    assert prepare.measure(given_one).groups[0].figure("preview") is not None


def test_the_seeds_recipe_gives_a_networks_input(shoot: Path) -> None:
    pixels = peers.developed(shoot / "IMG_0.dng", half_size=False)
    assert pixels.shape == (3, 224, 224)
    assert pixels.min() >= -1
    assert pixels.max() <= 1 + 1e-6
    assert not peers.has_preview(shoot / "IMG_0.dng")


def test_steps_double_and_end_at_the_most() -> None:
    assert [steps(most) for most in (1, 2, 3, 4, 6)] == [[1], [1, 2], [1, 2, 3], [1, 2, 4], [1, 2, 4, 6]]


class Counting(LibRawDecoder):
    """Notes which thread decoded which file."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, str]] = []

    def decode(self, data: bytes, path: Path) -> RawFrame:
        self.seen.append((get_ident(), path.name))
        return super().decode(data, path)


def test_each_thread_prepares_each_photo(shoot: Path, tmp_path: Path) -> None:
    counting = Counting()
    decoders: dict[str, Decoder] = {"libraw": counting}
    photos = [replace(open_photo(path), decoders=decoders) for path in sorted(shoot.glob("*.dng"))[:3]]
    group = scaling(replace(given(shoot, tmp_path, "IMG_0.dng"), photos=photos))
    assert [figure.name for figure in group.figures] == ["1", "2"]
    names = [name for _, name in counting.seen]
    # One thread, then two; once to warm up, and once to be timed.
    assert {names.count(photo.path.name) for photo in photos} == {6}


def test_a_shoot_is_labelled_beside_its_stages_and_the_seeds_recipe(
    shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "large_network", peers.small_network)  # ViT-base takes seconds to make
    stage = run_suite.measure(given(shoot, tmp_path))
    whole, stages = stage.groups
    assert whole.baseline == "AutoHDR (2024)"
    assert {"rawpy, small network", "half_size, small network", "autohdr"} <= {figure.name for figure in whole.figures}
    assert "preview, small network" not in {figure.name for figure in whole.figures}
    assert [figure.name for figure in stages.figures] == [
        *("read", "decode and prepare", "network", "write", "autohdr, without its start"),
    ]
    told = stage.extra[whole.name]
    assert told["limit"] in {"cores", "disk", "the thread that reads", "the thread that writes"}
    assert told["slowest_stage"] in {"read", "decode and prepare", "network", "write"}
    assert json.dumps(told)


def test_named_photos_are_a_shoot_and_a_generated_one_is_another(shoot: Path) -> None:
    photo = open_photo(shoot / "IMG_0.dng")
    made = [replace(photo, path=shoot / f"{kind.name}.dng") for kind in reversed(FORMATS)]
    named = [replace(photo, path=shoot / name) for name in ("A.CR2", "B.CR2", "C.CR2")]
    shoots = run_suite._shoots([*named, *made])
    assert [(name, len(photos)) for name, photos in shoots] == [("A.CR2, B.CR2, ...", 3), ("45MP-lossless-jpeg", 1)]
    assert [name for name, _ in run_suite._shoots(made[:1])] == ["45MP-uncompressed"]


def test_training_is_timed_from_files_and_from_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "EDITS", 5)
    monkeypatch.setattr(train, "BATCH", 1)
    bench = Bench(ONCE, [], [], 1, tmp_path)
    training, style = train.measure(bench).groups
    assert [figure.name for figure in training.figures] == ["from the cache's files", "from tensors in memory"]
    assert [figure.name for figure in style.figures] == ["style", "its features", "its head"]


def test_the_network_is_timed_on_every_engine_that_gives_its_sliders(
    shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PHOTOS", 2)
    monkeypatch.setattr(engine, "ENGINES", {"cpu": ENGINES["cpu"]})
    stage = engine.measure(replace(given(shoot, tmp_path, "IMG_0.dng"), threads=1))
    (group,) = stage.groups
    names = {figure.name for figure in group.figures}
    assert {"PyTorch", "ONNX Runtime", "cpu, float32", "floor"} <= names
    # All of it in bfloat16 loses the tones: the Whites are far off.
    assert "PyTorch bfloat16" not in names
    assert any(note.startswith("default model, PyTorch bfloat16: its sliders are too far off") for note in stage.notes)
    noted = any(note.startswith("default model, PyTorch int8: its sliders are too far off") for note in stage.notes)
    assert noted != ("PyTorch int8" in names)


def test_the_floor_is_of_the_quickest_precision_that_was_measured(shoot: Path, tmp_path: Path) -> None:
    limits = replace(LIMITS, products={"float32, 2 threads": 1e9, "bfloat16, 2 threads": 8e9})
    bench = given(shoot, tmp_path, "IMG_0.dng")
    bench.__dict__["limits"] = limits  # as if they had been measured
    assert bench.threads == 2
    cases: list[tuple[set[Precision], float]] = [({"float32"}, 4.0), ({"float32", "bfloat16", "int8"}, 0.5)]
    for precisions, seconds in cases:
        floor = engine._floor(4_000_000_000, precisions, bench)
        assert floor is not None
        assert floor.median == seconds
    assert engine._floor(1, {"int8"}, bench) is None


def test_operations_are_those_of_products_and_convolutions() -> None:
    """ViT-tiny of 197 tokens: 12 layers of 4 x 192^2 + 2 x 192 x 768 products a token and 2 x 197^2 x 192 of attention,
    and its patches; the last layer's output and MLP are of the class token alone; tones and features add 3 in 1000."""
    tokens, width = 197, 192
    layer = tokens * (4 * width**2 + 8 * width**2) + 2 * tokens**2 * width
    others = (tokens - 1) * (width**2 + 8 * width**2)
    expected = 2 * (12 * layer - others + 196 * 768 * width)
    assert operations(onnx.load(DEFAULT_MODEL)) == pytest.approx(expected, rel=0.01)


def test_a_batch_takes_as_many_times_the_operations() -> None:
    model = onnx.load(DEFAULT_MODEL)
    assert operations(model, 4) == 4 * operations(model)


def test_a_suite_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="expected one of decode"):
        base.suite("odd")


@pytest.mark.parametrize("name", ["decode", "prepare", "scene", "run"])
def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(main, [name, str(tmp_path / "gone.dng")])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def names(bench: Bench) -> tuple[str, ...]:
    """The names of the photos that a suite was given."""
    return tuple(photo.path.stem for photo in bench.photos)


def test_all_suites_make_one_result_and_one_page(shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "suite", lambda name: lambda bench: Stage(name, (), names(bench)))
    monkeypatch.setitem(PROFILES, "ci", replace(PROFILES["ci"], formats=TINY))
    done = CliRunner().invoke(main, ["all", str(shoot), "--profile", "ci", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    page, result = sorted((tmp_path / "out").iterdir())
    assert (page.suffix, result.suffix) == (".html", ".json")
    stages = Result.from_json(result.read_text(encoding="utf-8")).stages
    assert [stage.name for stage in stages] == ["limits", "decode", "prepare", "scene", "engine", "run", "train"]
    # Named ones, and besides them generated ones.
    assert stages[1].notes == (*(f"IMG_{index}" for index in range(5)), "tiny-mosaic", "tiny-planes")


def test_without_a_gpu_its_profile_says_so(shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "fingerprint", lambda: {"gpus": []})
    bench = replace(given(shoot, tmp_path, "IMG_0.dng"), profile=replace(ONCE, device=True))
    result = base.run(("decode", "engine", "run"), bench)
    _, decode, network, whole = result.stages
    assert decode.groups
    assert (network.groups, whole.groups) == ((), ())
    assert "has no GPU" in network.notes[0]


def test_profiles_are_named_as_they_are_chosen() -> None:
    assert list(PROFILES) == ["ci", "full", "gpu"]
    assert PROFILES["gpu"].batches[-1] == 256
    assert np.all(np.diff(PROFILES["full"].batches) > 0)
