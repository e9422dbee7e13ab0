"""Ways to learn sliders, compared on real people's edits: finished pictures, taken back to light by their settings."""
