"""8-bit integers for the transformer's layers: what is fast differs by engine, what is right is measured in sliders."""

from autohdr_export.lower.int8.search import Attempt, Quantised, quantise

__all__ = ["Attempt", "Quantised", "quantise"]
