"""From a trained network to an ONNX graph in float32, and to a file."""
