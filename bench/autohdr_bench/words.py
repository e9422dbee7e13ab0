"""The choices of the benchmarks' options; imports nothing heavy. Tests compare them with what there is."""

PROFILES = ("ci", "full", "gpu")
"""How much is measured, of `autohdr_bench.speed.profiles`."""
COMPRESSIONS = ("none", "ljpeg")
"""How the DNGs of a synthetic shoot can be compressed, as `autohdr_scenes` names it."""
PHOTOGRAPHERS = (
    *("keynote", "protector", "equaliser", "dodger", "sorter", "zones", "colourist", "minimalist", "texturist"),
    *("film", "areas", "simulator", "automatic", "believer", "portraitist", "moments"),
)
"""Simulated photographers, of `autohdr_scenes.photographers`."""
