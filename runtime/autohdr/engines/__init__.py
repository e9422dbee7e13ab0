"""Inference engines: one file each, a registry, and the layer that they share."""
