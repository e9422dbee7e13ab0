"""What stands in a model file beside the graph, and the file's bytes."""

import numpy as np
import onnx

from autohdr.model.head import Head, Learnt
from autohdr.model.info import HEAD_KEY, METADATA_KEY, ModelInfo
from autohdr.model.seal import seal
from autohdr_train.network.model import SliderNet


def learnt(network: SliderNet) -> Learnt:
    """What goes into a model file beside the graph: the network's own head, and what is expected of photographers."""
    folded = {name: value.detach().cpu().numpy() for name, value in network.folded().items()}
    style = network.style.state_dict() if network.style is not None and network.style.learnt else {}
    prior = {name: value.detach().cpu().numpy() for name, value in style.items()}
    most, error = (
        None if values is None else values.cpu().numpy().astype(np.float32) for values in (network.most, network.error)
    )
    return Learnt(Head(folded["classifier.weight"], folded["classifier.bias"], network.head, most, error), prior)


def describe(model: onnx.ModelProto, info: ModelInfo, beside: Learnt | None = None) -> None:
    """Store what a runtime needs to know in the model's metadata, in place; None leaves what is beside the graph."""
    texts = {entry.key: entry.value for entry in model.metadata_props}
    head = texts.get(HEAD_KEY, "") if beside is None else beside.to_text()
    del model.metadata_props[:]
    model.metadata_props.add(key=METADATA_KEY, value=info.to_json())
    model.metadata_props.add(key=HEAD_KEY, value=head)


def to_bytes(model: onnx.ModelProto) -> bytes:
    """The file's bytes, checked and sealed: the same for the same model. Whatever is to be loaded comes from here.

    Raises:
        onnx.checker.ValidationError: the graph breaks ONNX's rules; a bug of ours.
    """
    onnx.checker.check_model(model, full_check=True)
    return unchecked(model)


def unchecked(model: onnx.ModelProto) -> bytes:
    """The file's bytes, sealed but not checked: for graphs that are tried and not kept, as checking takes longest."""
    return seal(model.SerializeToString(deterministic=True))
