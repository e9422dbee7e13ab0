"""What can go wrong in exporting beyond the runtime's own errors.

AutohdrError
`-- ExportError   the exported graph is not what was trained, so it is not kept
"""

from autohdr.errors import AutohdrError


class ExportError(AutohdrError):
    """The exported graph is not what was trained, so it is not kept."""
