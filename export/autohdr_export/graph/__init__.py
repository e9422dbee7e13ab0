"""Makes an ONNX graph in float32, and a file, from a trained network."""
