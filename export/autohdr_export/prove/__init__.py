"""Proves that a model gives the sliders of another: over what, how far apart, how fast."""
