"""The `trt` engine: native TensorRT, or TensorRT-RTX, on one NVIDIA GPU; plans are built once and kept."""
