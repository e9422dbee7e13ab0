"""Compares an exported float32 graph with the trained network in torch."""

from dataclasses import replace

import numpy as np
import torch

from autohdr.engines.prove.difference import Difference
from autohdr.engines.prove.inputs import adversarial
from autohdr.model.head import Head
from autohdr_export.prove.session import run
from autohdr_export.prove.trial import BATCHES
from autohdr_train.network.checkpoint import Checkpoint


def against_torch(graph: bytes, head: Head, trained: Checkpoint) -> Difference:
    """Returns how far a graph's features in ONNX Runtime, and a head's sliders of them, are from the network's in
    torch, both on the CPU, over extreme inputs at all of `BATCHES`.

    Raises:
        EngineError: ONNX Runtime is not installed.
        ExportError: it refuses the model.
    """
    batches = [adversarial(trained.spec, batch, seed=batch) for batch in BATCHES]
    network = trained.network.eval()
    with torch.inference_mode():
        seen = [network.see(torch.from_numpy(pixels)) for pixels in batches]
        answers = torch.cat([network.answer(features) for features in seen]).numpy()
    found = np.concatenate([features for (features,) in run(graph, batches)])
    features = Difference.of_features(found, torch.cat(seen).numpy(), head).features
    return replace(Difference.of_sliders(head.answer(found), answers), features=features)
