"""Lightroom catalogs, read and never written: which photos they list, and how each is edited."""
