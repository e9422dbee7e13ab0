"""The network: a Vision Transformer whose class token is turned into eight sliders by one linear layer.

Names of the transformer's weights are Hugging Face's, so that its `ViTModel` opens a checkpoint as well.
"""

import dataclasses
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import torch
from huggingface_hub import try_to_load_from_cache
from torch import Tensor, nn
from transformers import ViTConfig, ViTModel
from transformers.image_processing_base import ImageProcessingMixin
from transformers.utils import CONFIG_NAME
from transformers.utils import logging as transformers_logging

from autohdr.errors import ModelError, SettingsError
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr.system.no_telemetry import may_ask_the_hub
from autohdr_train.network.features import Features
from autohdr_train.network.light import Light
from autohdr_train.network.style import Style
from autohdr_train.network.tones import SIZE as TONES
from autohdr_train.network.tones import Tones

Head = Literal["linear", "tanh"]
"""`linear`: its output is clipped to [-1, 1] when labelling, so that +-100 can be reached. `tanh`: that of
AutoHDR (2024); +-100 is out of reach, and a label there pulls without end."""

# width, attention heads, width of the MLP; all have 12 layers
SIZES = {"tiny": (192, 3, 768), "small": (384, 6, 1536), "base": (768, 12, 3072)}
PATCH = 16
"""Side of a patch in networks from scratch, pixels."""

_NEARLY = 1.0 - 1e-6
"""What a tanh that ends in 1 can be asked for: half a thousandth of a slider's step from its end."""


class SliderNet(nn.Module):
    """Pixels (N, 3, S, S), prepared as the input spec says, to sliders (N, 8), scaled to [-1, 1].

    A plain network is a linear layer on the class token. One with features has its linear layer on those: they are made
    of the class token and the picture's tones.
    """

    def __init__(self, vit: nn.Module, head: Head) -> None:
        super().__init__()
        self.vit = vit
        self.head: Head = head
        self.tones: Tones | None = None
        self.features: Features | None = None
        self.style: Style | None = None
        """What is expected of photographers: for styles that are learnt on the network, its answers do not need it."""
        self.classifier = nn.Linear(self.config.hidden_size, len(SLIDERS))
        nn.init.trunc_normal_(self.classifier.weight, std=0.02)
        nn.init.zeros_(self.classifier.bias)
        self.centre: Tensor
        self.spread: Tensor
        # Not saved: `folded` puts them into the linear layer, where transformers and the exporter find them.
        self.register_buffer("centre", torch.zeros(len(SLIDERS)), persistent=False)
        self.register_buffer("spread", torch.ones(len(SLIDERS)), persistent=False)
        self.most: Tensor | None
        """(8,), scaled: where answers end that are further from 0; None where nothing ends them, as while training."""
        self.register_buffer("most", None, persistent=False)
        self.error: Tensor | None = None
        """(2, 8), as `autohdr.model.head.Head.error`: what is to be expected of the answers; no part of them."""

    @torch.no_grad()
    def balance(self, centre: Tensor, spread: Tensor) -> None:
        """Let the linear layer speak in the labels' unit: 0 is `centre` (8,), and 1 is a `spread` (8,) more.

        Without, a slider that moves little needs weights so small that no common learning rate fits all eight. A new
        head starts at the centre; one that has learnt keeps its answers.
        """
        if self.classifier.bias.any():  # a new head's are all zero
            answers = self.folded()
            self.classifier.weight.copy_(answers["classifier.weight"] / spread[:, None])
            self.classifier.bias.copy_((answers["classifier.bias"] - centre) / spread)
        self.centre.copy_(centre)
        self.spread.copy_(spread)

    def folded(self) -> dict[str, Tensor]:
        """The weights by name, with `centre` and `spread` in the linear layer: the same answers without them."""
        return self.state_dict() | {
            "classifier.weight": self.classifier.weight * self.spread[:, None],
            "classifier.bias": self.classifier.bias * self.spread + self.centre,
        }

    @property
    def config(self) -> Any:
        """The transformer's `ViTConfig`."""
        return self.vit.config

    def describe_tones(self, spec: InputSpec, *, learnt: bool = False) -> None:
        """Give the network features of class token and tones, and a new linear layer on them.

        Args:
            spec: of the network's input.
            learnt: whether the features come through a learnt map, random as yet; otherwise as they are.
        """
        device = self.classifier.weight.device
        self.tones = Tones(spec).to(device)
        self.features = Features(self.config.hidden_size, TONES, learnt).to(device)
        self.style = Style(self.features.learnt, self.features.plain).to(device)
        self.classifier = nn.Linear(self.features.size, len(SLIDERS)).to(device)
        nn.init.zeros_(self.classifier.weight)
        nn.init.zeros_(self.classifier.bias)

    @torch.no_grad()
    def hold(self, slider: int, value: float) -> None:
        """Answer the same value for one slider, whatever the photo; scaled to [-1, 1]."""
        before = math.atanh(min(max(value, -_NEARLY), _NEARLY)) if self.head == "tanh" else value
        self.classifier.weight[slider] = 0.0
        self.classifier.bias[slider] = (before - self.centre[slider]) / self.spread[slider]

    def read(self, spec: InputSpec) -> None:
        """Measure tones in inputs of another spec from now on, as a network that is loaded with this spec would."""
        if self.tones is not None:
            self.tones.light = Light(spec).to(self.classifier.weight.device)

    def describe(self) -> dict[str, Any]:
        """Describes what the network has besides transformer and linear layer, as plain JSON, for `restore`."""
        if self.features is None:
            return {}
        told: dict[str, Any] = {"features": {"learnt": self.features.learnt > 0}}
        for name, values in (("most", self.most), ("error", self.error)):
            if values is not None:
                told[name] = values.tolist()
        return told

    def restore(self, described: dict[str, Any], spec: InputSpec) -> None:
        """Give a plain network what `describe` told of another, as yet without its weights."""
        if (features := described.get("features")) is None:
            return
        self.describe_tones(spec, learnt=features["learnt"])
        self.most, self.error = (
            None if (values := described.get(name)) is None else torch.tensor(values) for name in ("most", "error")
        )

    def free(self) -> None:
        """Let answers go as far as they will, with no known error: learning from other edits begins so."""
        self.most = self.error = None

    def token(self, pixels: Tensor) -> Tensor:
        """The class token (N, D) after the last LayerNorm."""
        token: Tensor = self.vit(pixel_values=pixels).last_hidden_state[:, 0]
        return token

    def see(self, pixels: Tensor) -> Tensor:
        """What the head is given (N, F): the class token, or the features made of it."""
        token = self.token(pixels)
        if self.features is None or self.tones is None:
            return token
        features: Tensor = self.features(token, self.tones(pixels))
        return features

    def forward(self, pixels: Tensor) -> Tensor:
        return self.answer(self.see(pixels))

    def answer(self, features: Tensor) -> Tensor:
        """Sliders (N, 8) of what `see` found (N, F)."""
        scaled: Tensor = self.centre + self.spread * self.classifier(features)
        scaled = torch.tanh(scaled) if self.head == "tanh" else scaled
        return scaled if self.most is None else torch.minimum(torch.maximum(scaled, -self.most), self.most)


def scratch(size: str, spec: InputSpec, head: Head, *, seed: int) -> SliderNet:
    """A network of one of `SIZES` with random weights, the same for the same seed.

    Raises:
        SettingsError: the input size is no multiple of the patch size.
    """
    if spec.size % PATCH:
        raise SettingsError(f"input size is {spec.size}; expected a multiple of {PATCH} pixels, the patch size")
    width, heads, mlp = SIZES[size]
    config = ViTConfig(
        hidden_size=width,
        num_attention_heads=heads,
        intermediate_size=mlp,
        num_hidden_layers=12,
        image_size=spec.size,
        patch_size=PATCH,
    )
    with _seeded(seed):
        return SliderNet(from_config(config), head)


def from_config(config: Any) -> nn.Module:
    """The transformer of a `ViTConfig`, without a pooler, with random weights."""
    # Eager attention: a smaller ONNX graph than SDPA's, and 1.4x faster to train in bfloat16 on a CPU (36 against 25
    # images/s for tiny, batch 32, two cores, November 2026; float32: 18 with both).
    config._attn_implementation = "eager"
    vit: nn.Module = ViTModel(config, add_pooling_layer=False)
    return vit


def pretrained(source: str, encoding: str | None, head: Head, *, seed: int) -> tuple[SliderNet, InputSpec]:
    """A ViT from a folder in Hugging Face's layout, or from a hub id, with a new head.

    A hub id is looked up in Hugging Face's cache on this machine alone, unless the user has set HF_HUB_OFFLINE=0.

    Its size, mean and std come from its own processor config; `encoding` None is the default one. They replace
    ours because the pretrained layers expect them.

    Raises:
        ModelError: it cannot be had, or is no ViT with a processor config.
    """
    if not Path(source).is_dir() and source.count("/") != 1:
        raise ModelError(
            f"--start {source} is no {', '.join(SIZES)}, no folder, and no hub id such as google/vit-base-patch16-224"
        )
    if not (Path(source).is_dir() or may_ask_the_hub() or _is_cached(source)):
        raise ModelError(
            f"--start {source} is not in Hugging Face's cache on this machine, and no server is asked for it; set the "
            "environment variable HF_HUB_OFFLINE=0 to have it downloaded, or name a folder"
        )
    here = {"local_files_only": not may_ask_the_hub()}
    try:
        config, _ = ViTConfig.get_config_dict(source, **here)
        if config.get("model_type") != "vit":
            raise ModelError(f"--start {source} has a config.json of type {config.get('model_type')}; expected vit")
        processor, _ = ImageProcessingMixin.get_image_processor_dict(source, **here)
        with _quiet_transformers():
            vit = ViTModel.from_pretrained(
                source, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32, **here
            )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"--start {source} cannot be loaded: {reason}") from error
    spec = InputSpec(
        size=vit.config.image_size,
        mean=tuple(processor["image_mean"]),
        std=tuple(processor["image_std"]),
    )
    if encoding is not None:
        spec = dataclasses.replace(spec, encoding=encoding)  # type: ignore[arg-type]  # checked by the spec itself
    with _seeded(seed):
        return SliderNet(vit, head), spec


def _is_cached(hub_id: str) -> bool:
    """Whether Hugging Face's cache holds a model's configuration."""
    return isinstance(try_to_load_from_cache(hub_id, CONFIG_NAME), str)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Random weights as `seed` says, and the global generator as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Silences the report that lists the old classifier as unused: it is replaced on purpose."""
    before = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(before)
