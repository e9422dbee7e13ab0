"""Learns a photographer's edits: from RAW files with Lightroom sidecars to a trained network."""
