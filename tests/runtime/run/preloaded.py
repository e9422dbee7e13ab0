"""What the processes of a crash test need, loaded once, by the server that they are forked from."""

import numpy as np
import onnxruntime  # noqa: F401

import autohdr.run.pipeline  # noqa: F401
from autohdr.raw.binning import bin_mosaic

bin_mosaic(np.ones((64, 64), np.uint16), np.array([[0, 1], [3, 2]], np.uint8), np.full(4, 9, np.uint16), 16)
