"""Fixtures for what learns from edits."""

from tests.edited import shoot, spec

__all__ = ["shoot", "spec"]
