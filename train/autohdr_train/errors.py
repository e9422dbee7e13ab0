"""What can go wrong in training beyond the runtime's own errors.

AutohdrError
`-- TrainingError   there is nothing to learn from, or learning diverged
"""

from autohdr.errors import AutohdrError


class TrainingError(AutohdrError):
    """There is nothing to learn from, or learning diverged."""
