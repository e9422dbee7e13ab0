"""Learns a photographer's edits: from RAW files with Lightroom sidecars to a trained network."""

import autohdr  # noqa: F401  # first of all: it tells the libraries that are loaded here to report nothing
