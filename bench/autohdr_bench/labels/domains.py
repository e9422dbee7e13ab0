"""Measures whether CORAL helps a network that knows SDR to work on scene light, on simulated photos of unseen places.

python -m autohdr_bench.labels.domains --radiance FOLDER --cache FOLDER --out domains.csv

A small ViT learns from labelled photos as an SDR display shows them. From there each way of adapting it takes the same
number of steps on those and on PU21-encoded scene light of other photos, few or none of which are labelled, and is
scored on scene light of photos of held-out places. All that is random is drawn again for each seed, alike for each way.
"""

import copy
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import numpy as np
import torch
from torch.utils.data import DataLoader
from transformers import ViTConfig

from autohdr.cli.commands import Command
from autohdr.sliders import SLIDERS, to_scaled
from autohdr.spec import Encoding, InputSpec
from autohdr.style.confidence.scores import mean_label, score
from autohdr_bench.labels.table import interval
from autohdr_scenes.rule import inconsistent, label
from autohdr_train.data.bank import Part, open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.evaluate import predict
from autohdr_train.network.light import Light
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.recipes.coral.adaptation import Adaptation, Parts
from autohdr_train.recipes.coral.alignment import Form
from autohdr_train.recipes.coral.display import Shown
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.recipe import Recipe, pu21_coral

STORED = InputSpec(size=32, encoding="pu21-pmax", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
"""How the simulated photos are kept; the encodings that are compared are made of it."""
PHOTOS = 5000
"""How many photos are learnt from: half of them the SDR photos, half of them the HDR photos."""
HELD_OUT = 1200
LEARN = replace(pu21_coral(), name="sdr", head_first=False, coral=0.0, steps=400, batch=32, rate=1e-3, augment=())
ADAPT = replace(LEARN, name="scene light", steps=150, batch=16, rate=3e-4)


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of adapting."""

    encoding: Encoding
    labelled: float
    """Share of the HDR photos whose labels are known, 0 to 1."""
    form: Form | None
    """What is aligned; None: nothing."""
    weight: float


@dataclass(frozen=True, slots=True)
class Adapted:
    """The result of one arm with one seed, on the held-out photos."""

    arm: Arm
    seed: int
    r2: tuple[float, ...]  # (8,), on scene light, by slider
    sdr_r2: float  # mean over the sliders, on the same photos as an SDR display shows them
    coral: float  # the published distance between the domains in the last steps

    def row(self) -> dict[str, object]:
        """A line of the table."""
        sliders = {f"r2_{slider.key}": round(r2, 4) for slider, r2 in zip(SLIDERS, self.r2, strict=True)}
        means = {"r2": round(float(np.mean(self.r2)), 4), "sdr_r2": round(self.sdr_r2, 4), "coral": f"{self.coral:.3g}"}
        return asdict(self.arm) | {"form": self.arm.form or "none", "seed": self.seed} | means | sliders


FORMS: tuple[tuple[Form | None, float], ...] = (
    (None, 0.0),
    ("mean", 1.0),
    ("mean", 10.0),
    ("coral", 1.0),
    ("coral", 10.0),
    ("coral", 100.0),
    ("coral-minmax", 0.025),
    ("coral-minmax", 1.0),
)
"""What is compared, with its weight: 0.025 is what Chubarau's program gives its own form."""
MAIN: tuple[Encoding, ...] = ("pu21-255", "pu21-pmax")
"""Compared with every form and share of labels, and once with all HDR labels, which is as far as adapting can go."""
VARIANTS: tuple[Encoding, ...] = ("pu21-255-banding", "pu21-255-peaks", "pu21-255-peaks-glare")
"""Further variants of PU21, compared with some forms and no HDR labels."""
SOME = (FORMS[0], FORMS[1], FORMS[4])


def arms() -> dict[Encoding, list[Arm]]:
    """All ways that are compared."""
    ways = {name: [Arm(name, share, *form) for share in (0.0, 0.05) for form in FORMS] for name in MAIN}
    for name in MAIN:
        ways[name].append(Arm(name, 1.0, None, 0.0))
    return ways | {name: [Arm(name, 0.0, *form) for form in SOME] for name in VARIANTS}


def compare(
    train: TensorDataset, held_out: TensorDataset, encoding: Encoding, ways: Sequence[Arm], seed: int
) -> Iterator[Adapted]:
    """The results of arms of one encoding with one seed.

    Args:
        train: photos prepared as `STORED` says, all labelled; the labels of most HDR photos are hidden.
        held_out: photos of other places, prepared alike.
        encoding: of all arms.
        ways: the arms.
        seed: of the weights, of which photos are SDR, HDR and labelled, and of their order.
    """
    spec = InputSpec(size=STORED.size, encoding=encoding)  # mean and std are 0.5, as of most pretrained ViTs
    shown, stored, encode = Shown(spec), Light(STORED), Light(spec).encode
    photos, unseen = (_converted(part, lambda pixels: encode(stored(pixels))) for part in (train, held_out))
    unseen_sdr = _converted(unseen, shown)
    order = np.random.default_rng(seed).permutation(len(photos))
    sdr, hdr = photos.subset(order[::2]), photos.subset(order[1::2])
    # Both batches of the beginning are SDR, of the same photos in opposite orders.
    start = small(spec, seed)
    again = _converted(sdr.subset(np.arange(len(sdr))[::-1]), shown)
    _adapt(start, spec, sdr, again, replace(LEARN, seed=seed), None)
    for arm in ways:
        network = copy.deepcopy(start)
        target = hdr.subset(np.arange(len(hdr)))
        target.labels[round(arm.labelled * len(hdr)) :] = np.nan
        parts = _adapt(network, spec, sdr, target, replace(ADAPT, coral=arm.weight, seed=seed), arm.form)
        r2, sdr_r2 = (_r2(network, part) for part in (unseen, unseen_sdr))
        yield Adapted(arm, seed, r2, float(np.mean(sdr_r2)), float(np.mean([step.coral for step in parts[-20:]])))


def _adapt(
    network: SliderNet, spec: InputSpec, sdr: TensorDataset, hdr: TensorDataset, recipe: Recipe, form: Form | None
) -> list[Parts]:
    """Train `network`, in place; returns the parts of each step's loss."""
    objective = Adaptation(spec, network.config.hidden_size, sdr, hdr, recipe, form=form)
    train(network, spec, objective)
    return objective.parts


def small(spec: InputSpec, seed: int) -> SliderNet:
    """A ViT of 250 thousand weights, small enough to be trained many times."""
    config = ViTConfig(
        hidden_size=64,
        num_attention_heads=2,
        num_hidden_layers=3,
        intermediate_size=256,
        image_size=spec.size,
        patch_size=8,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return SliderNet(from_config(config), "linear")


def _converted(photos: TensorDataset, change: Callable[[torch.Tensor], torch.Tensor]) -> TensorDataset:
    """The photos with other pixels, in memory."""
    with torch.inference_mode():
        loader = DataLoader(photos, batch_size=256)
        pixels = np.concatenate([change(pixels).numpy().astype(np.float16) for pixels, _ in loader])
    return TensorDataset(pixels, photos.labels, photos.groups, photos.captured)


def _r2(network: SliderNet, photos: TensorDataset) -> tuple[float, ...]:
    scores = score(predict(network, photos, batch=256), photos.labels, mean_label(photos.labels))
    return tuple(row.r2 for row in scores)


def summary(results: Sequence[Adapted]) -> str:
    """R2 of each arm, mean over seeds with its 95 % interval, and its gain over no alignment with the same seeds."""
    r2 = {(result.arm, result.seed): float(np.mean(result.r2)) for result in results}
    lines = [f"{'encoding':24}{'labels':>7}  {'alignment':22}{'R2 HDR':>15}{'gain':>16}{'R2 SDR':>8}{'CORAL':>9}"]
    for arm in dict.fromkeys(result.arm for result in results):
        mine = [result for result in results if result.arm == arm]
        control = replace(arm, form=None, weight=0.0)
        gains = [r2[arm, result.seed] - r2[control, result.seed] for result in mine]
        name = f"{arm.form} x {arm.weight:g}" if arm.form else "none"
        lines.append(
            f"{arm.encoding:24}{arm.labelled:>7.0%}  {name:22}{_interval([r2[arm, row.seed] for row in mine]):>15}"
            f"{_interval(gains) if arm.form else '':>16}{np.mean([row.sdr_r2 for row in mine]):>8.2f}"
            f"{np.mean([row.coral for row in mine]):>9.2g}"
        )
    return "\n".join(lines)


def _interval(values: Sequence[float]) -> str:
    found = interval(np.array(values))
    return f"{found.mean:.3f}" + ("" if found.count < 2 else f" +-{found.high - found.mean:.3f}")


def photos_of(part: Part, seed: int) -> TensorDataset:
    """A bank's photos with labels by `scenes.rule`, as inconsistent as a photographer."""
    rng = np.random.default_rng(seed)
    labels = [to_scaled(inconsistent(label(part.picture(index)), rng)) for index in range(len(part))]
    return TensorDataset(part.pixels, np.array(labels, dtype=np.float32), part.groups, part.captured)


def run(train: TensorDataset, held_out: TensorDataset, out: Path, seeds: int) -> list[Adapted]:
    """All arms with every seed; each result is a line of the CSV file `out` as soon as it is there."""
    results: list[Adapted] = []
    with out.open("w", newline="", encoding="utf-8") as file:
        for seed in range(seeds):
            for encoding, ways in arms().items():
                for result in compare(train, held_out, encoding, ways, seed):
                    writer = csv.DictWriter(file, list(result.row()))
                    if not results:
                        writer.writeheader()
                    writer.writerow(result.row())
                    file.flush()
                    results.append(result)
    return results


@click.command(cls=Command)
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder of .exr radiance images.")
@click.option("--cache", required=True, type=click.Path(path_type=Path), help="Folder that keeps the simulated photos.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The table, a CSV file.")
@click.option("--seeds", type=click.IntRange(2, 10), default=5, show_default=True, help="Times that all is repeated.")
def main(radiance: Path, cache: Path, out: Path, seeds: int) -> None:
    """Compare CORAL's forms with no alignment on scene light of unseen places."""
    bank = open_bank(radiance, cache, STORED, train=PHOTOS, held_out=HELD_OUT, seed=5)
    results = run(photos_of(bank.train, 0), photos_of(bank.held_out, 1), out, seeds)
    click.echo(f"{summary(results)}\nWrote {out}")


if __name__ == "__main__":
    main()
