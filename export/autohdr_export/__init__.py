"""From a trained checkpoint to the model file that autohdr labels with."""
