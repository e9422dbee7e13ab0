"""Proves an engine and a precision against float32 on this machine: how far its sliders are, and how fast it is."""
