"""Image quality in absolute luminance: what training, export and scoring share, without torch."""
