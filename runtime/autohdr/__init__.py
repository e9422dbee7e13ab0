"""autohdr labels RAW photos with Lightroom sliders learned from a photographer's own edits."""
