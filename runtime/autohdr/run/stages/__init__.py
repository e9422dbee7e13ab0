"""The stages that a photo passes, from a file to a sidecar."""
