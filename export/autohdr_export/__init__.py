"""From a trained checkpoint to the model file that autohdr labels with."""

import autohdr  # noqa: F401  # first of all: it tells the libraries that are loaded here to report nothing
