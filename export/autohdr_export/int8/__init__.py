"""8-bit integers for the transformer's layers: what is fast differs by engine, what is right is measured in sliders."""

from autohdr_export.int8.measure import Attempt
from autohdr_export.int8.search import Quantised, quantise
from autohdr_export.int8.targets import Target

__all__ = ["Attempt", "Quantised", "Target", "quantise"]
