"""The model card: what a network learnt from and how well, written from the run itself."""

from importlib.metadata import version
from typing import Any

from autohdr.mode import Mode
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec


def card(name: str, spec: InputSpec, trained_on: dict[str, Any], mode: Mode) -> str:
    """A model card in Markdown with Hugging Face's YAML header. `trained_on` is plain JSON, as `loop.fit` has it."""
    recipe = trained_on["recipe"]
    lines = [
        "---",
        "library_name: transformers",
        "tags: [autohdr, raw-photography, image-regression, vit]",
        "---",
        "",
        f"# {name}",
        "",
        f"Predicts eight Lightroom sliders of an edit in {mode} from a RAW file. Made by autohdr-train.",
        "",
        "## Learnt from",
        "",
        f"- Data: {trained_on['data']}.",
        f"- {_photos(trained_on)}",
    ]
    left_out = trained_on.get("left_out") or {}
    if left_out:
        lines.append("- Left out: " + ", ".join(f"{count} ({kind})" for kind, count in left_out.items()) + ".")
    lines += [f"- {note}." for note in trained_on.get("notes", [])]
    lines += [
        f"- Start: {trained_on['start']}.",
        f"- {_recipe(recipe, trained_on.get('steps'))}",
        f"- Input: {spec.size} x {spec.size}, source `{spec.source}`, encoding `{spec.encoding}`, mean {spec.mean}, "
        f"std {spec.std}.",
        f"- Versions: autohdr {version('autohdr')}, torch {version('torch')}, transformers {version('transformers')}.",
        "",
        "## Scores on photos that it had not learnt from",
        "",
        "The mean label gives every photo the mean of the labels that were learnt from, the median their median. A "
        "slider that does not beat the median by more than chance is not learnt, and is the median in every photo.",
        "",
        "| Slider | Photos | MAE | MAE of the mean label | MAE of the median | R2 | R2 of the mean label | Learnt |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for slider, row in zip(SLIDERS, trained_on["scores"], strict=True):
        digits = slider.decimals + 1
        errors = (_cell(row.get(key), digits, slider.unit) for key in ("mae", "mean_mae", "median_mae"))
        r2, mean_r2 = (_cell(row[key], 3) for key in ("r2", "mean_r2"))
        learnt = "yes" if row.get("learnt", True) else "no"
        lines.append(f"| {slider.name} | {row['photos']} | {' | '.join(errors)} | {r2} | {mean_r2} | {learnt} |")
    return "\n".join(lines) + "\n"


def _photos(trained_on: dict[str, Any]) -> str:
    """How many photos were learnt from, and how the others, or all of them, were scored."""
    photos, groups = trained_on["photos"], trained_on["groups"]
    if photos["held_out"]:
        return (
            f"Learnt from {photos['train']} photos, scored on {photos['held_out']} others, split by group: "
            f"{groups['train']} groups against {groups['held_out']}."
        )
    return (
        f"Learnt from all {photos['train']} photos of {groups['train']} groups. Scored in {trained_on['folds']} folds: "
        "each photo by a network that had not learnt from its fold."
    )


def _recipe(recipe: dict[str, Any], steps: int | None) -> str:
    """The recipe's name, seed, and all its settings that are not empty."""
    settings = "; ".join(
        f"{key} {', '.join(value) if isinstance(value, list) else value}"
        for key, value in recipe.items()
        if value not in (None, False, []) and key not in ("name", "seed", "start", "spare")
    )
    gradients = recipe["epochs"] or recipe.get("steps")
    done = f", {steps} steps done" if steps is not None and gradients else ""
    return f"Recipe `{recipe['name']}`{done}, seed {recipe['seed']}: {settings}."


def _cell(value: float | None, digits: int, unit: str = "") -> str:
    return "-" if value is None else f"{value:.{digits}f} {unit}".rstrip()
