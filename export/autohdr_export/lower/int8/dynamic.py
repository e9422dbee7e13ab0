"""Dynamic quantisation, by ONNX Runtime's own tool: each photo's activations get a scale of their own when it runs."""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx

from autohdr_export.lower.int8.layers import Layer


def quantise_dynamic(model: onnx.ModelProto, layers: Sequence[Layer]) -> onnx.ModelProto:
    """A copy of `model` whose `layers`, MatMuls, multiply 8-bit integers: U8 activations, S8 weights by channel.

    The scale is found over all photos of a batch, so that sliders depend on it: for engines that take one at a time.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    source = onnx.ModelProto()
    source.CopyFrom(model)
    del source.graph.value_info[:]  # it would contradict the types that the tool infers
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # it recommends an optimiser that makes these graphs slower
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "int8.onnx")
            quantize_dynamic(
                source,
                path,
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                weight_type=QuantType.QInt8,
                nodes_to_quantize=[layer.name for layer in layers],
            )
            result = onnx.load(path)
    finally:
        logger.setLevel(level)
    del result.metadata_props[:]
    result.metadata_props.extend(model.metadata_props)
    return result
