"""The settings of a run, as plain values that can be sent to another process, and what is checked of them first."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from autohdr.engines.registry import ENGINES
from autohdr.errors import SettingsError
from autohdr.model.info import find_model
from autohdr.raw.decode import open_decoder
from autohdr.raw.decoders.base import Decoder
from autohdr.run.arguments import check_choice, check_counts
from autohdr.sidecar import check_existing
from autohdr.sidecar.places import embeds
from autohdr.sidecar.settings.marks import Mark
from autohdr.system.processors import processors
from autohdr.words import BATCH, DecoderName, Existing, Naming

if TYPE_CHECKING:
    from autohdr.style.file import Style


@dataclass(frozen=True, slots=True)
class Settings:
    """What photos are labelled with, and how; each as of `label`."""

    style: Path | None = None
    model: Path | None = None
    engine: str = "auto"
    decoder: DecoderName = "auto"
    existing: Existing = "skip"
    sidecar: Naming = "adobe"
    embed: bool | None = None
    sdr: bool = False
    only_sliders: bool = False
    threads: int | None = None
    batch: int = BATCH
    dry_run: bool = False
    cache: Path | None = None
    mark: str | None = None

    @property
    def workers(self) -> int:
        """Threads that decode, on this machine."""
        return processors() if self.threads is None else self.threads

    @property
    def embedded(self) -> bool:
        """Whether the labels of DNGs go into the DNGs."""
        return embeds(self.embed, self.sidecar)

    @property
    def marks(self) -> Mark | None:
        """The mark that is asked for.

        Raises:
            SettingsError: it is none.
        """
        return None if self.mark is None else Mark.parse(self.mark)

    def check(self) -> None:
        """Raises:
        SettingsError: one of them is impossible, or two do not go together.
        """
        check_counts(threads=self.workers, batch=self.batch)
        check_choice("engine", self.engine, ("auto", *sorted(ENGINES)))
        check_choice("decoder", self.decoder, get_args(DecoderName))
        check_choice("sidecar", self.sidecar, get_args(Naming))
        check_existing(self.existing)
        if self.marks is not None and self.style is None:
            raise SettingsError(
                f"mark is {self.mark!r}, and only a style knows which photos are unlike its edits; name one"
            )
        if self.sdr and self.style is not None:
            raise SettingsError(
                f"--sdr is for labels without a style; {self.style} makes the edits that it learnt: learn one from "
                "your SDR edits with autohdr learn --mode sdr"
            )


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run is made with, as it stands on disk: known before a photo is looked for."""

    style: "Style | None"
    model: Path
    decoder: Decoder


def gather(settings: Settings) -> Gathered:
    """Finds the style, the model and the decoder that settings name.

    Raises:
        ModelError: the style or the model is missing, or the style is not ours, damaged, or from a newer version.
        FileError: the style cannot be read.
        SettingsError: the decoder is not installed.
    """
    style = None
    if settings.style is not None:
        from autohdr.style.file import load_style

        style = load_style(settings.style)
    return Gathered(style, find_model(settings.model), open_decoder(settings.decoder))
