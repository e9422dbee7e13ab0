"""What can go wrong in exporting beyond the runtime's own errors.

AutohdrError
`-- ExportError   what was made answers otherwise than what was trained, or gains nothing, so it is not kept
"""

from autohdr.codes import Code
from autohdr.errors import AutohdrError


class ExportError(AutohdrError):
    """What was made answers otherwise than what was trained, or gains nothing, so it is not kept."""

    code = Code.EXPORT_REFUSED
